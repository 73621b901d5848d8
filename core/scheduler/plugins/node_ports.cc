#include "core/scheduler/plugins/node_ports.h"

#include <algorithm>

#include "core/scheduler/plugins/refusal.h"

namespace arcas::scheduler {

bool ports_conflict(const model::HostPort& a, const model::HostPort& b, StringId any) {
  if (a.port != b.port || a.protocol != b.protocol) return false;
  const auto everywhere = [any](StringId address) { return !address.valid() || address == any; };
  return a.host_ip == b.host_ip || everywhere(a.host_ip) || everywhere(b.host_ip);
}

namespace {

class NodePorts final : public FilterPlugin {
 public:
  explicit NodePorts(const Cycle& cycle)
      : nodes_(cycle.cluster.nodes()),
        wanted_(cycle.spec().host_ports),
        any_(cycle.cluster.catalog().strings.find("0.0.0.0")) {}

  Prepared prepare() override {
    Prepared prepared;
    if (wanted_.empty()) prepared.status.code = Code::skip;
    return prepared;
  }

  Code filter(NodeId node, std::vector<std::string>* reasons) const override {
    const std::vector<model::HostPort>& used = nodes_[node].ports;
    const bool taken =
        std::any_of(wanted_.begin(), wanted_.end(), [&](const model::HostPort& port) {
          return std::any_of(used.begin(), used.end(), [&](const model::HostPort& other) {
            return ports_conflict(port, other, any_);
          });
        });
    if (!taken) return Code::success;
    return refuse(Code::unschedulable, "node(s) didn't have free ports for the requested pod ports",
                  reasons);
  }

 private:
  const NodeTable& nodes_;
  const std::vector<model::HostPort>& wanted_;
  StringId any_;
};

}  // namespace

std::unique_ptr<FilterPlugin> make_node_ports_filter(const Cycle& cycle) {
  return std::make_unique<NodePorts>(cycle);
}

}  // namespace arcas::scheduler
