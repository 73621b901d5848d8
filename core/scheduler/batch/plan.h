#pragma once

#include <cstdint>
#include <vector>

#include "core/scheduler/batch/batch_network.h"

namespace arcas::scheduler::batch {

/// Pods of a class that are meant for a node class.
struct PlannedCount {
  std::uint32_t pod_class = 0;
  std::uint32_t node_class = 0;
  std::uint32_t count = 0;
  bool operator==(const PlannedCount&) const = default;
};

/// Which algorithm solves the plan's min-cost flow.
enum class FlowSolver : std::uint8_t { primal_dual, boost_successive_shortest_path };

/// How many pods of each class go to which node class: a min-cost flow of the commodity, rounded
/// down to whole pods. Ordered by pod class; no entry is 0.
std::vector<PlannedCount> plan(const BatchInput& input, const std::vector<NodeClass>& nodes,
                               const Remaining& remaining, const Commodity& commodity,
                               FlowSolver solver);

/// The most pods that any placement can place as far as one commodity, the domain limits, the
/// limits per node and the allowed kinds tell; priorities are not read. Rounding and splitting are
/// allowed, so no placement exceeds it. Cost: one maximum flow.
std::uint64_t bound(const BatchInput& input, const std::vector<NodeClass>& nodes,
                    const Remaining& remaining, const Commodity& commodity);

/// The commodity's room cut down, node class by node class, to what the other resources leave
/// usable if every node class gets what remains in its average mixture. Resources that some class
/// does not ask for are passed over: where they are missing, that class can still go.
Commodity usable_room(const BatchInput& input, const std::vector<NodeClass>& nodes,
                      const Remaining& remaining, Commodity commodity);

}  // namespace arcas::scheduler::batch
