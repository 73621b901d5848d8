#include "core/scheduler/pod_queue.h"

#include <algorithm>

namespace arcas::scheduler {

void PodQueue::push_active(Uid uid, PodEntry& entry, std::int32_t priority) {
  entry.state = PodState::active;
  const Ticket ticket{uid, ++entry.attempt_mark, priority};
  ++active_count_;
  if (fair_ != nullptr) return fair_->push(ticket, entry.name_space);
  active_[priority].push_back(ticket);
}

Duration PodQueue::backoff(const PodEntry& entry) const {
  Duration wait = config_.backoff_initial;
  for (int i = 1; i < entry.attempts && wait < config_.backoff_max; ++i) wait = wait * 2;
  return std::min(wait, config_.backoff_max);
}

void PodQueue::push_backoff(TimePoint now, Uid uid, PodEntry& entry, std::int32_t priority) {
  if (entry.attempts < 255) ++entry.attempts;
  entry.state = PodState::backing_off;
  backing_off_.emplace(now + backoff(entry), Ticket{uid, ++entry.attempt_mark, priority});
}

void PodQueue::push_unschedulable(TimePoint now, Uid uid, PodEntry& entry, std::int32_t priority) {
  if (entry.attempts < 255) ++entry.attempts;
  entry.state = PodState::unschedulable;
  unschedulable_.push_back({now, Ticket{uid, ++entry.attempt_mark, priority}});
}

PodEntry* PodQueue::valid(const Ticket& ticket, PodState state) {
  PodEntry* entry = pods_.find(ticket.uid);
  if (entry == nullptr || entry->state != state || entry->attempt_mark != ticket.mark) {
    return nullptr;
  }
  return entry;
}

void PodQueue::move_due(TimePoint now) {
  const auto to_backoff = [&](const std::pair<TimePoint, Ticket>& waiting) {
    PodEntry* entry = valid(waiting.second, PodState::unschedulable);
    if (entry == nullptr) return;
    entry->state = PodState::backing_off;
    backing_off_.emplace(
        waiting.first + backoff(*entry),
        Ticket{waiting.second.uid, ++entry->attempt_mark, waiting.second.priority});
  };
  if (changed_) {
    changed_ = false;
    for (const auto& waiting : unschedulable_) to_backoff(waiting);
    unschedulable_.clear();
  }
  if (now - last_flush_ >= config_.flush_period) {
    last_flush_ = TimePoint{now.ns / config_.flush_period.ns * config_.flush_period.ns};
    while (!unschedulable_.empty() &&
           now - unschedulable_.front().first >= config_.unschedulable_flush) {
      to_backoff(unschedulable_.front());
      unschedulable_.pop_front();
    }
  }
  while (!backing_off_.empty() && backing_off_.begin()->first <= now) {
    const Ticket ticket = backing_off_.begin()->second;
    backing_off_.erase(backing_off_.begin());
    if (PodEntry* entry = valid(ticket, PodState::backing_off)) {
      push_active(ticket.uid, *entry, ticket.priority);
    }
  }
}

void PodQueue::pop_fairly(std::size_t count, std::vector<Uid>& out) {
  fair_->read_capacity();
  std::optional<std::int32_t> priority;  // one at a time
  while (out.size() < count) {
    const auto next = fair_->highest();
    if (!next || (priority && *next != *priority)) return;
    const Ticket ticket = fair_->pop();
    --active_count_;
    const PodEntry* entry = valid(ticket, PodState::active);
    if (entry == nullptr) continue;
    priority = next;
    fair_->charge(ticket.uid, entry->spec, entry->name_space);
    out.push_back(ticket.uid);
  }
}

void PodQueue::pop(TimePoint now, std::size_t count, std::vector<Uid>& out) {
  move_due(now);
  if (fair_ != nullptr) return pop_fairly(count, out);
  while (!active_.empty() && out.size() < count) {
    auto& waiting = active_.begin()->second;
    while (!waiting.empty() && out.size() < count) {
      const Ticket ticket = waiting.front();
      waiting.pop_front();
      --active_count_;
      if (valid(ticket, PodState::active) != nullptr) out.push_back(ticket.uid);
    }
    if (!waiting.empty()) return;
    active_.erase(active_.begin());
    if (!out.empty()) return;  // one priority at a time
  }
}

std::optional<TimePoint> PodQueue::next_wakeup(TimePoint now) const {
  if (active_count_ != 0 || (changed_ && !unschedulable_.empty())) return now;
  std::optional<TimePoint> next;
  if (!backing_off_.empty()) next = backing_off_.begin()->first;
  if (!unschedulable_.empty()) {
    const TimePoint ripe = unschedulable_.front().first + config_.unschedulable_flush;
    const TimePoint flush = last_flush_ + config_.flush_period;
    const TimePoint at = std::max({ripe, flush, now});
    if (!next || at < *next) next = at;
  }
  return next;
}

}  // namespace arcas::scheduler
