#include "core/scheduler/batch/residual_graph.h"

namespace arcas::scheduler::batch {

ResidualGraph::ResidualGraph(const FlowNetwork& network)
    : begin_(network.vertices + 1), edges_(network.arcs.size() * 2) {
  for (const FlowNetwork::Arc& arc : network.arcs) {
    ++begin_[arc.from + 1];
    ++begin_[arc.to + 1];
  }
  for (std::uint32_t v = 0; v < network.vertices; ++v) begin_[v + 1] += begin_[v];
  std::vector<std::uint32_t> next(begin_.begin(), begin_.end() - 1);
  position_.reserve(network.arcs.size());
  for (const FlowNetwork::Arc& arc : network.arcs) {
    const std::uint32_t forward = next[arc.from]++;
    const std::uint32_t backward = next[arc.to]++;
    edges_[forward] = {arc.to, backward, arc.capacity, arc.cost};
    edges_[backward] = {arc.from, forward, 0, -arc.cost};
    position_.push_back(forward);
  }
}

Flow ResidualGraph::flow(const FlowNetwork& network, std::uint32_t source) const {
  Flow flow;
  flow.on_arc.reserve(network.arcs.size());
  for (std::uint32_t i = 0; i < network.arcs.size(); ++i) {
    const FlowNetwork::Arc& arc = network.arcs[i];
    flow.on_arc.push_back(arc.capacity - edges_[position_[i]].room);
    if (arc.from == source) flow.value += flow.on_arc.back();
    if (arc.to == source) flow.value -= flow.on_arc.back();
  }
  return flow;
}

}  // namespace arcas::scheduler::batch
