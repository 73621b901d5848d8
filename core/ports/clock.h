#pragma once

#include "core/base/time.h"

namespace arcas::ports {

/// Time as this process sees it. Monotonic; two machines' clocks are never compared.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimePoint now() const = 0;
};

}  // namespace arcas::ports
