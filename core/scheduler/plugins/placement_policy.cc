#include "core/scheduler/plugins/placement_policy.h"

#include "core/scheduler/placement_rater.h"
#include "core/scheduler/plugins/refusal.h"

namespace arcas::scheduler {
namespace {

class DevicesFilter final : public FilterPlugin {
 public:
  DevicesFilter(const Cycle& cycle, PlacementRater& rater)
      : rater_(rater), pod_(rater.pod(cycle.pod.spec)) {}

  Code filter(NodeId node, std::vector<std::string>* reasons) const override {
    if (rater_.fits(node, pod_)) return Code::success;
    return refuse(Code::unschedulable, "node(s) didn't have enough free devices", reasons);
  }

 private:
  const PlacementRater& rater_;
  policies::PodView pod_;
};

class PolicyScore final : public ScorePlugin {
 public:
  PolicyScore(const Cycle& cycle, PlacementRater& rater)
      : rater_(rater), pod_(rater.pod(cycle.pod.spec)), uid_(cycle.uid) {
    rater.prepare();
  }

  std::int64_t score(NodeId node) const override { return rater_.rate(node, pod_, uid_).score; }

 private:
  const PlacementRater& rater_;
  policies::PodView pod_;
  Uid uid_;
};

}  // namespace

std::unique_ptr<FilterPlugin> make_placement_policy_filter(const Cycle& cycle) {
  PlacementRater* rater = cycle.cluster.placement();
  return rater == nullptr ? nullptr : std::make_unique<DevicesFilter>(cycle, *rater);
}

std::unique_ptr<ScorePlugin> make_placement_policy_score(const Cycle& cycle) {
  PlacementRater* rater = cycle.cluster.placement();
  return rater == nullptr ? nullptr : std::make_unique<PolicyScore>(cycle, *rater);
}

}  // namespace arcas::scheduler
