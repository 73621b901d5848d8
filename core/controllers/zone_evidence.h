#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/ports/message.h"

namespace arcas::controllers {

struct ZoneEvidenceConfig {
  Duration silence = seconds(5);       ///< a node manager not heard from for longer is silent
  Duration hold = seconds(10);         ///< a zone must answer that long before it is back
  Duration hold_max = minutes(5);      ///< the hold doubles with every flap, up to this
  Duration flap_window = minutes(15);  ///< a loss this soon after a return is a flap
  std::int64_t dead_zone_nodes = 3;    ///< 0 ready of fewer nodes proves nothing
};

struct ZoneLost {
  ZoneId zone;
  bool operator==(const ZoneLost&) const = default;
};
struct ZoneBack {
  ZoneId zone;
  bool operator==(const ZoneBack&) const = default;
};
using ZoneVerdict = std::variant<ZoneLost, ZoneBack>;

/// Free capacity in the zones that are neither lost nor silent.
struct FreeCapacity {
  std::int64_t cpu_milli = 0;
  std::int64_t memory_bytes = 0;
};

/// Decides from several sources whether a zone is lost (profile arcas).
///
/// Lost means all of: (1) the zone's own node managers are silent, or they speak and say that none
/// of their nodes is ready; (2) the node managers of more than half of the OTHER zones report that
/// the zone does not answer their probes; (3) this side's own probe of the zone, which asks more
/// than its node managers, is not answered (or there was none yet), and this side does not sit
/// there itself: so a resource partition that is lost alone is no lost zone; (4) this side's store
/// has its quorum; (5) not every zone looks dark, which would be a cut of the control plane. One
/// crashed node manager, one broken link, or an asymmetric one is therefore not a loss. Back means
/// that the zone answered without a break for the hold time. Source: this project; the need:
/// reference reliability.md, F06, I48–I50.
class ZoneEvidence {
 public:
  /// `zones`: all that exist. Each counts as heard at `now`, so that a zone that is already dead at
  /// the start is found `silence` later.
  ZoneEvidence(ZoneEvidenceConfig config, std::span<const ZoneId> zones, ZoneId own_zone,
               TimePoint now);

  /// Inputs. Each appends the verdicts that follow. Cost: O(zones²).
  void on_report(TimePoint now, const ports::ZoneReport& report, std::vector<ZoneVerdict>& out);
  void on_own_probe(TimePoint now, ZoneId zone, bool answered, std::vector<ZoneVerdict>& out);
  void on_store(TimePoint now, bool has_quorum, std::vector<ZoneVerdict>& out);
  void tick(TimePoint now, std::vector<ZoneVerdict>& out);

  /// When a verdict could change without another input; TimePoint::max() for never.
  [[nodiscard]] TimePoint next_tick(TimePoint now) const;

  [[nodiscard]] bool is_lost(ZoneId zone) const;
  /// Sums the newest reports of the zones that are neither lost nor silent.
  [[nodiscard]] FreeCapacity free_capacity(TimePoint now) const;

 private:
  struct Reporter {
    PartitionId partition;
    TimePoint heard;
    ports::ZoneReport report;
  };
  struct Zone {
    ZoneId id;
    std::vector<Reporter> reporters;
    TimePoint heard;  // newest report, or the start
    bool probe_failed = false;
    bool probe_known = false;
    bool lost = false;
    TimePoint answering_since{-1};  // < 0: not answering
    TimePoint back_at{-1};          // last return
    Duration hold;
  };
  [[nodiscard]] bool silent(const Zone& zone, TimePoint now) const;
  [[nodiscard]] bool accused(const Zone& zone, TimePoint now) const;
  [[nodiscard]] bool all_nodes_dead(const Zone& zone, TimePoint now) const;
  [[nodiscard]] bool looks_dark(const Zone& zone, TimePoint now) const;
  void evaluate(TimePoint now, std::vector<ZoneVerdict>& out);
  Zone* find(ZoneId id);

  ZoneEvidenceConfig config_;
  ZoneId own_zone_;
  bool has_quorum_ = true;
  std::vector<Zone> zones_;
};

}  // namespace arcas::controllers
