// Who leads a replicated store, and what happens to its callers while nobody does.
#include <algorithm>
#include <utility>

#include "core/base/mutant.h"
#include "sim/world/replicated_store.h"

namespace arcas::sim {

bool ReplicatedStore::alive(std::uint32_t member) const {
  return environment_.alive(members_[member].host);
}

bool ReplicatedStore::connected(std::uint32_t a, std::uint32_t b) const {
  if (!alive(a) || !alive(b)) return false;
  if (a == b) return true;
  return environment_.reachable(members_[a].host, members_[b].host) &&
         environment_.reachable(members_[b].host, members_[a].host);
}

bool ReplicatedStore::has_majority(std::uint32_t member) const {
  std::size_t count = 0;
  for (std::uint32_t m = 0; m < members_.size(); ++m) count += connected(member, m) ? 1U : 0U;
  return count >= (ARCAS_MUTANT("minority-commits") ? 1 : majority());
}

void ReplicatedStore::on_topology_changed() {
  settle();
  drop_broken_writes();
  if (leader_ != kNone && !alive(leader_)) {
    leader_ = kNone;  // what it had in memory is gone; its log is on the disks
    in_flight_.reset();
    if (serving_) suspend();
  }
  const bool serves = leader_ != kNone && has_majority(leader_);
  if (serving_ && !serves) suspend();
  if (!serves) return arm_election();
  if (!serving_) return resume();
  bool behind = false;
  for (std::uint32_t m = 0; m < members_.size(); ++m) {
    if (!connected(leader_, m) || !members_[m].head.older_than(log_end_)) continue;
    const bool under_way = std::any_of(writes_.begin(), writes_.end(), [&](const Replication& w) {
      return w.member == m && w.head.batch == log_end_.batch;
    });
    if (under_way) continue;
    behind = true;
    if (in_flight_) replicate(m, *in_flight_, Duration{});
  }
  if (in_flight_) {
    schedule_commit();
  } else if (behind) {
    begin_batch();  // brings those who were away up to date
  }
}

void ReplicatedStore::lose_disk(std::size_t member) {
  settle();
  members_[member].head = {};
  members_[member].empty = true;
  std::erase_if(writes_, [member](const Replication& write) { return write.member == member; });
}

/// Log writes that cannot arrive any more.
void ReplicatedStore::drop_broken_writes() {
  const TimePoint now = environment_.now();
  std::erase_if(writes_, [&](const Replication& write) {
    if (write.durable <= now) return false;
    if (!alive(write.member)) return true;
    if (write.leader == write.member) return false;
    if (!alive(write.leader)) return write.sent > now;
    return write.arrives > now && !connected(write.leader, write.member);
  });
}

/// Nothing commits from now on; callers wait for an election, the same leader's return, or their
/// deadline.
void ReplicatedStore::suspend() {
  serving_ = false;
  ++wake_generation_[static_cast<std::size_t>(Wake::done)];
  ++wake_generation_[static_cast<std::size_t>(Wake::start)];
  start_armed_ = false;
  arm_deadline();
}

/// The leader has its majority back before anybody was elected in its place.
void ReplicatedStore::resume() {
  serving_ = true;
  election_armed_ = false;
  ++wake_generation_[static_cast<std::size_t>(Wake::election)];
  readdress_pending();
  if (!in_flight_) return begin_batch();
  for (std::uint32_t m = 0; m < members_.size(); ++m) {
    const bool under_way = std::any_of(writes_.begin(), writes_.end(), [&](const Replication& w) {
      return w.member == m && w.head.batch == in_flight_->batch;
    });
    if (!under_way) replicate(m, *in_flight_, Duration{});
  }
  schedule_commit();
}

void ReplicatedStore::arm_election() {
  if (election_armed_) return;
  bool possible = false;
  for (std::uint32_t m = 0; m < members_.size(); ++m) possible = possible || has_majority(m);
  if (!possible) return;
  election_armed_ = true;
  const Duration silence = elections_.between(config_.election_min, config_.election_max);
  wake(environment_.now() + silence, Wake::election);
}

/// The member with the newest log among those that a majority would vote for; a draw among equals.
std::uint32_t ReplicatedStore::choose_leader() {
  std::uint32_t best = kNone;
  std::uint64_t best_draw = 0;
  for (std::uint32_t c = 0; c < members_.size(); ++c) {
    const std::uint64_t draw = elections_.next();
    if (members_[c].empty) continue;
    std::size_t votes = 0;
    for (std::uint32_t m = 0; m < members_.size(); ++m) {
      const bool grants =
          connected(c, m) && !members_[m].empty && !members_[c].head.older_than(members_[m].head);
      votes += grants ? 1U : 0U;
    }
    if (votes < majority()) continue;
    const bool newer = best != kNone && members_[best].head.older_than(members_[c].head);
    const bool equal = best != kNone && !newer && !members_[c].head.older_than(members_[best].head);
    if (best != kNone && !newer && !(equal && draw < best_draw)) continue;
    best = c;
    best_draw = draw;
  }
  return best;
}

void ReplicatedStore::elect() {
  settle();
  const std::uint32_t winner = choose_leader();
  if (winner == kNone) return arm_election();
  ++term_;
  leader_ = winner;
  log_end_ = members_[winner].head;
  in_flight_.reset();
  writes_.clear();
  serving_ = true;
  environment_.leader_changed(members_[winner].host, term_);
  // The outcome of what the old leader left is open until the first commit of this term.
  for (auto& [id, batch] : batches_) {
    for (Request& request : batch.requests) refuse(request, environment_.now());
  }
  readdress_pending();
  begin_batch();
}

/// Requests that wait for a leader go to the present one.
void ReplicatedStore::readdress_pending() {
  const HostId to = members_[leader_].host;
  std::deque<Request> waiting;
  waiting.swap(pending_);
  for (Request& request : waiting) {
    if (!environment_.reachable(request.host, to)) {
      refuse(request, request.deadline);
      continue;
    }
    request.arrives = environment_.now() + environment_.latency(request.host, to);
    if (!pending_.empty()) request.arrives = std::max(request.arrives, pending_.back().arrives);
    pending_.push_back(std::move(request));
  }
}

// ---- deadlines: armed only while nobody leads or a log write hangs ----

void ReplicatedStore::arm_deadline() {
  if (deadline_armed_) return;
  TimePoint first = TimePoint::max();
  if (!pending_.empty()) first = pending_.front().deadline;
  for (const auto& [id, batch] : batches_) {
    for (const Request& request : batch.requests) {
      if (!request.answered) first = std::min(first, request.deadline);
    }
  }
  if (first == TimePoint::max()) return;
  deadline_armed_ = true;
  wake(std::max(first, environment_.now()), Wake::deadline);
}

void ReplicatedStore::expire() {
  const TimePoint now = environment_.now();
  std::erase_if(pending_, [&](Request& request) {
    if (request.deadline > now) return false;
    refuse(request, now);
    return true;
  });
  for (auto& [id, batch] : batches_) {
    for (Request& request : batch.requests) {
      if (request.deadline <= now) refuse(request, now);
    }
  }
  arm_deadline();
}

}  // namespace arcas::sim
