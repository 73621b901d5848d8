#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>

#include "agent/runtime/background.h"

namespace arcas::agent::test {

/// An event loop that the test turns by hand: callbacks run only inside `run_until`.
class TestLoop {
 public:
  [[nodiscard]] Executor executor() {
    return {[this](std::function<void()> callback) { add(now(), std::move(callback)); },
            [this](Duration delay, std::function<void()> callback) {
              add(now() + delay, std::move(callback));
            },
            [this] { return now(); }};
  }
  /// False when the condition does not hold within the time.
  bool run_until(const std::function<bool()>& condition, Duration patience) {
    const TimePoint until = now() + patience;
    while (!condition()) {
      std::function<void()> next;
      {
        std::unique_lock lock(mutex_);
        if (now() >= until) return false;
        const bool due = !queue_.empty() && queue_.begin()->first <= now();
        if (!due) {
          const TimePoint wake = queue_.empty() ? until : std::min(until, queue_.begin()->first);
          changed_.wait_for(lock, std::chrono::nanoseconds((wake - now()).ns));
          continue;
        }
        next = std::move(queue_.begin()->second);
        queue_.erase(queue_.begin());
      }
      next();
    }
    return true;
  }
  void run_for(Duration duration) {
    run_until([] { return false; }, duration);
  }
  [[nodiscard]] static TimePoint now() {
    return {std::chrono::steady_clock::now().time_since_epoch().count()};
  }

 private:
  void add(TimePoint at, std::function<void()> callback) {
    const std::lock_guard lock(mutex_);
    queue_.emplace(at, std::move(callback));
    changed_.notify_one();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<TimePoint, std::function<void()>> queue_;
};

}  // namespace arcas::agent::test
