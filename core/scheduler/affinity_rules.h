#pragma once

#include <cstdint>
#include <vector>

#include "core/scheduler/cluster.h"
#include "core/scheduler/scheduler_profile.h"

namespace arcas::scheduler {

/// A counter that InterPodAffinity reads, with the factor it enters the score with (0 for filters).
struct AffinityCount {
  StringId key;
  CounterId counter;
  std::int64_t weight = 0;
};

/// What inter-pod affinity means for one pod. `existing_*` follow the terms of running pods that
/// speak of it, so they may grow; see `Cluster::affinity_version`.
/// Source: kube-scheduler 1.32, plugins/interpodaffinity (rules restated in docs/scheduler.md).
struct AffinityRules {
  std::vector<AffinityCount> required;  ///< pods that match all required terms, along each key
  bool matches_itself = false;          ///< the pod matches all its own required terms
  std::vector<AffinityCount> anti;
  std::vector<AffinityCount> existing_anti;
  std::vector<AffinityCount> scores;
  /// The pod has preferred terms of its own: PreScore looks at all pods.
  bool prefers = false;
  [[nodiscard]] bool filters() const {
    return !required.empty() || !anti.empty() || !existing_anti.empty();
  }
};

/// Cost: O(terms of the pod + terms that speak of it), plus a count for each new counter.
AffinityRules affinity_rules(Cluster& cluster, const SchedulerProfile& profile,
                             const PodEntry& pod);

enum class AffinityVerdict : std::uint8_t { fits, affinity, anti_affinity, existing_anti_affinity };

/// 100 × (score − min) / (max − min) in binary64, truncated; 0 when all are equal.
std::int64_t normalize_affinity(std::int64_t score, std::int64_t minimum, std::int64_t maximum);

/// InterPodAffinity's filter for a node. `count_of(entry)` gives the pods in the node's domain
/// under an entry's key, or -1 where the node has no such label; `total_of(entry)` those of all
/// domains.
template <class CountOf, class TotalOf>
AffinityVerdict filter_affinity(const AffinityRules& rules, CountOf&& count_of,
                                TotalOf&& total_of) {
  bool found = true;
  for (const AffinityCount& entry : rules.required) {
    const std::int64_t count = count_of(entry);
    if (count < 0) return AffinityVerdict::affinity;
    found = found && count > 0;
  }
  if (!found) {
    // The first pod of a group that wants its own kind may go anywhere.
    for (const AffinityCount& entry : rules.required) {
      if (!rules.matches_itself || total_of(entry) != 0) return AffinityVerdict::affinity;
    }
  }
  for (const AffinityCount& entry : rules.anti) {
    if (count_of(entry) > 0) return AffinityVerdict::anti_affinity;
  }
  for (const AffinityCount& entry : rules.existing_anti) {
    if (count_of(entry) > 0) return AffinityVerdict::existing_anti_affinity;
  }
  return AffinityVerdict::fits;
}

}  // namespace arcas::scheduler
