#include "core/scheduler/policies/builtin.h"

namespace arcas::policies {
namespace {

/// Prefers the node that is left with the most, by the same measure as best-fit but untruncated;
/// devices with the most free first, the lower index on ties. Spreads load; packs badly.
class WorstFit final : public PlacementPolicy {
 public:
  explicit WorstFit(const PolicySetup& setup)
      : cpu_scale_(setup.cpu_scale_milli), device_scale_(setup.device_scale_milli) {}

  Placement place(const NodeView& node, const PodView& pod,
                  RandomStream& /*random*/) const override {
    const std::int64_t cpu = node.cpu_free - pod.cpu_milli;
    const std::int64_t device = node.device_free() - pod.total_milli();
    return {cpu * device_scale_ + device * cpu_scale_, loosest_devices(node, pod)};
  }

 private:
  static DeviceSet loosest_devices(const NodeView& node, const PodView& pod) {
    DeviceSet taken = 0;
    for (std::int32_t k = 0; k < pod.devices; ++k) {
      int best = 0;
      int best_free = -1;
      for (int i = 0; i < node.device_count; ++i) {
        const int free = node.free[static_cast<std::size_t>(i)];
        if (free <= best_free || ((taken >> i) & 1) != 0) continue;
        best = i;
        best_free = free;
      }
      taken = static_cast<DeviceSet>(taken | (1 << best));
    }
    return taken;
  }

  std::int64_t cpu_scale_;
  std::int64_t device_scale_;
};

}  // namespace

std::unique_ptr<PlacementPolicy> make_worst_fit(const PolicySetup& setup) {
  return std::make_unique<WorstFit>(setup);
}

}  // namespace arcas::policies
