#include "core/scheduler/batch/batch_network.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <utility>

namespace arcas::scheduler::batch {
namespace {

constexpr std::int64_t kWorstMisfit = 8;
/// A node class is filled in four slices, each dearer than the one before, so that load is spread
/// while there is room to spread it. The first is the share of the room that all of the batch takes
/// together: where nothing else speaks, every node class is filled alike. The rest is in thirds. A
/// batch that takes three quarters of the room or more fills quarters.
constexpr std::int64_t kSliceCost[] = {0, 2, 4, 6};

/// Classes with the same allowed kinds and demands between the same powers of two.
struct Group {
  std::vector<std::uint32_t> node_kinds;
  ResourceRow smallest;  // demand, by resource kind
};

class Builder {
 public:
  Builder(const BatchInput& input, const std::vector<NodeClass>& nodes, const Remaining& remaining,
          const Commodity& commodity, Costs costs)
      : input_(input),
        nodes_(nodes),
        remaining_(remaining),
        commodity_(commodity),
        costs_(costs),
        by_domain_(input.domain_names.size()) {}

  BatchNetwork build() {
    result_.source = graph().add_vertex();
    result_.sink = graph().add_vertex();
    find_scarce();
    add_node_classes();
    find_groups();
    add_stations();
    add_classes();
    add_costs_of_classes();
    return std::move(result_);
  }

 private:
  FlowNetwork& graph() { return result_.network; }
  [[nodiscard]] bool taken(std::size_t c) const {
    return remaining_.left[c] > 0 && commodity_.demand[c] > 0;
  }

  /// Resources of which what remains asks for at least half of what there is.
  void find_scarce() {
    for (std::size_t kind = 0; kind < input_.resource_names.size(); ++kind) {
      Wide demand = 0;
      Wide room = 0;
      for (std::size_t c = 0; c < input_.classes.size(); ++c) {
        demand += Wide{amount(input_.classes[c].demand, kind)} * remaining_.left[c];
      }
      for (const NodeClass& node_class : nodes_) room += node_class.free_sum[kind];
      if (demand > 0 && demand * 2 >= room) scarce_.push_back(kind);
    }
  }

  void add_node_classes() {
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
      const std::uint32_t vertex = graph().add_vertex();
      result_.node_vertex.push_back(vertex);
      by_domain_[nodes_[n].domain].push_back(static_cast<std::uint32_t>(n));
      const std::int64_t room = commodity_.room[n];
      if (costs_ == Costs::none) {
        graph().add_arc(vertex, result_.sink, room);
        continue;
      }
      const std::int64_t even = even_share(room);
      graph().add_arc(vertex, result_.sink, even, kSliceCost[0]);
      for (std::int64_t third = 0; third < 3; ++third) {
        const std::int64_t rest = room - even;
        const std::int64_t part = rest * (third + 1) / 3 - rest * third / 3;
        if (part > 0) graph().add_arc(vertex, result_.sink, part, kSliceCost[third + 1]);
      }
    }
  }

  /// What of so much room is taken when the whole batch is spread over all room alike, rounded up.
  [[nodiscard]] std::int64_t even_share(std::int64_t room) const {
    Wide demand = 0;
    Wide all = 0;
    for (std::size_t c = 0; c < input_.classes.size(); ++c) {
      if (taken(c)) demand += Wide{commodity_.demand[c]} * remaining_.left[c];
    }
    for (const std::int64_t of_class : commodity_.room) all += of_class;
    if (demand * 4 >= all * 3) return room / 4;  // little room to spread: quarters pack best
    return static_cast<std::int64_t>((Wide{room} * demand + all - 1) / all);
  }

  void find_groups() {
    std::map<std::pair<std::vector<std::uint32_t>, std::vector<int>>, std::uint32_t> ids;
    group_of_.assign(input_.classes.size(), BatchNetwork::kNone);
    for (std::size_t c = 0; c < input_.classes.size(); ++c) {
      if (!taken(c)) continue;
      const PodClass& pods = input_.classes[c];
      std::vector<int> sizes;
      for (std::size_t kind = 0; kind < input_.resource_names.size(); ++kind) {
        const auto demand = static_cast<std::uint64_t>(amount(pods.demand, kind));
        sizes.push_back(static_cast<int>(std::bit_width(demand)));
      }
      const auto next = static_cast<std::uint32_t>(groups_.size());
      const auto [at, added] = ids.try_emplace({pods.node_kinds, sizes}, next);
      if (added) groups_.push_back({pods.node_kinds, pods.demand});
      group_of_[c] = at->second;
      ResourceRow& smallest = groups_[at->second].smallest;
      smallest.resize(input_.resource_names.size());
      for (std::size_t kind = 0; kind < smallest.size(); ++kind) {
        smallest[kind] = std::min(smallest[kind], amount(pods.demand, kind));
      }
    }
  }

  [[nodiscard]] bool limited(std::size_t c) const { return !remaining_.domain_room[c].empty(); }

  void add_stations() {
    const auto domains = static_cast<std::uint32_t>(by_domain_.size());
    for (std::size_t c = 0; c < input_.classes.size(); ++c) {
      if (!taken(c)) continue;
      if (!limited(c)) {
        station(group_of_[c], BatchNetwork::kNone);
        continue;
      }
      for (std::uint32_t domain = 0; domain < domains; ++domain) {
        if (remaining_.domain_room[c][domain] > 0) station(group_of_[c], domain);
      }
    }
  }

  std::uint32_t station(std::uint32_t group, std::uint32_t domain) {
    const auto next = static_cast<std::uint32_t>(result_.stations.size());
    const auto [at, added] = station_ids_.try_emplace({group, domain}, next);
    if (!added) return at->second;
    result_.stations.push_back({graph().add_vertex(), group, domain, 0});
    if (domain != BatchNetwork::kNone) {
      add_stops(next, by_domain_[domain]);
    } else {
      for (const auto& in_domain : by_domain_) add_stops(next, in_domain);
    }
    return next;
  }

  void add_stops(std::uint32_t to, const std::vector<std::uint32_t>& node_classes) {
    BatchNetwork::Station& from = result_.stations[to];
    const Group& group = groups_[from.group];
    for (const std::uint32_t n : node_classes) {
      if (!reaches(group, nodes_[n])) continue;
      const std::int64_t cost = costs_ == Costs::none ? 0 : misfit(group, nodes_[n]);
      const std::uint32_t arc = graph().add_arc(from.vertex, result_.node_vertex[n], kPlenty, cost);
      result_.stops.push_back({to, n, arc});
      from.nodes += static_cast<std::uint32_t>(nodes_[n].nodes.size());
    }
  }

  static bool reaches(const Group& group, const NodeClass& node_class) {
    if (!group.node_kinds.empty() &&
        !std::binary_search(group.node_kinds.begin(), group.node_kinds.end(), node_class.kind)) {
      return false;
    }
    for (std::size_t kind = 0; kind < group.smallest.size(); ++kind) {
      if (group.smallest[kind] > node_class.free_max[kind]) return false;
    }
    return true;
  }

  /// How far the free amounts are from the ratio of the demand: by how many powers of two the pods
  /// that the most plentiful resource allows exceed those that the scarcest allows.
  [[nodiscard]] std::int64_t misfit(const Group& group, const NodeClass& node_class) const {
    std::int64_t low = std::numeric_limits<std::int64_t>::max();
    std::int64_t high = 0;
    const auto count = static_cast<Wide>(node_class.nodes.size());
    for (const std::size_t kind : scarce_) {
      const auto free = static_cast<std::int64_t>(node_class.free_sum[kind] / count);
      if (group.smallest[kind] == 0) {
        if (free > 0) high = kUnasked;
        continue;
      }
      const std::int64_t fits = quarter_log2(free) - quarter_log2(group.smallest[kind]);
      low = std::min(low, fits);
      high = std::max(high, fits);
    }
    return std::clamp<std::int64_t>((high - low) / 4, 0, kWorstMisfit);
  }

  void add_classes() {
    result_.class_vertex.assign(input_.classes.size(), BatchNetwork::kNone);
    result_.source_arc.assign(input_.classes.size(), BatchNetwork::kNone);
    for (std::size_t c = 0; c < input_.classes.size(); ++c) {
      if (!taken(c)) continue;
      result_.class_vertex[c] = graph().add_vertex();
      result_.source_arc[c] =
          graph().add_arc(result_.source, result_.class_vertex[c], units(c, remaining_.left[c]));
      if (!limited(c)) {
        enter(c, BatchNetwork::kNone, kUnlimited);
        continue;
      }
      const std::vector<std::uint32_t>& room = remaining_.domain_room[c];
      for (std::uint32_t domain = 0; domain < room.size(); ++domain) {
        if (room[domain] > 0) enter(c, domain, room[domain]);
      }
    }
  }

  void enter(std::size_t c, std::uint32_t domain, std::uint32_t limit) {
    const std::uint32_t to = station(group_of_[c], domain);
    const std::uint64_t by_nodes =
        std::uint64_t{input_.classes[c].max_per_node} * result_.stations[to].nodes;
    const std::uint64_t pods = std::min<std::uint64_t>({remaining_.left[c], limit, by_nodes});
    const std::uint32_t arc =
        graph().add_arc(result_.class_vertex[c], result_.stations[to].vertex, units(c, pods));
    result_.entries.push_back({static_cast<std::uint32_t>(c), to, arc});
  }

  /// What so many pods ask for; more than all room there is needs no exact figure.
  [[nodiscard]] std::int64_t units(std::size_t c, std::uint64_t pods) const {
    return static_cast<std::int64_t>(
        std::min(Wide{commodity_.demand[c]} * static_cast<Wide>(pods), Wide{kAllRoom}));
  }

  /// A step of the order (priority, size) outweighs whatever a path can cost besides.
  void add_costs_of_classes() {
    if (costs_ == Costs::none) return;
    std::vector<std::pair<std::int64_t, std::int64_t>> ranks;
    const auto rank = [&](std::size_t c) {
      const auto size = std::bit_width(static_cast<std::uint64_t>(commodity_.demand[c]));
      return std::pair{-std::int64_t{input_.classes[c].priority}, static_cast<std::int64_t>(size)};
    };
    for (std::size_t c = 0; c < input_.classes.size(); ++c) {
      if (taken(c)) ranks.push_back(rank(c));
    }
    std::sort(ranks.begin(), ranks.end());
    ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
    const std::int64_t step = (kWorstMisfit + kSliceCost[3] + 1) * (graph().vertices + 1);
    for (std::size_t c = 0; c < input_.classes.size(); ++c) {
      if (!taken(c)) continue;
      const auto at = std::lower_bound(ranks.begin(), ranks.end(), rank(c));
      graph().arcs[result_.source_arc[c]].cost = step * (at - ranks.begin());
    }
  }

  static constexpr std::int64_t kAllRoom = std::int64_t{1} << 55U;
  static constexpr std::int64_t kPlenty = std::int64_t{1} << 60U;
  static constexpr std::int64_t kUnasked = 1'000;

  const BatchInput& input_;
  const std::vector<NodeClass>& nodes_;
  const Remaining& remaining_;
  const Commodity& commodity_;
  Costs costs_;
  std::vector<std::vector<std::uint32_t>> by_domain_;  // node classes
  std::vector<std::size_t> scarce_;
  std::vector<Group> groups_;
  std::vector<std::uint32_t> group_of_;  // by pod class
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> station_ids_;
  BatchNetwork result_;
};

}  // namespace

Remaining all_of(const BatchInput& input) {
  Remaining remaining;
  for (const PodClass& pods : input.classes) {
    remaining.left.push_back(pods.count);
    remaining.domain_room.push_back(pods.domain_limits);
  }
  return remaining;
}

BatchNetwork build_network(const BatchInput& input, const std::vector<NodeClass>& nodes,
                           const Remaining& remaining, const Commodity& commodity, Costs costs) {
  return Builder(input, nodes, remaining, commodity, costs).build();
}

}  // namespace arcas::scheduler::batch
