#include "core/controllers/job.h"

#include <algorithm>
#include <utility>

#include "core/base/mutant.h"
#include "core/controllers/replica_set.h"

namespace arcas::controllers {
namespace {

/// How long a status write may stay unseen before it is made again; the guards make that safe.
constexpr Duration kWritePause = seconds(1);

bool to_be_counted(const model::Pod& pod) { return pod.terminal() && !pod.counted; }

/// A pod that was given up, and replaced, may succeed all the same: once the Job has its
/// completions from others, that success is one too many.
bool is_spare(const model::Job& job, const model::Pod& pod, std::int32_t succeeded) {
  return pod.meta.terminating() && pod.phase == model::PodPhase::succeeded &&
         succeeded >= job.completions;
}

}  // namespace

JobController::JobController(JobConfig config, model::Catalog& catalog)
    : config_(config), catalog_(catalog) {}

void JobController::on_pod(const model::Pod* before, const model::Pod* after) {
  const model::Pod& pod = after != nullptr ? *after : *before;
  if (pod.meta.owner.kind != model::Kind::job) return;
  const auto it = states_.find(pod.meta.owner.uid.value);
  if (it == states_.end()) return;
  State& state = it->second;
  if (before == nullptr && state.creations > 0) --state.creations;
  const bool finished_now =
      after != nullptr && to_be_counted(*after) && (before == nullptr || !to_be_counted(*before));
  if (finished_now) state.uncounted.push_back(pod.meta.uid);
}

void JobController::on_creation_refused(Uid owner) {
  const auto it = states_.find(owner.value);
  if (it != states_.end() && it->second.creations > 0) --it->second.creations;
}

void JobController::forget(Uid job) { states_.erase(job.value); }

JobController::State& JobController::state_of(const model::Job& job, const state::PodTable& pods) {
  const auto [it, fresh] = states_.try_emplace(job.meta.uid.value);
  State& state = it->second;
  if (!fresh) return state;
  state.base_name = job.meta.name.suffix == 0 ? job.meta.name.base
                                              : catalog_.intern(catalog_.name_text(job.meta.name));
  pods.for_each_owned(job.meta.uid, [&](const model::Pod& pod) {
    state.last_suffix = std::max(state.last_suffix, pod.meta.name.suffix);
    if (to_be_counted(pod)) state.uncounted.push_back(pod.meta.uid);
  });
  return state;
}

/// What the Job's status plus the pods not counted yet add up to. Appends to `counted` the pods
/// that the next write of the status is to count.
JobController::Tally JobController::count(const model::Job& job, State& state,
                                          const state::PodTable& pods,
                                          std::vector<ports::PodOperation>& counted) {
  Tally tally{job.status_succeeded, job.status_failed, 0, 0};
  // Those that were given up come last, where there is not room for all.
  if (job.status_succeeded + static_cast<std::int64_t>(state.uncounted.size()) > job.completions) {
    std::stable_partition(state.uncounted.begin(), state.uncounted.end(), [&](Uid uid) {
      const model::Pod* pod = pods.find(uid);
      return pod == nullptr || !pod->meta.terminating();
    });
  }
  std::erase_if(state.uncounted, [&](Uid uid) {
    const model::Pod* pod = pods.find(uid);
    if (pod == nullptr || !to_be_counted(*pod)) return true;
    if (is_spare(job, *pod, tally.succeeded)) return true;
    const bool enough = counted.size() >= static_cast<std::size_t>(config_.burst);
    if (!enough) {
      counted.push_back({ports::Verb::update, pod->meta.resource_version, *pod});
      counted.back().pod.counted = !ARCAS_MUTANT("job-pod-not-marked");
    }
    const bool succeeded = pod->phase == model::PodPhase::succeeded;
    ++(succeeded ? tally.succeeded : tally.failed);
    if (!enough) ++(succeeded ? tally.succeeded_now : tally.failed_now);
    return false;
  });
  return tally;
}

SyncResult JobController::sync(TimePoint now, const model::Job& job, const state::PodTable& pods,
                               Effects& out) {
  SyncResult result;
  State& state = state_of(job, pods);
  std::vector<ports::PodOperation> counted;
  const Tally tally = count(job, state, pods, counted);
  if (tally.failed > state.failures_seen) {
    if (state.failures_seen >= 0) state.last_failure = now;
    state.failures_seen = tally.failed;
  }
  const std::int32_t active = pods.counts(job.meta.uid).active;
  model::Job updated = job;
  updated.status_active = active;
  updated.status_succeeded += tally.succeeded_now;
  updated.status_failed += tally.failed_now;
  updated.complete = job.complete || tally.succeeded >= job.completions;
  updated.failed = job.failed || (!updated.complete && tally.failed > job.backoff_limit);
  write_status(now, job, std::move(updated), state, std::move(counted), result, out);

  if (job.meta.terminating()) return result;  // who deletes it says what becomes of its pods
  const bool over = tally.succeeded >= job.completions || tally.failed > job.backoff_limit ||
                    job.complete || job.failed;
  const std::int32_t wanted =
      over ? 0 : std::clamp(job.completions - tally.succeeded, 0, std::max(job.parallelism, 0));
  if (active > wanted) {
    delete_surplus(now, job, pods, active - wanted, out);
  } else if (active < wanted) {
    create_missing(now, job, state, wanted - active, tally.failed, result, out);
  }
  return result;
}

void JobController::write_status(TimePoint now, const model::Job& job, model::Job updated,
                                 State& state, std::vector<ports::PodOperation> counted,
                                 SyncResult& result, Effects& out) {
  if (updated == job && counted.empty()) return;
  const bool unseen = state.written_at.ns >= 0 && state.written_basis == job.meta.resource_version;
  if (unseen && now < state.written_at + kWritePause) {
    ask_again(now, state.written_at + kWritePause, state.asked, result);
    return;
  }
  state.written_at = now;
  state.written_basis = job.meta.resource_version;
  if (counted.empty()) {
    out.objects.push_back(update_of(updated));
    return;
  }
  // Status and marks together or not at all: so each pod is counted exactly once.
  ports::Transaction& transaction = out.atomic.emplace_back();
  transaction.mode = ports::Transaction::Mode::all_or_nothing;
  transaction.pods = std::move(counted);
  transaction.objects.push_back(update_of(updated));
}

void JobController::delete_surplus(TimePoint now, const model::Job& job,
                                   const state::PodTable& pods, std::int32_t surplus,
                                   Effects& out) {
  std::vector<const model::Pod*> active;
  pods.for_each_owned(job.meta.uid, [&](const model::Pod& pod) {
    if (is_active(pod)) active.push_back(&pod);
  });
  std::sort(active.begin(), active.end(),
            [](const model::Pod* a, const model::Pod* b) { return deleted_before(*a, *b); });
  const std::size_t count = std::min(
      {static_cast<std::size_t>(surplus), active.size(), static_cast<std::size_t>(config_.burst)});
  for (std::size_t i = 0; i < count; ++i) out.pods.push_back(deletion_of(*active[i], now));
}

void JobController::create_missing(TimePoint now, const model::Job& job, State& state,
                                   std::int32_t missing, std::int32_t failures, SyncResult& result,
                                   Effects& out) {
  if (state.creations > 0 && now < state.expected_since + config_.expectation_timeout) {
    ask_again(now, state.expected_since + config_.expectation_timeout, state.asked, result);
    return;
  }
  if (state.last_failure.ns >= 0 && failures > 0) {
    Duration wait = config_.backoff_base;
    for (std::int32_t i = 1; i < failures && wait < config_.backoff_max; ++i) wait = wait * 2;
    const TimePoint retry_at = state.last_failure + std::min(wait, config_.backoff_max);
    if (now < retry_at) {
      ask_again(now, retry_at, state.asked, result);
      return;
    }
  }
  const std::int32_t count = std::min(missing, config_.burst);
  const model::Pod pattern =
      new_pod(job.meta, model::Kind::job, job.pod_template, {state.base_name, 0});
  for (std::int32_t i = 0; i < count; ++i) {
    out.pods.push_back({ports::Verb::create, 0, pattern});
    out.pods.back().pod.meta.name.suffix = ++state.last_suffix;
  }
  state.creations = count;
  state.expected_since = now;
  ask_again(now, now + config_.expectation_timeout, state.asked, result);
}

}  // namespace arcas::controllers
