#include "sim/whatif/recovery_watch.h"

#include <algorithm>
#include <string>

namespace arcas::sim {

void RecoveryWatch::know(const model::Pod& pod) {
  if (pod.meta.owner.kind == model::Kind::replica_set) flags_of(pod.meta.uid) |= kRunning;
}

void RecoveryWatch::begin(TimePoint now) {
  began_ = true;
  start_ = last_move_ = now;
}

std::uint8_t& RecoveryWatch::flags_of(Uid pod) {
  if (pod.sequence() >= flags_.size()) flags_.resize(pod.sequence() * 2 + 1024);
  return flags_[pod.sequence()];
}

void RecoveryWatch::on_pod(TimePoint now, const ports::PodChange& change) {
  const model::Pod& pod = change.pod;
  if (pod.meta.owner.kind != model::Kind::replica_set) return;
  std::uint8_t& flags = flags_of(pod.meta.uid);
  const bool leaves = change.type == ports::ChangeType::removed || pod.meta.terminating();
  if (leaves) {
    if ((flags & kDoomed) != 0) {
      flags &= static_cast<std::uint8_t>(~kDoomed);
      --doomed_;
      last_move_ = now;
    }
    if (began_ && (flags & kRunning) != 0) displace(flags, pod.meta.owner.uid, now);
    flags &= static_cast<std::uint8_t>(~kRunning);
    return;
  }
  if (pod.phase != model::PodPhase::running || (flags & (kRunning | kDisplaced)) != 0) return;
  flags |= kRunning;
  recover(pod.meta.owner.uid, now);
}

bool RecoveryWatch::lose(const model::Pod& pod, bool evicted) {
  if (pod.meta.owner.kind != model::Kind::replica_set || pod.meta.terminating()) return false;
  if (pod.phase != model::PodPhase::running) return false;
  if (!evicted) {
    ++left_behind_;
    return false;
  }
  std::uint8_t& flags = flags_of(pod.meta.uid);
  flags |= kRunning | kDoomed;
  ++doomed_;
  displace(flags, pod.meta.owner.uid, start_);
  return true;
}

void RecoveryWatch::displace(std::uint8_t& flags, Uid owner, TimePoint now) {
  if ((flags & kDisplaced) != 0) return;
  flags |= kDisplaced;
  outstanding_[owner.value].push_back(now);
  ++outstanding_count_;
  ++displaced_;
  last_move_ = now;
}

void RecoveryWatch::recover(Uid owner, TimePoint now) {
  const auto it = outstanding_.find(owner.value);
  if (it == outstanding_.end()) return;
  samples_ns_.push_back((now - it->second.front()).ns);
  it->second.pop_front();
  if (it->second.empty()) outstanding_.erase(it);
  --outstanding_count_;
  last_move_ = last_recovered_ = now;
  if (first_recovered_.ns < 0) first_recovered_ = now;
}

void RecoveryWatch::note_blocked(std::size_t batch) {
  notes_.push_back("budgets refuse evictions for ever in batch " + std::to_string(batch) +
                   ", where the upgrade stops");
}

Recovery RecoveryWatch::result() const {
  Recovery result;
  result.displaced = displaced_;
  result.recovered = static_cast<std::uint32_t>(samples_ns_.size());
  result.waiting = static_cast<std::uint32_t>(outstanding_count_);
  result.left_behind = left_behind_;
  result.notes = notes_;
  if (samples_ns_.empty()) return result;
  std::vector<std::int64_t> sorted = samples_ns_;
  std::sort(sorted.begin(), sorted.end());
  const auto rank = [&](std::size_t percent) {
    const std::size_t place = (sorted.size() * percent + 99) / 100;  // 1-based, rounded up
    return Duration{sorted[std::max<std::size_t>(place, 1) - 1]};
  };
  result.p50 = rank(50);
  result.p90 = rank(90);
  result.p99 = rank(99);
  result.max = rank(100);
  result.first = first_recovered_ - start_;
  result.over = last_recovered_ - start_;
  return result;
}

}  // namespace arcas::sim
