#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// I01: each partition's commits carry revisions that grow by exactly one.
/// I02: an object's resource_version is the revision of the commit that wrote it, is newer than
/// the one before, and a removed object is removed in its last written state. One commit may write
/// an object more than once (a group of small transactions); all writes carry its revision.
class RevisionOrder final : public Checker {
 public:
  using Checker::Checker;
  [[nodiscard]] std::string_view name() const override { return "I01 revision-order"; }
  [[nodiscard]] Interests interests() const override {
    return {.batches = true, .objects = true, .all_pods = true};
  }

  void on_batch(PartitionId partition, const ports::ChangeBatch& batch, TimePoint now) override {
    if (partition.index >= last_.size()) last_.resize(std::size_t{partition.index} + 1, 0);
    Revision& last = last_[partition.index];
    if (last != 0) {
      evaluated();
      if (batch.revision != last + 1) {
        violate(now, partition, batch.revision,
                "partition " + std::to_string(partition.index) + " committed revision " +
                    std::to_string(batch.revision) + " after " + std::to_string(last) +
                    "; revisions grow by one");
      }
    }
    last = batch.revision;
  }

  void on_pod(const PodStep& step) override {
    const Uid uid = step.pod->meta.uid;
    check(step, step.pod->meta, [&] { return facts().pod_text(uid); });
  }
  void on_object(const ObjectStep& step) override {
    const model::Metadata& meta = model::metadata_of(*step.object);
    check(step, meta, [&] { return "object " + std::to_string(meta.uid.value); });
  }

 private:
  template <class Step, class Text>
  void check(const Step& step, const model::Metadata& meta, Text text) {
    evaluated();
    const Revision version = meta.resource_version;
    const auto low = static_cast<std::uint32_t>(version);
    std::string wrong;
    if (step.type == ports::ChangeType::removed) {
      if (!step.before.exists()) {
        wrong = "was removed but never created";
      } else if (low != step.before.revision && version != step.revision) {
        wrong = "was removed in version " + std::to_string(version) +
                ", but its last written version is " + std::to_string(step.before.revision);
      }
    } else if (version != step.revision) {
      wrong = "has version " + std::to_string(version) + " in the commit of revision " +
              std::to_string(step.revision);
    } else if (step.type == ports::ChangeType::modified && !step.before.exists()) {
      wrong = "was modified but does not exist";
    } else if (step.type == ports::ChangeType::added && step.before.exists()) {
      wrong = "was created but exists already";
    }
    if (!wrong.empty()) violate(step.now, step.partition, step.revision, text() + " " + wrong);
  }

  std::vector<Revision> last_;  // by partition
};

}  // namespace

std::unique_ptr<Checker> make_revision_order(const ClusterFacts& facts) {
  return std::make_unique<RevisionOrder>(facts);
}

}  // namespace arcas::sim
