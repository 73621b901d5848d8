#include "core/scheduler/plugins/topology_spread.h"

namespace arcas::scheduler {
namespace {

class TopologySpreadFilter final : public FilterPlugin {
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

class TopologySpreadScore final : public ScorePlugin {
 public:
  bool prepare(std::span<const NodeId> /*feasible*/) override { return false; }
  std::int64_t score(NodeId /*node*/) const override { return 0; }
};

}  // namespace

std::unique_ptr<FilterPlugin> make_topology_spread_filter(const Cycle& /*cycle*/) {
  return std::make_unique<TopologySpreadFilter>();
}

std::unique_ptr<ScorePlugin> make_topology_spread_score(const Cycle& /*cycle*/) {
  return std::make_unique<TopologySpreadScore>();
}

}  // namespace arcas::scheduler
