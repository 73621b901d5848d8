#include "core/scheduler/batch/flow_network.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <queue>
#include <utility>

#include "core/scheduler/batch/residual_graph.h"

namespace arcas::scheduler::batch {
namespace {

constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max();

/// Depth-first search for paths to the sink, with a mark on every vertex that needs no second look.
class PathSearch {
 public:
  /// What a vertex that was left without a path is worth.
  enum class DeadEnd : std::uint8_t {
    /// No second look until forget(). For searches whose edges form no cycle.
    skipped,
    /// No second look ever, unless a path was found in the same search.
    proven,
  };

  PathSearch(ResidualGraph& graph, std::uint32_t sink, DeadEnd dead_end)
      : graph_(graph), sink_(sink), dead_end_(dead_end) {
    forget();
  }

  void forget() {
    closed_.assign(graph_.vertices(), false);
    next_.resize(graph_.vertices());
    for (std::uint32_t v = 0; v < graph_.vertices(); ++v) next_[v] = graph_.begin(v);
  }

  /// Pushes up to `limit` units from `start` to the sink along edges that `admits` accepts.
  template <class Admits>
  std::int64_t push(std::uint32_t start, std::int64_t limit, Admits admits) {
    std::int64_t pushed = 0;
    while (pushed < limit && !closed_[start] && find_path(start, admits)) {
      std::int64_t amount = limit - pushed;
      for (const std::uint32_t at : path_) amount = std::min(amount, graph_.edge(at).room);
      for (const std::uint32_t at : path_) graph_.push(at, amount);
      pushed += amount;
    }
    return pushed;
  }

 private:
  template <class Admits>
  bool find_path(std::uint32_t start, Admits admits) {
    path_.clear();
    entered_.clear();
    std::uint32_t vertex = start;
    enter(vertex);
    while (vertex != sink_) {
      const std::uint32_t at = next_edge(vertex, admits);
      if (at != graph_.begin(vertex + 1)) {
        path_.push_back(at);
        vertex = graph_.edge(at).to;
        enter(vertex);
      } else if (path_.empty()) {
        return false;
      } else {
        vertex = graph_.edge(graph_.edge(path_.back()).reverse).to;
        path_.pop_back();
        ++next_[vertex];
      }
    }
    reopen(start);
    return true;
  }

  void enter(std::uint32_t vertex) {
    closed_[vertex] = true;
    if (dead_end_ == DeadEnd::skipped) return;
    next_[vertex] = graph_.begin(vertex);
    entered_.push_back(vertex);
  }
  void reopen(std::uint32_t start) {
    closed_[start] = false;
    for (const std::uint32_t at : path_) closed_[graph_.edge(at).to] = false;
    for (const std::uint32_t vertex : entered_) closed_[vertex] = false;
  }

  template <class Admits>
  std::uint32_t next_edge(std::uint32_t vertex, Admits admits) {
    const std::uint32_t end = graph_.begin(vertex + 1);
    std::uint32_t& at = next_[vertex];
    while (at != end) {
      const ResidualGraph::Edge& edge = graph_.edge(at);
      if (edge.room > 0 && !closed_[edge.to] && admits(vertex, edge)) break;
      ++at;
    }
    return at;
  }

  ResidualGraph& graph_;
  std::uint32_t sink_;
  DeadEnd dead_end_;
  std::vector<char> closed_;
  std::vector<std::uint32_t> next_;  // by vertex: the edge to try next
  std::vector<std::uint32_t> path_;
  std::vector<std::uint32_t> entered_;
};

/// Distances from the source under reduced costs, which are never negative.
class ShortestPaths {
 public:
  explicit ShortestPaths(std::uint32_t vertices) : potential_(vertices) {}

  [[nodiscard]] bool tight(std::uint32_t from, const ResidualGraph::Edge& edge) const {
    return potential_[from] + edge.cost == potential_[edge.to];
  }

  /// Brings the potentials up to date, so that shortest paths are those of tight edges. False if
  /// the sink is out of reach.
  bool update(const ResidualGraph& graph, std::uint32_t source, std::uint32_t sink) {
    distance_.assign(graph.vertices(), kFar);
    distance_[source] = 0;
    queue_.push({0, source});
    std::int64_t to_sink = kFar;
    while (!queue_.empty()) {
      const auto [distance, vertex] = queue_.top();
      queue_.pop();
      if (distance != distance_[vertex] || distance >= to_sink) continue;
      if (vertex == sink) to_sink = distance;
      relax(graph, vertex);
    }
    if (to_sink == kFar) return false;
    for (std::uint32_t v = 0; v < graph.vertices(); ++v) {
      potential_[v] += std::min(distance_[v], to_sink);
    }
    return true;
  }

 private:
  void relax(const ResidualGraph& graph, std::uint32_t vertex) {
    const std::int64_t base = distance_[vertex] + potential_[vertex];
    for (std::uint32_t at = graph.begin(vertex); at != graph.begin(vertex + 1); ++at) {
      const ResidualGraph::Edge& edge = graph.edge(at);
      if (edge.room == 0) continue;
      const std::int64_t distance = base + edge.cost - potential_[edge.to];
      if (distance >= distance_[edge.to]) continue;
      distance_[edge.to] = distance;
      queue_.push({distance, edge.to});
    }
  }

  using Entry = std::pair<std::int64_t, std::uint32_t>;
  std::vector<std::int64_t> potential_;
  std::vector<std::int64_t> distance_;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_;
};

/// How many tight edges away from the source each vertex is. Edges from one level to the next form
/// no cycle, so one depth-first search finds all flow that they carry.
/// Source: Dinitz (1970).
class Levels {
 public:
  /// False if no path of tight edges leads to the sink.
  bool update(const ResidualGraph& graph, const ShortestPaths& paths, std::uint32_t source,
              std::uint32_t sink) {
    level_.assign(graph.vertices(), kNone);
    open_.assign(1, source);
    level_[source] = 0;
    for (std::size_t next = 0; next < open_.size() && level_[sink] == kNone; ++next) {
      const std::uint32_t vertex = open_[next];
      for (std::uint32_t at = graph.begin(vertex); at != graph.begin(vertex + 1); ++at) {
        const ResidualGraph::Edge& edge = graph.edge(at);
        if (edge.room == 0 || level_[edge.to] != kNone || !paths.tight(vertex, edge)) continue;
        level_[edge.to] = level_[vertex] + 1;
        open_.push_back(edge.to);
      }
    }
    return level_[sink] != kNone;
  }
  [[nodiscard]] bool follow(std::uint32_t from, std::uint32_t to) const {
    return level_[to] == level_[from] + 1;
  }

 private:
  static constexpr std::uint32_t kNone = 0xffffffffU;
  std::vector<std::uint32_t> level_;
  std::vector<std::uint32_t> open_;
};

}  // namespace

Flow min_cost_max_flow(const FlowNetwork& network, std::uint32_t source, std::uint32_t sink) {
  ResidualGraph graph(network);
  ShortestPaths paths(network.vertices);
  PathSearch search(graph, sink, PathSearch::DeadEnd::skipped);
  Levels levels;
  while (paths.update(graph, source, sink)) {
    while (levels.update(graph, paths, source, sink)) {
      search.forget();
      search.push(source, kFar, [&](std::uint32_t from, const ResidualGraph::Edge& edge) {
        return levels.follow(from, edge.to) && paths.tight(from, edge);
      });
    }
  }
  return graph.flow(network, source);
}

Flow fill_in_order(const FlowNetwork& network, std::uint32_t source, std::uint32_t sink,
                   const std::vector<std::uint32_t>& first_arcs) {
  ResidualGraph graph(network);
  PathSearch search(graph, sink, PathSearch::DeadEnd::proven);
  const auto not_back = [&](std::uint32_t, const ResidualGraph::Edge& edge) {
    return edge.to != source;
  };
  for (const std::uint32_t arc : first_arcs) {
    const FlowNetwork::Arc& first = network.arcs[arc];
    const std::int64_t pushed = search.push(first.to, first.capacity, not_back);
    graph.push(graph.position_of(arc), pushed);
  }
  return graph.flow(network, source);
}

std::vector<bool> reachable_in_residual(const FlowNetwork& network, const Flow& flow,
                                        const std::vector<std::uint32_t>& starts) {
  ResidualGraph graph(network);
  for (std::uint32_t i = 0; i < network.arcs.size(); ++i) {
    graph.push(graph.position_of(i), flow.on_arc[i]);
  }
  std::vector<bool> reached(network.vertices);
  std::vector<std::uint32_t> open;
  const auto reach = [&](std::uint32_t vertex) {
    if (!reached[vertex]) open.push_back(vertex);
    reached[vertex] = true;
  };
  for (const std::uint32_t vertex : starts) reach(vertex);
  while (!open.empty()) {
    const std::uint32_t vertex = open.back();
    open.pop_back();
    for (std::uint32_t at = graph.begin(vertex); at != graph.begin(vertex + 1); ++at) {
      if (graph.edge(at).room > 0) reach(graph.edge(at).to);
    }
  }
  return reached;
}

__int128 cost_of(const FlowNetwork& network, const Flow& flow) {
  __int128 cost = 0;
  for (std::size_t i = 0; i < network.arcs.size(); ++i) {
    cost += static_cast<__int128>(flow.on_arc[i]) * network.arcs[i].cost;
  }
  return cost;
}

}  // namespace arcas::scheduler::batch
