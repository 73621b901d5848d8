#include <algorithm>

#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// I07: a uid is given once. Uids carry a sequence number that a partition hands out in order, so a
/// new object's is above all those of earlier commits; within one commit, each is new.
class UidOnce final : public Checker {
 public:
  using Checker::Checker;
  [[nodiscard]] std::string_view name() const override { return "I07 uid-once"; }
  [[nodiscard]] Interests interests() const override {
    return {.batches = true, .objects = true, .created = true};
  }

  void on_batch(PartitionId, const ports::ChangeBatch&, TimePoint) override {
    // The commit before is complete: what it gave can now be compared with.
    for (const std::uint32_t partition : touched_) settled_[partition] = highest_[partition];
    touched_.clear();
  }
  void on_pod(const PodStep& step) override { check(step, step.pod->meta.uid); }
  void on_object(const ObjectStep& step) override {
    if (step.type != ports::ChangeType::added) return;
    check(step, model::metadata_of(*step.object).uid);
  }

 private:
  template <class Step>
  void check(const Step& step, Uid uid) {
    evaluated();
    const std::uint32_t partition = uid.partition();
    if (partition >= highest_.size()) {
      highest_.resize(partition + 1, 0);
      settled_.resize(partition + 1, 0);
    }
    if (!uid.valid() || uid.sequence() <= settled_[partition] || step.before.exists()) {
      violate(step.now, step.partition, step.revision,
              "a new object got uid " + std::to_string(partition) + "/" +
                  std::to_string(uid.sequence()) + ", which is not new: " +
                  std::to_string(settled_[partition]) + " was given before");
    }
    if (highest_[partition] == settled_[partition]) touched_.push_back(partition);
    highest_[partition] = std::max(highest_[partition], uid.sequence());
  }

  std::vector<std::uint64_t> highest_;  // by the uid's partition
  std::vector<std::uint64_t> settled_;  // the same, before the commit under way
  std::vector<std::uint32_t> touched_;
};

}  // namespace

std::unique_ptr<Checker> make_uid_once(const ClusterFacts& facts) {
  return std::make_unique<UidOnce>(facts);
}

}  // namespace arcas::sim
