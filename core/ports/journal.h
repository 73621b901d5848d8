#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/id.h"

namespace arcas::ports {

/// Facts worth keeping, for reports and for people; never read back by a role. `what` is one of a
/// fixed list of names ("zone-lost", "leader-elected", "pods-evicted"…).
class Journal {
 public:
  virtual ~Journal() = default;
  virtual void note(ActorId self, std::string_view what, std::uint64_t subject,
                    std::int64_t amount) = 0;
};

}  // namespace arcas::ports
