#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// L07: at quiescence nothing is being deleted any more.
class DeletionsEnd final : public Checker {
 public:
  using Checker::Checker;
  [[nodiscard]] std::string_view name() const override { return "L07 deletions-end"; }
  [[nodiscard]] Interests interests() const override { return {}; }

  void on_quiescent(TimePoint now) override {
    facts().objects.for_each([&](Uid uid, const ObjectFacts& entry) {
      if (!entry.exists()) return;
      evaluated();
      if (entry.terminating == 0) return;
      violate(now, PartitionId{uid.partition()}, 0,
              (entry.is_pod() ? facts().pod_text(uid) : "object " + std::to_string(uid.value)) +
                  " is still being deleted");
    });
  }
};

}  // namespace

std::unique_ptr<Checker> make_deletions_end(const ClusterFacts& facts) {
  return std::make_unique<DeletionsEnd>(facts);
}

}  // namespace arcas::sim
