#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/scheduler/framework.h"
#include "tests/support/vectors.h"

namespace arcas::tests {

/// The verdict of all filters on a node; in place of Evaluation::filter where more counts than the
/// plugins (nominated pods).
using NodeFilter =
    std::function<scheduler::PluginStatus(const scheduler::Evaluation&, NodeId node)>;

/// Where our answers to a cluster case are not kube-scheduler's: one text for each difference, none
/// when all agree. Compared are preEnqueue, preFilter, the verdict on every node, the feasible
/// nodes, all scores and the best nodes; not postFilter. Reasons and skipped plugins are sets.
std::vector<std::string> differences(VectorCase& loaded, const NodeFilter& filter = {});

/// The same for a trajectory: each pod is placed on the lowest name of the best nodes before the
/// next one comes. What was recorded is followed where it differs, so one slip shows once.
std::vector<std::string> trajectory_differences(VectorCase& loaded);

}  // namespace arcas::tests
