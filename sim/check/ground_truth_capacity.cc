#include "sim/check/checker.h"
#include "sim/check/node_load.h"

namespace arcas::sim {
namespace {

/// I27: whenever a pod begins to run, the requests of all that runs on that machine, pods that the
/// control plane has forgotten included, stay within the node's allocatable amounts.
class GroundTruthCapacity final : public Checker {
 public:
  explicit GroundTruthCapacity(const ClusterFacts& known) : Checker(known), load_(known) {}
  [[nodiscard]] std::string_view name() const override { return "I27 ground-truth-capacity"; }
  [[nodiscard]] Interests interests() const override {
    return {.objects = true, .ground_truth = true};
  }

  void on_object(const ObjectStep& step) override {
    const auto* node = std::get_if<model::Node>(step.object);
    if (node == nullptr || !node->id.valid() || step.type == ports::ChangeType::removed) return;
    load_.set_node(*node);
  }

  void on_running(Uid pod, NodeId node, std::uint32_t, TimePoint now) override {
    const ObjectFacts* entry = facts().find(pod);
    if (entry == nullptr || entry->spec == ObjectFacts::kNone) return;  // I34 reports it
    evaluated();
    if (!load_.add(node.index, entry->spec) || !load_.knows(node.index)) {
      violate(now, {}, 0,
              "starting " + facts().pod_text(pod) + ": " + load_.excess_text(node.index) +
                  ", in ground truth");
    }
  }
  void on_stopped(Uid pod, NodeId node, TimePoint) override {
    const ObjectFacts* entry = facts().find(pod);
    if (entry == nullptr || entry->spec == ObjectFacts::kNone) return;
    load_.remove(node.index, entry->spec);
  }

 private:
  NodeLoad load_;
};

}  // namespace

std::unique_ptr<Checker> make_ground_truth_capacity(const ClusterFacts& facts) {
  return std::make_unique<GroundTruthCapacity>(facts);
}

}  // namespace arcas::sim
