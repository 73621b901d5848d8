#pragma once

#include <cstdint>

#include "core/base/time.h"

namespace arcas {

/// A token bucket with integer arithmetic: `per_second` tokens a second, at most `burst` at once.
/// `per_second` 0 means no limit. Pure: time comes in as an argument and never goes back.
/// Source: the client-side limits of Kubernetes's components (qps and burst).
class RateLimiter {
 public:
  RateLimiter() = default;
  RateLimiter(std::int64_t per_second, std::int64_t burst)
      : per_second_(per_second), burst_(burst), credit_(burst * kScale) {}

  /// How many of `wanted` may pass now; those are spent.
  std::int64_t take(TimePoint now, std::int64_t wanted) {
    if (per_second_ == 0) return wanted;
    refill(now);
    const std::int64_t whole = credit_ / kScale;
    const std::int64_t granted = whole < wanted ? whole : wanted;
    credit_ -= granted * kScale;
    return granted;
  }

  /// Tokens that were taken and not needed.
  void give_back(std::int64_t tokens) {
    if (per_second_ == 0 || tokens <= 0) return;
    const auto most = burst_ * kScale - credit_;
    credit_ += tokens < most / kScale ? tokens * kScale : most;
  }

  /// When the next token will be there; `now` if one is.
  [[nodiscard]] TimePoint next(TimePoint now) {
    if (per_second_ == 0) return now;
    refill(now);
    if (credit_ >= kScale) return now;
    return now + Duration{(kScale - credit_ + per_second_ - 1) / per_second_};
  }

 private:
  static constexpr std::int64_t kScale = 1'000'000'000;  // one token, in nanosecond·tokens/s

  void refill(TimePoint now) {
    const std::int64_t elapsed = now.ns - updated_.ns;
    if (elapsed <= 0) return;
    updated_ = now;
    const auto earned = static_cast<__int128>(elapsed) * per_second_ + credit_;
    const auto full = static_cast<__int128>(burst_) * kScale;
    credit_ = static_cast<std::int64_t>(earned < full ? earned : full);
  }

  std::int64_t per_second_ = 0;
  std::int64_t burst_ = 0;
  std::int64_t credit_ = 0;
  TimePoint updated_;
};

}  // namespace arcas
