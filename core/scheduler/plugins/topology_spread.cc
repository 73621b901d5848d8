#include "core/scheduler/plugins/topology_spread.h"

#include <algorithm>
#include <vector>

#include "core/scheduler/spread_rules.h"

namespace arcas::scheduler {
namespace {

std::uint32_t domain_of(const Counter& counter, NodeId node) {
  return counter.view().map->domain_of(node);
}

class SpreadFilter final : public FilterPlugin {
 public:
  explicit SpreadFilter(const Cycle& cycle) {
    cycle.cluster.refresh();
    for (const SpreadConstraint& rule :
         spread_rules(cycle.cluster, cycle.profile, cycle.pod).hard) {
      const Counter& counter = cycle.cluster.counters()[rule.counter];
      hard_.push_back({rule, &counter, global_minimum(rule, counter)});
    }
  }

  Prepared prepare() override {
    Prepared prepared;
    if (hard_.empty()) prepared.status.code = Code::skip;
    return prepared;
  }

  Code filter(NodeId node, std::vector<std::string>* reasons) const override {
    for (const Bound& bound : hard_) {
      const std::uint32_t domain = domain_of(*bound.counter, node);
      const bool has_label = domain != TopologyMap::kNone;
      const std::int64_t count = has_label ? bound.counter->value(domain) : 0;
      switch (filter_spread(bound.rule, has_label, count, bound.minimum)) {
        case SpreadVerdict::fits:
          break;
        case SpreadVerdict::label_missing:
          if (reasons != nullptr) {
            reasons->push_back(
                "node(s) didn't match pod topology spread constraints (missing required label)");
          }
          return Code::unresolvable;
        case SpreadVerdict::skew:
          if (reasons != nullptr) {
            reasons->push_back("node(s) didn't match pod topology spread constraints");
          }
          return Code::unschedulable;
      }
    }
    return Code::success;
  }

 private:
  struct Bound {
    SpreadConstraint rule;
    const Counter* counter;
    std::int64_t minimum;
  };
  std::vector<Bound> hard_;
};

class SpreadScore final : public ScorePlugin {
 public:
  explicit SpreadScore(const Cycle& cycle) {
    cycle.cluster.refresh();
    const SpreadRules rules = spread_rules(cycle.cluster, cycle.profile, cycle.pod);
    all_keys_ = rules.require_all_soft_keys;
    for (const SpreadConstraint& rule : rules.soft) {
      soft_.push_back({rule, &cycle.cluster.counters()[rule.counter], 0});
    }
  }

  bool prepare(std::span<const NodeId> feasible) override {
    for (Bound& bound : soft_) {
      // Nodes without the label, where they count at all, are one domain more.
      std::vector<bool> seen(std::size_t{bound.counter->view().map->size()} + 1, false);
      std::size_t domains = 0;
      for (const NodeId node : feasible) {
        if (ignored(node)) continue;
        const std::uint32_t domain = domain_of(*bound.counter, node);
        if (bound.rule.by_host) {
          ++domains;
          continue;
        }
        const std::size_t place = domain == TopologyMap::kNone ? seen.size() - 1 : domain;
        if (!seen[place]) ++domains;
        seen[place] = true;
      }
      bound.weight = spread_weight(domains);
    }
    return !soft_.empty();
  }

  std::int64_t score(NodeId node) const override {
    if (ignored(node)) return 0;
    double sum = 0;
    for (const Bound& bound : soft_) {
      const std::uint32_t domain = domain_of(*bound.counter, node);
      if (domain == TopologyMap::kNone) continue;
      sum += spread_share(bound.rule, bound.counter->value(domain), bound.weight);
    }
    return round_spread(sum);
  }

  void normalize(std::span<const NodeId> feasible, std::span<std::int64_t> scores) const override {
    std::int64_t minimum = 0;
    std::int64_t maximum = 0;
    bool first = true;
    for (std::size_t i = 0; i < feasible.size(); ++i) {
      if (ignored(feasible[i])) continue;
      minimum = first ? scores[i] : std::min(minimum, scores[i]);
      maximum = first ? scores[i] : std::max(maximum, scores[i]);
      first = false;
    }
    for (std::size_t i = 0; i < feasible.size(); ++i) {
      scores[i] = ignored(feasible[i]) ? 0 : normalize_spread(scores[i], minimum, maximum);
    }
  }

 private:
  struct Bound {
    SpreadConstraint rule;
    const Counter* counter;
    double weight;
  };
  /// Nodes without all the keys stand outside, unless the constraints are Kubernetes's own.
  [[nodiscard]] bool ignored(NodeId node) const {
    if (!all_keys_) return false;
    return std::any_of(soft_.begin(), soft_.end(), [node](const Bound& bound) {
      return domain_of(*bound.counter, node) == TopologyMap::kNone;
    });
  }

  std::vector<Bound> soft_;
  bool all_keys_ = true;
};

}  // namespace

std::unique_ptr<FilterPlugin> make_topology_spread_filter(const Cycle& cycle) {
  return std::make_unique<SpreadFilter>(cycle);
}

std::unique_ptr<ScorePlugin> make_topology_spread_score(const Cycle& cycle) {
  return std::make_unique<SpreadScore>(cycle);
}

}  // namespace arcas::scheduler
