#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/rng.h"
#include "core/base/time.h"

namespace arcas::sim {

/// A key of a fault line and how its value is drawn.
struct DrawnKey {
  enum class Type : std::uint8_t {
    zone,          ///< one of the zones
    maybe_zone,    ///< the same, or none in half of the cases
    duration,      ///< low … high seconds, evenly over the orders of magnitude
    integer,       ///< low … high
    text,          ///< always `text`
    one_of,        ///< one of the words of `text`
    maybe_one_of,  ///< the same, or none in half of the cases
  };
  std::string_view key;
  Type type = Type::duration;
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::string_view text{};
};

/// One kind of fault that swarm draws. A new kind is one more row of the table. The key `lasts`
/// says how long it is in force; `after` is how long it goes on after that (hosts that return
/// late).
struct FaultFamily {
  std::string_view kind;
  std::vector<DrawnKey> keys;
  std::string_view tail{};  ///< key whose duration comes on top of `lasts`; none
  std::int64_t tails = 1;   ///< how often it does, at most
  bool once = false;        ///< at most one in a scenario
};

/// All families, in the order of the documentation.
std::span<const FaultFamily> fault_families();

/// A fault line as a scenario has it: "{kind: rack_loss, at: 90s, count: 1, lasts: 40s}", and how
/// long it is in force.
struct DrawnFault {
  std::string line;
  Duration in_force;
};
DrawnFault draw_fault(const FaultFamily& family, Duration at, Duration longest,
                      const std::vector<std::string>& zones, RandomStream& random);

/// Whole seconds from `low` to `high`, evenly over the orders of magnitude between them.
std::int64_t draw_spread(std::int64_t low, std::int64_t high, RandomStream& random);

}  // namespace arcas::sim
