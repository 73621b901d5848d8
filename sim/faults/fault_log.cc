#include "sim/faults/fault_log.h"

#include <algorithm>

#include "core/base/hash.h"

namespace arcas::sim {
namespace {

/// What an action concerns: the same for the one that breaks it and the one that restores it.
struct Place {
  static std::uint64_t at(std::uint64_t kind, std::uint64_t subject) {
    return hash_combine(kind, subject);
  }
  static std::uint64_t link(ZoneId from, ZoneId to) {
    return at(7, hash_combine(from.index, to.index));
  }
  std::uint64_t operator()(const HostCrash& f) const { return at(1, f.host.index); }
  std::uint64_t operator()(const HostRestart& f) const { return at(1, f.host.index); }
  std::uint64_t operator()(const RackLoss& f) const { return at(2, f.rack.index); }
  std::uint64_t operator()(const RackReturn& f) const { return at(2, f.rack.index); }
  std::uint64_t operator()(const RackUplinkDown& f) const { return at(3, f.rack.index); }
  std::uint64_t operator()(const RackUplinkUp& f) const { return at(3, f.rack.index); }
  std::uint64_t operator()(const ZonePowerLoss& f) const { return at(4, f.zone.index); }
  std::uint64_t operator()(const ZoneReturn& f) const { return at(4, f.zone.index); }
  std::uint64_t operator()(const HostPowerReturn& f) const { return at(5, f.host.index); }
  std::uint64_t operator()(const ZoneCut& f) const { return at(6, f.zone.index); }
  std::uint64_t operator()(const ZoneHeal& f) const { return at(6, f.zone.index); }
  std::uint64_t operator()(const ZoneLinkCut& f) const { return link(f.from, f.to); }
  std::uint64_t operator()(const ZoneLinkHeal& f) const { return link(f.from, f.to); }
  std::uint64_t operator()(const ControlPlaneCut& f) const { return at(8, f.zone.index); }
  std::uint64_t operator()(const ControlPlaneHeal& f) const { return at(8, f.zone.index); }
  std::uint64_t operator()(const HostIsolate& f) const { return at(9, f.host.index); }
  std::uint64_t operator()(const HostRejoin& f) const { return at(9, f.host.index); }
  std::uint64_t operator()(const ProcessPause& f) const { return at(10, f.host.index); }
  std::uint64_t operator()(const ProcessResume& f) const { return at(10, f.host.index); }
  std::uint64_t operator()(const StoreLeaderLoss& f) const { return at(11, f.partition.index); }
  std::uint64_t operator()(const StoreLeaderReturn& f) const { return at(11, f.partition.index); }
  std::uint64_t operator()(const DiskSlow& f) const { return at(12, f.host.index); }
  std::uint64_t operator()(const DiskQuick& f) const { return at(12, f.host.index); }
  std::uint64_t operator()(const RegistryLoss&) const { return at(13, 0); }
  std::uint64_t operator()(const RegistryReturn&) const { return at(13, 0); }
  std::uint64_t operator()(const StartFailures&) const { return at(14, 0); }
  std::uint64_t operator()(const StartFailuresEnd&) const { return at(14, 0); }
  std::uint64_t operator()(const DiskLoss& f) const { return at(15, f.host.index); }
  std::uint64_t operator()(const DiskReplaced& f) const { return at(15, f.host.index); }
  std::uint64_t operator()(const ClockJump& f) const { return at(16, f.host.index); }
  std::uint64_t operator()(const ClockRight& f) const { return at(16, f.host.index); }
  std::uint64_t operator()(const LinkTroubleBegin& f) const { return at(17, hash_value(f)); }
  std::uint64_t operator()(const LinkTroubleEnd& f) const {
    return at(17, hash_value(LinkTroubleBegin{f.trouble}));
  }
};

/// A zone whose hosts follow one by one is whole again when the last one can be back.
Duration goes_on_for(const FaultAction& action) {
  const auto* zone = std::get_if<ZoneReturn>(&action);
  return zone == nullptr ? Duration{} : zone->over;
}

}  // namespace

void FaultLog::on_action(const FaultAction& action, const Region& region, TimePoint now) {
  const std::uint64_t place = std::visit(Place{}, action);
  if (strikes(action)) {
    if (entries_.size() == kMost) {
      ++left_out_;
      return;
    }
    open_.push_back({place, entries_.size()});
    entries_.push_back({now, TimePoint{-1}, describe(action, region)});
    return;
  }
  const auto ended = std::find_if(open_.begin(), open_.end(),
                                  [place](const Open& open) { return open.place == place; });
  if (ended == open_.end()) return;
  entries_[ended->entry].ends = now + goes_on_for(action);
  open_.erase(ended);
}

}  // namespace arcas::sim
