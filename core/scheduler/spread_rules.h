#pragma once

#include <cstdint>
#include <vector>

#include "core/scheduler/cluster.h"
#include "core/scheduler/scheduler_profile.h"

namespace arcas::scheduler {

/// One topology spread constraint of a pod, with its counter.
struct SpreadConstraint {
  std::int64_t max_skew = 1;
  StringId key;
  std::int64_t min_domains = 1;
  CounterId counter;
  bool matches_itself = false;  ///< the pod's own labels match the selector
  bool by_host = false;         ///< soft, on kubernetes.io/hostname: counted node by node
};

/// The constraints of a pod: its own, or the profile's defaults where it names none.
/// Source: kube-scheduler 1.32, plugins/podtopologyspread (rules restated in docs/scheduler.md).
struct SpreadRules {
  std::vector<SpreadConstraint> hard;
  std::vector<SpreadConstraint> soft;
  /// Nodes without all the soft keys score 0 and stand outside the extremes.
  bool require_all_soft_keys = true;
  bool by_default = false;  ///< the pod names none itself
  [[nodiscard]] bool empty() const { return hard.empty() && soft.empty(); }
};

/// Resolves a pod's constraints and makes their counters. Cost: O(constraints), plus O(nodes) or
/// O(pods that match) for a counter or view that nobody asked for before.
SpreadRules spread_rules(Cluster& cluster, const SchedulerProfile& profile, const PodEntry& pod);

enum class SpreadVerdict : std::uint8_t { fits, skew, label_missing };
/// PodTopologySpread's filter. `count`: matching pods in the node's domain; `minimum`: of any
/// domain, by the rules of minDomains (see `global_minimum`).
SpreadVerdict filter_spread(const SpreadConstraint& rule, bool has_label, std::int64_t count,
                            std::int64_t minimum);
std::int64_t global_minimum(const SpreadConstraint& rule, const Counter& counter);

/// The weight of a soft constraint: ln(domains + 2), in binary64.
double spread_weight(std::size_t domains);
/// One soft constraint's share of the raw score: count × weight + maxSkew − 1. Shares are summed in
/// the order of the constraints and rounded half away from zero.
double spread_share(const SpreadConstraint& rule, std::int64_t count, double weight);
std::int64_t round_spread(double sum);
/// 100 × (max + min − score) / max; 100 when max is 0.
std::int64_t normalize_spread(std::int64_t score, std::int64_t minimum, std::int64_t maximum);

}  // namespace arcas::scheduler
