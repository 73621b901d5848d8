#include "core/scheduler/plugins/node_name.h"

#include "core/scheduler/plugins/refusal.h"

namespace arcas::scheduler {
namespace {

class NodeName final : public FilterPlugin {
 public:
  explicit NodeName(const Cycle& cycle)
      : nodes_(cycle.cluster.nodes()), target_(cycle.pod.target), name_(cycle.spec().node_name) {}

  Prepared prepare() override {
    Prepared prepared;
    if (!target_.valid() && !name_.valid()) prepared.status.code = Code::skip;
    return prepared;
  }

  Code filter(NodeId node, std::vector<std::string>* reasons) const override {
    const bool is_target = !target_.valid() || target_ == node;
    const bool is_named = !name_.valid() || name_ == nodes_[node].object.meta.name.base;
    if (is_target && is_named) return Code::success;
    return refuse(Code::unresolvable, "node(s) didn't match the requested node name", reasons);
  }

 private:
  const NodeTable& nodes_;
  NodeId target_;
  StringId name_;
};

}  // namespace

std::unique_ptr<FilterPlugin> make_node_name_filter(const Cycle& cycle) {
  return std::make_unique<NodeName>(cycle);
}

}  // namespace arcas::scheduler
