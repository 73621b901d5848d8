#pragma once

#include <cstdint>
#include <vector>

#include "core/scheduler/batch/batch_input.h"
#include "core/scheduler/batch/packing.h"
#include "core/scheduler/batch/plan.h"

namespace arcas::scheduler::batch {

inline constexpr std::uint32_t kMaxRounds = 100;

struct BatchConfig {
  /// Flow, pack, flow again with what is left over. 1 to kMaxRounds.
  std::uint32_t rounds = 4;
  FlowSolver solver = FlowSolver::primal_dual;
};

/// Where a batch goes.
struct BatchPlacement {
  /// Ordered by pod class, then NodeId; each pair once.
  std::vector<Assignment> assignments;
  /// By pod class: how many are left to the ordinary scheduler, one by one.
  std::vector<std::uint32_t> fall_back;
  /// The first round's histogram and plan: how many of each class were meant for each node class.
  std::vector<NodeClass> node_classes;
  std::vector<PlannedCount> planned;

  std::uint64_t wanted = 0;
  std::uint64_t placed = 0;
  /// What the flow relaxation places: no placement whatever can place more.
  std::uint64_t bound = 0;
  std::uint32_t rounds = 0;
  /// How many more a perfect placement might place; 0 proves this one to be one.
  [[nodiscard]] std::uint64_t gap() const { return bound - placed; }
};

/// Places a batch: rounds of a min-cost flow (pod classes → node classes) and exact packing of
/// whole pods into the nodes of each node class. Refuses malformed input, naming the field.
/// Deterministic; no node is over-committed; limits are kept.
/// Cost: docs/batch.md has figures.
Expected<BatchPlacement> place_batch(const BatchInput& input, const BatchConfig& config = {});

}  // namespace arcas::scheduler::batch
