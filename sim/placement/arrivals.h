#pragma once

#include <cstdint>
#include <vector>

#include "core/scheduler/policies/policy.h"
#include "sim/placement/trace.h"

namespace arcas::sim {

/// What the protocol of Weng et al. (USENIX ATC 2023) fixes before a run: which pods are typical,
/// the order of submissions and the order of nodes. Cost: O(pods log pods).
struct Arrivals {
  std::vector<std::uint32_t> pods;   ///< indices into the trace, in the order of submission
  std::vector<std::uint32_t> nodes;  ///< indices into the trace; the first wins a tie
};

/// Groups the pods by (cpu, thousandths, devices, models as written) and takes the most frequent
/// groups, larger ones first on ties, until they hold 95 % of all pods. Weights are counts. Memory
/// of a kind: that of its first pod.
std::vector<policies::TypicalPod> typical_pods(const PlacementTrace& trace);

/// Nodes counted by what they look like when empty, in a fixed order.
std::vector<policies::NodeShape> node_shapes(const PlacementTrace& trace);

/// Pods by name, shuffled; then pods drawn with replacement until the requests reach `percent` of
/// the GPUs. The draw that stops it is the first for which the sum and the request *of one device*
/// exceed that, as in the authors' code. If the trace asks for more, pods drawn at random are left
/// out instead. Nodes: a random permutation. The authors' results come from Go's generator, so only
/// distributions over seeds can be compared.
Arrivals draw_arrivals(const PlacementTrace& trace, std::uint64_t seed, std::int64_t percent);

}  // namespace arcas::sim
