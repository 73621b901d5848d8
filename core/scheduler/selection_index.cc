#include <algorithm>
#include <cmath>

#include "core/scheduler/selection.h"

namespace arcas::scheduler {
namespace {

struct Option {
  const NodeIndex::Group* group = nullptr;
  std::int32_t local = 0;
  std::int64_t spread = 0;
};

bool by_zone_only(const SpreadState& spread, StringId zone_key) {
  const auto is_zone = [zone_key](const BoundConstraint& bound) {
    // Nodes that the policies leave out of the counting are not told apart by zone.
    return bound.constraint->topology_key == zone_key;
  };
  return std::all_of(spread.hard.begin(), spread.hard.end(), is_zone) &&
         std::all_of(spread.soft.begin(), spread.soft.end(), is_zone);
}

/// All feasible nodes of a group are in one domain: they pass the same static filters that the
/// counting's policies use, and share the zone.
std::uint16_t domain_of(const BoundConstraint& bound, StringId zone) {
  const auto& values = bound.counts->map->values;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] == zone) return static_cast<std::uint16_t>(i);
  }
  return DomainMap::kNone;
}

bool passes(const SpreadState& spread, StringId zone) {
  return std::all_of(spread.hard.begin(), spread.hard.end(), [zone](const BoundConstraint& b) {
    return filter_spread(b, domain_of(b, zone)) == SpreadVerdict::fits;
  });
}

void score_spread(const SpreadState& spread, std::vector<Option>& options) {
  if (spread.soft.empty()) return;
  std::vector<std::size_t> domains;
  for (const BoundConstraint& bound : spread.soft) {
    std::vector<bool> seen(bound.counts->pods.size(), false);
    std::size_t count = 0;
    for (const Option& option : options) {
      const std::uint16_t domain = domain_of(bound, option.group->zone);
      if (domain == DomainMap::kNone || seen[domain]) continue;
      seen[domain] = true;
      ++count;
    }
    domains.push_back(count);
  }
  std::int64_t minimum = 0;
  std::int64_t maximum = 0;
  bool first = true;
  for (Option& option : options) {
    if (!option.group->zone.valid()) continue;
    double sum = 0;
    for (std::size_t i = 0; i < spread.soft.size(); ++i) {
      const BoundConstraint& bound = spread.soft[i];
      sum += soft_share(bound, domain_of(bound, option.group->zone), domains[i]);
    }
    option.spread = static_cast<std::int64_t>(std::llround(sum));
    minimum = first ? option.spread : std::min(minimum, option.spread);
    maximum = first ? option.spread : std::max(maximum, option.spread);
    first = false;
  }
  for (Option& option : options) {
    option.spread =
        option.group->zone.valid() ? normalize_spread(option.spread, minimum, maximum) : 0;
  }
}

}  // namespace

std::optional<Selection> select_by_index(const SelectionInput& input, const NodeIndex& index,
                                         StringId zone_key) {
  if (input.pod.target.valid() || !by_zone_only(input.spread, zone_key)) return std::nullopt;
  std::vector<Option> options;
  std::int64_t most_preferred = 0;
  std::int64_t most_taints = 0;
  for (const NodeIndex::Group& group : index.groups()) {
    const std::int32_t local = group.best();
    if (local == NodeIndex::kInfeasible || !passes(input.spread, group.zone)) continue;
    options.push_back({&group, local, 0});
    most_preferred = std::max(most_preferred, group.preferred);
    most_taints = std::max(most_taints, group.taints);
  }
  score_spread(input.spread, options);
  Selection best;
  for (const Option& option : options) {
    const NodeIndex::Group& group = *option.group;
    const std::int64_t affinity = most_preferred == 0 ? 0 : 100 * group.preferred / most_preferred;
    const std::int64_t taints = most_taints == 0 ? 100 : 100 - 100 * group.taints / most_taints;
    const std::int64_t total = option.local + kAffinityWeight * affinity + kTaintWeight * taints +
                               kSpreadWeight * option.spread;
    if (best.node.valid() && total < best.score) continue;
    const NodeId node = group.first_best();
    if (best.node.valid() && total == best.score && best.node < node) continue;
    best.node = node;
    best.score = total;
  }
  return best;
}

}  // namespace arcas::scheduler
