#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// I39: a Job's status counts each of its finished pods once: it grows by as many as the same
/// commit marks as counted. It never counts more successes than `completions`, and no finished pod
/// that is not being deleted goes before it was counted, unless its Job is gone or going.
class JobCounted final : public Checker {
 public:
  using Checker::Checker;
  [[nodiscard]] std::string_view name() const override { return "I39 job-counted"; }
  [[nodiscard]] Interests interests() const override { return {.batches = true, .removed = true}; }

  void on_batch(PartitionId partition, const ports::ChangeBatch& batch, TimePoint now) override {
    for (const ports::ObjectChange& change : batch.objects) {
      const auto* job = std::get_if<model::Job>(&change.object);
      if (job == nullptr) continue;
      if (change.type == ports::ChangeType::removed) {
        jobs_.erase(job->meta.uid);
        continue;
      }
      Status& status = jobs_[job->meta.uid];
      const Status grown{job->status_succeeded - status.succeeded,
                         job->status_failed - status.failed};
      status = {job->status_succeeded, job->status_failed};
      if (grown.succeeded != 0 || grown.failed != 0) judge(partition, batch, *job, grown, now);
    }
  }

  void on_pod(const PodStep& step) override {
    const model::Pod& pod = *step.pod;
    if (pod.meta.owner.kind != model::Kind::job || !pod.terminal() || pod.counted) return;
    if (pod.meta.terminating() || step.owner == ObjectFacts::kNone) return;
    if (!facts().owners[step.owner].exists) return;
    evaluated();
    violate(step, facts().pod_text(pod.meta.uid) + " finished and went before its Job counted it");
  }

 private:
  struct Status {
    std::int32_t succeeded = 0;
    std::int32_t failed = 0;
    bool operator==(const Status&) const = default;
  };

  void judge(PartitionId partition, const ports::ChangeBatch& batch, const model::Job& job,
             const Status& grown, TimePoint now) {
    evaluated();
    Status marked;
    for (const ports::PodChange& change : batch.pods) {
      const model::Pod& pod = change.pod;
      if (pod.meta.owner.uid != job.meta.uid || !pod.counted) continue;
      ++(pod.phase == model::PodPhase::succeeded ? marked.succeeded : marked.failed);
    }
    const std::string who = "Job " + facts().catalog->name_text(job.meta.name);
    if (marked != grown) {
      violate(now, partition, batch.revision,
              who + " counts " + std::to_string(grown.succeeded) + " more successes and " +
                  std::to_string(grown.failed) + " more failures; the commit marks " +
                  std::to_string(marked.succeeded) + " and " + std::to_string(marked.failed) +
                  " of its pods as counted");
    } else if (job.status_succeeded > job.completions) {
      violate(now, partition, batch.revision,
              who + " counts " + std::to_string(job.status_succeeded) + " successes of " +
                  std::to_string(job.completions));
    }
  }

  boost::unordered_flat_map<Uid, Status, StableHash> jobs_;
};

}  // namespace

std::unique_ptr<Checker> make_job_counted(const ClusterFacts& facts) {
  return std::make_unique<JobCounted>(facts);
}

}  // namespace arcas::sim
