#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/scheduler/node_index.h"
#include "core/scheduler/spread.h"

namespace arcas::scheduler {

/// The answer to "where": a node, or how many nodes each reason refused (full scan only).
struct Selection {
  NodeId node;
  std::int64_t score = 0;
  std::uint32_t feasible = 0;               ///< full scan only
  std::array<std::uint32_t, 16> refused{};  ///< by Reason; full scan only
  std::vector<std::uint32_t> short_of;      ///< by ResourceId; full scan only
};

/// Weights of kube-scheduler's default profile.
inline constexpr std::int64_t kTaintWeight = 3;
inline constexpr std::int64_t kAffinityWeight = 2;
inline constexpr std::int64_t kSpreadWeight = 2;

/// Everything a selection reads.
struct SelectionInput {
  const model::Catalog& catalog;
  const NodeTable& nodes;
  const PodEntry& pod;
  const Shape& shape;
  const SpreadState& spread;
  FitStrategy strategy = FitStrategy::least_allocated;
};

/// Runs every filter and score on every node: the definition of the right answer, and the oracle of
/// the index in tests. Best score first, then the lowest NodeId. Cost: O(nodes).
Selection select_by_scan(const SelectionInput& input);

/// The same answer from an up-to-date index. None when the pod has a constraint that is not
/// constant within groups (a topology key other than the zone, a host port, a single target node).
/// Cost: O(groups × constraints).
std::optional<Selection> select_by_index(const SelectionInput& input, const NodeIndex& index,
                                         StringId zone_key);

}  // namespace arcas::scheduler
