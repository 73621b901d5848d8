#include <algorithm>

#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// I03: what was acknowledged was committed, and no pod vanishes but by a commit that removes it.
/// The first is checked at each acknowledgement; the second when the owner of the run lists what a
/// store holds: exactly the pods whose creation, and no removal, the stream has shown.
class NothingLost final : public Checker {
 public:
  using Checker::Checker;
  [[nodiscard]] std::string_view name() const override { return "I03 nothing-lost"; }
  [[nodiscard]] Interests interests() const override { return {}; }

  void on_acknowledged(Uid object, TimePoint now) override {
    evaluated();
    if (facts().ever_created(object)) return;
    violate(now, PartitionId{object.partition()}, 0,
            facts().pod_text(object) + " was acknowledged, but no commit created it");
  }

  void on_inventory(PartitionId partition, std::span<const Uid> pods, TimePoint now) override {
    auto next = pods.begin();
    const auto report = [&](Uid pod, const char* what) {
      violate(now, partition, 0, facts().pod_text(pod) + what);
    };
    facts().objects.for_each_in(partition.index, [&](Uid uid, const ObjectFacts& entry) {
      if (!entry.is_pod() || violated()) return;
      evaluated();
      if (next != pods.end() && *next < uid) {
        report(*next, " is in the store, but no commit created it");
      } else if (next == pods.end() || *next != uid) {
        report(uid, " vanished from the store without a commit that removes it");
      } else {
        ++next;
      }
    });
    if (next != pods.end() && !violated()) {
      report(*next, " is in the store, but no commit created it");
    }
  }
};

}  // namespace

std::unique_ptr<Checker> make_nothing_lost(const ClusterFacts& facts) {
  return std::make_unique<NothingLost>(facts);
}

}  // namespace arcas::sim
