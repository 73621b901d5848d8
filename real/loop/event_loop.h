#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "core/base/time.h"
#include "real/store/executor.h"

namespace boost::asio {
class io_context;
}

namespace arcas::real {

/// One thread's work: what was posted, in order, and what is due. The time is that of the system's
/// monotonic clock, set once to Unix time at the start, so that it never goes back (in
/// nanoseconds since 1970; a clock that is set later does not show).
class EventLoop final : public Executor {
 public:
  EventLoop();
  ~EventLoop() override;

  /// Works until `stop`. One thread at a time; may be called again.
  void run();
  /// Lets `run` return after the work in hand. From any thread.
  void stop();

  void post(std::function<void()> work) override;
  [[nodiscard]] TimePoint now() const;
  /// What sockets of this thread are made with.
  [[nodiscard]] boost::asio::io_context& context();

  // Only on the loop's thread, or before it runs.

  /// Runs `work` at `at` or soon after; at once, but not inside this call, when that is past. Work
  /// for one time runs in the order of the calls. Returns a number for `cancel`.
  std::uint64_t at(TimePoint at, std::function<void()> work);
  /// Work that is not due yet will not run.
  void cancel(std::uint64_t timer);

 private:
  struct Machinery;
  std::unique_ptr<Machinery> machinery_;
};

}  // namespace arcas::real
