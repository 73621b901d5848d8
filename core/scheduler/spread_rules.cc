#include "core/scheduler/spread_rules.h"

#include <algorithm>
#include <cmath>

#include "core/model/selector.h"

namespace arcas::scheduler {
namespace {

using Constraint = model::TopologySpreadConstraint;

/// A requirement that a label has one value.
model::Requirement demands(StringId key, StringId value) {
  return {key, model::SelectorOperator::in, {value}};
}

/// The selector that services and the controller of a pod give it; empty when there are none.
/// Services and a replication controller speak of labels, where the last word counts; replica sets
/// and stateful sets add requirements.
model::Selector default_selector(const Cluster& cluster, const PodEntry& pod) {
  using Kind = model::WorkloadSelector::Kind;
  const model::Catalog& catalog = cluster.catalog();
  const model::LabelSet& labels = catalog.label_sets[pod.labels];
  model::LabelSet wanted;
  const auto merge = [&](SelectorId id) {
    for (const model::Requirement& r : catalog.selectors[id].requirements) {
      wanted.set(r.key, r.values.front());
    }
  };
  for (const model::WorkloadSelector& service : cluster.services) {
    if (service.name_space != pod.name_space || !service.selector.valid()) continue;
    if (model::matches(catalog.selectors[service.selector], labels, catalog)) {
      merge(service.selector);
    }
  }
  const model::WorkloadSelector* owner =
      pod.owner == PodEntry::kNoOwner ? nullptr : &cluster.owners[pod.owner];
  const bool owned = owner != nullptr && owner->selector.valid();
  if (owned && owner->kind == Kind::replication_controller) merge(owner->selector);
  model::Selector result;
  for (const auto& [key, value] : wanted.items())
    result.requirements.push_back(demands(key, value));
  if (owned && owner->kind != Kind::replication_controller) {
    const auto& own = catalog.selectors[owner->selector].requirements;
    result.requirements.insert(result.requirements.end(), own.begin(), own.end());
  }
  return result;
}

std::vector<Constraint> default_constraints(Cluster& cluster, const SchedulerProfile& profile,
                                            const PodEntry& pod) {
  std::vector<Constraint> result;
  if (profile.spread.defaulting == TopologySpreadArguments::Defaulting::list) {
    result = profile.spread.constraints;
  } else {
    const auto soft = Constraint::WhenUnsatisfiable::schedule_anyway;
    Constraint constraint;
    constraint.when_unsatisfiable = soft;
    constraint.topology_key = cluster.hostname_key();
    constraint.max_skew = 3;
    result.push_back(constraint);
    constraint.topology_key = cluster.zone_key();
    constraint.max_skew = 5;
    result.push_back(constraint);
  }
  if (result.empty()) return result;
  model::Selector selector = default_selector(cluster, pod);
  if (selector.requirements.empty()) return {};
  const SelectorId id = cluster.catalog().selectors.intern(std::move(selector));
  for (Constraint& constraint : result) constraint.selector = id;
  return result;
}

/// The constraint's selector with the pod's own values of matchLabelKeys; none: no pod.
SelectorId full_selector(model::Catalog& catalog, const Constraint& constraint,
                         const PodEntry& pod) {
  model::Selector merged;
  const model::LabelSet& labels = catalog.label_sets[pod.labels];
  for (const StringId key : constraint.match_label_keys) {
    const StringId value = labels.get(key);
    if (value.valid()) merged.requirements.push_back(demands(key, value));
  }
  if (merged.requirements.empty()) return constraint.selector;
  if (constraint.selector.valid()) {
    const auto& own = catalog.selectors[constraint.selector].requirements;
    merged.requirements.insert(merged.requirements.end(), own.begin(), own.end());
  }
  return catalog.selectors.intern(std::move(merged));
}

struct Builder {
  Cluster& cluster;
  const PodEntry& pod;

  Eligibility eligibility(const Constraint& constraint, std::vector<StringId> keys) const {
    const model::PodSpec& spec = cluster.catalog().spec(pod.spec);
    const bool chooses = !spec.node_selector.empty() || spec.node_affinity.has_required;
    Eligibility rule;
    rule.honor_affinity = constraint.honor_node_affinity && chooses;
    rule.honor_taints = constraint.honor_node_taints;
    if (rule.honor_affinity || rule.honor_taints) {
      rule.inclusion = cluster.shapes()[cluster.shapes().of(pod.spec)].representative;
    }
    // One key is demanded by having a domain at all.
    if (keys.size() > 1) rule.required_keys = std::move(keys);
    return rule;
  }

  SpreadConstraint bind(const Constraint& constraint, const Eligibility& eligible) const {
    model::Catalog& catalog = cluster.catalog();
    const SelectorId selector = full_selector(catalog, constraint, pod);
    SpreadConstraint bound;
    bound.max_skew = constraint.max_skew;
    bound.key = constraint.topology_key;
    bound.min_domains = std::max(constraint.min_domains, 1);
    bound.matches_itself =
        selector.valid() &&
        model::matches(catalog.selectors[selector], catalog.label_sets[pod.labels], catalog);
    PodGroup group;
    // An empty selector counts no pod, though it matches the pod itself.
    if (selector.valid() && !catalog.selectors[selector].requirements.empty()) {
      group.rules.push_back({{{pod.name_space}, false, {}, {}}, selector});
    }
    bound.counter =
        cluster.counters().members(cluster.groups().intern(group), false,
                                   cluster.topology().view(constraint.topology_key, eligible));
    return bound;
  }
};

std::vector<StringId> keys_of(const std::vector<Constraint>& constraints) {
  std::vector<StringId> keys;
  for (const Constraint& constraint : constraints) keys.push_back(constraint.topology_key);
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace

SpreadRules spread_rules(Cluster& cluster, const SchedulerProfile& profile, const PodEntry& pod) {
  SpreadRules rules;
  const model::PodSpec& spec = cluster.catalog().spec(pod.spec);
  const bool own = !spec.topology_spread.empty();
  const std::vector<Constraint> all =
      own ? spec.topology_spread : default_constraints(cluster, profile, pod);
  std::vector<Constraint> hard;
  std::vector<Constraint> soft;
  for (const Constraint& constraint : all) {
    const bool is_hard =
        constraint.when_unsatisfiable == Constraint::WhenUnsatisfiable::do_not_schedule;
    (is_hard ? hard : soft).push_back(constraint);
  }
  rules.by_default = !own;
  rules.require_all_soft_keys =
      own || profile.spread.defaulting != TopologySpreadArguments::Defaulting::system;
  const Builder builder{cluster, pod};
  const auto hard_keys = keys_of(hard);
  for (const Constraint& constraint : hard) {
    rules.hard.push_back(builder.bind(constraint, builder.eligibility(constraint, hard_keys)));
  }
  const auto soft_keys = rules.require_all_soft_keys ? keys_of(soft) : std::vector<StringId>{};
  for (const Constraint& constraint : soft) {
    const bool by_host = constraint.topology_key == cluster.hostname_key();
    const Eligibility eligible =
        by_host ? Eligibility{} : builder.eligibility(constraint, soft_keys);
    rules.soft.push_back(builder.bind(constraint, eligible));
    rules.soft.back().by_host = by_host;
  }
  return rules;
}

std::int64_t global_minimum(const SpreadConstraint& rule, const Counter& counter) {
  if (static_cast<std::int64_t>(counter.view().domain_count) < rule.min_domains) return 0;
  return counter.minimum();
}

SpreadVerdict filter_spread(const SpreadConstraint& rule, bool has_label, std::int64_t count,
                            std::int64_t minimum) {
  if (!has_label) return SpreadVerdict::label_missing;
  const std::int64_t skew = count + (rule.matches_itself ? 1 : 0) - minimum;
  return skew > rule.max_skew ? SpreadVerdict::skew : SpreadVerdict::fits;
}

double spread_weight(std::size_t domains) { return std::log(static_cast<double>(domains + 2)); }

double spread_share(const SpreadConstraint& rule, std::int64_t count, double weight) {
  return static_cast<double>(count) * weight + static_cast<double>(rule.max_skew - 1);
}

std::int64_t round_spread(double sum) { return static_cast<std::int64_t>(std::llround(sum)); }

std::int64_t normalize_spread(std::int64_t score, std::int64_t minimum, std::int64_t maximum) {
  if (maximum == 0) return 100;
  return 100 * (maximum + minimum - score) / maximum;
}

}  // namespace arcas::scheduler
