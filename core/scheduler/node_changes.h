#pragma once

#include <span>
#include <vector>

#include "core/scheduler/pending_reason.h"
#include "core/scheduler/what_if.h"

namespace arcas::scheduler {

/// Adds the single changes of nodes that would place the pod: a node that is schedulable or ready
/// again, one that has the labels which the pod's node selector demands, one more node of a shape
/// that a zone has already (or as much larger as the pod needs). Where many nodes of a kind would
/// do, the lowest is named; at most kMostTried of a kind are tried.
void changes_of_nodes(const WhatIf& what_if, std::span<const NodeRefusal> refusals,
                      std::vector<SingleChange>& changes);

/// Adds the smallest departure of pods of lower priority that would make room: that which
/// preemption would choose, whether or not the pod may preempt.
void changes_of_neighbours(const Cycle& cycle, const Nominations& nominations,
                           std::vector<SingleChange>& changes);

inline constexpr std::size_t kMostTried = 256;

}  // namespace arcas::scheduler
