#pragma once

#include <cstdint>
#include <vector>

#include "core/base/hash.h"
#include "core/base/time.h"
#include "sim/engine/event_queue.h"

namespace arcas::sim {

/// Virtual time and the order of what happens in it. Every dispatched event goes into a 128-bit
/// hash chain: two runs are the same exactly when their chains are.
class Engine {
 public:
  [[nodiscard]] TimePoint now() const { return now_; }

  /// A time that has passed means now: the event comes after everything that is due already.
  void schedule(TimePoint at, const Event& event) { queue_.push(at < now_ ? now_ : at, event); }
  /// The same, with a handle to cancel it by.
  EventHandle schedule_cancellable(TimePoint at, const Event& event) {
    return queue_.push_cancellable(at < now_ ? now_ : at, event);
  }
  /// False when the event has happened or was cancelled before.
  bool cancel(EventHandle handle) { return queue_.cancel(handle); }
  [[nodiscard]] bool empty() const { return queue_.empty(); }
  [[nodiscard]] TimePoint next_time() { return queue_.next_time(); }

  /// Takes the earliest event and moves time to it. The engine must not be empty.
  Event advance() {
    const EventQueue::Entry entry = queue_.pop();
    now_ = entry.at;
    ++dispatched_;
    trace_.add(static_cast<std::uint64_t>(entry.at.ns));
    trace_.add((std::uint64_t{entry.event.kind} << 32U) | entry.event.target);
    trace_.add(entry.event.payload);
    if (dispatched_ % kCheckpoint == 0) checkpoints_.push_back({dispatched_, now_, trace_});
    return entry.event;
  }

  /// Hands events to `handle(event)` until there are none or it returns false. Returns how many
  /// were dispatched.
  template <class Handler>
  std::uint64_t run(Handler handle) {
    const std::uint64_t before = dispatched_;
    while (!queue_.empty()) {
      if (!handle(advance())) break;
    }
    return dispatched_ - before;
  }

  /// Folds a fact about the present event into the trace.
  void add_to_trace(std::uint64_t word) { trace_.add(word); }

  /// The hash after every 2^16 events, to find where two runs part.
  struct Checkpoint {
    std::uint64_t events = 0;
    TimePoint at;
    HashChain hash;
  };
  [[nodiscard]] const HashChain& trace() const { return trace_; }
  [[nodiscard]] std::uint64_t dispatched() const { return dispatched_; }
  [[nodiscard]] std::uint64_t pending() const { return queue_.size(); }
  [[nodiscard]] const std::vector<Checkpoint>& checkpoints() const { return checkpoints_; }

 private:
  static constexpr std::uint64_t kCheckpoint = std::uint64_t{1} << 16U;
  EventQueue queue_;
  TimePoint now_;
  HashChain trace_;
  std::uint64_t dispatched_ = 0;
  std::vector<Checkpoint> checkpoints_;
};

}  // namespace arcas::sim
