#include "core/scheduler/batch/plan.h"

#include <algorithm>
#include <numeric>

namespace arcas::scheduler::batch {
namespace {

/// Shares the flow of each station out: its classes in order take its node classes in order.
/// Amounts of a class are turned into pods by running totals, so that rounding loses less than one
/// pod of each class.
class Shares {
 public:
  Shares(const BatchNetwork& network, const Flow& flow, const Commodity& commodity)
      : network_(network), flow_(flow), commodity_(commodity), stop_(network.stations.size() + 1) {
    for (const BatchNetwork::Stop& stop : network.stops) ++stop_[stop.station + 1];
    std::partial_sum(stop_.begin(), stop_.end(), stop_.begin());
    end_.assign(stop_.begin() + 1, stop_.end());
    for (const BatchNetwork::Stop& stop : network.stops) room_.push_back(flow.on_arc[stop.arc]);
  }

  std::vector<PlannedCount> count() {
    std::vector<PlannedCount> result;
    std::uint32_t current = BatchNetwork::kNone;
    Wide total = 0;
    for (const BatchNetwork::Entry& entry : network_.entries) {
      if (entry.pod_class != current) total = 0;
      current = entry.pod_class;
      std::int64_t left = flow_.on_arc[entry.arc];
      while (left > 0) {
        const std::uint32_t at = next_stop(entry.station);
        const std::int64_t amount = std::min(left, room_[at]);
        room_[at] -= amount;
        left -= amount;
        add(result, current, network_.stops[at].node_class, total, amount);
        total += amount;
      }
    }
    return result;
  }

 private:
  std::uint32_t next_stop(std::uint32_t station) {
    std::uint32_t& at = stop_[station];
    while (at != end_[station] && room_[at] == 0) ++at;
    ARCAS_CHECK(at != end_[station]);  // what enters a station leaves it
    return at;
  }

  void add(std::vector<PlannedCount>& result, std::uint32_t pod_class, std::uint32_t node_class,
           Wide before, std::int64_t amount) const {
    const std::int64_t demand = commodity_.demand[pod_class];
    const Wide pods = (before + amount) / demand - before / demand;
    if (pods > 0) result.push_back({pod_class, node_class, static_cast<std::uint32_t>(pods)});
  }

  const BatchNetwork& network_;
  const Flow& flow_;
  const Commodity& commodity_;
  std::vector<std::uint32_t> stop_;  // by station: the next stop with flow left
  std::vector<std::uint32_t> end_;
  std::vector<std::int64_t> room_;  // by stop
};

/// Pods that the limits alone allow, for classes that the commodity does not measure.
std::uint64_t by_limits(const Remaining& remaining, std::size_t c) {
  if (remaining.domain_room[c].empty()) return remaining.left[c];
  std::uint64_t room = 0;
  for (const std::uint32_t limit : remaining.domain_room[c]) room += limit;
  return std::min<std::uint64_t>(room, remaining.left[c]);
}

/// Whether no class with pods left goes without the resource.
bool asked_by_all(const BatchInput& input, const Remaining& remaining, std::size_t kind) {
  for (std::size_t c = 0; c < input.classes.size(); ++c) {
    if (remaining.left[c] > 0 && amount(input.classes[c].demand, kind) == 0) return false;
  }
  return true;
}

}  // namespace

std::vector<PlannedCount> plan(const BatchInput& input, const std::vector<NodeClass>& nodes,
                               const Remaining& remaining, const Commodity& commodity,
                               FlowSolver solver) {
  const BatchNetwork network =
      build_network(input, nodes, remaining, commodity, Costs::preferences);
  const Flow flow = solver == FlowSolver::primal_dual
                        ? min_cost_max_flow(network.network, network.source, network.sink)
                        : boost_min_cost_max_flow(network.network, network.source, network.sink,
                                                  BoostAlgorithm::successive_shortest_path);
  return Shares(network, flow, commodity).count();
}

std::uint64_t bound(const BatchInput& input, const std::vector<NodeClass>& nodes,
                    const Remaining& remaining, const Commodity& commodity) {
  const BatchNetwork network = build_network(input, nodes, remaining, commodity, Costs::none);
  std::uint64_t pods = 0;
  std::vector<std::uint32_t> order;
  for (std::uint32_t c = 0; c < input.classes.size(); ++c) {
    if (remaining.left[c] == 0) continue;
    if (commodity.demand[c] == 0) pods += by_limits(remaining, c);
    if (network.source_arc[c] != BatchNetwork::kNone) order.push_back(c);
  }
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const std::int64_t first = commodity.demand[a];
    const std::int64_t second = commodity.demand[b];
    return first != second ? first < second : a < b;
  });
  std::vector<std::uint32_t> arcs;
  for (const std::uint32_t c : order) arcs.push_back(network.source_arc[c]);
  const Flow flow = fill_in_order(network.network, network.source, network.sink, arcs);
  for (const std::uint32_t c : order) {
    const std::int64_t amount = flow.on_arc[network.source_arc[c]];
    const std::int64_t demand = commodity.demand[c];
    pods += std::min<std::uint64_t>(static_cast<std::uint64_t>((amount + demand - 1) / demand),
                                    remaining.left[c]);
  }
  return pods;
}

Commodity usable_room(const BatchInput& input, const std::vector<NodeClass>& nodes,
                      const Remaining& remaining, Commodity commodity) {
  Wide own = 0;
  for (std::size_t c = 0; c < input.classes.size(); ++c) {
    own += Wide{commodity.demand[c]} * remaining.left[c];
  }
  while (own >> 55 != 0) own >>= 1;  // absurdly much demand: the ratio need not be exact
  for (const std::size_t kind : kinds_in_use(input, remaining.left)) {
    Wide other = 0;
    for (std::size_t c = 0; c < input.classes.size(); ++c) {
      other += Wide{amount(input.classes[c].demand, kind)} * remaining.left[c];
    }
    if (other == 0 || !asked_by_all(input, remaining, kind)) continue;
    for (std::size_t n = 0; n < nodes.size(); ++n) {
      const Wide usable = std::min(nodes[n].free_sum[kind], other) * own / other;
      commodity.room[n] = static_cast<std::int64_t>(std::min<Wide>(commodity.room[n], usable));
    }
  }
  return commodity;
}

}  // namespace arcas::scheduler::batch
