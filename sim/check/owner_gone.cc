#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// I45, in part: garbage collection takes nothing whose owner is there. A ReplicaSet that asks for
/// pods is not removed while its Deployment exists and is not being deleted. (Pods that are taken
/// although their workload wants them count as evictions: I50.)
class OwnerGone final : public Checker {
 public:
  using Checker::Checker;
  [[nodiscard]] std::string_view name() const override { return "I45 owner-gone"; }
  [[nodiscard]] Interests interests() const override { return {.objects = true}; }

  void on_object(const ObjectStep& step) override {
    if (step.type != ports::ChangeType::removed) return;
    const auto* set = std::get_if<model::ReplicaSet>(step.object);
    if (set == nullptr || !set->meta.owner.uid.valid()) return;
    evaluated();
    const ObjectFacts* owner = facts().find(set->meta.owner.uid);
    if (set->replicas == 0 || owner == nullptr || !owner->exists() || owner->terminating != 0) {
      return;
    }
    violate(step.now, step.partition, step.revision,
            "ReplicaSet " + facts().catalog->name_text(set->meta.name) + " with " +
                std::to_string(set->replicas) +
                " replicas was removed while its Deployment is there");
  }
};

}  // namespace

std::unique_ptr<Checker> make_owner_gone(const ClusterFacts& facts) {
  return std::make_unique<OwnerGone>(facts);
}

}  // namespace arcas::sim
