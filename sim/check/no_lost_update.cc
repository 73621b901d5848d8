#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// I06, as far as the stream shows it. Writers replace whole objects, so a write that rests on an
/// old version undoes what others wrote since. What only ever moves forward must therefore never
/// move back: a finished pod stays finished, a pod's spec never changes, an owner is never
/// exchanged for another, and an object's generation never decreases.
class NoLostUpdate final : public Checker {
 public:
  using Checker::Checker;
  [[nodiscard]] std::string_view name() const override { return "I06 no-lost-update"; }
  [[nodiscard]] Interests interests() const override { return {.objects = true, .all_pods = true}; }

  void on_pod(const PodStep& step) override {
    const ObjectFacts& before = step.before;
    if (!before.exists() || step.removed) return;
    evaluated();
    const model::Pod& pod = *step.pod;
    if (before.terminal() && before.phase != static_cast<unsigned>(pod.phase)) {
      wrong(step, "had finished and changed its phase again");
    } else if (before.spec != pod.spec.index) {
      wrong(step, "changed its spec");
    } else if (before.owner != ObjectFacts::kNone && pod.meta.owner.uid.valid() &&
               facts().owners[before.owner].uid != pod.meta.owner.uid) {
      wrong(step, "changed its owner for another");
    }
  }

  void on_object(const ObjectStep& step) override {
    if (!step.before.exists() || step.type == ports::ChangeType::removed) return;
    evaluated();
    const model::Metadata& meta = model::metadata_of(*step.object);
    if (meta.generation >= step.before.spec) return;  // for objects, `spec` is the generation
    violate(step.now, step.partition, step.revision,
            "object " + std::to_string(meta.uid.value) + " went from generation " +
                std::to_string(step.before.spec) + " to " + std::to_string(meta.generation) +
                ": a write on an old version");
  }

 private:
  void wrong(const PodStep& step, const char* what) {
    violate(step,
            facts().pod_text(step.pod->meta.uid) + " " + what + ": a write on an old version");
  }
};

}  // namespace

std::unique_ptr<Checker> make_no_lost_update(const ClusterFacts& facts) {
  return std::make_unique<NoLostUpdate>(facts);
}

}  // namespace arcas::sim
