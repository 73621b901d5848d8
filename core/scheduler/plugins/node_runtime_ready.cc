#include "core/scheduler/plugins/node_runtime_ready.h"

#include <algorithm>

#include "core/scheduler/plugins/refusal.h"

namespace arcas::scheduler {

bool tolerates_everything(const model::PodSpec& spec) {
  return std::any_of(spec.tolerations.begin(), spec.tolerations.end(),
                     [](const model::Toleration& t) {
                       return !t.key.valid() && t.op == model::Toleration::Operator::exists &&
                              (t.any_effect || t.effect == model::TaintEffect::no_schedule);
                     });
}

bool runtime_ready(const model::PodSpec& spec, const model::Node& node) {
  const auto status = spec.workload == model::WorkloadType::vm ? node.vm_runtime_ready
                                                               : node.container_runtime_ready;
  return status == model::ConditionStatus::yes;
}

namespace {

class NodeRuntimeReady final : public FilterPlugin {
 public:
  explicit NodeRuntimeReady(const Cycle& cycle)
      : nodes_(cycle.cluster.nodes()),
        spec_(cycle.spec()),
        bypassed_(tolerates_everything(spec_)) {}

  Prepared prepare() override {
    Prepared prepared;
    if (bypassed_) prepared.status.code = Code::skip;
    return prepared;
  }

  Code filter(NodeId node, std::vector<std::string>* reasons) const override {
    if (bypassed_ || runtime_ready(spec_, nodes_[node].object)) return Code::success;
    return refuse(Code::unresolvable, "node(s) had a runtime that is not ready", reasons);
  }

 private:
  const NodeTable& nodes_;
  const model::PodSpec& spec_;
  bool bypassed_;
};

}  // namespace

std::unique_ptr<FilterPlugin> make_node_runtime_ready_filter(const Cycle& cycle) {
  return std::make_unique<NodeRuntimeReady>(cycle);
}

}  // namespace arcas::scheduler
