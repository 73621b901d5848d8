#pragma once

#include "core/base/time.h"

namespace arcas::node {

struct RestartBackoffConfig {
  Duration initial = seconds(10);  ///< source: kubelet, as the other two
  Duration most = seconds(300);
  Duration forget_after = minutes(10);  ///< a run this long starts from the beginning again
};

/// How long a container that ended waits before it is started again: the first time not at all,
/// then 10 s, 20 s, … 300 s (CrashLoopBackOff).
class RestartBackoff {
 public:
  explicit RestartBackoff(RestartBackoffConfig config = {}) : config_(config) {}

  /// The container ended at `now` after having run since `started`; when may it start again?
  TimePoint on_exit(TimePoint now, TimePoint started) {
    if (now - started >= config_.forget_after) next_ = {};
    const TimePoint at = now + next_;
    next_ = next_ == Duration{} ? config_.initial : min_of(next_ * 2, config_.most);
    return at;
  }

 private:
  static Duration min_of(Duration a, Duration b) { return a < b ? a : b; }

  RestartBackoffConfig config_;
  Duration next_;
};

}  // namespace arcas::node
