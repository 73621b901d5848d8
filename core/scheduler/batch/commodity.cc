#include "core/scheduler/batch/commodity.h"

#include <algorithm>
#include <numeric>

namespace arcas::scheduler::batch {
namespace {

constexpr int kScale = 50;  // all room of a resource is at most 2^50 units

Wide total_room(const std::vector<NodeClass>& nodes, std::size_t kind) {
  Wide total = 0;
  for (const NodeClass& node_class : nodes) total += node_class.free_sum[kind];
  return total;
}

Wide divide_up(Wide value, Wide by) { return (value + by - 1) / by; }

/// Clamps what does not fit to an amount that no room can hold.
std::int64_t narrow(Wide value) {
  return static_cast<std::int64_t>(std::min(value, Wide{1} << (kScale + 1)));
}

/// Demand for each 1,024 of room: 1 at least, 2^20 at most.
Wide pressure(const BatchInput& input, const std::vector<NodeClass>& nodes,
              const std::vector<std::uint32_t>& left, std::size_t kind) {
  Wide demand = 0;
  for (std::size_t c = 0; c < input.classes.size(); ++c) {
    demand += Wide{amount(input.classes[c].demand, kind)} * left[c];
  }
  return std::clamp<Wide>(demand * 1'024 / std::max<Wide>(total_room(nodes, kind), 1), 1, 1 << 20);
}

}  // namespace

std::vector<std::size_t> kinds_in_use(const BatchInput& input,
                                      const std::vector<std::uint32_t>& left) {
  std::vector<std::size_t> kinds;
  for (std::size_t kind = 0; kind < input.resource_names.size(); ++kind) {
    for (std::size_t c = 0; c < input.classes.size(); ++c) {
      if (left[c] == 0 || amount(input.classes[c].demand, kind) == 0) continue;
      kinds.push_back(kind);
      break;
    }
  }
  return kinds;
}

Commodity measure_resource(const BatchInput& input, const std::vector<NodeClass>& nodes,
                           std::size_t kind) {
  int shift = 0;
  while ((total_room(nodes, kind) >> shift) > (Wide{1} << kScale)) ++shift;
  Commodity result;
  result.unit_bits = shift;
  for (const PodClass& pods : input.classes) {
    result.demand.push_back(narrow(Wide{amount(pods.demand, kind)} >> shift));
  }
  for (const NodeClass& node_class : nodes) {
    result.room.push_back(narrow(divide_up(node_class.free_sum[kind], Wide{1} << shift)));
  }
  return result;
}

Commodity measure_mixture(const BatchInput& input, const std::vector<NodeClass>& nodes,
                          const std::vector<std::uint32_t>& left) {
  Commodity result;
  result.demand.assign(input.classes.size(), 0);
  result.room.assign(nodes.size(), 0);
  const std::vector<std::size_t> kinds = kinds_in_use(input, left);
  std::vector<Wide> pressures;
  for (const std::size_t kind : kinds) pressures.push_back(pressure(input, nodes, left, kind));
  const Wide all = std::accumulate(pressures.begin(), pressures.end(), Wide{0});
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    const std::size_t kind = kinds[k];
    const Wide total = std::max<Wide>(total_room(nodes, kind), 1);
    const Wide share = (Wide{1} << kScale) * pressures[k] / all;
    for (std::size_t c = 0; c < input.classes.size(); ++c) {
      const Wide demand = std::min<Wide>(amount(input.classes[c].demand, kind), total);
      result.demand[c] += narrow(demand * share / total);
    }
    for (std::size_t n = 0; n < nodes.size(); ++n) {
      result.room[n] += narrow(divide_up(nodes[n].free_sum[kind] * share, total));
    }
  }
  return result;
}

}  // namespace arcas::scheduler::batch
