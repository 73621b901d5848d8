#include "core/scheduler/spread.h"

#include <algorithm>
#include <cmath>

#include "core/model/selector.h"

namespace arcas::scheduler {
namespace {

/// The fewest matching pods of any domain; 0 when there are fewer domains than minDomains asks for.
std::int32_t global_minimum(const model::TopologySpreadConstraint& constraint,
                            const SpreadCounters::Counts& counts) {
  const auto wanted = static_cast<std::size_t>(std::max(constraint.min_domains, 1));
  if (counts.pods.empty() || counts.pods.size() < wanted) return 0;
  return *std::min_element(counts.pods.begin(), counts.pods.end());
}

}  // namespace

SpreadState spread_state(const model::Catalog& catalog, const PodEntry& pod, const Shape& shape,
                         SpreadCounters& counters) {
  SpreadState state;
  const model::PodSpec& spec = catalog.spec(pod.spec);
  const bool chooses_nodes = !spec.node_selector.empty() || spec.node_affinity.has_required;
  for (const model::TopologySpreadConstraint& constraint : spec.topology_spread) {
    SpreadKey key;
    key.name_space = pod.name_space;
    key.selector = constraint.selector;
    key.domains.topology_key = constraint.topology_key;
    key.domains.honor_affinity = constraint.honor_node_affinity && chooses_nodes;
    key.domains.honor_taints = constraint.honor_node_taints;
    if (key.domains.honor_affinity || key.domains.honor_taints) {
      key.domains.inclusion = shape.representative;
    }
    BoundConstraint bound;
    bound.constraint = &constraint;
    bound.counts = &counters.get(key);
    const model::Selector* selector =
        constraint.selector.valid() ? &catalog.selectors[constraint.selector] : nullptr;
    bound.matches_itself =
        selector != nullptr && model::matches(*selector, catalog.label_sets[pod.labels], catalog);
    const bool hard = constraint.when_unsatisfiable ==
                      model::TopologySpreadConstraint::WhenUnsatisfiable::do_not_schedule;
    if (hard) {
      bound.minimum = global_minimum(constraint, *bound.counts);
      state.hard.push_back(bound);
    } else {
      state.soft.push_back(bound);
    }
  }
  return state;
}

SpreadVerdict filter_spread(const BoundConstraint& bound, std::uint16_t domain) {
  if (domain == DomainMap::kNone) return SpreadVerdict::label_missing;
  const std::int32_t self = bound.matches_itself ? 1 : 0;
  const std::int32_t skew = bound.counts->pods[domain] + self - bound.minimum;
  return skew > bound.constraint->max_skew ? SpreadVerdict::skew : SpreadVerdict::fits;
}

double soft_share(const BoundConstraint& bound, std::uint16_t domain, std::size_t domains) {
  const double weight = std::log(static_cast<double>(domains + 2));
  const std::int32_t pods = domain == DomainMap::kNone ? 0 : bound.counts->pods[domain];
  return static_cast<double>(pods) * weight + static_cast<double>(bound.constraint->max_skew - 1);
}

std::int64_t normalize_spread(std::int64_t score, std::int64_t minimum, std::int64_t maximum) {
  if (maximum == 0) return 100;
  return 100 * (maximum + minimum - score) / maximum;
}

}  // namespace arcas::scheduler
