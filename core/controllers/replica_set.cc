#include "core/controllers/replica_set.h"

#include <algorithm>
#include <tuple>

#include "core/base/mutant.h"

namespace arcas::controllers {
namespace {

bool is_replica(const model::Pod* pod) {
  return pod != nullptr && pod->meta.owner.kind == model::Kind::replica_set;
}

int phase_rank(model::PodPhase phase) {
  switch (phase) {
    case model::PodPhase::pending:
    case model::PodPhase::no_schedule:
      return 0;
    case model::PodPhase::unknown:
      return 1;
    default:
      return 2;
  }
}

}  // namespace

bool deleted_before(const model::Pod& a, const model::Pod& b) {
  const auto key = [](const model::Pod& pod) {
    // Ready for a shorter time first: the later the start, the earlier the deletion.
    const std::int64_t ready_since = pod.ready ? -pod.ready_since.ns : 0;
    return std::tuple(pod.node.valid(), phase_rank(pod.phase), pod.ready, ready_since,
                      -pod.meta.created_at.ns);
  };
  const auto key_a = key(a);
  const auto key_b = key(b);
  if (key_a != key_b) return key_a < key_b;
  return b.meta.uid < a.meta.uid;
}

ReplicaSetController::ReplicaSetController(ReplicaSetConfig config, model::Catalog& catalog)
    : config_(config), catalog_(catalog) {}

void ReplicaSetController::on_pod(const model::Pod* before, const model::Pod* after) {
  if (!is_replica(after) && !is_replica(before)) return;
  const model::Pod& pod = after != nullptr ? *after : *before;
  const auto it = states_.find(pod.meta.owner.uid.value);
  if (it == states_.end()) return;
  State& state = it->second;
  if (before == nullptr && state.creations > 0) --state.creations;
  if (state.deletions.empty()) return;
  if (after == nullptr || after->meta.terminating()) {
    on_deletion_refused(pod.meta.owner.uid, pod.meta.uid);
  }
}

void ReplicaSetController::on_creation_refused(Uid owner) {
  const auto it = states_.find(owner.value);
  if (it == states_.end()) return;
  if (it->second.creations > 0) --it->second.creations;
  it->second.slow_start_batch = 1;
}

void ReplicaSetController::on_deletion_refused(Uid owner, Uid pod) {
  const auto it = states_.find(owner.value);
  if (it == states_.end()) return;
  std::vector<Uid>& waiting = it->second.deletions;
  const auto found = std::lower_bound(waiting.begin(), waiting.end(), pod);
  if (found != waiting.end() && *found == pod) waiting.erase(found);
}

void ReplicaSetController::forget(Uid set) { states_.erase(set.value); }

ReplicaSetController::State& ReplicaSetController::state_of(const model::ReplicaSet& set,
                                                            const state::PodTable& pods) {
  const auto [it, fresh] = states_.try_emplace(set.meta.uid.value);
  State& state = it->second;
  if (!fresh) return state;
  state.base_name = set.meta.name.suffix == 0 ? set.meta.name.base
                                              : catalog_.intern(catalog_.name_text(set.meta.name));
  pods.for_each_owned(set.meta.uid, [&](const model::Pod& pod) {
    state.last_suffix = std::max(state.last_suffix, pod.meta.name.suffix);
  });
  return state;
}

SyncResult ReplicaSetController::sync(TimePoint now, const model::ReplicaSet& set,
                                      const state::PodTable& pods, Effects& out) {
  SyncResult result;
  State& state = state_of(set, pods);
  const bool waiting = state.creations > 0 || !state.deletions.empty();
  const TimePoint expires = state.expected_since + config_.expectation_timeout;
  if (waiting && now < expires) {
    ask_again(now, expires, state.asked, result);
  } else if (!set.meta.terminating()) {
    state.creations = 0;
    state.deletions.clear();
    const std::int32_t missing = set.replicas - pods.counts(set.meta.uid).active;
    if (missing > 0) create_pods(now, set, state, missing, out);
    if (missing < 0) delete_pods(now, set, state, pods, -missing, out);
    if (missing != 0) ask_again(now, now + config_.expectation_timeout, state.asked, result);
  }
  write_status(now, set, state, pods, result, out);
  return result;
}

void ReplicaSetController::create_pods(TimePoint now, const model::ReplicaSet& set, State& state,
                                       std::int32_t missing, Effects& out) {
  std::int32_t count = std::min(missing, config_.burst);
  if (ARCAS_MUTANT("replica-too-many")) ++count;
  if (config_.slow_start) {
    count = std::min(count, state.slow_start_batch);
    if (state.slow_start_batch < config_.burst) state.slow_start_batch *= 2;
  }
  if (count == missing) state.slow_start_batch = 1;
  model::Pod pattern =
      new_pod(set.meta, model::Kind::replica_set, set.pod_template, {state.base_name, 0});
  if (ARCAS_MUTANT("tenant-mixed-up")) pattern.meta.tenant.index ^= 1U;
  for (std::int32_t i = 0; i < count; ++i) {
    out.pods.push_back({ports::Verb::create, 0, pattern});
    out.pods.back().pod.meta.name.suffix = ++state.last_suffix;
  }
  state.creations = count;
  state.expected_since = now;
}

void ReplicaSetController::delete_pods(TimePoint now, const model::ReplicaSet& set, State& state,
                                       const state::PodTable& pods, std::int32_t surplus,
                                       Effects& out) {
  std::vector<const model::Pod*> active;
  pods.for_each_owned(set.meta.uid, [&](const model::Pod& pod) {
    if (is_active(pod)) active.push_back(&pod);
  });
  const std::size_t count = std::min(
      {static_cast<std::size_t>(surplus), active.size(), static_cast<std::size_t>(config_.burst)});
  std::partial_sort(
      active.begin(), active.begin() + static_cast<std::ptrdiff_t>(count), active.end(),
      [](const model::Pod* a, const model::Pod* b) { return deleted_before(*a, *b); });
  for (std::size_t i = 0; i < count; ++i) {
    out.pods.push_back(deletion_of(*active[i], now));
    state.deletions.push_back(active[i]->meta.uid);
  }
  std::sort(state.deletions.begin(), state.deletions.end());
  state.expected_since = now;
}

void ReplicaSetController::write_status(TimePoint now, const model::ReplicaSet& set, State& state,
                                        const state::PodTable& pods, SyncResult& result,
                                        Effects& out) {
  const state::OwnerCounts& counts = pods.counts(set.meta.uid);
  model::ReplicaSet updated = set;
  updated.status_replicas = counts.active;
  updated.status_ready = counts.ready;
  updated.status_available = counts.ready;
  updated.observed_generation = set.meta.generation;
  if (set.min_ready_seconds > 0) {
    const Duration wait = seconds(set.min_ready_seconds);
    updated.status_available = 0;
    pods.for_each_owned(set.meta.uid, [&](const model::Pod& pod) {
      if (!is_active(pod) || !pod.ready) return;
      const TimePoint available_at = pod.ready_since + wait;
      if (available_at <= now) {
        ++updated.status_available;
      } else {
        ask_again(now, available_at, state.asked, result);
      }
    });
  }
  if (ARCAS_MUTANT("status-flutters")) {
    updated.status_available ^= static_cast<std::int32_t>(now.ns / seconds(1).ns % 2);
    ask_again(now, now + seconds(1), state.asked, result);
  }
  if (updated == set) return;
  if (state.status_at.ns >= 0) {
    // One write at a time, and not more often than once per interval.
    const bool unseen = state.status_basis == set.meta.resource_version;
    const Duration pause =
        unseen ? std::max(config_.status_interval, seconds(1)) : config_.status_interval;
    if (now < state.status_at + pause) {
      ask_again(now, state.status_at + pause, state.asked, result);
      return;
    }
  }
  state.status_at = now;
  state.status_basis = set.meta.resource_version;
  out.objects.push_back(update_of(updated));
}

}  // namespace arcas::controllers
