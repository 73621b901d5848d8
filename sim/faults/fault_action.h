#pragma once

#include <string>
#include <variant>

#include "core/base/id.h"
#include "core/base/time.h"
#include "sim/world/link_troubles.h"
#include "sim/world/region.h"

namespace arcas::sim {

/// The machine stops at once; its disk survives.
struct HostCrash {
  HostId host;
};
struct HostRestart {
  HostId host;
};
/// All hosts of the rack lose power.
struct RackLoss {
  RackId rack;
};
struct RackReturn {
  RackId rack;
};
/// The rack's hosts run on and see only each other.
struct RackUplinkDown {
  RackId rack;
};
struct RackUplinkUp {
  RackId rack;
};
/// All hosts of the zone, control plane included, lose power.
struct ZonePowerLoss {
  ZoneId zone;
};
/// Power is back. The hosts follow one by one (HostPowerReturn), spread over `over`; with `over`
/// zero all of them at once.
struct ZoneReturn {
  ZoneId zone;
  Duration over;
};
/// One host of a zone that returns.
struct HostPowerReturn {
  HostId host;
};
/// The zone is cut off from every other zone, both ways.
struct ZoneCut {
  ZoneId zone;
};
struct ZoneHeal {
  ZoneId zone;
};
/// Messages from one zone to another are lost; those back are too when `both_ways`.
struct ZoneLinkCut {
  ZoneId from;
  ZoneId to;
  bool both_ways = true;
};
struct ZoneLinkHeal {
  ZoneId from;
  ZoneId to;
  bool both_ways = true;
};
/// The agents of a zone (none: of all zones) and the control plane cannot reach each other.
struct ControlPlaneCut {
  ZoneId zone;
};
struct ControlPlaneHeal {
  ZoneId zone;
};
/// One host keeps running and reaches nobody.
struct HostIsolate {
  HostId host;
};
struct HostRejoin {
  HostId host;
};

/// The process on a control-plane host stands still, with all its sessions open.
struct ProcessPause {
  HostId host;
};
struct ProcessResume {
  HostId host;
};
/// The host of whichever member leads the partition's store at that moment stops; nothing happens
/// when none leads.
struct StoreLeaderLoss {
  PartitionId partition;
};
/// The hosts that the losses of the partition's leaders took are back.
struct StoreLeaderReturn {
  PartitionId partition;
};
/// Log writes of the store member on the host take so long.
struct DiskSlow {
  HostId host;
  Duration write;
};
struct DiskQuick {
  HostId host;
};
/// The machine of a store member stops, and its disk is gone: it comes back with an empty one.
struct DiskLoss {
  HostId host;
};
struct DiskReplaced {
  HostId host;
};
/// The process restarts and believes a clock that is wrong by so much; negative: behind.
struct ClockJump {
  HostId host;
  Duration ahead;
};
/// It restarts again, and its clock is right.
struct ClockRight {
  HostId host;
};
/// No image pull begins before `until`.
struct RegistryLoss {
  TimePoint until;
};
struct RegistryReturn {
  TimePoint until;
};
/// So many of a million pods fail as they start.
struct StartFailures {
  std::uint32_t per_million = 0;
};
struct StartFailuresEnd {
  std::uint32_t per_million = 0;
};

/// Links that are open lose, delay, repeat or hold up what is sent over them.
struct LinkTroubleBegin {
  LinkTrouble trouble;
};
struct LinkTroubleEnd {
  LinkTrouble trouble;
};

/// What faults do to things that are no machine and no link.
class FaultTarget {
 public:
  virtual ~FaultTarget() = default;
  virtual void set_paused(HostId host, bool paused) = 0;
  /// Negative: as quick as it was.
  virtual void set_disk_write(HostId host, Duration takes) = 0;
  virtual void set_clock(HostId host, Duration ahead) = 0;
  /// The member of a store there has nothing on its disk any more.
  virtual void wipe_disk(HostId host) = 0;
  /// None while nobody leads.
  [[nodiscard]] virtual HostId store_leader(PartitionId partition) const = 0;
  virtual void set_trouble(const LinkTrouble& trouble, bool begins) = 0;
  virtual void set_registry_back(TimePoint at) = 0;
  virtual void set_start_failures(std::uint32_t per_million) = 0;
};

/// What can be done to a region. Data: copyable, printable, hashable into the trace.
using FaultAction =
    std::variant<HostCrash, HostRestart, RackLoss, RackReturn, RackUplinkDown, RackUplinkUp,
                 ZonePowerLoss, ZoneReturn, HostPowerReturn, ZoneCut, ZoneHeal, ZoneLinkCut,
                 ZoneLinkHeal, ControlPlaneCut, ControlPlaneHeal, HostIsolate, HostRejoin,
                 ProcessPause, ProcessResume, StoreLeaderLoss, StoreLeaderReturn, DiskSlow,
                 DiskQuick, RegistryLoss, RegistryReturn, StartFailures, StartFailuresEnd, DiskLoss,
                 DiskReplaced, ClockJump, ClockRight, LinkTroubleBegin, LinkTroubleEnd>;

/// Changes the region, and publishes the changes to its listeners, or the target.
void apply(const FaultAction& action, Region& region, FaultTarget& target, TimePoint now);

/// For people: "zone zone-b loses power".
std::string describe(const FaultAction& action, const Region& region);

/// A number that tells actions apart, for the event-trace hash.
std::uint64_t hash_value(const FaultAction& action);

/// True for actions that break something; false for those that restore it.
bool strikes(const FaultAction& action);

}  // namespace arcas::sim
