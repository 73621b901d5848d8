#include "core/scheduler/affinity_rules.h"

namespace arcas::scheduler {
namespace {

/// What the pod's own terms ask for.
void add_own(Cluster& cluster, const PodEntry& pod, AffinityRules& rules) {
  const auto members = [&](GroupId group, StringId key) {
    return cluster.counters().members(group, true, cluster.topology().view(key, {}));
  };
  const model::PodAffinity& affinity = cluster.catalog().spec(pod.spec).pod_affinity;
  if (affinity.empty()) return;
  if (!affinity.required.empty()) {
    const GroupId all = cluster.terms().all_of(affinity.required, pod.name_space);
    rules.matches_itself = cluster.groups().contains(all, pod.name_space, pod.labels);
    for (const model::PodAffinityTerm& term : affinity.required) {
      rules.required.push_back({term.topology_key, members(all, term.topology_key), 0});
    }
  }
  for (const OwnedTerm& term : cluster.terms().of(pod.spec, pod.name_space)) {
    if (term.use == TermUse::required) continue;
    const CounterId counter = members(term.group, term.key);
    if (term.use == TermUse::required_anti) {
      rules.anti.push_back({term.key, counter, 0});
      continue;
    }
    rules.prefers = true;
    const std::int64_t weight = term.use == TermUse::preferred ? term.weight : -term.weight;
    rules.scores.push_back({term.key, counter, weight});
  }
}

/// What running pods' terms say of the pod.
void add_existing(Cluster& cluster, const InterPodAffinityArguments& arguments, const PodEntry& pod,
                  AffinityRules& rules) {
  for (const GroupId group : cluster.groups().groups_of(pod.name_space, pod.labels)) {
    for (const DomainCounters::OwnedCounter& owned : cluster.counters().owned(group)) {
      std::int64_t weight = 0;
      switch (owned.use) {
        case TermUse::required_anti:
          rules.existing_anti.push_back({owned.key, owned.counter, 0});
          continue;
        case TermUse::required:
          weight = arguments.hard_pod_affinity_weight;
          break;
        case TermUse::preferred:
        case TermUse::preferred_anti:
          weight = owned.use == TermUse::preferred ? owned.weight : -owned.weight;
          break;
      }
      if (weight != 0) rules.scores.push_back({owned.key, owned.counter, weight});
    }
  }
  // The argument says less than its name: it drops the score only of pods that prefer nothing
  // themselves, and then their being wanted by required terms too.
  if (arguments.ignore_preferred_terms_of_existing_pods && !rules.prefers) rules.scores.clear();
}

}  // namespace

AffinityRules affinity_rules(Cluster& cluster, const SchedulerProfile& profile,
                             const PodEntry& pod) {
  AffinityRules rules;
  add_own(cluster, pod, rules);
  add_existing(cluster, profile.inter_pod_affinity, pod, rules);
  return rules;
}

std::int64_t normalize_affinity(std::int64_t score, std::int64_t minimum, std::int64_t maximum) {
  const std::int64_t range = maximum - minimum;
  if (range <= 0) return 0;
  return static_cast<std::int64_t>(
      100.0 * (static_cast<double>(score - minimum) / static_cast<double>(range)));
}

}  // namespace arcas::scheduler
