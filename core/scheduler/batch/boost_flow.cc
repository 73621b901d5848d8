// g++ 12 takes an optional inside Boost.Graph's edge iterators for uninitialised.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/cycle_canceling.hpp>
#include <boost/graph/push_relabel_max_flow.hpp>
#include <boost/graph/successive_shortest_path_nonnegative_weights.hpp>

#include "core/scheduler/batch/flow_network.h"

namespace arcas::scheduler::batch {
namespace {

using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
using EdgeProperties = boost::property<
    boost::edge_capacity_t, std::int64_t,
    boost::property<boost::edge_residual_capacity_t, std::int64_t,
                    boost::property<boost::edge_reverse_t, Traits::edge_descriptor,
                                    boost::property<boost::edge_weight_t, std::int64_t>>>>;
using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property,
                                    EdgeProperties>;

/// Adds the arc and its reverse, as Boost's flow algorithms want them.
Traits::edge_descriptor add(Graph& graph, const FlowNetwork::Arc& arc) {
  const auto forward = boost::add_edge(arc.from, arc.to, graph).first;
  const auto backward = boost::add_edge(arc.to, arc.from, graph).first;
  boost::put(boost::edge_capacity, graph, forward, arc.capacity);
  boost::put(boost::edge_capacity, graph, backward, std::int64_t{0});
  boost::put(boost::edge_weight, graph, forward, arc.cost);
  boost::put(boost::edge_weight, graph, backward, -arc.cost);
  boost::put(boost::edge_reverse, graph, forward, backward);
  boost::put(boost::edge_reverse, graph, backward, forward);
  return forward;
}

}  // namespace

Flow boost_min_cost_max_flow(const FlowNetwork& network, std::uint32_t source, std::uint32_t sink,
                             BoostAlgorithm algorithm) {
  Graph graph(network.vertices);
  std::vector<Traits::edge_descriptor> edges;
  edges.reserve(network.arcs.size());
  for (const FlowNetwork::Arc& arc : network.arcs) edges.push_back(add(graph, arc));
  if (algorithm == BoostAlgorithm::successive_shortest_path) {
    boost::successive_shortest_path_nonnegative_weights(graph, source, sink);
  } else {
    boost::push_relabel_max_flow(graph, source, sink);
    boost::cycle_canceling(graph);
  }
  Flow flow;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    flow.on_arc.push_back(network.arcs[i].capacity -
                          boost::get(boost::edge_residual_capacity, graph, edges[i]));
    if (network.arcs[i].from == source) flow.value += flow.on_arc.back();
    if (network.arcs[i].to == source) flow.value -= flow.on_arc.back();
  }
  return flow;
}

}  // namespace arcas::scheduler::batch
