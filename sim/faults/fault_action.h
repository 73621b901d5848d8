#pragma once

#include <string>
#include <variant>

#include "core/base/id.h"
#include "core/base/time.h"
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

/// What can be done to a region. Data: copyable, printable, hashable into the trace.
using FaultAction =
    std::variant<HostCrash, HostRestart, RackLoss, RackReturn, RackUplinkDown, RackUplinkUp,
                 ZonePowerLoss, ZoneReturn, HostPowerReturn, ZoneCut, ZoneHeal, ZoneLinkCut,
                 ZoneLinkHeal, ControlPlaneCut, ControlPlaneHeal, HostIsolate, HostRejoin>;

/// Changes the region and publishes the changes to its listeners.
void apply(const FaultAction& action, Region& region, TimePoint now);

/// For people: "zone zone-b loses power".
std::string describe(const FaultAction& action, const Region& region);

/// A number that tells actions apart, for the event-trace hash.
std::uint64_t hash_value(const FaultAction& action);

/// True for actions that break something; false for those that restore it.
bool strikes(const FaultAction& action);

}  // namespace arcas::sim
