#include "sim/faults/fault_validation.h"

#include <limits>

namespace arcas::sim {
namespace {

using Kind = FaultSpec::Kind;
constexpr Duration kLongest = hours(24 * 366);

/// The first field of a line that is wrong, as Status; ok when none is.
class LineCheck {
 public:
  LineCheck(const FaultSpec& spec, std::string path, const Region& region)
      : spec_(spec), path_(std::move(path)), region_(region) {}

  Status run() {
    time("at", spec_.at.ns, 0);
    if (spec_.lasts.ns >= 0) time("lasts", spec_.lasts.ns, 1);
    time("returns_over", spec_.returns_over.ns, 0);
    switch (spec_.kind) {
      case Kind::zone_power_loss:
        zone_must_exist("zone", spec_.zone);
        break;
      case Kind::zone_partition:
        partition();
        break;
      case Kind::rack_loss:
      case Kind::rack_uplink_loss:
        racks();
        break;
      case Kind::node_crash:
      case Kind::node_isolate:
        nodes();
        break;
      case Kind::process_crash:
      case Kind::process_isolate:
      case Kind::process_pause:
      case Kind::disk_slow:
      case Kind::disk_loss:
      case Kind::clock_jump:
        processes();
        break;
      case Kind::rolling_restart:
        rolling();
        break;
      case Kind::store_leader_loss:
        must_end();
        partition_must_exist(ControlRole::store_member);
        break;
      case Kind::registry_loss:
        must_end();
        break;
      case Kind::start_failures:
        must_end();
        if (spec_.per_million == 0 || spec_.per_million > 1'000'000) {
          fail("per_million", "must be between 1 and 1000000");
        }
        break;
      case Kind::node_crash_random:
        random();
        break;
      case Kind::control_plane_cut:
        if (spec_.zone.valid()) zone_must_exist("zone", spec_.zone);
        break;
      case Kind::zone_flapping:
        flapping();
        break;
      case Kind::link_trouble:
        links();
        break;
    }
    return status_;
  }

 private:
  void fail(const char* field, const std::string& text) {
    if (status_.ok()) status_ = Status::invalid(path_ + "." + field + ": " + text);
  }
  void time(const char* field, std::int64_t ns, std::int64_t least) {
    if (ns < least) {
      fail(field, least == 0 ? "must not be negative" : "must be longer than 0s");
    } else if (ns > kLongest.ns) {
      fail(field, "must be at most one year, is " + to_string(Duration{ns}));
    }
  }
  void must_end() {
    if (spec_.lasts.ns < 0) fail("lasts", "is needed: this kind of fault has to end");
  }
  void zone_must_exist(const char* field, ZoneId zone) {
    if (zone.index >= region_.zone_count()) {
      fail(field, "no such zone; there are " + std::to_string(region_.zone_count()));
    }
  }
  void partition() {
    if (region_.zone_count() < 2) fail("zone", "a region of one zone cannot be partitioned");
    if (!spec_.from_zone.valid() && !spec_.to_zone.valid()) {
      if (spec_.one_way) fail("one_way", "needs from_zone and to_zone");
      return zone_must_exist("zone", spec_.zone);
    }
    zone_must_exist("from_zone", spec_.from_zone);
    zone_must_exist("to_zone", spec_.to_zone);
    if (spec_.from_zone == spec_.to_zone) fail("to_zone", "must differ from from_zone");
  }
  void count(std::uint64_t available, const char* what) {
    if (spec_.count == 0) fail("count", "must be at least 1");
    if (spec_.count > available) {
      fail("count", "only " + std::to_string(available) + " " + what + " to choose from, not " +
                        std::to_string(spec_.count));
    }
  }
  [[nodiscard]] Domain scope() const {
    if (!spec_.zone.valid()) return {Domain::Kind::region, 0};
    return {Domain::Kind::zone, spec_.zone.index};
  }
  void racks() {
    if (spec_.rack.valid()) {
      if (spec_.rack.index >= region_.rack_count()) fail("rack", "no such rack");
      return;
    }
    if (spec_.zone.valid()) zone_must_exist("zone", spec_.zone);
    if (!status_.ok()) return;
    std::uint64_t with_nodes = 0;
    for (const RackId rack : region_.racks_of(scope())) {
      const auto hosts = region_.hosts_of({Domain::Kind::rack, rack.index});
      with_nodes += !hosts.empty() && region_.is_node(hosts.front()) ? 1 : 0;
    }
    count(with_nodes, "racks");
  }
  void nodes() {
    if (spec_.node.valid()) {
      if (spec_.node.index >= region_.node_count()) fail("node", "no such node");
      return;
    }
    if (spec_.zone.valid()) zone_must_exist("zone", spec_.zone);
    if (!status_.ok()) return;
    std::uint64_t found = 0;
    for (const HostId host : region_.hosts_of(scope())) found += region_.is_node(host) ? 1 : 0;
    count(found, "nodes");
  }
  void partition_must_exist(ControlRole role) {
    if (!region_.hosts_on_duty(role, spec_.partition, {}).empty()) return;
    fail("partition", "no " + std::string(name_of(role)) + " in " + name_of(spec_.partition));
  }
  void processes() {
    must_end();
    if (spec_.zone.valid()) zone_must_exist("zone", spec_.zone);
    if (spec_.kind == Kind::disk_loss) {
      // Its role is known.
    } else if (spec_.kind == Kind::disk_slow) {
      time("write", spec_.write.ns, 1);
    } else if (spec_.role == ControlRole::none) {
      fail("role", "is needed");
    }
    if (spec_.kind == Kind::clock_jump) {
      time("by", spec_.by.ns, 1);
      if (spec_.behind && spec_.by.ns > spec_.at.ns) {
        fail("by", "is longer ago than the run began, which no clock can show");
      }
    }
    const bool has_streams =
        spec_.role == ControlRole::node_manager || spec_.role == ControlRole::store_member;
    const bool of_actors = spec_.kind == Kind::process_pause || spec_.kind == Kind::clock_jump;
    if (of_actors && has_streams) {
      fail("role", "a " + std::string(name_of(spec_.role)) +
                       (spec_.kind == Kind::process_pause ? " cannot stand still"
                                                          : " has no clock of its own") +
                       "; gateway, api_server, scheduler and controller_manager can");
    }
    if (spec_.partition.valid()) partition_must_exist(spec_.role);
    if (!status_.ok()) return;
    count(region_.hosts_on_duty(spec_.role, spec_.partition, spec_.zone).size(),
          (std::string(name_of(spec_.role)) + " processes").c_str());
  }
  void links() {
    using What = LinkTrouble::What;
    const LinkTrouble& trouble = spec_.trouble;
    must_end();
    if (spec_.from_zone.valid() || spec_.to_zone.valid()) {
      partition();
    } else if (spec_.zone.valid()) {
      zone_must_exist("zone", spec_.zone);
    }
    if (spec_.one_way && !spec_.to_zone.valid()) fail("one_way", "needs to_zone");
    const bool some =
        trouble.what == What::loss || trouble.what == What::repeat || trouble.what == What::reset;
    if (some && (trouble.per_million == 0 || trouble.per_million > 1'000'000)) {
      fail("per_million", "must be between 1 and 1000000");
    }
    if (trouble.what == What::delay || trouble.what == What::clog) {
      time("delay", trouble.delay.ns, 1);
    }
    if (trouble.what == What::clog) {
      time("period", trouble.period.ns, 1);
      if (trouble.period < trouble.delay) fail("period", "must not be shorter than delay");
    }
    if (trouble.what == What::large_loss && trouble.larger_than == 0) {
      fail("larger_than", "must be at least 1");
    }
    if (!status_.ok()) return;
    if (spec_.role != ControlRole::none) {
      if (spec_.racks) fail("racks", "stands beside role; one of them");
      count(region_.hosts_on_duty(spec_.role, spec_.partition, spec_.zone).size(),
            (std::string(name_of(spec_.role)) + " processes").c_str());
    } else if (spec_.racks) {
      racks();
    }
  }
  void rolling() {
    must_end();
    if (spec_.zone.valid()) zone_must_exist("zone", spec_.zone);
    time("period", spec_.period.ns, 1);
    if (spec_.period <= spec_.lasts) {
      fail("period", "must be longer than lasts, so that one is back before the next goes");
    }
    if (status_.ok() && hosts_in_turn(spec_, region_).empty()) {
      fail("role", "there is no such process to restart");
    }
  }
  void random() {
    must_end();
    if (spec_.zone.valid()) zone_must_exist("zone", spec_.zone);
    if (spec_.crashes_per_million_node_hours <= 0 ||
        spec_.crashes_per_million_node_hours > 3'600'000'000) {
      fail("per_million_node_hours", "must be above 0 and at most 3600000000");
    }
    time("down_min", spec_.down_min.ns, 1);
    time("down_max", spec_.down_max.ns, 1);
    if (spec_.down_max < spec_.down_min) fail("down_max", "must not be shorter than down_min");
    if (region_.node_count() == 0) fail("zone", "there are no nodes to crash");
  }
  void flapping() {
    must_end();
    zone_must_exist("zone", spec_.zone);
    time("period", spec_.period.ns, 2);
    if (spec_.share_percent == 0 || spec_.share_percent > 100) {
      fail("share", "must be between 1 % and 100 %");
    }
    if (spec_.share_percent == 100 && region_.zone_count() < 2) {
      fail("zone", "a region of one zone cannot be cut off from the others");
    }
    if (spec_.period.ns > 0 && spec_.lasts.ns / spec_.period.ns > 1'000'000) {
      fail("period", "more than a million periods");
    }
  }

  const FaultSpec& spec_;
  std::string path_;
  const Region& region_;
  Status status_;
};

/// The time from the first strike to the last restoring action.
std::int64_t end_of(const FaultSpec& spec) {
  if (spec.lasts.ns < 0) return std::numeric_limits<std::int64_t>::max();
  return spec.at.ns + spec.lasts.ns + spec.returns_over.ns;
}

bool same_racks(Kind kind) { return kind == Kind::rack_loss || kind == Kind::rack_uplink_loss; }

/// Whether both lines break the very same thing, were they to hold at the same time. Different
/// kinds of faults nest and so may overlap; random targets avoid each other.
bool same_target(const FaultSpec& a, const FaultSpec& b) {
  if (a.kind != b.kind) return false;
  if (same_racks(a.kind)) return a.rack.valid() && a.rack == b.rack;
  switch (a.kind) {
    case Kind::zone_power_loss:
      return a.zone == b.zone;
    case Kind::zone_partition:
      return a.zone == b.zone && a.from_zone == b.from_zone && a.to_zone == b.to_zone;
    case Kind::zone_flapping:
      return a.zone == b.zone;
    case Kind::node_crash:
    case Kind::node_isolate:
      return a.node.valid() && a.node == b.node;
    case Kind::store_leader_loss:
      return a.partition == b.partition;
    case Kind::registry_loss:
    case Kind::start_failures:
      return true;
    case Kind::control_plane_cut:
      return !a.zone.valid() || !b.zone.valid() || a.zone == b.zone;
    case Kind::link_trouble:  // others than these two draw their targets, and troubles add up
      return a.trouble.what == b.trouble.what && a.role == ControlRole::none && !a.racks &&
             b.role == ControlRole::none && !b.racks && a.zone == b.zone &&
             a.from_zone == b.from_zone && a.to_zone == b.to_zone;
    default:
      return false;
  }
}

}  // namespace

std::string path_of(const FaultSpec& spec, std::size_t position) {
  return spec.path.empty() ? "faults[" + std::to_string(position) + "]" : spec.path;
}

Status validate(const std::vector<FaultSpec>& specs, const Region& region) {
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (Status status = LineCheck(specs[i], path_of(specs[i], i), region).run(); !status.ok()) {
      return status;
    }
  }
  for (std::size_t i = 0; i < specs.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const FaultSpec& a = specs[j];
      const FaultSpec& b = specs[i];
      const bool overlap = a.at.ns <= end_of(b) && b.at.ns <= end_of(a);
      if (overlap && same_target(a, b)) {
        return Status::invalid(path_of(b, i) + ".at: " + path_of(a, j) +
                               " has broken the same target at that time already; let one end "
                               "before the other begins");
      }
    }
  }
  return Status::success();
}

}  // namespace arcas::sim
