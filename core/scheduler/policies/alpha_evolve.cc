#include <algorithm>

#include "core/scheduler/policies/builtin.h"

namespace arcas::policies {
namespace {

constexpr std::int64_t kOne = std::int64_t{1} << 20;  // shares and ratios in 2^-20

/// The share of what is free that the pod would take, from 2^-20 to 1.
std::int64_t share(std::int64_t request, std::int64_t free) {
  if (free <= 0) return kOne;
  return std::clamp<std::int64_t>(request * kOne / free, 1, kOne);
}

/// The score that AlphaEvolve found for Borg: -(c + m + m / c + c / m), c and m the shares of free
/// cpu and memory that the pod would take. It likes nodes of which the pod takes the same share of
/// both. It knows no devices: those with the least free are taken. A share below 2^-20 counts as
/// that. Source: Novikov et al., AlphaEvolve, 2025, appendix on data-centre scheduling.
class AlphaEvolve final : public PlacementPolicy {
 public:
  Placement place(const NodeView& node, const PodView& pod,
                  RandomStream& /*random*/) const override {
    const std::int64_t cpu = share(pod.cpu_milli, node.cpu_free);
    const std::int64_t memory = share(pod.memory_mib, node.memory_free);
    const std::int64_t score = cpu + memory + memory * kOne / cpu + cpu * kOne / memory;
    return {-score, tightest_devices(node, pod)};
  }
};

}  // namespace

std::unique_ptr<PlacementPolicy> make_alpha_evolve(const PolicySetup& /*setup*/) {
  return std::make_unique<AlphaEvolve>();
}

}  // namespace arcas::policies
