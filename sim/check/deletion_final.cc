#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// I46, in part: an object that is being deleted stays so until it is removed, and a pod that is
/// being deleted is not bound to a node any more.
class DeletionFinal final : public Checker {
 public:
  using Checker::Checker;
  [[nodiscard]] std::string_view name() const override { return "I46 deletion-final"; }
  [[nodiscard]] Interests interests() const override { return {.objects = true, .all_pods = true}; }

  void on_pod(const PodStep& step) override {
    if (!step.before.exists() || step.before.terminating == 0) return;
    evaluated();
    if (!step.pod->meta.terminating()) {
      violate(step, facts().pod_text(step.pod->meta.uid) +
                        " was being deleted and no longer is; a deletion is never taken back");
    } else if (step.bound && step.type != ports::ChangeType::removed) {
      violate(step, facts().pod_text(step.pod->meta.uid) + " was bound to " +
                        facts().node_text(step.pod->node.index) + " while being deleted");
    }
  }

  void on_object(const ObjectStep& step) override {
    if (!step.before.exists() || step.before.terminating == 0) return;
    evaluated();
    const model::Metadata& meta = model::metadata_of(*step.object);
    if (meta.terminating()) return;
    violate(step.now, step.partition, step.revision,
            "object " + std::to_string(meta.uid.value) +
                " was being deleted and no longer is; a deletion is never taken back");
  }
};

}  // namespace

std::unique_ptr<Checker> make_deletion_final(const ClusterFacts& facts) {
  return std::make_unique<DeletionFinal>(facts);
}

}  // namespace arcas::sim
