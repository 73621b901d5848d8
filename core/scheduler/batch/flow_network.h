#pragma once

#include <cstdint>
#include <vector>

namespace arcas::scheduler::batch {

/// A directed graph with capacities and costs. Vertices and arcs are numbered in the order in which
/// they were added. Units of capacity: whatever flows.
struct FlowNetwork {
  struct Arc {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::int64_t capacity = 0;  ///< not negative
    std::int64_t cost = 0;      ///< for one unit; not negative
  };
  std::uint32_t vertices = 0;
  std::vector<Arc> arcs;

  std::uint32_t add_vertex() { return vertices++; }
  std::uint32_t add_arc(std::uint32_t from, std::uint32_t to, std::int64_t capacity,
                        std::int64_t cost = 0) {
    arcs.push_back({from, to, capacity, cost});
    return static_cast<std::uint32_t>(arcs.size() - 1);
  }
};

/// A flow: what runs along each arc, in the order of the network's arcs.
struct Flow {
  std::vector<std::int64_t> on_arc;
  std::int64_t value = 0;  ///< what leaves the source
};

/// A maximum flow of least cost, by the primal-dual method: shortest path distances (Dijkstra with
/// potentials), then all that flows along shortest paths at once (depth-first search).
/// Cost: O(distinct path costs × arcs log vertices) and the augmentations.
/// Source: Ford and Fulkerson (1957) for the method; Edmonds and Karp (1972) for potentials.
Flow min_cost_max_flow(const FlowNetwork& network, std::uint32_t source, std::uint32_t sink);

/// The flow that fills `first_arcs`, which leave the source, in the given order, each as far as
/// those before it allow. The amounts that leave the source form the bases of a polymatroid, so
/// this greedy flow is a maximum flow, and it maximises every weighted sum whose weights fall in
/// that order. Costs are not read. Cost: that of one maximum flow by augmenting paths.
/// Source: Megiddo, "Optimal flows in networks with multiple sources and sinks" (1974).
Flow fill_in_order(const FlowNetwork& network, std::uint32_t source, std::uint32_t sink,
                   const std::vector<std::uint32_t>& first_arcs);

/// Vertices that more flow could still reach from `starts`: they are the source side of a minimum
/// cut when the flow is a maximum flow. Cost: O(arcs).
std::vector<bool> reachable_in_residual(const FlowNetwork& network, const Flow& flow,
                                        const std::vector<std::uint32_t>& starts);

/// Boost.Graph's own algorithms on the same network, for comparison and as the oracle of tests.
enum class BoostAlgorithm : std::uint8_t { successive_shortest_path, cycle_canceling };
Flow boost_min_cost_max_flow(const FlowNetwork& network, std::uint32_t source, std::uint32_t sink,
                             BoostAlgorithm algorithm);

/// Sum of flow × cost. 128 bits: no overflow.
__int128 cost_of(const FlowNetwork& network, const Flow& flow);

}  // namespace arcas::scheduler::batch
