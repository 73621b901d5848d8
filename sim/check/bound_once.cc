#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// I25: a pod's node goes from none to a node at most once, and never back or elsewhere.
class BoundOnce final : public Checker {
 public:
  using Checker::Checker;
  [[nodiscard]] std::string_view name() const override { return "I25 bound-once"; }
  [[nodiscard]] Interests interests() const override { return {.all_pods = true}; }

  void on_pod(const PodStep& step) override {
    if (!step.before.exists() || !step.before.bound()) return;
    evaluated();
    if (step.pod->node.index == step.before.node) return;
    violate(step, facts().pod_text(step.pod->meta.uid) + " was bound to " +
                      facts().node_text(step.before.node) + " and is now " +
                      (step.pod->node.valid() ? "on " + facts().node_text(step.pod->node.index)
                                              : std::string("unbound")));
  }
};

}  // namespace

std::unique_ptr<Checker> make_bound_once(const ClusterFacts& facts) {
  return std::make_unique<BoundOnce>(facts);
}

}  // namespace arcas::sim
