#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/scheduler/gang.h"

namespace arcas::scheduler {

/// Gangs that have room in the scheduler's own view, and claim it at the resource partitions. Other
/// schedulers may have been faster, so no pod is bound before enough claims are granted: then all
/// of them are, at once. When every answer has come and they are too few, or too old to be bound
/// safely, all claims go back.
/// Pure. Cost: O(log pods under way), O(pods of the gang) for an outcome.
class GangClaims {
 public:
  struct Place {
    Uid pod;
    SpecId spec;
    NodeId node;
  };
  struct Outcome {
    std::vector<Place> bind;     ///< granted, and their gangs are whole
    std::vector<Place> release;  ///< granted in vain: the claims are to be given back
    std::vector<GangId> whole;
    std::vector<GangId> failed;
    [[nodiscard]] bool empty() const { return bind.empty() && release.empty() && failed.empty(); }
  };

  /// `grant_age`: claims asked for longer ago may expire before a binding commits.
  explicit GangClaims(Duration grant_age) : grant_age_(grant_age) {}

  /// The pods' claims are sent now; at least `needed` of them must be granted.
  void open(TimePoint now, GangId gang, std::uint32_t needed, const std::vector<Uid>& pods);
  [[nodiscard]] bool is_open(GangId gang) const { return rounds_.contains(gang); }
  /// Whether the answer to the pod's claim counts for a gang.
  [[nodiscard]] bool awaits(Uid pod) const { return awaited_.contains(pod); }
  /// A later pod of a gang that is open: its claim is under way, too.
  void join(GangId gang, Uid pod);

  // ---- answers ----
  void granted(TimePoint now, const Place& place, Outcome& out);
  void refused(TimePoint now, Uid pod, Outcome& out);
  /// The pod was deleted. Its claim, if granted, shares the fate of the gang's.
  void gone(TimePoint now, Uid pod, Outcome& out);

 private:
  struct Round {
    TimePoint since;
    std::uint32_t needed = 0;
    std::uint32_t outstanding = 0;
    std::uint32_t gone = 0;  // of `granted`
    std::vector<Place> granted;
  };
  void decide(TimePoint now, GangId gang, Outcome& out);

  Duration grant_age_;
  std::map<GangId, Round> rounds_;
  std::map<Uid, GangId> awaited_;
};

}  // namespace arcas::scheduler
