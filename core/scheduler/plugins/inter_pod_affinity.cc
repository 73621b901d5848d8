#include "core/scheduler/plugins/inter_pod_affinity.h"

namespace arcas::scheduler {
namespace {

class InterPodAffinityFilter final : public FilterPlugin {
 public:
  Prepared prepare() override {
    Prepared prepared;
    prepared.status.code = Code::skip;
    return prepared;
  }
  Code filter(NodeId /*node*/, std::vector<std::string>* /*reasons*/) const override {
    return Code::success;
  }
};

class InterPodAffinityScore final : public ScorePlugin {
 public:
  bool prepare(std::span<const NodeId> /*feasible*/) override { return false; }
  std::int64_t score(NodeId /*node*/) const override { return 0; }
};

}  // namespace

std::unique_ptr<FilterPlugin> make_inter_pod_affinity_filter(const Cycle& /*cycle*/) {
  return std::make_unique<InterPodAffinityFilter>();
}

std::unique_ptr<ScorePlugin> make_inter_pod_affinity_score(const Cycle& /*cycle*/) {
  return std::make_unique<InterPodAffinityScore>();
}

}  // namespace arcas::scheduler
