#include "core/controllers/zone_evidence.h"

#include <algorithm>

namespace arcas::controllers {

ZoneEvidence::ZoneEvidence(ZoneEvidenceConfig config, std::span<const ZoneId> zones,
                           ZoneId own_zone, TimePoint now)
    : config_(config), own_zone_(own_zone) {
  for (const ZoneId id : zones) {
    Zone& zone = zones_.emplace_back();
    zone.id = id;
    zone.heard = now;
    zone.hold = config_.hold;
  }
  std::sort(zones_.begin(), zones_.end(), [](const Zone& a, const Zone& b) { return a.id < b.id; });
}

ZoneEvidence::Zone* ZoneEvidence::find(ZoneId id) {
  const auto it =
      std::lower_bound(zones_.begin(), zones_.end(), id,
                       [](const Zone& zone, ZoneId wanted) { return zone.id < wanted; });
  return it != zones_.end() && it->id == id ? &*it : nullptr;
}

// ---- the single pieces of evidence ----

bool ZoneEvidence::silent(const Zone& zone, TimePoint now) const {
  return now > zone.heard + config_.silence;
}

/// More than half of the other zones say, by reports that are not stale, that it does not answer.
bool ZoneEvidence::accused(const Zone& zone, TimePoint now) const {
  std::size_t others = 0;
  std::size_t accusers = 0;
  for (const Zone& other : zones_) {
    if (other.id == zone.id) continue;
    ++others;
    const bool accuses =
        std::any_of(other.reporters.begin(), other.reporters.end(), [&](const Reporter& reporter) {
          const auto& list = reporter.report.silent_zones;
          return now <= reporter.heard + config_.silence &&
                 std::find(list.begin(), list.end(), zone.id) != list.end();
        });
    accusers += accuses ? 1 : 0;
  }
  return accusers * 2 > others;
}

bool ZoneEvidence::all_nodes_dead(const Zone& zone, TimePoint now) const {
  std::int64_t nodes = 0;
  std::int64_t ready = 0;
  for (const Reporter& reporter : zone.reporters) {
    if (now > reporter.heard + config_.silence) continue;
    nodes += reporter.report.nodes;
    ready += reporter.report.nodes_ready;
  }
  return nodes >= config_.dead_zone_nodes && ready == 0;
}

bool ZoneEvidence::looks_dark(const Zone& zone, TimePoint now) const {
  return silent(zone, now) || all_nodes_dead(zone, now);
}

// ---- inputs ----

void ZoneEvidence::on_report(TimePoint now, const ports::ZoneReport& report,
                             std::vector<ZoneVerdict>& out) {
  Zone* zone = find(report.zone);
  if (zone == nullptr) return;
  auto it = std::find_if(
      zone->reporters.begin(), zone->reporters.end(),
      [&](const Reporter& known) { return known.partition == report.resource_partition; });
  if (it == zone->reporters.end()) {
    zone->reporters.push_back({report.resource_partition, now, report});
  } else {
    it->heard = now;
    it->report = report;
  }
  zone->heard = now;
  evaluate(now, out);
}

void ZoneEvidence::on_own_probe(TimePoint now, ZoneId id, bool answered,
                                std::vector<ZoneVerdict>& out) {
  Zone* zone = find(id);
  if (zone == nullptr) return;
  zone->probe_known = true;
  zone->probe_failed = !answered;
  evaluate(now, out);
}

void ZoneEvidence::on_store(TimePoint now, bool has_quorum, std::vector<ZoneVerdict>& out) {
  has_quorum_ = has_quorum;
  evaluate(now, out);
}

void ZoneEvidence::tick(TimePoint now, std::vector<ZoneVerdict>& out) { evaluate(now, out); }

// ---- verdicts ----

void ZoneEvidence::evaluate(TimePoint now, std::vector<ZoneVerdict>& out) {
  const bool all_dark = std::all_of(zones_.begin(), zones_.end(),
                                    [&](const Zone& zone) { return looks_dark(zone, now); });
  for (Zone& zone : zones_) {
    const bool dark = looks_dark(zone, now);
    const bool accused_now = accused(zone, now);
    if (!zone.lost) {
      const bool own_probe_agrees =
          zone.id != own_zone_ && (!zone.probe_known || zone.probe_failed);
      if (!dark || !accused_now || !own_probe_agrees || !has_quorum_ || all_dark) continue;
      const bool flap = zone.back_at.ns >= 0 && now <= zone.back_at + config_.flap_window;
      zone.hold = flap ? std::min(zone.hold * 2, config_.hold_max) : config_.hold;
      zone.lost = true;
      zone.answering_since = TimePoint{-1};
      out.emplace_back(ZoneLost{zone.id});
      continue;
    }
    if (dark || accused_now) {
      zone.answering_since = TimePoint{-1};
    } else if (zone.answering_since.ns < 0) {
      zone.answering_since = now;
    } else if (now >= zone.answering_since + zone.hold) {
      zone.lost = false;
      zone.back_at = now;
      zone.answering_since = TimePoint{-1};
      out.emplace_back(ZoneBack{zone.id});
    }
  }
}

TimePoint ZoneEvidence::next_tick(TimePoint now) const {
  TimePoint next = TimePoint::max();
  const auto consider = [&](TimePoint at) {
    if (at > now) next = std::min(next, at);
  };
  for (const Zone& zone : zones_) {
    consider(zone.heard + config_.silence + nanoseconds(1));
    for (const Reporter& reporter : zone.reporters) {
      consider(reporter.heard + config_.silence + nanoseconds(1));
    }
    if (zone.lost && zone.answering_since.ns >= 0) consider(zone.answering_since + zone.hold);
  }
  return next;
}

bool ZoneEvidence::is_lost(ZoneId id) const {
  return std::any_of(zones_.begin(), zones_.end(),
                     [&](const Zone& zone) { return zone.id == id && zone.lost; });
}

FreeCapacity ZoneEvidence::free_capacity(TimePoint now) const {
  FreeCapacity free;
  for (const Zone& zone : zones_) {
    if (zone.lost) continue;
    for (const Reporter& reporter : zone.reporters) {
      if (now > reporter.heard + config_.silence) continue;
      free.cpu_milli += reporter.report.free_cpu_milli;
      free.memory_bytes += reporter.report.free_memory_bytes;
    }
  }
  return free;
}

}  // namespace arcas::controllers
