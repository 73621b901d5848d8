#include <map>

#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// L08: at quiescence no machine runs what no object asks for there, no pod is left of a workload
/// that is gone, and no ReplicaSet of a Deployment that is gone.
class NoOrphans final : public Checker {
 public:
  using Checker::Checker;
  [[nodiscard]] std::string_view name() const override { return "L08 no-orphans"; }
  [[nodiscard]] Interests interests() const override { return {.objects = true}; }

  void on_object(const ObjectStep& step) override {
    const auto* set = std::get_if<model::ReplicaSet>(step.object);
    if (set == nullptr || !set->meta.owner.uid.valid()) return;
    if (step.type == ports::ChangeType::removed) {
      sets_.erase(set->meta.uid);
    } else {
      sets_[set->meta.uid] = set->meta.owner.uid;
    }
  }

  void on_quiescent(TimePoint now) override {
    facts().objects.for_each([&](Uid uid, const ObjectFacts& entry) {
      if (entry.running_on != ObjectFacts::kNone) look_at_running(uid, entry, now);
      if (entry.is_pod()) look_at_object(uid, entry, now);
    });
    for (const auto& [set, owner] : sets_) {
      const ObjectFacts* found = facts().find(owner);
      if (found != nullptr && found->exists()) continue;
      violate(now, PartitionId{set.partition()}, 0,
              "ReplicaSet " + std::to_string(set.value) + " is left of a Deployment that is gone");
    }
  }

 private:
  void look_at_running(Uid uid, const ObjectFacts& entry, TimePoint now) {
    evaluated();
    if (entry.is_pod() && !entry.terminal() && entry.node == entry.running_on) return;
    violate(now, PartitionId{uid.partition()}, 0,
            facts().pod_text(uid) + " runs on " + facts().node_text(entry.running_on) +
                " and no object asks for it there");
  }
  void look_at_object(Uid uid, const ObjectFacts& entry, TimePoint now) {
    if (entry.owner == ObjectFacts::kNone) return;
    evaluated();
    const ObjectFacts* owner = facts().find(facts().owners[entry.owner].uid);
    if (owner != nullptr && owner->exists()) return;
    violate(now, PartitionId{uid.partition()}, 0,
            facts().pod_text(uid) + " is left of a workload that is gone");
  }

  std::map<Uid, Uid> sets_;  // ReplicaSet → Deployment
};

}  // namespace

std::unique_ptr<Checker> make_no_orphans(const ClusterFacts& facts) {
  return std::make_unique<NoOrphans>(facts);
}

}  // namespace arcas::sim
