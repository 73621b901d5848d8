#include "core/scheduler/plugins/node_unschedulable.h"

#include "core/scheduler/plugins/refusal.h"

namespace arcas::scheduler {
namespace {

/// The taint may be one that no object names: then only a toleration of every key will do.
bool tolerates_cordon(const Cycle& cycle) {
  const auto& strings = cycle.cluster.catalog().strings;
  model::Taint cordon;
  cordon.key = strings.find("node.kubernetes.io/unschedulable");
  if (model::find_toleration(cycle.spec().tolerations, cordon) != nullptr) return true;
  cordon.value = strings.find("");  // a toleration may spell the empty value
  return cordon.value.valid() &&
         model::find_toleration(cycle.spec().tolerations, cordon) != nullptr;
}

class NodeUnschedulable final : public FilterPlugin {
 public:
  explicit NodeUnschedulable(const Cycle& cycle)
      : nodes_(cycle.cluster.nodes()), tolerated_(tolerates_cordon(cycle)) {}

  Prepared prepare() override {
    Prepared prepared;
    if (tolerated_) prepared.status.code = Code::skip;
    return prepared;
  }

  Code filter(NodeId node, std::vector<std::string>* reasons) const override {
    if (tolerated_ || !nodes_[node].object.unschedulable) return Code::success;
    return refuse(Code::unresolvable, "node(s) were unschedulable", reasons);
  }

 private:
  const NodeTable& nodes_;
  bool tolerated_;
};

}  // namespace

std::unique_ptr<FilterPlugin> make_node_unschedulable_filter(const Cycle& cycle) {
  return std::make_unique<NodeUnschedulable>(cycle);
}

}  // namespace arcas::scheduler
