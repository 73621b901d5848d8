#pragma once

#include <cstdint>

#include "core/base/id.h"
#include "core/base/time.h"

namespace arcas::ports {

/// Wakes a role once (Actor::on_timer with `tag`), at `at` or as soon after as possible. There is
/// no cancel: a role ignores a timer that its state has overtaken.
class Timers {
 public:
  virtual ~Timers() = default;
  virtual void arm(ActorId self, TimePoint at, std::uint64_t tag) = 0;
};

}  // namespace arcas::ports
