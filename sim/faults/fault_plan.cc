#include "sim/faults/fault_plan.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/check.h"
#include "sim/faults/fault_validation.h"

namespace arcas::sim {
namespace {

Domain scope_of(const FaultSpec& spec) {
  if (!spec.zone.valid()) return {Domain::Kind::region, 0};
  return {Domain::Kind::zone, spec.zone.index};
}

/// `count` of the items, drawn without replacement, in the order of the draws.
template <class T>
std::vector<T> choose(std::vector<T> items, std::size_t count, RandomStream& stream) {
  count = std::min(count, items.size());
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(items[i], items[i + stream.below(items.size() - i)]);
  }
  items.resize(count);
  return items;
}

std::vector<HostId> nodes_in(Domain domain, const Region& region) {
  std::vector<HostId> hosts = region.hosts_of(domain);
  std::erase_if(hosts, [&](HostId host) { return !region.is_node(host); });
  return hosts;
}

bool of_nodes(const FaultSpec& spec) {
  return spec.kind == FaultSpec::Kind::node_crash || spec.kind == FaultSpec::Kind::node_isolate;
}

/// The hosts that a line with a count draws from.
std::vector<HostId> candidates_of(const FaultSpec& spec, const Region& region) {
  if (of_nodes(spec)) return nodes_in(scope_of(spec), region);
  return region.hosts_on_duty(spec.role, spec.partition, spec.zone);
}

}  // namespace

std::vector<HostId> hosts_in_turn(const FaultSpec& spec, const Region& region) {
  constexpr ControlRole kRoles[] = {ControlRole::store_member, ControlRole::api_server,
                                    ControlRole::gateway,      ControlRole::node_manager,
                                    ControlRole::scheduler,    ControlRole::controller_manager};
  std::vector<HostId> hosts;
  for (const ControlRole role : kRoles) {
    if (spec.role != ControlRole::none && spec.role != role) continue;
    const auto more = region.hosts_on_duty(role, spec.partition, spec.zone);
    hosts.insert(hosts.end(), more.begin(), more.end());
  }
  return hosts;
}

Expected<FaultPlan> FaultPlan::make(const std::vector<FaultSpec>& specs, const Region& region,
                                    RandomStream stream) {
  if (Status status = validate(specs, region); !status.ok()) return status;
  FaultPlan plan;
  plan.racks_busy_.assign(std::size_t{region.rack_count()} * 2, {});
  plan.crashed_.assign(region.host_count(), {});
  for (std::size_t i = 0; i < specs.size(); ++i) {
    plan.first_strike_ = std::min(plan.first_strike_, specs[i].at);
    plan.reserve_named(specs[i]);
  }
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const Status status = plan.expand(specs[i], region, stream.stream("line", i));
    if (!status.ok()) return Status::invalid(path_of(specs[i], i) + "." + status.message);
  }
  for (const FaultSpec& spec : specs) {
    if (spec.kind == FaultSpec::Kind::rolling_restart) plan.expand_rolling(spec, region);
  }
  return plan;
}

void FaultPlan::push(TimePoint at, FaultAction action, std::uint32_t line) {
  pending_.push({at, next_order_++, std::move(action), line});
}

void FaultPlan::push_pair(TimePoint at, Duration lasts, FaultAction strike, FaultAction restore) {
  push(at, std::move(strike));
  if (lasts.ns >= 0) push(at + lasts, std::move(restore));
}

Status FaultPlan::expand(const FaultSpec& spec, const Region& region, RandomStream stream) {
  using Kind = FaultSpec::Kind;
  switch (spec.kind) {
    case Kind::zone_power_loss:
      expand_return(spec, region, stream);
      break;
    case Kind::zone_partition:
      if (spec.from_zone.valid()) {
        push_pair(spec.at, spec.lasts, ZoneLinkCut{spec.from_zone, spec.to_zone, !spec.one_way},
                  ZoneLinkHeal{spec.from_zone, spec.to_zone, !spec.one_way});
      } else {
        push_pair(spec.at, spec.lasts, ZoneCut{spec.zone}, ZoneHeal{spec.zone});
      }
      break;
    case Kind::rack_loss:
    case Kind::rack_uplink_loss:
      return expand_racks(spec, region, stream);
    case Kind::node_crash:
    case Kind::node_isolate:
    case Kind::process_crash:
    case Kind::process_isolate:
    case Kind::process_pause:
    case Kind::disk_slow:
    case Kind::disk_loss:
    case Kind::clock_jump:
      return expand_hosts(spec, region, stream);
    case Kind::rolling_restart:  // after all others: see make
      break;
    case Kind::store_leader_loss:
      push_pair(spec.at, spec.lasts, StoreLeaderLoss{spec.partition},
                StoreLeaderReturn{spec.partition});
      break;
    case Kind::registry_loss:
      push_pair(spec.at, spec.lasts, RegistryLoss{spec.at + spec.lasts},
                RegistryReturn{spec.at + spec.lasts});
      break;
    case Kind::start_failures:
      push_pair(spec.at, spec.lasts, StartFailures{spec.per_million},
                StartFailuresEnd{spec.per_million});
      break;
    case Kind::node_crash_random:
      expand_random(spec, region, stream);
      break;
    case Kind::control_plane_cut:
      push_pair(spec.at, spec.lasts, ControlPlaneCut{spec.zone}, ControlPlaneHeal{spec.zone});
      break;
    case Kind::zone_flapping:
      expand_flapping(spec, region, stream);
      break;
    case Kind::link_trouble:
      return expand_links(spec, region, stream);
  }
  return Status::success();
}

void FaultPlan::expand_return(const FaultSpec& spec, const Region& region, RandomStream stream) {
  push(spec.at, ZonePowerLoss{spec.zone});
  if (spec.lasts.ns < 0) return;
  const TimePoint back = spec.at + spec.lasts;
  push(back, ZoneReturn{spec.zone, spec.returns_over});
  if (spec.returns_over.ns == 0) return;
  // Racks are switched on one by one; within a rack, hosts boot a little apart.
  const Duration racks_take = spec.returns_over / 10 * 9;
  const Duration boot_takes = spec.returns_over - racks_take;
  for (const RackId rack : region.racks_of({Domain::Kind::zone, spec.zone.index})) {
    const TimePoint rack_on = back + stream.between(Duration{0}, racks_take);
    for (const HostId host : region.hosts_of({Domain::Kind::rack, rack.index})) {
      push(rack_on + stream.between(Duration{0}, boot_takes), HostPowerReturn{host});
    }
  }
}

bool FaultPlan::take(Busy& busy, TimePoint from, TimePoint until) {
  for (const auto& [begin, end] : busy) {
    if (from.ns <= end && begin <= until.ns) return false;
  }
  busy.emplace_back(from.ns, until.ns);
  return true;
}

TimePoint FaultPlan::end_of(const FaultSpec& spec) {
  return spec.lasts.ns < 0 ? TimePoint::max() : spec.at + spec.lasts;
}

void FaultPlan::reserve_named(const FaultSpec& spec) {
  using Kind = FaultSpec::Kind;
  if (of_nodes(spec) && spec.node.valid()) {
    take(busy(spec.kind, host_of(spec.node)), spec.at, end_of(spec));
  }
  if (spec.rack.valid() && spec.kind == Kind::rack_loss) {
    take(racks_busy_[std::size_t{spec.rack.index} * 2], spec.at, end_of(spec));
  }
  if (spec.rack.valid() && spec.kind == Kind::rack_uplink_loss) {
    take(racks_busy_[std::size_t{spec.rack.index} * 2 + 1], spec.at, end_of(spec));
  }
}

Status FaultPlan::expand_racks(const FaultSpec& spec, const Region& region, RandomStream stream) {
  const bool power = spec.kind == FaultSpec::Kind::rack_loss;
  std::vector<RackId> racks;
  if (spec.rack.valid()) {
    racks.push_back(spec.rack);
  } else {
    std::vector<RackId> candidates = region.racks_of(scope_of(spec));
    std::erase_if(candidates, [&](RackId rack) {
      return nodes_in({Domain::Kind::rack, rack.index}, region).empty();
    });
    for (const RackId rack : choose(candidates, candidates.size(), stream)) {
      if (racks.size() == spec.count) break;
      Busy& busy = racks_busy_[std::size_t{rack.index} * 2 + (power ? 0 : 1)];
      if (take(busy, spec.at, end_of(spec))) racks.push_back(rack);
    }
    if (racks.size() < spec.count) {
      return Status::invalid("count: other lines leave only " + std::to_string(racks.size()) +
                             " racks to choose from at that time");
    }
  }
  for (const RackId rack : racks) {
    if (power) {
      push_pair(spec.at, spec.lasts, RackLoss{rack}, RackReturn{rack});
    } else {
      push_pair(spec.at, spec.lasts, RackUplinkDown{rack}, RackUplinkUp{rack});
    }
  }
  return Status::success();
}

void FaultPlan::push_links(const FaultSpec& spec, Domain from) {
  LinkTrouble trouble = spec.trouble;
  trouble.from = from;
  trouble.to = spec.to_zone;
  trouble.one_way = spec.one_way;
  push_pair(spec.at, spec.lasts, LinkTroubleBegin{trouble}, LinkTroubleEnd{trouble});
}

Status FaultPlan::expand_links(const FaultSpec& spec, const Region& region, RandomStream stream) {
  if (spec.role != ControlRole::none) {
    const auto hosts = choose(candidates_of(spec, region), spec.count, stream);
    for (const HostId host : hosts) push_links(spec, {Domain::Kind::host, host.index});
    return Status::success();
  }
  if (spec.racks) {
    std::vector<RackId> racks = region.racks_of(scope_of(spec));
    std::erase_if(racks, [&](RackId rack) {
      return nodes_in({Domain::Kind::rack, rack.index}, region).empty();
    });
    for (const RackId rack : choose(racks, spec.count, stream)) {
      push_links(spec, {Domain::Kind::rack, rack.index});
    }
    return Status::success();
  }
  const ZoneId zone = spec.from_zone.valid() ? spec.from_zone : spec.zone;
  push_links(spec, zone.valid() ? Domain{Domain::Kind::zone, zone.index}
                                : Domain{Domain::Kind::region, 0});
  return Status::success();
}

FaultPlan::Busy& FaultPlan::busy(FaultSpec::Kind kind, HostId host) {
  using Kind = FaultSpec::Kind;
  if (kind == Kind::node_crash || kind == Kind::process_crash || kind == Kind::disk_loss ||
      kind == Kind::rolling_restart) {
    return crashed_[host.index];
  }
  if (kind == Kind::node_isolate) kind = Kind::process_isolate;
  return busy_[{kind, host}];
}

void FaultPlan::push_host(const FaultSpec& spec, HostId host) {
  using Kind = FaultSpec::Kind;
  switch (spec.kind) {
    case Kind::node_isolate:
    case Kind::process_isolate:
      return push_pair(spec.at, spec.lasts, HostIsolate{host}, HostRejoin{host});
    case Kind::process_pause:
      return push_pair(spec.at, spec.lasts, ProcessPause{host}, ProcessResume{host});
    case Kind::disk_slow:
      return push_pair(spec.at, spec.lasts, DiskSlow{host, spec.write}, DiskQuick{host});
    case Kind::clock_jump:
      return push_pair(spec.at, spec.lasts,
                       ClockJump{host, spec.behind ? Duration{-spec.by.ns} : spec.by},
                       ClockRight{host});
    case Kind::disk_loss:
      return push_pair(spec.at, spec.lasts, DiskLoss{host}, DiskReplaced{host});
    default:
      return push_pair(spec.at, spec.lasts, HostCrash{host}, HostRestart{host});
  }
}

Status FaultPlan::expand_hosts(const FaultSpec& spec, const Region& region, RandomStream stream) {
  std::vector<HostId> hosts;
  if (spec.node.valid()) {
    hosts.push_back(host_of(spec.node));
  } else {
    const std::vector<HostId> candidates = candidates_of(spec, region);
    for (const HostId host : choose(candidates, candidates.size(), stream)) {
      if (hosts.size() == spec.count) break;
      if (take(busy(spec.kind, host), spec.at, end_of(spec))) hosts.push_back(host);
    }
    if (hosts.size() < spec.count) {
      return Status::invalid("count: other lines leave only " + std::to_string(hosts.size()) +
                             (of_nodes(spec) ? " nodes" : " processes") +
                             " to choose from at that time");
    }
  }
  for (const HostId host : hosts) push_host(spec, host);
  return Status::success();
}

/// By the order of roles, then of hosts: store members, api servers, and so on. One that another
/// line has down when its turn comes is left out.
void FaultPlan::expand_rolling(const FaultSpec& spec, const Region& region) {
  TimePoint at = spec.at;
  for (const HostId host : hosts_in_turn(spec, region)) {
    if (take(busy(spec.kind, host), at, at + spec.lasts)) {
      push_pair(at, spec.lasts, HostCrash{host}, HostRestart{host});
    }
    at = at + spec.period;
  }
}

void FaultPlan::expand_random(const FaultSpec& spec, const Region& region, RandomStream stream) {
  RandomLine line;
  line.stream = stream;
  line.ends = spec.at + spec.lasts;
  line.down_min = spec.down_min;
  line.down_max = spec.down_max;
  line.hosts = nodes_in(scope_of(spec), region);
  if (line.hosts.empty()) return;
  // Crashes of n nodes, each at its own rate, are one Poisson process of n times the rate.
  constexpr auto kMillionHours = static_cast<unsigned __int128>(3'600'000'000'000) * 1'000'000U;
  const auto rate =
      static_cast<unsigned __int128>(spec.crashes_per_million_node_hours) * line.hosts.size();
  line.mean = Duration{static_cast<std::int64_t>(
      std::min(kMillionHours / rate, static_cast<unsigned __int128>(hours(24 * 3660).ns)))};
  random_.push_back(std::move(line));
  draw_crash(static_cast<std::uint32_t>(random_.size() - 1), spec.at);
}

void FaultPlan::draw_crash(std::uint32_t index, TimePoint after) {
  RandomLine& line = random_[index];
  TimePoint at = after;
  for (;;) {
    at = at + line.stream.exponential(line.mean) + Duration{1};
    if (at >= line.ends) return;
    const HostId host = line.hosts[line.stream.below(line.hosts.size())];
    const TimePoint until = at + line.stream.between(line.down_min, line.down_max);
    // A node that is down cannot crash: its part of the process pauses.
    std::erase_if(crashed_[host.index], [&](const auto& span) { return span.second < after.ns; });
    if (!take(crashed_[host.index], at, until)) continue;
    push(at, HostCrash{host}, index);
    push(until, HostRestart{host});
    return;
  }
}

void FaultPlan::expand_flapping(const FaultSpec& spec, const Region& region, RandomStream stream) {
  std::vector<HostId> hosts;
  if (spec.share_percent < 100) {
    hosts = nodes_in({Domain::Kind::zone, spec.zone.index}, region);
    const std::size_t share = (hosts.size() * spec.share_percent + 99) / 100;
    hosts = choose(std::move(hosts), share, stream);
    std::sort(hosts.begin(), hosts.end());
  }
  flaps_.push_back({spec.at, spec.at + spec.lasts, spec.period, spec.zone, std::move(hosts)});
  push_flap(static_cast<std::uint32_t>(flaps_.size() - 1));
}

void FaultPlan::push_flap(std::uint32_t index) {
  Flap& flap = flaps_[index];
  if (flap.next >= flap.ends) return;
  const TimePoint cut = flap.next;
  const TimePoint heal = std::min(cut + flap.period / 2, flap.ends);
  flap.next = cut + flap.period;
  const std::uint32_t moves_on = kFirstFlap + index;
  if (flap.hosts.empty()) {
    push(cut, ZoneCut{flap.zone});
    push(heal, ZoneHeal{flap.zone}, moves_on);
    return;
  }
  for (const HostId host : flap.hosts) push(cut, HostIsolate{host});
  for (const HostId host : flap.hosts) {
    push(heal, HostRejoin{host}, host == flap.hosts.back() ? moves_on : kNoLine);
  }
}

std::optional<TimePoint> FaultPlan::next_time() const {
  if (pending_.empty()) return std::nullopt;
  return pending_.top().at;
}

TimedFault FaultPlan::pop() {
  ARCAS_CHECK(!pending_.empty());
  const Pending next = pending_.top();
  pending_.pop();
  if (next.line != kNoLine) {
    if (next.line >= kFirstFlap) {
      push_flap(next.line - kFirstFlap);
    } else {
      draw_crash(next.line, next.at);
    }
  }
  return {next.at, next.action};
}

}  // namespace arcas::sim
