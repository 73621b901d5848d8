#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/controllers/cron_schedule.h"

namespace arcas::controllers {

struct CronJobSpec {
  enum class Concurrency : std::uint8_t { allow, forbid, replace };
  Concurrency concurrency = Concurrency::allow;
  bool suspended = false;
  std::optional<std::int64_t> starting_deadline;  ///< seconds; later than that is too late
  std::size_t keep_succeeded = 3;
  std::size_t keep_failed = 1;
};

/// A Job that the CronJob made.
struct CronJobRun {
  std::string name;
  std::int64_t started_at = 0;  ///< seconds since 1970, as below
  bool succeeded = false;
  bool failed = false;
};

struct CronJobPlan {
  std::optional<std::int64_t> start;       ///< make the Job that was due then
  std::vector<std::string> remove;         ///< Jobs that go: replaced, or beyond the history
  std::optional<std::int64_t> look_again;  ///< when the next is due
};

/// Kubernetes's rules: of several times that were missed only the last counts; a time that is older
/// than the starting deadline is let pass; Forbid waits for the run before, Replace ends it.
/// `last`: the time of the last Job that was made, or when the CronJob was created.
/// Source: Kubernetes 1.32, cronjob_controllerv2.go.
CronJobPlan plan_cron_job(const CronJobSpec& spec, const CronSchedule& schedule, std::int64_t now,
                          std::int64_t last, std::span<const CronJobRun> runs);

}  // namespace arcas::controllers
