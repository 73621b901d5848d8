#pragma once

#include <optional>

#include "core/base/time.h"

namespace arcas::roles {

/// A look that is repeated every period from a start on, and is left out while there is nothing to
/// see: the times at which it may happen stay `start + k·period`, so that leaving looks out changes
/// nothing. At most one timer is under way; those of an earlier start do not count.
class GridTimer {
 public:
  void start(TimePoint now, Duration period) {
    origin_ = now;
    period_ = period;
    armed_.reset();
  }
  void stop() { armed_.reset(); }
  /// The time to arm a timer for; none when one is under way.
  std::optional<TimePoint> arm(TimePoint now) {
    if (armed_) return std::nullopt;
    armed_ = origin_ + period_ * ((now - origin_).ns / period_.ns + 1);
    return armed_;
  }
  /// A timer fired: true when it is the one that was armed last.
  bool fired(TimePoint now) {
    if (armed_ != now) return false;
    armed_.reset();
    return true;
  }

 private:
  TimePoint origin_;
  Duration period_{1};
  std::optional<TimePoint> armed_;
};

}  // namespace arcas::roles
