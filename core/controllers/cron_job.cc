#include "core/controllers/cron_job.h"

#include <algorithm>
#include <tuple>

namespace arcas::controllers {
namespace {

/// Finished runs beyond those that are kept, the oldest first.
void prune(std::span<const CronJobRun> runs, bool CronJobRun::*how, std::size_t keep,
           std::vector<std::string>& remove) {
  std::vector<const CronJobRun*> finished;
  for (const CronJobRun& run : runs) {
    if (run.*how) finished.push_back(&run);
  }
  std::sort(finished.begin(), finished.end(), [](const auto* a, const auto* b) {
    return std::tie(a->started_at, a->name) < std::tie(b->started_at, b->name);
  });
  for (std::size_t i = 0; i + keep < finished.size(); ++i) remove.push_back(finished[i]->name);
}

}  // namespace

CronJobPlan plan_cron_job(const CronJobSpec& spec, const CronSchedule& schedule, std::int64_t now,
                          std::int64_t last, std::span<const CronJobRun> runs) {
  CronJobPlan plan;
  prune(runs, &CronJobRun::succeeded, spec.keep_succeeded, plan.remove);
  prune(runs, &CronJobRun::failed, spec.keep_failed, plan.remove);
  if (spec.suspended) return plan;
  plan.look_again = schedule.next(now);
  std::int64_t earliest = last;
  if (spec.starting_deadline) earliest = std::max(earliest, now - *spec.starting_deadline - 1);
  const std::optional<std::int64_t> due = schedule.latest(now, earliest);
  if (!due) return plan;
  std::vector<std::string> active;
  for (const CronJobRun& run : runs) {
    if (!run.succeeded && !run.failed) active.push_back(run.name);
  }
  if (!active.empty() && spec.concurrency == CronJobSpec::Concurrency::forbid) return plan;
  if (spec.concurrency == CronJobSpec::Concurrency::replace) {
    plan.remove.insert(plan.remove.end(), active.begin(), active.end());
  }
  plan.start = due;
  return plan;
}

}  // namespace arcas::controllers
