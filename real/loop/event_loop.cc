#include "real/loop/event_loop.h"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <map>
#include <unordered_map>
#include <utility>

namespace arcas::real {

namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;

struct EventLoop::Machinery {
  struct Due {
    TimePoint at;
    std::uint64_t number = 0;
    auto operator<=>(const Due&) const = default;
  };

  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard{context.get_executor()};
  asio::steady_timer timer{context};
  std::int64_t unix_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count();
  Steady::time_point steady = Steady::now();
  std::map<Due, std::function<void()>> due;
  std::unordered_map<std::uint64_t, TimePoint> when;
  std::uint64_t last = 0;
  TimePoint armed = TimePoint::max();

  [[nodiscard]] TimePoint now() const {
    const auto passed =
        std::chrono::duration_cast<std::chrono::nanoseconds>(Steady::now() - steady);
    return TimePoint{unix_ns + passed.count()};
  }
  [[nodiscard]] Steady::time_point steady_at(TimePoint at) const {
    // Far beyond any life of a process, and far from where the clock would overflow.
    constexpr std::int64_t kFar = std::int64_t{1} << 60;
    return steady + std::chrono::nanoseconds(std::clamp<std::int64_t>(at.ns - unix_ns, 0, kFar));
  }
  void arm() {
    if (due.empty() || due.begin()->first.at >= armed) return;
    armed = due.begin()->first.at;
    timer.expires_at(steady_at(armed));
    timer.async_wait([this](const boost::system::error_code& error) {
      if (!error) fire();
    });
  }
  /// Runs what is due now; what that adds waits for the next round, so that posted work has a turn.
  void fire() {
    armed = TimePoint::max();
    const TimePoint time = now();
    const std::uint64_t newest = last;
    while (!due.empty()) {
      const auto first = due.begin();
      if (first->first.at > time || first->first.number > newest) break;
      const std::function<void()> work = std::move(first->second);
      when.erase(first->first.number);
      due.erase(first);
      work();
    }
    arm();
  }
};

EventLoop::EventLoop() : machinery_(std::make_unique<Machinery>()) {}
EventLoop::~EventLoop() = default;

void EventLoop::run() {
  machinery_->context.restart();
  machinery_->context.run();
}
void EventLoop::stop() { machinery_->context.stop(); }
void EventLoop::post(std::function<void()> work) {
  asio::post(machinery_->context, std::move(work));
}
TimePoint EventLoop::now() const { return machinery_->now(); }
asio::io_context& EventLoop::context() { return machinery_->context; }

std::uint64_t EventLoop::at(TimePoint at, std::function<void()> work) {
  const std::uint64_t number = ++machinery_->last;
  machinery_->due.emplace(Machinery::Due{at, number}, std::move(work));
  machinery_->when[number] = at;
  machinery_->arm();
  return number;
}

void EventLoop::cancel(std::uint64_t timer) {
  const auto at = machinery_->when.find(timer);
  if (at == machinery_->when.end()) return;
  machinery_->due.erase({at->second, timer});
  machinery_->when.erase(at);
}

}  // namespace arcas::real
