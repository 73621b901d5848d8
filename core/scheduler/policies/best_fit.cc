#include "core/scheduler/policies/builtin.h"

namespace arcas::policies {
namespace {

/// Prefers the node that is left with the least: trunc(100 (1 - (c' / C + L' / G) / 2)), c' and L'
/// what is free of cpu and devices after placing, C and G the scales. The original stretches the
/// scores of all feasible nodes to 0..100 afterwards, which changes neither order nor ties.
/// Source: Weng et al., USENIX ATC 2023.
class BestFit final : public PlacementPolicy {
 public:
  explicit BestFit(const PolicySetup& setup)
      : cpu_scale_(setup.cpu_scale_milli), device_scale_(setup.device_scale_milli) {}

  Placement place(const NodeView& node, const PodView& pod,
                  RandomStream& /*random*/) const override {
    const std::int64_t cpu = node.cpu_free - pod.cpu_milli;
    const std::int64_t device = node.device_free() - pod.total_milli();
    const std::int64_t denominator = 2 * cpu_scale_ * device_scale_;
    const std::int64_t left = cpu * device_scale_ + device * cpu_scale_;
    return {100 * (denominator - left) / denominator, tightest_devices(node, pod)};
  }

 private:
  std::int64_t cpu_scale_;
  std::int64_t device_scale_;
};

}  // namespace

std::unique_ptr<PlacementPolicy> make_best_fit(const PolicySetup& setup) {
  return std::make_unique<BestFit>(setup);
}

}  // namespace arcas::policies
