#include "core/controllers/adoption.h"

namespace arcas::controllers {

ClaimPlan plan_claim(const ClaimedObject& object, std::span<const Claimant> claimants) {
  ClaimPlan plan;
  if (object.deleting) return plan;
  for (std::size_t i = 0; i < claimants.size(); ++i) {
    const Claimant& claimant = claimants[i];
    if (claimant.deleting) continue;
    if (claimant.uid == object.controller) {
      plan.release = !claimant.fits;
      return plan;
    }
    const bool free = object.controller.empty() && !object.finished;
    if (free && claimant.fits && !plan.adopt) plan.adopt = i;
  }
  return plan;
}

}  // namespace arcas::controllers
