#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// I56, in part: whoever commits can reach more than half of its store's members, itself included,
/// both ways, by the region's links and power; so the smaller side of a cut commits nothing.
class MajorityCommits final : public Checker {
 public:
  using Checker::Checker;
  [[nodiscard]] std::string_view name() const override { return "I56 majority-commits"; }
  [[nodiscard]] Interests interests() const override { return {}; }

  void on_committed_by(PartitionId partition, std::uint32_t reached, std::uint32_t members,
                       TimePoint now) override {
    evaluated();
    if (reached * 2 > members) return;
    violate(now, partition, 0,
            "a member of the store that reaches " + std::to_string(reached) + " of " +
                std::to_string(members) + " committed");
  }
};

}  // namespace

std::unique_ptr<Checker> make_majority_commits(const ClusterFacts& facts) {
  return std::make_unique<MajorityCommits>(facts);
}

}  // namespace arcas::sim
