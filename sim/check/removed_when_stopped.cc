#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// I52: no pod's object goes while the pod runs on a machine, however silent that machine is: only
/// its agent, or the removal of the Node by somebody who knows, ends it. So nothing that may still
/// run is ever replaced as if it did not.
class RemovedWhenStopped final : public Checker {
 public:
  using Checker::Checker;
  [[nodiscard]] std::string_view name() const override { return "I52 removed-when-stopped"; }
  [[nodiscard]] Interests interests() const override { return {.removed = true}; }

  void on_pod(const PodStep& step) override {
    if (!step.before.bound()) return;
    const NodeFacts* node = facts().node(step.before.node);
    if (node == nullptr || !node->exists) return;
    evaluated();
    const ObjectFacts* entry = facts().find(step.pod->meta.uid);
    if (entry == nullptr || entry->running_on == ObjectFacts::kNone) return;
    violate(step, facts().pod_text(step.pod->meta.uid) + " was removed while it runs on " +
                      facts().node_text(entry->running_on));
  }
};

}  // namespace

std::unique_ptr<Checker> make_removed_when_stopped(const ClusterFacts& facts) {
  return std::make_unique<RemovedWhenStopped>(facts);
}

}  // namespace arcas::sim
