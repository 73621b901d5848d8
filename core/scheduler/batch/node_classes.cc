#include "core/scheduler/batch/node_classes.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <tuple>

namespace arcas::scheduler::batch {
namespace {

using SizeKey = std::vector<std::uint8_t>;

void add_node(NodeClass& to, std::uint32_t position, const ResourceRow& free) {
  to.nodes.push_back(position);
  to.free_max.resize(free.size());
  to.free_sum.resize(free.size());
  for (std::size_t kind = 0; kind < free.size(); ++kind) {
    to.free_max[kind] = std::max(to.free_max[kind], free[kind]);
    to.free_sum[kind] += free[kind];
  }
}

}  // namespace

std::vector<ResourceRow> free_rows(const BatchInput& input) {
  std::vector<ResourceRow> rows;
  rows.reserve(input.nodes.size());
  for (const NodeRoom& node : input.nodes) {
    ResourceRow row = node.free;
    row.resize(input.resource_names.size());
    for (std::int64_t& free : row) free = std::max<std::int64_t>(free, 0);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<NodeClass> classify(const BatchInput& input, const std::vector<ResourceRow>& free,
                                const std::vector<std::size_t>& kinds) {
  std::vector<SizeKey> sizes(input.nodes.size());
  for (std::size_t i = 0; i < input.nodes.size(); ++i) {
    for (const std::size_t kind : kinds) {
      const auto width = std::bit_width(static_cast<std::uint64_t>(free[i][kind]));
      sizes[i].push_back(static_cast<std::uint8_t>(width));
    }
  }
  std::vector<std::uint32_t> order(input.nodes.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto key = [&](std::uint32_t i) {
    return std::tie(input.nodes[i].domain, input.nodes[i].kind, sizes[i]);
  };
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return key(a) != key(b) ? key(a) < key(b) : a < b;
  });
  std::vector<NodeClass> classes;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || key(order[i - 1]) != key(order[i])) {
      const NodeRoom& first = input.nodes[order[i]];
      classes.push_back({first.domain, first.kind, {}, {}, {}});
    }
    add_node(classes.back(), order[i], free[order[i]]);
  }
  return classes;
}

bool may_fit(const PodClass& pods, const NodeClass& nodes) {
  for (std::size_t kind = 0; kind < pods.demand.size(); ++kind) {
    if (pods.demand[kind] > nodes.free_max[kind]) return false;
  }
  return true;
}

std::int64_t quarter_log2(std::int64_t amount) {
  if (amount < 2) return 0;
  const auto value = static_cast<std::uint64_t>(amount);
  const auto exponent = static_cast<int>(std::bit_width(value)) - 1;
  // The three leading bits of the mantissa, against 2^(1/4), 2^(1/2), 2^(3/4) in eighths.
  const std::uint64_t eighths = exponent >= 3 ? value >> (exponent - 3) : value << (3 - exponent);
  const int quarters = (eighths >= 10 ? 1 : 0) + (eighths >= 12 ? 1 : 0) + (eighths >= 14 ? 1 : 0);
  return std::int64_t{exponent} * 4 + quarters;
}

}  // namespace arcas::scheduler::batch
