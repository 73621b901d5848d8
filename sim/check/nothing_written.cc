#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// L02: once everything that was wanted is there, nobody writes but those who renew leases. Two
/// controllers that undo each other's work would.
class NothingWritten final : public Checker {
 public:
  using Checker::Checker;
  [[nodiscard]] std::string_view name() const override { return "L02 nothing-written"; }
  [[nodiscard]] Interests interests() const override { return {.batches = true}; }

  void on_quiet(TimePoint now) override { since_ = now; }
  void on_quiescent(TimePoint) override {
    if (since_.ns >= 0) evaluated();
    since_ = TimePoint{-1};
  }
  void on_batch(PartitionId partition, const ports::ChangeBatch& batch, TimePoint now) override {
    if (since_.ns < 0) return;
    std::string what;
    if (!batch.pods.empty()) {
      what = facts().pod_text(batch.pods.front().pod.meta.uid);
    } else {
      for (const ports::ObjectChange& change : batch.objects) {
        if (std::holds_alternative<model::Lease>(change.object)) continue;
        const model::Metadata& meta = model::metadata_of(change.object);
        what = "object " + facts().catalog->name_text(meta.name);
        break;
      }
    }
    if (!batch.moves.empty()) what = "the move of a tenant";
    if (what.empty()) return;
    violate(now, partition, batch.revision,
            what + " was written " + to_string(now - since_) +
                " after everything that was wanted was there");
  }

 private:
  TimePoint since_{-1};  // < 0: things still change
};

}  // namespace

std::unique_ptr<Checker> make_nothing_written(const ClusterFacts& facts) {
  return std::make_unique<NothingWritten>(facts);
}

}  // namespace arcas::sim
