#include <algorithm>
#include <cmath>

#include "core/scheduler/selection.h"

namespace arcas::scheduler {
namespace {

struct Candidate {
  NodeId node;
  std::int64_t local = 0;
  std::int64_t preferred = 0;
  std::int64_t taints = 0;
  std::int64_t spread = 0;
  bool spread_counts = true;  // has all soft topology keys
};

std::uint16_t domain_of(const BoundConstraint& bound, NodeId node) {
  const auto& map = bound.counts->map->of_node;
  return node.index < map.size() ? map[node.index] : DomainMap::kNone;
}

/// The domain by label alone, for a node that the constraint's policies leave out of the counting.
bool has_label(const SelectionInput& input, const BoundConstraint& bound, NodeId node) {
  const auto& labels = input.catalog.label_sets[input.nodes[node].object.meta.labels];
  return labels.get(bound.constraint->topology_key).valid();
}

Reason filter(const SelectionInput& input, NodeId node, ResourceId& short_of) {
  const NodeTable::Row& row = input.nodes[node];
  const model::PodSpec& spec = input.catalog.spec(input.pod.spec);
  const Reason reason = filter_static(spec, input.pod.target, row, input.catalog);
  if (reason != Reason::fits) return reason;
  const Reason resources = filter_resources(input.shape.demand, row, &short_of);
  if (resources != Reason::fits) return resources;
  for (const BoundConstraint& bound : input.spread.hard) {
    switch (filter_spread(bound, domain_of(bound, node))) {
      case SpreadVerdict::fits:
        break;
      case SpreadVerdict::skew:
        return Reason::topology_spread;
      case SpreadVerdict::label_missing:
        return Reason::topology_label_missing;
    }
  }
  return Reason::fits;
}

void score_spread(const SelectionInput& input, std::vector<Candidate>& candidates) {
  if (input.spread.soft.empty()) return;
  std::vector<std::size_t> domains;
  for (const BoundConstraint& bound : input.spread.soft) {
    std::vector<bool> seen(bound.counts->pods.size(), false);
    std::size_t count = 0;
    for (Candidate& candidate : candidates) {
      if (!has_label(input, bound, candidate.node)) candidate.spread_counts = false;
      const std::uint16_t domain = domain_of(bound, candidate.node);
      if (domain == DomainMap::kNone || seen[domain]) continue;
      seen[domain] = true;
      ++count;
    }
    domains.push_back(count);
  }
  std::int64_t minimum = 0;
  std::int64_t maximum = 0;
  bool first = true;
  for (Candidate& candidate : candidates) {
    if (!candidate.spread_counts) continue;
    double sum = 0;
    for (std::size_t i = 0; i < input.spread.soft.size(); ++i) {
      const BoundConstraint& bound = input.spread.soft[i];
      sum += soft_share(bound, domain_of(bound, candidate.node), domains[i]);
    }
    candidate.spread = static_cast<std::int64_t>(std::llround(sum));
    minimum = first ? candidate.spread : std::min(minimum, candidate.spread);
    maximum = first ? candidate.spread : std::max(maximum, candidate.spread);
    first = false;
  }
  for (Candidate& candidate : candidates) {
    candidate.spread =
        candidate.spread_counts ? normalize_spread(candidate.spread, minimum, maximum) : 0;
  }
}

Selection choose(const SelectionInput& input, std::vector<Candidate>& candidates) {
  Selection best;
  best.feasible = static_cast<std::uint32_t>(candidates.size());
  std::int64_t most_preferred = 0;
  std::int64_t most_taints = 0;
  for (const Candidate& candidate : candidates) {
    most_preferred = std::max(most_preferred, candidate.preferred);
    most_taints = std::max(most_taints, candidate.taints);
  }
  score_spread(input, candidates);
  for (const Candidate& c : candidates) {
    const std::int64_t affinity = most_preferred == 0 ? 0 : 100 * c.preferred / most_preferred;
    const std::int64_t taints = most_taints == 0 ? 100 : 100 - 100 * c.taints / most_taints;
    const std::int64_t total =
        c.local + kAffinityWeight * affinity + kTaintWeight * taints + kSpreadWeight * c.spread;
    if (best.node.valid() && total <= best.score) continue;
    best.node = c.node;
    best.score = total;
  }
  return best;
}

}  // namespace

Selection select_by_scan(const SelectionInput& input) {
  std::vector<Candidate> candidates;
  std::array<std::uint32_t, 16> refused{};
  std::vector<std::uint32_t> short_of_count;
  const model::PodSpec& spec = input.catalog.spec(input.pod.spec);
  for (std::uint32_t i = 0; i < input.nodes.size(); ++i) {
    const NodeId node{i};
    if (!input.nodes.known(node)) continue;
    ResourceId short_of;
    const Reason reason = filter(input, node, short_of);
    if (reason != Reason::fits) {
      ++refused[static_cast<std::size_t>(reason)];
      if (short_of.valid()) {
        if (short_of.index >= short_of_count.size()) short_of_count.resize(short_of.index + 1, 0);
        ++short_of_count[short_of.index];
      }
      continue;
    }
    const NodeTable::Row& row = input.nodes[node];
    Candidate candidate;
    candidate.node = node;
    candidate.local = fit_score(input.strategy, input.shape.demand, row) +
                      balanced_score(input.shape.demand, row);
    candidate.preferred = preferred_affinity(spec, row, input.catalog);
    candidate.taints = intolerable_taints(spec, row);
    candidates.push_back(candidate);
  }
  Selection selection = choose(input, candidates);
  selection.refused = refused;
  selection.short_of = std::move(short_of_count);
  return selection;
}

}  // namespace arcas::scheduler
