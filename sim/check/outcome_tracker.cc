#include "sim/check/outcome_tracker.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace arcas::sim {

std::uint64_t OutcomeTracker::key_of(Uid pod, const ObjectFacts& entry) {
  return entry.owner != ObjectFacts::kNone ? entry.owner : ~pod.value;
}

void OutcomeTracker::on_fault(TimePoint now) {
  if (first_fault_.ns >= 0) return;
  first_fault_ = now;
  figures_.pods_running_before_fault = facts_->pods_running;
}

void OutcomeTracker::on_verdict(TimePoint now) {
  if (first_fault_.ns >= 0 && figures_.detection.ns < 0) figures_.detection = now - first_fault_;
}

void OutcomeTracker::on_node_not_ready(TimePoint now) {
  if (first_fault_.ns < 0 || figures_.first_not_ready.ns >= 0) return;
  figures_.first_not_ready = now - first_fault_;
}

void OutcomeTracker::on_lease(PartitionId partition, StringId lease, TimePoint now) {
  const auto [it, first] = renewed_.try_emplace({partition, lease}, now);
  const TimePoint before = std::exchange(it->second, now);
  if (first_fault_.ns < 0 || now < first_fault_) return;
  figures_.leaderless = std::max(figures_.leaderless, now - before);
}

void OutcomeTracker::on_pod(const PodStep& step) {
  figures_.evictions += 1;
  if (first_fault_.ns < 0) return;
  on_verdict(step.now);
  const Uid pod = step.pod->meta.uid;
  ObjectFacts* entry = facts_->objects.find(pod);
  if (entry == nullptr || entry->running_on != step.before.node) return;
  if (facts_->suspect(step.before.node)) displace(pod, *entry, step.now, true);
}

void OutcomeTracker::on_died_with_host(Uid pod, TimePoint now) {
  ObjectFacts* entry = facts_->objects.find(pod);
  if (first_fault_.ns < 0 || entry == nullptr || !entry->active()) return;
  displace(pod, *entry, now, false);
}

void OutcomeTracker::displace(Uid pod, ObjectFacts& entry, TimePoint at, bool evicted) {
  if (entry.displaced != 0) return;
  if (entry.owner != ObjectFacts::kNone &&
      facts_->owners[entry.owner].kind == model::Kind::daemon_set) {
    return;
  }
  entry.displaced = 1;
  figures_.pods_displaced += 1;
  figures_.displaced_outstanding += 1;
  Outstanding& owner = outstanding_[key_of(pod, entry)];
  owner.count += 1;
  if (!owner.runs.empty() && owner.runs.back().at == at) {
    owner.runs.back().count += 1;
  } else {
    owner.runs.push_back({at, 1});
  }
  if (!keeps_) return;
  owner.kept.push_back(static_cast<std::uint32_t>(displacements_.size()));
  displacements_.push_back({pod, NodeId{entry.running_on}, at, evicted, TimePoint{-1}});
}

void OutcomeTracker::on_running(Uid pod, bool elsewhere, TimePoint now) {
  if (elsewhere) figures_.pods_run_twice += 1;
  if (outstanding_.empty()) return;
  ObjectFacts& entry = *facts_->objects.find(pod);
  entry.displaced = 0;
  recover(key_of(pod, entry), now);
}

void OutcomeTracker::on_finished(std::uint32_t owner, TimePoint now) {
  while (outstanding_.contains(owner)) recover(owner, now);
}

void OutcomeTracker::recover(std::uint64_t key, TimePoint now) {
  const auto it = outstanding_.find(key);
  if (it == outstanding_.end()) return;
  Outstanding& owner = it->second;
  Outstanding::Run& oldest = owner.runs[owner.first];
  const std::int64_t ms = (now - oldest.at).ns / 1'000'000;
  constexpr std::int64_t kLongest = std::numeric_limits<std::uint32_t>::max();
  samples_ms_.push_back(static_cast<std::uint32_t>(std::min(ms, kLongest)));
  if (keeps_) displacements_[owner.kept[owner.first_kept++]].recovered = now;
  figures_.pods_recovered += 1;
  figures_.displaced_outstanding -= 1;
  oldest.count -= 1;
  owner.count -= 1;
  if (oldest.count == 0) owner.first += 1;
  if (owner.count == 0) outstanding_.erase(it);
}

std::int64_t OutcomeTracker::lost_of(std::uint64_t key, std::int64_t outstanding) const {
  if (key >= facts_->owners.size()) return outstanding;  // a pod without owner
  const OwnerFacts& owner = facts_->owners[key];
  if (!owner.exists) return 0;
  if (owner.replicas < 0) return outstanding;
  return std::clamp<std::int64_t>(owner.replicas - owner.running, 0, outstanding);
}

OutcomeTracker::Figures OutcomeTracker::figures() const {
  Figures figures = figures_;
  figures.pods_running = facts_->pods_running;
  for (const auto& [key, owner] : outstanding_) figures.pods_lost += lost_of(key, owner.count);
  return figures;
}

OutcomeTracker::Recovery OutcomeTracker::recovery() const {
  Recovery result;
  if (samples_ms_.empty()) return result;
  std::vector<std::uint32_t> sorted = samples_ms_;
  std::sort(sorted.begin(), sorted.end());
  const auto rank = [&](std::size_t percent) {
    const std::size_t place = (sorted.size() * percent + 99) / 100;  // 1-based, rounded up
    return milliseconds(sorted[std::max<std::size_t>(place, 1) - 1]);
  };
  result.p50 = rank(50);
  result.p90 = rank(90);
  result.p99 = rank(99);
  result.max = rank(100);
  return result;
}

}  // namespace arcas::sim
