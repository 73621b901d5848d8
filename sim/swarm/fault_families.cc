#include "sim/swarm/fault_families.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace arcas::sim {
namespace {

using Type = DrawnKey::Type;

constexpr DrawnKey kZone{"zone", Type::zone};
constexpr DrawnKey kMaybeZone{"zone", Type::maybe_zone};
constexpr DrawnKey kAnyRole{
    "role", Type::one_of, 0, 0,
    "gateway api_server scheduler controller_manager node_manager store_member"};
constexpr DrawnKey kMaybeRole{
    "role", Type::maybe_one_of, 0, 0,
    "gateway api_server scheduler controller_manager node_manager store_member"};
constexpr DrawnKey kShare{"per_million", Type::integer, 10'000, 300'000};

constexpr DrawnKey lasts(std::int64_t low, std::int64_t high) {
  return {"lasts", Type::duration, low, high};
}

}  // namespace

std::span<const FaultFamily> fault_families() {
  // Durations in seconds. Ranges follow the catalogue of faults: short ones that end before anybody
  // notices, and long ones that everybody has acted on.
  static const std::vector<FaultFamily> families{
      {"zone_power_loss",
       {kZone, lasts(5, 900), {"returns_over", Type::duration, 1, 60}},
       "returns_over"},
      {"zone_partition", {kZone, lasts(1, 900)}},
      {"rack_loss", {kMaybeZone, {"count", Type::integer, 1, 1}, lasts(5, 900)}},
      {"rack_uplink_loss", {kMaybeZone, {"count", Type::integer, 1, 1}, lasts(1, 900)}},
      {"node_crash", {kMaybeZone, {"count", Type::integer, 1, 3}, lasts(1, 1200)}},
      {"node_crash_random",
       {kMaybeZone,
        lasts(60, 1200),
        {"per_million_node_hours", Type::integer, 500'000, 20'000'000},
        {"down_min", Type::duration, 1, 5},
        {"down_max", Type::duration, 5, 300}},
       "down_max"},
      {"control_plane_cut", {kMaybeZone, lasts(1, 900)}},
      {"zone_flapping", {kZone, lasts(30, 900), {"period", Type::duration, 2, 120}}},
      {"node_isolate", {kMaybeZone, {"count", Type::integer, 1, 3}, lasts(1, 1200)}},
      {"process_crash", {kAnyRole, kMaybeZone, {"count", Type::integer, 1, 1}, lasts(1, 600)}},
      {"process_isolate", {kAnyRole, kMaybeZone, {"count", Type::integer, 1, 1}, lasts(1, 600)}},
      {"process_pause",
       {{"role", Type::one_of, 0, 0, "gateway api_server scheduler controller_manager"},
        kMaybeZone,
        {"count", Type::integer, 1, 1},
        lasts(1, 600)}},
      {"store_leader_loss", {{"partition", Type::one_of, 0, 0, "tp-0 rp-0"}, lasts(1, 600)}},
      {"disk_slow",
       {{"count", Type::integer, 1, 3}, {"write", Type::duration, 1, 10}, lasts(1, 600)}},
      {"registry_loss", {lasts(1, 600)}},
      {"start_failures", {{"per_million", Type::integer, 1000, 300'000}, lasts(1, 600)}},
      // Once: what one disk held is on the others, unless another was lost before.
      {"disk_loss", {kMaybeZone, {"count", Type::integer, 1, 1}, lasts(1, 300)}, {}, 1, true},
      {"clock_jump",
       {{"role", Type::one_of, 0, 0, "gateway api_server scheduler controller_manager"},
        kMaybeZone,
        {"count", Type::integer, 1, 1},
        {"by", Type::duration, 1, 3600},
        lasts(1, 600)}},
      // At most 18 processes have one role: two api servers in each zone for each of three
      // partitions.
      {"rolling_restart", {kAnyRole, lasts(1, 5), {"period", Type::duration, 6, 20}}, "period", 18},
      // Of all links, a zone's, or a process's.
      {"link_loss", {kMaybeZone, kMaybeRole, kShare, lasts(1, 900)}},
      {"link_delay", {kMaybeZone, kMaybeRole, {"delay", Type::duration, 1, 4}, lasts(1, 900)}},
      {"link_repeat", {kMaybeZone, kMaybeRole, kShare, lasts(1, 900)}},
      {"link_clog",
       {kMaybeZone,
        kMaybeRole,
        {"delay", Type::duration, 1, 10},
        {"period", Type::duration, 10, 60},
        lasts(1, 900)}},
      {"link_large_loss",
       {kMaybeZone, kMaybeRole, {"larger_than", Type::integer, 1, 40}, lasts(1, 300)}},
      {"link_reset",
       {kMaybeZone, kMaybeRole, {"per_million", Type::integer, 100, 50'000}, lasts(1, 900)}},
  };
  return families;
}

std::int64_t draw_spread(std::int64_t low, std::int64_t high, RandomStream& random) {
  const auto magnitude = [](std::int64_t n) {
    return static_cast<std::int64_t>(std::bit_width(static_cast<std::uint64_t>(n)));
  };
  const auto bits =
      static_cast<int>(random.between(magnitude(std::max<std::int64_t>(low, 1)), magnitude(high)));
  const std::int64_t least = std::max(low, std::int64_t{1} << (bits - 1));
  const std::int64_t most = std::min(high, (std::int64_t{1} << bits) - 1);
  return random.between(std::min(least, most), most);
}

DrawnFault draw_fault(const FaultFamily& family, Duration at, Duration longest,
                      const std::vector<std::string>& zones, RandomStream& random) {
  DrawnFault drawn;
  drawn.line =
      "{kind: " + std::string(family.kind) + ", at: " + std::to_string(at.ns / seconds(1).ns) + "s";
  for (const DrawnKey& key : family.keys) {
    std::string value;
    switch (key.type) {
      case Type::maybe_zone:
        if (random.chance(1, 2)) continue;
        [[fallthrough]];
      case Type::zone:
        value = zones[random.below(zones.size())];
        break;
      case Type::integer:
        value = std::to_string(random.between(key.low, key.high));
        break;
      case Type::duration: {
        const std::int64_t times = key.key == family.tail ? family.tails : 1;
        const std::int64_t most = std::max(key.low, longest.ns / seconds(1).ns / times);
        const std::int64_t drawn_seconds = draw_spread(key.low, std::min(key.high, most), random);
        value = std::to_string(drawn_seconds) + "s";
        if (key.key == "lasts" || key.key == family.tail) {
          drawn.in_force += seconds(drawn_seconds * times);
        }
        break;
      }
      case Type::maybe_one_of:
        if (random.chance(1, 2)) continue;
        [[fallthrough]];
      case Type::one_of: {
        std::string_view words = key.text;
        const auto spaces = std::count(words.begin(), words.end(), ' ');
        for (auto skip = random.below(static_cast<std::uint64_t>(spaces) + 1); skip > 0; --skip) {
          words.remove_prefix(words.find(' ') + 1);
        }
        value = words.substr(0, words.find(' '));
        break;
      }
      case Type::text:
        value = key.text;
        break;
    }
    drawn.line += ", " + std::string(key.key) + ": " + value;
  }
  drawn.line += "}";
  return drawn;
}

}  // namespace arcas::sim
