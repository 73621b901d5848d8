#include "sim/faults/fault_action.h"

#include "core/base/hash.h"

namespace arcas::sim {
namespace {

void set_power(Region& region, Domain domain, DownReason reason, bool down) {
  for (const HostId host : region.hosts_of(domain)) region.set_down(host, reason, down);
}

Domain rack_domain(RackId rack) { return {Domain::Kind::rack, rack.index}; }
Domain zone_domain(ZoneId zone) { return {Domain::Kind::zone, zone.index}; }

/// Calls `act(from, to)` for every link between the zone and another, both ways.
template <class Act>
void for_each_link(const Region& region, ZoneId zone, Act act) {
  for (std::uint32_t z = 0; z < region.zone_count(); ++z) {
    if (z == zone.index) continue;
    act(zone, ZoneId{z});
    act(ZoneId{z}, zone);
  }
}

/// Calls `act(zone)` for the zone, or for every zone when it is none.
template <class Act>
void for_each_zone(const Region& region, ZoneId zone, Act act) {
  if (zone.valid()) return act(zone);
  for (std::uint32_t z = 0; z < region.zone_count(); ++z) act(ZoneId{z});
}

struct Apply {
  Region& region;
  FaultTarget& target;

  void operator()(const HostCrash& f) const { region.set_down(f.host, DownReason::crash, true); }
  void operator()(const HostRestart& f) const { region.set_down(f.host, DownReason::crash, false); }
  void operator()(const RackLoss& f) const {
    set_power(region, rack_domain(f.rack), DownReason::rack_power, true);
  }
  void operator()(const RackReturn& f) const {
    set_power(region, rack_domain(f.rack), DownReason::rack_power, false);
  }
  void operator()(const RackUplinkDown& f) const { region.set_rack_uplink(f.rack, false); }
  void operator()(const RackUplinkUp& f) const { region.set_rack_uplink(f.rack, true); }
  void operator()(const ZonePowerLoss& f) const {
    set_power(region, zone_domain(f.zone), DownReason::zone_power, true);
  }
  void operator()(const ZoneReturn& f) const {
    if (f.over.ns > 0) return;  // each host has an action of its own
    set_power(region, zone_domain(f.zone), DownReason::zone_power, false);
  }
  void operator()(const HostPowerReturn& f) const {
    region.set_down(f.host, DownReason::zone_power, false);
  }
  void operator()(const ZoneCut& f) const {
    for_each_link(region, f.zone, [&](ZoneId a, ZoneId b) { region.cut_zone_link(a, b); });
  }
  void operator()(const ZoneHeal& f) const {
    for_each_link(region, f.zone, [&](ZoneId a, ZoneId b) { region.heal_zone_link(a, b); });
  }
  void operator()(const ZoneLinkCut& f) const {
    region.cut_zone_link(f.from, f.to);
    if (f.both_ways) region.cut_zone_link(f.to, f.from);
  }
  void operator()(const ZoneLinkHeal& f) const {
    region.heal_zone_link(f.from, f.to);
    if (f.both_ways) region.heal_zone_link(f.to, f.from);
  }
  void operator()(const ControlPlaneCut& f) const {
    for_each_zone(region, f.zone, [&](ZoneId zone) { region.cut_control_plane(zone); });
  }
  void operator()(const ControlPlaneHeal& f) const {
    for_each_zone(region, f.zone, [&](ZoneId zone) { region.heal_control_plane(zone); });
  }
  void operator()(const HostIsolate& f) const { region.set_isolated(f.host, true); }
  void operator()(const HostRejoin& f) const { region.set_isolated(f.host, false); }
  void operator()(const ProcessPause& f) const { target.set_paused(f.host, true); }
  void operator()(const ProcessResume& f) const { target.set_paused(f.host, false); }
  void operator()(const StoreLeaderLoss& f) const {
    const HostId leader = target.store_leader(f.partition);
    if (leader.valid()) region.set_down(leader, DownReason::leader_loss, true);
  }
  void operator()(const StoreLeaderReturn& f) const {
    for (const HostId host : region.hosts_on_duty(ControlRole::store_member, f.partition, {})) {
      region.set_down(host, DownReason::leader_loss, false);
    }
  }
  void operator()(const DiskSlow& f) const { target.set_disk_write(f.host, f.write); }
  void operator()(const DiskQuick& f) const { target.set_disk_write(f.host, Duration{-1}); }
  void operator()(const DiskLoss& f) const {
    region.set_down(f.host, DownReason::crash, true);
    target.wipe_disk(f.host);
  }
  void operator()(const DiskReplaced& f) const {
    region.set_down(f.host, DownReason::crash, false);
  }
  void operator()(const ClockJump& f) const { restart_with_clock(f.host, f.ahead); }
  void operator()(const ClockRight& f) const { restart_with_clock(f.host, Duration{}); }
  void restart_with_clock(HostId host, Duration ahead) const {
    region.set_down(host, DownReason::restart, true);
    target.set_clock(host, ahead);
    region.set_down(host, DownReason::restart, false);
  }
  void operator()(const LinkTroubleBegin& f) const { target.set_trouble(f.trouble, true); }
  void operator()(const LinkTroubleEnd& f) const { target.set_trouble(f.trouble, false); }
  void operator()(const RegistryLoss& f) const { target.set_registry_back(f.until); }
  void operator()(const RegistryReturn&) const { target.set_registry_back(TimePoint{}); }
  void operator()(const StartFailures& f) const { target.set_start_failures(f.per_million); }
  void operator()(const StartFailuresEnd&) const { target.set_start_failures(0); }
};

/// The words for each action, around its target.
struct Describe {
  const Region& region;

  [[nodiscard]] std::string host(HostId id) const {
    if (region.is_node(id)) return "node " + std::to_string(id.index);
    const ControlDuty duty = region.duty_of(id);
    if (duty.role == ControlRole::none) return "control-plane host " + std::to_string(id.index);
    return std::string(name_of(duty.role)) +
           (duty.partition.valid() ? " of " + name_of(duty.partition) : "") + " in " +
           zone(region.zone_of(id));
  }
  [[nodiscard]] static std::string rack(RackId id) { return "rack " + std::to_string(id.index); }
  [[nodiscard]] std::string zone(ZoneId id) const { return "zone " + region.zone_name(id); }
  [[nodiscard]] std::string agents(ZoneId id) const {
    return id.valid() ? "the agents of " + zone(id) : "all agents";
  }

  std::string operator()(const HostCrash& f) const { return host(f.host) + " crashes"; }
  std::string operator()(const HostRestart& f) const { return host(f.host) + " restarts"; }
  std::string operator()(const RackLoss& f) const { return rack(f.rack) + " loses power"; }
  std::string operator()(const RackReturn& f) const { return rack(f.rack) + " has power again"; }
  std::string operator()(const RackUplinkDown& f) const { return rack(f.rack) + " is cut off"; }
  std::string operator()(const RackUplinkUp& f) const { return rack(f.rack) + " is linked again"; }
  std::string operator()(const ZonePowerLoss& f) const { return zone(f.zone) + " loses power"; }
  std::string operator()(const ZoneReturn& f) const {
    return zone(f.zone) + " has power again" +
           (f.over.ns > 0 ? ", hosts follow over " + to_string(f.over) : "");
  }
  std::string operator()(const HostPowerReturn& f) const {
    return host(f.host) + " has power again";
  }
  std::string operator()(const ZoneCut& f) const { return zone(f.zone) + " is cut off"; }
  std::string operator()(const ZoneHeal& f) const { return zone(f.zone) + " is linked again"; }
  std::string operator()(const ZoneLinkCut& f) const {
    return zone(f.from) + (f.both_ways ? " and " : " to ") + zone(f.to) + ": link cut";
  }
  std::string operator()(const ZoneLinkHeal& f) const {
    return zone(f.from) + (f.both_ways ? " and " : " to ") + zone(f.to) + ": link healed";
  }
  std::string operator()(const ControlPlaneCut& f) const {
    return agents(f.zone) + " and the control plane: cut off";
  }
  std::string operator()(const ControlPlaneHeal& f) const {
    return agents(f.zone) + " and the control plane: linked again";
  }
  std::string operator()(const HostIsolate& f) const { return host(f.host) + " is cut off"; }
  std::string operator()(const HostRejoin& f) const { return host(f.host) + " is linked again"; }
  std::string operator()(const ProcessPause& f) const { return host(f.host) + " stands still"; }
  std::string operator()(const ProcessResume& f) const { return host(f.host) + " goes on"; }
  std::string operator()(const StoreLeaderLoss& f) const {
    return "the store's leader of " + name_of(f.partition) + " crashes";
  }
  std::string operator()(const StoreLeaderReturn& f) const {
    return "the store members of " + name_of(f.partition) + " are back";
  }
  std::string operator()(const DiskSlow& f) const {
    return host(f.host) + ": a log write takes " + to_string(f.write);
  }
  std::string operator()(const DiskQuick& f) const { return host(f.host) + ": the disk is quick"; }
  std::string operator()(const DiskLoss& f) const { return host(f.host) + " loses its disk"; }
  std::string operator()(const DiskReplaced& f) const {
    return host(f.host) + " restarts with an empty disk";
  }
  std::string operator()(const ClockJump& f) const {
    const Duration by{f.ahead.ns < 0 ? -f.ahead.ns : f.ahead.ns};
    return host(f.host) + " restarts with a clock " + to_string(by) +
           (f.ahead.ns < 0 ? " behind" : " ahead");
  }
  std::string operator()(const ClockRight& f) const {
    return host(f.host) + " restarts with the right clock";
  }
  [[nodiscard]] std::string links(const LinkTrouble& trouble) const {
    const HostId one{trouble.from.index};
    std::string text = "all links";
    if (trouble.from.kind == Domain::Kind::zone) text = zone(ZoneId{trouble.from.index});
    if (trouble.from.kind == Domain::Kind::rack) text = rack(RackId{trouble.from.index});
    if (trouble.from.kind == Domain::Kind::host) text = host(one);
    if (trouble.to.valid()) text += (trouble.one_way ? " to " : " and ") + zone(trouble.to);
    return text;
  }
  [[nodiscard]] static std::string ails(const LinkTrouble& trouble) {
    using What = LinkTrouble::What;
    const std::string share = std::to_string(trouble.per_million) + " of a million ";
    switch (trouble.what) {
      case What::loss:
        return share + "packets are lost";
      case What::delay:
        return "messages take up to " + to_string(trouble.delay) + " longer";
      case What::repeat:
        return share + "messages arrive twice";
      case What::clog:
        return "clogged for up to " + to_string(trouble.delay) + " in each " +
               to_string(trouble.period);
      case What::large_loss:
        return "messages with more than " + std::to_string(trouble.larger_than) +
               " objects are lost";
      case What::reset:
        return share + "messages end their session";
    }
    return "";
  }
  std::string operator()(const LinkTroubleBegin& f) const {
    return links(f.trouble) + ": " + ails(f.trouble);
  }
  std::string operator()(const LinkTroubleEnd& f) const {
    return links(f.trouble) + ": no longer so that " + ails(f.trouble);
  }
  std::string operator()(const RegistryLoss&) const { return "the image registry is away"; }
  std::string operator()(const RegistryReturn&) const { return "the image registry is back"; }
  std::string operator()(const StartFailures& f) const {
    return std::to_string(f.per_million) + " of a million pods fail as they start";
  }
  std::string operator()(const StartFailuresEnd&) const { return "pods start again"; }
};

struct Target {
  std::uint64_t operator()(const ZoneReturn& f) const {
    return hash_combine(f.zone.index, static_cast<std::uint64_t>(f.over.ns));
  }
  std::uint64_t operator()(const DiskSlow& f) const {
    return hash_combine(f.host.index, static_cast<std::uint64_t>(f.write.ns));
  }
  std::uint64_t operator()(const ClockJump& f) const {
    return hash_combine(f.host.index, static_cast<std::uint64_t>(f.ahead.ns));
  }
  template <class OfLinks>
  requires requires(OfLinks fault) { fault.trouble; }
  std::uint64_t operator()(const OfLinks& f) const {
    const LinkTrouble& t = f.trouble;
    std::uint64_t hash =
        hash_combine(static_cast<std::uint64_t>(t.what), static_cast<std::uint64_t>(t.from.kind));
    for (const std::uint64_t word :
         {std::uint64_t{t.from.index}, std::uint64_t{t.to.index}, std::uint64_t{t.one_way},
          std::uint64_t{t.per_million}, static_cast<std::uint64_t>(t.delay.ns),
          static_cast<std::uint64_t>(t.period.ns), std::uint64_t{t.larger_than}}) {
      hash = hash_combine(hash, word);
    }
    return hash;
  }
  template <class OfPartition>
  requires requires(OfPartition fault) { fault.partition; }
  std::uint64_t operator()(const OfPartition& f) const { return f.partition.index; }
  template <class OfRegistry>
  requires requires(OfRegistry fault) { fault.until; }
  std::uint64_t operator()(const OfRegistry& f) const {
    return static_cast<std::uint64_t>(f.until.ns);
  }
  template <class OfStarts>
  requires requires(OfStarts fault) { fault.per_million; }
  std::uint64_t operator()(const OfStarts& f) const { return f.per_million; }
  template <class Link>
  requires requires(Link link) { link.both_ways; }
  std::uint64_t operator()(const Link& f) const {
    return hash_combine(hash_combine(f.from.index, f.to.index), f.both_ways ? 1 : 0);
  }
  template <class OfHost>
  requires requires(OfHost fault) { fault.host; }
  std::uint64_t operator()(const OfHost& f) const { return f.host.index; }
  template <class OfRack>
  requires requires(OfRack fault) { fault.rack; }
  std::uint64_t operator()(const OfRack& f) const { return f.rack.index; }
  template <class OfZone>
  requires requires(OfZone fault) { fault.zone; }
  std::uint64_t operator()(const OfZone& f) const { return f.zone.index; }
};

template <class... Kinds>
bool is_any(const FaultAction& action) {
  return (std::holds_alternative<Kinds>(action) || ...);
}

}  // namespace

void apply(const FaultAction& action, Region& region, FaultTarget& target, TimePoint now) {
  std::visit(Apply{region, target}, action);
  region.publish(now);
}

std::string describe(const FaultAction& action, const Region& region) {
  return std::visit(Describe{region}, action);
}

std::uint64_t hash_value(const FaultAction& action) {
  return hash_combine(action.index(), std::visit(Target{}, action));
}

bool strikes(const FaultAction& action) {
  return is_any<HostCrash, RackLoss, RackUplinkDown, ZonePowerLoss, ZoneCut, ZoneLinkCut,
                ControlPlaneCut, HostIsolate, ProcessPause, StoreLeaderLoss, DiskSlow, DiskLoss,
                ClockJump, RegistryLoss, StartFailures, LinkTroubleBegin>(action);
}

}  // namespace arcas::sim
