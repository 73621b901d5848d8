#include "core/scheduler/policies/builtin.h"

namespace arcas::policies {
namespace {

/// Prefers the node whose free amounts have the smallest product with the request:
/// floor(100 (1 - (c r_c / C² + L r_g / G²) / 2)), c and L free cpu and devices, r the request, C
/// and G the scales. Computed in integers over the common denominator. So that no product
/// overflows, amounts are bounded: 2^31 each. Source: Grandl et al., SIGCOMM 2014 (Tetris); as a
/// policy with devices, Weng et al. 2023.
class DotProduct final : public PlacementPolicy {
 public:
  explicit DotProduct(const PolicySetup& setup)
      : cpu_scale_(setup.cpu_scale_milli), device_scale_(setup.device_scale_milli) {}

  Placement place(const NodeView& node, const PodView& pod,
                  RandomStream& /*random*/) const override {
    using Wide = __int128;
    const Wide cpu_square = Wide{cpu_scale_} * cpu_scale_;
    const Wide device_square = Wide{device_scale_} * device_scale_;
    const Wide product = Wide{node.cpu_free} * pod.cpu_milli * device_square +
                         Wide{node.device_free()} * pod.total_milli() * cpu_square;
    const Wide denominator = cpu_square * device_square;
    const Wide numerator = 100 * denominator - 50 * product;
    return {static_cast<std::int64_t>(numerator / denominator), tightest_devices(node, pod)};
  }

 private:
  std::int64_t cpu_scale_;
  std::int64_t device_scale_;
};

}  // namespace

std::unique_ptr<PlacementPolicy> make_dot_product(const PolicySetup& setup) {
  return std::make_unique<DotProduct>(setup);
}

}  // namespace arcas::policies
