#include "core/scheduler/gang_claims.h"

#include <algorithm>

#include "core/base/mutant.h"

namespace arcas::scheduler {

void GangClaims::open(TimePoint now, GangId gang, std::uint32_t needed,
                      const std::vector<Uid>& pods) {
  rounds_[gang].since = now;
  rounds_[gang].needed = needed;
  for (const Uid pod : pods) join(gang, pod);
}

void GangClaims::join(GangId gang, Uid pod) {
  if (awaited_.emplace(pod, gang).second) ++rounds_.at(gang).outstanding;
}

void GangClaims::granted(TimePoint now, const Place& place, Outcome& out) {
  const auto at = awaited_.find(place.pod);
  const GangId gang = at->second;
  awaited_.erase(at);
  Round& round = rounds_.at(gang);
  --round.outstanding;
  round.granted.push_back(place);
  decide(now, gang, out);
}

void GangClaims::refused(TimePoint now, Uid pod, Outcome& out) {
  const auto at = awaited_.find(pod);
  const GangId gang = at->second;
  awaited_.erase(at);
  --rounds_.at(gang).outstanding;
  decide(now, gang, out);
}

void GangClaims::gone(TimePoint now, Uid pod, Outcome& out) {
  if (awaited_.contains(pod)) return refused(now, pod, out);
  for (auto& [gang, round] : rounds_) {
    const bool held = std::any_of(round.granted.begin(), round.granted.end(),
                                  [pod](const Place& place) { return place.pod == pod; });
    if (held) {
      ++round.gone;
      return;
    }
  }
}

void GangClaims::decide(TimePoint now, GangId gang, Outcome& out) {
  Round& round = rounds_.at(gang);
  const bool part = ARCAS_MUTANT("gang-started-in-part") && !round.granted.empty();
  const bool whole = part || (now - round.since < grant_age_ &&
                              round.granted.size() >= round.needed + std::size_t{round.gone});
  if (!whole && round.outstanding > 0) return;
  std::vector<Place>& fate = whole ? out.bind : out.release;
  fate.insert(fate.end(), round.granted.begin(), round.granted.end());
  (whole ? out.whole : out.failed).push_back(gang);
  std::erase_if(awaited_, [gang](const auto& entry) { return entry.second == gang; });
  rounds_.erase(gang);
}

}  // namespace arcas::scheduler
