#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "core/base/expected.h"
#include "core/base/rng.h"
#include "core/base/time.h"
#include "sim/faults/fault_action.h"

namespace arcas::sim {

/// One line of a scenario's fault timeline.
struct FaultSpec {
  enum class Kind : std::uint8_t {
    zone_power_loss,    ///< zone; lasts; returns_over
    zone_partition,     ///< zone, or from_zone → to_zone with one_way; lasts
    rack_loss,          ///< racks of `zone` (count), or `rack`; lasts
    rack_uplink_loss,   ///< as rack_loss, the network alone
    node_crash,         ///< node, or `count` random nodes of `zone` (none: of the region); lasts
    node_crash_random,  ///< rate over `lasts`; each is down for down_min..down_max
    control_plane_cut,  ///< zone (none: every zone); lasts
    zone_flapping,      ///< zone; cut off for half of each period, over `lasts`; share of hosts
    node_isolate,       ///< as node_crash: the nodes run on and reach nobody
    process_crash,      ///< `count` processes of `role` (of a partition, a zone); lasts
    process_isolate,    ///< the same: they run on and reach nobody
    process_pause,      ///< the same: they stand still, with their sessions open
    store_leader_loss,  ///< partition: whichever member leads its store then; lasts
    disk_slow,          ///< `count` store members (of a partition, a zone): `write`; lasts
    registry_loss,      ///< no image pull begins; lasts
    start_failures,     ///< per_million pods fail as they start; lasts
    disk_loss,          ///< `count` store members (of a partition, a zone): disk gone; lasts: away
    clock_jump,       ///< `count` processes of `role`: a clock wrong by `by`, perhaps behind; lasts
    rolling_restart,  ///< every process of `role` (none: of any), one each `period`; lasts: each
    link_trouble,     ///< `trouble`, of the links of zone (or from_zone → to_zone), of `count`
                      ///< processes of `role`, or of `count` racks where `racks`; none: all
  };
  Kind kind = Kind::zone_power_loss;
  std::string path;  ///< for messages, e.g. "faults[2]"; empty: built from the position
  TimePoint at;
  Duration lasts{-1};  ///< < 0: never restored (refused where that makes no sense)
  ZoneId zone;
  ZoneId from_zone;
  ZoneId to_zone;
  bool one_way = false;
  RackId rack;
  NodeId node;
  std::uint32_t count = 1;
  Duration returns_over;  ///< zone_power_loss: hosts come back spread over this long
  std::int64_t crashes_per_million_node_hours = 0;
  Duration down_min = seconds(1);
  Duration down_max = hours(1);
  Duration period = seconds(60);
  std::uint32_t share_percent = 100;
  ControlRole role = ControlRole::none;
  PartitionId partition;  ///< none: any
  Duration write = seconds(1);
  std::uint32_t per_million = 0;
  Duration by = hours(1);
  bool behind = false;
  LinkTrouble trouble;  ///< what ails the links; the plan fills in which
  bool racks = false;
};

/// The processes that a rolling restart takes, in that order.
std::vector<HostId> hosts_in_turn(const FaultSpec& spec, const Region& region);

struct TimedFault {
  TimePoint at;
  FaultAction action;
};

/// Turns a timeline into timed actions, lazily, in the order of (time, position in the plan).
/// Every draw comes from the plan's own stream, one sub-stream for each line, so one more line
/// shifts nothing in the others. What a line breaks it restores, unless it lasts for ever.
class FaultPlan {
 public:
  /// Refuses, with the field's path, a target that does not exist, a negative or absurd time, and
  /// lines that break the same thing while it is broken already. The region is only read, and not
  /// kept.
  /// Every named and every random target is broken once at a time by one kind of fault.
  static Expected<FaultPlan> make(const std::vector<FaultSpec>& specs, const Region& region,
                                  RandomStream stream);

  /// The time of the next action; none when all is done. Cost: O(1).
  [[nodiscard]] std::optional<TimePoint> next_time() const;
  /// Takes the next action. Cost: O(log pending).
  TimedFault pop();

  /// When the first line strikes; the end of time without lines.
  [[nodiscard]] TimePoint first_strike() const { return first_strike_; }

 private:
  /// Times [begin, end] in which something is broken by a line of the plan.
  using Busy = std::vector<std::pair<std::int64_t, std::int64_t>>;

  struct Pending {
    TimePoint at;
    std::uint64_t order = 0;
    FaultAction action;
    std::uint32_t line = kNoLine;  // the lazy line to move on when this is taken
    bool operator>(const Pending& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };
  struct RandomLine {
    RandomStream stream;
    TimePoint ends;
    Duration mean;  // between two crashes
    Duration down_min;
    Duration down_max;
    std::vector<HostId> hosts;
  };
  struct Flap {
    TimePoint next;
    TimePoint ends;
    Duration period;
    ZoneId zone;
    std::vector<HostId> hosts;  // empty: the zone's links
  };
  static constexpr std::uint32_t kNoLine = 0xffffffffU;
  static constexpr std::uint32_t kFirstFlap = 0x80000000U;

  FaultPlan() = default;
  static bool take(Busy& busy, TimePoint from, TimePoint until);
  static TimePoint end_of(const FaultSpec& spec);
  void reserve_named(const FaultSpec& spec);
  void push(TimePoint at, FaultAction action, std::uint32_t line = kNoLine);
  void push_pair(TimePoint at, Duration lasts, FaultAction strike, FaultAction restore);
  Status expand(const FaultSpec& spec, const Region& region, RandomStream stream);
  void expand_return(const FaultSpec& spec, const Region& region, RandomStream stream);
  Status expand_racks(const FaultSpec& spec, const Region& region, RandomStream stream);
  Status expand_links(const FaultSpec& spec, const Region& region, RandomStream stream);
  void push_links(const FaultSpec& spec, Domain from);
  Status expand_hosts(const FaultSpec& spec, const Region& region, RandomStream stream);
  Busy& busy(FaultSpec::Kind kind, HostId host);
  void push_host(const FaultSpec& spec, HostId host);
  void expand_rolling(const FaultSpec& spec, const Region& region);
  void expand_random(const FaultSpec& spec, const Region& region, RandomStream stream);
  void expand_flapping(const FaultSpec& spec, const Region& region, RandomStream stream);
  void draw_crash(std::uint32_t index, TimePoint after);
  void push_flap(std::uint32_t index);

  std::priority_queue<Pending, std::vector<Pending>, std::greater<>> pending_;
  std::vector<RandomLine> random_;
  std::vector<Flap> flaps_;
  std::vector<Busy> racks_busy_;                             // by rack: power, then uplink
  std::vector<Busy> crashed_;                                // by host
  std::map<std::pair<FaultSpec::Kind, HostId>, Busy> busy_;  // what else befell a host
  std::uint64_t next_order_ = 0;
  TimePoint first_strike_ = TimePoint::max();
};

}  // namespace arcas::sim
