#pragma once

#include <cstdint>
#include <vector>

#include "core/scheduler/batch/flow_network.h"

namespace arcas::scheduler::batch {

/// What can still flow: each arc of the network and its reverse, by vertex. The arcs of a vertex
/// come in the order in which they were added, so searches do not depend on anything else.
class ResidualGraph {
 public:
  struct Edge {
    std::uint32_t to = 0;
    std::uint32_t reverse = 0;  ///< position of the opposite edge
    std::int64_t room = 0;
    std::int64_t cost = 0;
  };

  explicit ResidualGraph(const FlowNetwork& network);

  [[nodiscard]] std::uint32_t vertices() const {
    return static_cast<std::uint32_t>(begin_.size() - 1);
  }
  /// The edges that leave a vertex are those at positions begin(v) to begin(v + 1).
  [[nodiscard]] std::uint32_t begin(std::uint32_t vertex) const { return begin_[vertex]; }
  [[nodiscard]] const Edge& edge(std::uint32_t position) const { return edges_[position]; }
  /// Where the arc of the network went.
  [[nodiscard]] std::uint32_t position_of(std::uint32_t arc) const { return position_[arc]; }

  void push(std::uint32_t position, std::int64_t amount) {
    edges_[position].room -= amount;
    edges_[edges_[position].reverse].room += amount;
  }
  /// The flow that has been pushed so far.
  [[nodiscard]] Flow flow(const FlowNetwork& network, std::uint32_t source) const;

 private:
  std::vector<std::uint32_t> begin_;
  std::vector<Edge> edges_;
  std::vector<std::uint32_t> position_;  // by arc
};

}  // namespace arcas::scheduler::batch
