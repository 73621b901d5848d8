#include "core/scheduler/batch/explain.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/connected_components.hpp>
#include <numeric>

#include "core/scheduler/batch/batch_network.h"
#include "core/scheduler/batch/bottleneck_text.h"
#include "core/scheduler/batch/commodity.h"

namespace arcas::scheduler::batch {
namespace {

class Explanation {
 public:
  Explanation(const BatchInput& input, const BatchPlacement& placement,
              std::optional<TenantId> viewer)
      : input_(input),
        placement_(placement),
        viewer_(viewer),
        remaining_(all_of(input)),
        nodes_(classify(input, free_rows(input), kinds_in_use(input, remaining_.left))),
        explained_(input.classes.size()) {}

  std::vector<Bottleneck> run() {
    find_impossible();
    find_limits();
    for (const std::size_t kind : kinds_in_use(input_, remaining_.left)) explain_resource(kind);
    find_fragmentation();
    std::stable_sort(result_.begin(), result_.end(),
                     [](const Bottleneck& a, const Bottleneck& b) { return a.pods > b.pods; });
    for (Bottleneck& bottleneck : result_) bottleneck.text = text_of(input_, bottleneck);
    return std::move(result_);
  }

 private:
  [[nodiscard]] bool visible(std::size_t c) const {
    return !viewer_ || input_.classes[c].tenant == *viewer_;
  }
  [[nodiscard]] bool may_use(const PodClass& pods, const NodeClass& nodes) const {
    return domain_limit(pods, nodes.domain) > 0 && allows_kind(pods, nodes.kind);
  }

  void note(Bottleneck bottleneck) {
    if (bottleneck.pods == 0 || bottleneck.classes.empty()) return;
    for (auto* list : {&bottleneck.domains, &bottleneck.classes}) {
      std::sort(list->begin(), list->end());
      list->erase(std::unique(list->begin(), list->end()), list->end());
    }
    result_.push_back(std::move(bottleneck));
  }

  /// Classes of which not one pod can go anywhere; they take no further part.
  void find_impossible() {
    for (std::uint32_t c = 0; c < input_.classes.size(); ++c) {
      const PodClass& pods = input_.classes[c];
      if (pods.count == 0) continue;
      Bottleneck found;
      found.kind = Bottleneck::Kind::no_node;
      bool fits = false;
      for (const NodeClass& nodes : nodes_) {
        if (!may_use(pods, nodes)) continue;
        found.kind = Bottleneck::Kind::node_size;
        found.domains.push_back(nodes.domain);
        fits = fits || may_fit(pods, nodes);
      }
      if (fits) continue;
      if (found.kind == Bottleneck::Kind::node_size) blame_resource(pods, found);
      explained_[c] = remaining_.left[c];
      remaining_.left[c] = 0;
      found.pods = pods.count;
      found.classes = {c};
      if (visible(c)) note(std::move(found));
    }
  }

  /// The first resource of which no allowed node has enough for one pod.
  void blame_resource(const PodClass& pods, Bottleneck& found) const {
    for (std::uint32_t kind = 0; kind < pods.demand.size(); ++kind) {
      std::int64_t most = 0;
      for (const NodeClass& nodes : nodes_) {
        if (may_use(pods, nodes)) most = std::max(most, nodes.free_max[kind]);
      }
      if (most >= pods.demand[kind]) continue;
      found.resource = ResourceId{kind};
      found.short_by = pods.demand[kind] - most;
      return;
    }
  }

  /// Pods beyond what the limits allow if room were endless; they take no further part.
  void find_limits() {
    for (std::uint32_t c = 0; c < input_.classes.size(); ++c) {
      const PodClass& pods = input_.classes[c];
      if (remaining_.left[c] == 0) continue;
      std::vector<std::uint64_t> by_nodes(input_.domain_names.size());
      Bottleneck found;
      found.kind = Bottleneck::Kind::limits;
      for (const NodeClass& nodes : nodes_) {
        if (!may_use(pods, nodes) || !may_fit(pods, nodes)) continue;
        by_nodes[nodes.domain] += std::uint64_t{pods.max_per_node} * nodes.nodes.size();
        found.domains.push_back(nodes.domain);
      }
      std::uint64_t allowed = 0;
      for (std::uint32_t d = 0; d < by_nodes.size(); ++d) {
        const std::uint32_t limit = domain_limit(pods, d);
        allowed += limit == kUnlimited ? by_nodes[d] : std::min<std::uint64_t>(by_nodes[d], limit);
      }
      if (allowed >= remaining_.left[c]) continue;
      found.pods = remaining_.left[c] - allowed;
      found.short_by = static_cast<std::int64_t>(found.pods);
      explained_[c] += found.pods;
      remaining_.left[c] = static_cast<std::uint32_t>(allowed);
      found.classes = {c};
      if (visible(c)) note(std::move(found));
    }
  }

  void explain_resource(std::size_t kind) {
    const Commodity commodity = measure_resource(input_, nodes_, kind);
    const BatchNetwork network = build_network(input_, nodes_, remaining_, commodity, Costs::none);
    const Flow flow = fill_in_order(network.network, network.source, network.sink,
                                    arcs_in_order(network, commodity));
    std::vector<std::uint32_t> starts;
    for (std::uint32_t c = 0; c < input_.classes.size(); ++c) {
      if (unserved(network, commodity, flow, c) > 0) starts.push_back(network.class_vertex[c]);
    }
    std::vector<bool> reached = reachable_in_residual(network.network, flow, starts);
    reached[network.source] = false;  // else it would join all parts into one
    split_cut(network, commodity, flow, reached, ResourceId{static_cast<std::uint32_t>(kind)});
  }

  [[nodiscard]] std::vector<std::uint32_t> arcs_in_order(const BatchNetwork& network,
                                                         const Commodity& commodity) const {
    std::vector<std::uint32_t> order;
    for (std::uint32_t c = 0; c < input_.classes.size(); ++c) {
      if (network.source_arc[c] != BatchNetwork::kNone) order.push_back(c);
    }
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      const std::int32_t first = input_.classes[a].priority;
      const std::int32_t second = input_.classes[b].priority;
      return first != second ? first > second : commodity.demand[a] < commodity.demand[b];
    });
    for (std::uint32_t& c : order) c = network.source_arc[c];
    return order;
  }

  /// What the class asks for and does not get, in units of the commodity.
  [[nodiscard]] Wide unserved(const BatchNetwork& network, const Commodity& commodity,
                              const Flow& flow, std::uint32_t c) const {
    if (network.source_arc[c] == BatchNetwork::kNone) return 0;
    return Wide{commodity.demand[c]} * remaining_.left[c] - flow.on_arc[network.source_arc[c]];
  }

  /// One bottleneck for each connected part of the reached side.
  void split_cut(const BatchNetwork& network, const Commodity& commodity, const Flow& flow,
                 const std::vector<bool>& reached, ResourceId resource) {
    boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS> graph(
        network.network.vertices);
    for (const FlowNetwork::Arc& arc : network.network.arcs) {
      if (reached[arc.from] && reached[arc.to]) boost::add_edge(arc.from, arc.to, graph);
    }
    std::vector<std::uint32_t> part(network.network.vertices);
    const std::size_t parts = boost::connected_components(graph, part.data());
    std::vector<Bottleneck> found(parts);
    std::vector<Wide> missing(parts);
    for (std::uint32_t c = 0; c < input_.classes.size(); ++c) {
      const std::uint32_t vertex = network.class_vertex[c];
      if (vertex == BatchNetwork::kNone || !reached[vertex]) continue;
      Bottleneck& bottleneck = found[part[vertex]];
      if (!visible(c)) {
        bottleneck.others_compete = true;
        continue;
      }
      const Wide units = unserved(network, commodity, flow, c);
      if (units == 0) continue;
      const Wide pods = (units + commodity.demand[c] - 1) / commodity.demand[c];
      bottleneck.classes.push_back(c);
      bottleneck.pods += static_cast<std::uint64_t>(pods);
      missing[part[vertex]] += units << commodity.unit_bits;
      explained_[c] = std::max(explained_[c], input_.classes[c].count - remaining_.left[c] +
                                                  static_cast<std::uint64_t>(pods));
    }
    add_domains(network, reached, part, found);
    constexpr Wide kMost = Wide{1} << 62U;
    for (std::size_t i = 0; i < parts; ++i) {
      found[i].resource = resource;
      found[i].short_by = static_cast<std::int64_t>(std::min(missing[i], kMost));
      if (found[i].domains.empty()) {  // nothing but limits is in the cut
        found[i].kind = Bottleneck::Kind::limits;
        found[i].short_by = static_cast<std::int64_t>(found[i].pods);
      }
      note(std::move(found[i]));
    }
  }

  /// The domains in which visible classes of a part could use room if there were more.
  void add_domains(const BatchNetwork& network, const std::vector<bool>& reached,
                   const std::vector<std::uint32_t>& part, std::vector<Bottleneck>& found) const {
    std::vector<bool> entered(network.stations.size());
    for (const BatchNetwork::Entry& entry : network.entries) {
      if (!visible(entry.pod_class) || !reached[network.class_vertex[entry.pod_class]]) continue;
      entered[entry.station] =
          entered[entry.station] || reached[network.stations[entry.station].vertex];
    }
    for (const BatchNetwork::Stop& stop : network.stops) {
      const std::uint32_t vertex = network.node_vertex[stop.node_class];
      if (!entered[stop.station] || !reached[vertex]) continue;
      found[part[vertex]].domains.push_back(nodes_[stop.node_class].domain);
    }
  }

  /// What the packing left over although every flow had a place for it.
  void find_fragmentation() {
    Bottleneck found;
    found.kind = Bottleneck::Kind::fragmentation;
    for (std::uint32_t c = 0; c < input_.classes.size(); ++c) {
      const std::uint64_t left = placement_.fall_back[c];
      if (!visible(c) || left <= explained_[c]) continue;
      found.pods += left - explained_[c];
      found.classes.push_back(c);
    }
    note(std::move(found));
  }

  const BatchInput& input_;
  const BatchPlacement& placement_;
  std::optional<TenantId> viewer_;
  Remaining remaining_;
  std::vector<NodeClass> nodes_;
  std::vector<std::uint64_t> explained_;  // by class: pods that some reason covers
  std::vector<Bottleneck> result_;
};

}  // namespace

std::vector<Bottleneck> explain(const BatchInput& input, const BatchPlacement& placement,
                                std::optional<TenantId> viewer) {
  ARCAS_CHECK(placement.fall_back.size() == input.classes.size());
  return Explanation(input, placement, viewer).run();
}

}  // namespace arcas::scheduler::batch
