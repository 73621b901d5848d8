#include "core/scheduler/policies/builtin.h"
#include "core/scheduler/policies/fragmentation.h"
#include "core/scheduler/policies/node_worth.h"

namespace arcas::policies {
namespace {

/// Losses that differ by less are equal, and the order of nodes decides: 3 hundredths of a device.
/// Without that step, tiny differences would scatter pods over nodes that are still whole.
constexpr std::int64_t kStep = NodeWorth::kDevice / 100 * 3;
/// One part in twenty of the fragmentation that a pod causes counts as loss too.
constexpr std::int64_t kFragmentationParts = 20;

std::int64_t steps(std::int64_t gain) {
  const std::int64_t shifted = gain + kStep / 2;
  const std::int64_t whole = shifted / kStep;
  return whole - (shifted % kStep < 0 ? 1 : 0);
}

/// Places a pod where the node loses the least worth (`NodeWorth`) plus a little of the
/// fragmentation that FGD looks at, which sees that the very next pod finds no room. A sharing pod
/// takes the device for which that is so. Described in docs/policies.md.
class Arcas final : public PlacementPolicy {
 public:
  explicit Arcas(const PolicySetup& setup) : worth_(setup), fragmentation_(setup.typical) {}

  Placement place(const NodeView& node, const PodView& pod,
                  RandomStream& /*random*/) const override {
    const std::int64_t before = value(node);
    if (!pod.shares()) {
      const DeviceSet devices = tightest_devices(node, pod);
      return {steps(value_after(node, pod, devices) - before), devices};
    }
    DeviceSet best = 0;
    std::int64_t most = 0;
    std::int16_t seen = -1;
    for (std::size_t i = 0; i < node.device_count; ++i) {
      if (node.free[i] < pod.device_milli || node.free[i] == seen) continue;
      seen = node.free[i];
      const auto devices = static_cast<DeviceSet>(1U << i);
      const std::int64_t gain = value_after(node, pod, devices) - before;
      if (best != 0 && gain <= most) continue;
      best = devices;
      most = gain;
    }
    return {steps(most), best};
  }

 private:
  /// Worth less the part of fragmentation, in millionths of a device.
  [[nodiscard]] std::int64_t value(const NodeView& node) const {
    const std::int64_t weight = fragmentation_.total_weight();
    if (weight == 0) return worth_.of(node);
    constexpr std::int64_t kMillionths = NodeWorth::kDevice / kWholeDevice / kFragmentationParts;
    return worth_.of(node) - fragmentation_.of(node) * kMillionths / weight;
  }
  [[nodiscard]] std::int64_t value_after(const NodeView& node, const PodView& pod,
                                         DeviceSet devices) const {
    NodeView next = node;
    reserve(next, pod, devices);
    return value(next);
  }

  NodeWorth worth_;
  Fragmentation fragmentation_;
};

}  // namespace

std::unique_ptr<PlacementPolicy> make_arcas(const PolicySetup& setup) {
  return std::make_unique<Arcas>(setup);
}

}  // namespace arcas::policies
