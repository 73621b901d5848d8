#include "sim/check/checker.h"
#include "sim/check/node_match.h"

namespace arcas::sim {
namespace {

/// I29, in part: when a binding commits, the pod's target, node name, node selector, required node
/// affinity, taints (no_schedule, no_execute) and unschedulable allow it. Nodes live in another
/// partition than pods, so a scheduler sees them late: a binding passes if it is right for the node
/// as it is, or as it was at some time within `view_lag`. Of a node that changed more than once
/// within that time only the last two states are known; a binding that fits neither is then let
/// pass, uncounted. Not checked here: topology spread, host ports, runtime readiness.
class HardPredicates final : public Checker {
 public:
  HardPredicates(const ClusterFacts& known, const CheckOptions& options)
      : Checker(known), view_lag_(options.view_lag) {}
  [[nodiscard]] std::string_view name() const override { return "I29 hard-predicates"; }
  [[nodiscard]] Interests interests() const override { return {.bound = true}; }

  void on_pod(const PodStep& step) override {
    const NodeFacts* node = facts().node(step.pod->node.index);
    if (node == nullptr || !node->known) return;  // I26 reports it
    if (step.pod->target.valid() && step.pod->target != step.pod->node) {
      violate(step, facts().pod_text(step.pod->meta.uid) + " is for " +
                        facts().node_text(step.pod->target.index) + " alone and was bound to " +
                        facts().node_text(step.pod->node.index));
      return;
    }
    const char* refused = refused_by(*step.pod, node->view);
    if (refused == nullptr) return evaluated();
    if (step.now - node->changed_at <= view_lag_) {
      if (refused_by(*step.pod, node->previous) == nullptr) return evaluated();
      if (step.now - node->previous_changed_at <= view_lag_) return;
    }
    evaluated();
    violate(step, facts().pod_text(step.pod->meta.uid) + " was bound to " +
                      facts().node_text(step.pod->node.index) + ", but " + refused);
  }

 private:
  [[nodiscard]] const char* refused_by(const model::Pod& pod, const NodeFacts::View& view) const {
    const model::Catalog& catalog = *facts().catalog;
    return refusal(catalog.spec(pod.spec), view, facts().taints[view.taints], catalog);
  }

  Duration view_lag_;
};

}  // namespace

std::unique_ptr<Checker> make_hard_predicates(const ClusterFacts& facts,
                                              const CheckOptions& options) {
  return std::make_unique<HardPredicates>(facts, options);
}

}  // namespace arcas::sim
