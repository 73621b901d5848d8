#include "core/scheduler/plugins/inter_pod_affinity.h"

#include <algorithm>
#include <vector>

#include "core/scheduler/affinity_rules.h"

namespace arcas::scheduler {
namespace {

/// Pods in the node's domain; -1: the node has no such label.
std::int64_t count_at(const Counter& counter, NodeId node) {
  const std::uint32_t domain = counter.view().map->domain_of(node);
  return domain == TopologyMap::kNone ? -1 : counter.value(domain);
}

class AffinityFilter final : public FilterPlugin {
 public:
  explicit AffinityFilter(const Cycle& cycle) : cluster_(cycle.cluster) {
    cluster_.refresh();
    rules_ = affinity_rules(cluster_, cycle.profile, cycle.pod);
    // Terms whose pods are gone, or stand on nodes without the label, refuse nothing.
    std::erase_if(rules_.existing_anti, [this](const AffinityCount& entry) {
      return cluster_.counters()[entry.counter].total() == 0;
    });
  }

  Prepared prepare() override {
    Prepared prepared;
    if (!rules_.filters()) prepared.status.code = Code::skip;
    return prepared;
  }

  Code filter(NodeId node, std::vector<std::string>* reasons) const override {
    const auto say = [reasons](const char* text) {
      if (reasons != nullptr) reasons->push_back(text);
    };
    const auto verdict = filter_affinity(
        rules_,
        [&](const AffinityCount& entry) {
          return count_at(cluster_.counters()[entry.counter], node);
        },
        [&](const AffinityCount& entry) { return cluster_.counters()[entry.counter].total(); });
    switch (verdict) {
      case AffinityVerdict::fits:
        return Code::success;
      case AffinityVerdict::affinity:
        say("node(s) didn't match pod affinity rules");
        return Code::unresolvable;
      case AffinityVerdict::anti_affinity:
        say("node(s) didn't match pod anti-affinity rules");
        return Code::unschedulable;
      case AffinityVerdict::existing_anti_affinity:
        say("node(s) didn't satisfy existing pods anti-affinity rules");
        return Code::unschedulable;
    }
    return Code::success;
  }

 private:
  Cluster& cluster_;
  AffinityRules rules_;
};

class AffinityScore final : public ScorePlugin {
 public:
  explicit AffinityScore(const Cycle& cycle) : cluster_(cycle.cluster) {
    cluster_.refresh();
    for (const AffinityCount& entry : affinity_rules(cluster_, cycle.profile, cycle.pod).scores) {
      const Counter& counter = cluster_.counters()[entry.counter];
      if (counter.total() != 0) scores_.push_back({&counter, entry.weight});
    }
  }

  bool prepare(std::span<const NodeId>) override { return !scores_.empty(); }

  std::int64_t score(NodeId node) const override {
    std::int64_t sum = 0;
    for (const auto& [counter, weight] : scores_) {
      sum += weight * std::max<std::int64_t>(count_at(*counter, node), 0);
    }
    return sum;
  }

  void normalize(std::span<const NodeId>, std::span<std::int64_t> scores) const override {
    if (scores.empty()) return;
    const auto [low, high] = std::minmax_element(scores.begin(), scores.end());
    const std::int64_t minimum = *low;
    const std::int64_t maximum = *high;
    for (std::int64_t& score : scores) score = normalize_affinity(score, minimum, maximum);
  }

 private:
  Cluster& cluster_;
  std::vector<std::pair<const Counter*, std::int64_t>> scores_;
};

}  // namespace

std::unique_ptr<FilterPlugin> make_inter_pod_affinity_filter(const Cycle& cycle) {
  return std::make_unique<AffinityFilter>(cycle);
}

std::unique_ptr<ScorePlugin> make_inter_pod_affinity_score(const Cycle& cycle) {
  return std::make_unique<AffinityScore>(cycle);
}

}  // namespace arcas::scheduler
