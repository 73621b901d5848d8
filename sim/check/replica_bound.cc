#include <algorithm>

#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// I36 for one ReplicaSet (the surge of a rolling update is the business of the replicas of each):
/// when a pod of a ReplicaSet is created, its pods that are neither terminating nor finished, the
/// new one included, are no more than `replicas`. For `replica_lag` after a decrease the largest
/// number that held within that time counts, since creations may be under way. A ReplicaSet that
/// does not exist, or is being deleted, is not judged.
class ReplicaBound final : public Checker {
 public:
  ReplicaBound(const ClusterFacts& known, const CheckOptions& options)
      : Checker(known), replica_lag_(options.replica_lag) {}
  [[nodiscard]] std::string_view name() const override { return "I36 replica-bound"; }
  [[nodiscard]] Interests interests() const override { return {.created = true}; }

  void on_pod(const PodStep& step) override {
    if (step.owner == ObjectFacts::kNone) return;
    const OwnerFacts& owner = facts().owners[step.owner];
    if (!owner.exists || owner.replicas < 0) return;
    evaluated();
    std::int32_t allowed = owner.replicas;
    if (owner.decreased_at.ns >= 0 && step.now - owner.decreased_at <= replica_lag_) {
      allowed = std::max(allowed, owner.previous_replicas);
    }
    if (owner.active <= allowed) return;
    violate(step, "ReplicaSet " + std::to_string(owner.uid.partition()) + "/" +
                      std::to_string(owner.uid.sequence()) + " has " +
                      std::to_string(owner.active) + " active pods for " + std::to_string(allowed) +
                      " replicas since " + facts().pod_text(step.pod->meta.uid) + " was created");
  }

 private:
  Duration replica_lag_;
};

}  // namespace

std::unique_ptr<Checker> make_replica_bound(const ClusterFacts& facts,
                                            const CheckOptions& options) {
  return std::make_unique<ReplicaBound>(facts, options);
}

}  // namespace arcas::sim
