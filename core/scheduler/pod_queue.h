#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/scheduler/fair_queue.h"
#include "core/scheduler/pod_table.h"

namespace arcas::scheduler {

struct QueueConfig {
  Duration backoff_initial = seconds(1);
  Duration backoff_max = seconds(10);
  Duration unschedulable_flush = seconds(60);
  Duration flush_period = seconds(30);
  bool fair_share = false;  ///< among pods of one priority tenants take turns: see FairQueue
};

/// The pods that wait, in Kubernetes's three places: active (highest priority first, then first
/// come), backing off (1 s, doubled with every attempt, up to 10 s), unschedulable (until something
/// in the cluster changes or 60 s pass). Entries of pods that left are skipped when they come up:
/// the pod's `attempt_mark` tells. Cost: O(log) for the timed places, O(1) for the active one.
/// With a FairQueue, pods of one priority come in its order instead.
/// Source: kube-scheduler's scheduling_queue.go; defaults: arktos.md 5.4.
class PodQueue {
 public:
  /// `fair`: keeps the active pods instead, and must outlive the queue; null: none does.
  PodQueue(QueueConfig config, PodTable& pods, FairQueue* fair = nullptr)
      : config_(config), pods_(pods), fair_(fair) {}

  void push_active(Uid uid, PodEntry& entry, std::int32_t priority);
  /// After a refusal or a failed attempt.
  void push_backoff(TimePoint now, Uid uid, PodEntry& entry, std::int32_t priority);
  void push_unschedulable(TimePoint now, Uid uid, PodEntry& entry, std::int32_t priority);
  /// Something changed that may help: unschedulable pods go back by way of their back-off.
  void cluster_changed() { changed_ = true; }

  /// Moves on what is due, then takes up to `count` pods of the highest waiting priority.
  void pop(TimePoint now, std::size_t count, std::vector<Uid>& out);
  /// When a timed place has something due; nothing if pods are active or none waits.
  [[nodiscard]] std::optional<TimePoint> next_wakeup(TimePoint now) const;
  [[nodiscard]] bool has_active() const { return active_count_ != 0; }
  /// At least as many as there are active pods: those that left meanwhile are counted, too.
  [[nodiscard]] std::size_t active_count() const { return active_count_; }

 private:
  using Ticket = QueueTicket;
  [[nodiscard]] PodEntry* valid(const Ticket& ticket, PodState state);
  void move_due(TimePoint now);
  void pop_fairly(std::size_t count, std::vector<Uid>& out);
  [[nodiscard]] Duration backoff(const PodEntry& entry) const;

  QueueConfig config_;
  PodTable& pods_;
  FairQueue* fair_;
  std::map<std::int32_t, std::deque<Ticket>, std::greater<>> active_;  // by priority
  std::size_t active_count_ = 0;                                       // tickets, valid or not
  std::multimap<TimePoint, Ticket> backing_off_;
  std::deque<std::pair<TimePoint, Ticket>> unschedulable_;  // by time of entry
  TimePoint last_flush_{0};
  bool changed_ = false;
};

}  // namespace arcas::scheduler
