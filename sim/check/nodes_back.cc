#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// L09: at quiescence every Node whose machine is up is ready and without the taints that silence
/// brings.
class NodesBack final : public Checker {
 public:
  using Checker::Checker;
  [[nodiscard]] std::string_view name() const override { return "L09 nodes-back"; }
  [[nodiscard]] Interests interests() const override { return {}; }

  void on_quiescent(TimePoint now) override {
    const model::Catalog& catalog = *facts().catalog;
    const StringId not_ready = catalog.strings.find("node.kubernetes.io/not-ready");
    const StringId unreachable = catalog.strings.find("node.kubernetes.io/unreachable");
    for (std::uint32_t i = 0; i < facts().nodes.size(); ++i) {
      const NodeFacts& node = facts().nodes[i];
      if (!node.exists || !node.host_up) continue;
      evaluated();
      bool tainted = false;
      for (const model::Taint& taint : facts().taints[node.view.taints]) {
        tainted = tainted || taint.key == not_ready || taint.key == unreachable;
      }
      const bool ready = node.ready == model::ConditionStatus::yes;
      if (ready && !tainted) continue;
      violate(now, PartitionId{}, 0,
              facts().node_text(i) + " is up and " + (ready ? "still tainted" : "not ready"));
    }
  }
};

}  // namespace

std::unique_ptr<Checker> make_nodes_back(const ClusterFacts& facts) {
  return std::make_unique<NodesBack>(facts);
}

}  // namespace arcas::sim
