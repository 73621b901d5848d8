#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

#include "core/base/time.h"

namespace arcas::agent {

/// The event loop that the role of this node lives on. All three may be called from any thread.
struct Executor {
  std::function<void(std::function<void()>)> post;
  std::function<void(Duration, std::function<void()>)> post_after;
  std::function<TimePoint()> now;
};

/// Runs what blocks on threads of its own, each for one piece of work, and hands the result to the
/// loop. The destructor waits for what is under way; its results are dropped.
class Background {
 public:
  explicit Background(Executor executor);
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  /// `work` runs on another thread; `then` gets its result, on the loop.
  template <class Work, class Then>
  void run(Work work, Then then) {
    start([this, work = std::move(work), then = std::move(then)]() mutable {
      post([then = std::move(then), result = std::make_shared<decltype(work())>(work())]() mutable {
        then(std::move(*result));
      });
    });
  }
  /// On the loop, unless this object is gone by then.
  void after(Duration delay, std::function<void()> callback);
  [[nodiscard]] TimePoint now() const { return executor_.now(); }

 private:
  struct Alive {};
  void start(std::function<void()> work);
  void post(std::function<void()> callback);

  Executor executor_;
  std::shared_ptr<Alive> alive_ = std::make_shared<Alive>();
  std::mutex mutex_;
  std::condition_variable idle_;
  std::size_t running_ = 0;
};

}  // namespace arcas::agent
