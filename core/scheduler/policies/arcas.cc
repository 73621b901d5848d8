#include "core/scheduler/policies/builtin.h"
#include "core/scheduler/policies/fragmentation.h"

namespace arcas::policies {
namespace {

class Arcas final : public PlacementPolicy {
 public:
  explicit Arcas(const PolicySetup& setup) : fragmentation_(setup.typical) {}

  Placement place(const NodeView& node, const PodView& pod,
                  RandomStream& /*random*/) const override {
    const std::int64_t before = fragmentation_.of(node);
    if (!pod.shares()) {
      const DeviceSet devices = tightest_devices(node, pod);
      return {before - fragmentation_.after(node, pod, devices), devices};
    }
    Placement best{};
    bool first = true;
    for (std::size_t i = 0; i < node.device_count; ++i) {
      if (node.free[i] < pod.device_milli) continue;
      const auto devices = static_cast<DeviceSet>(1U << i);
      const std::int64_t score = before - fragmentation_.after(node, pod, devices);
      if (first || score > best.score) best = {score, devices};
      first = false;
    }
    return best;
  }

 private:
  Fragmentation fragmentation_;
};

}  // namespace

std::unique_ptr<PlacementPolicy> make_arcas(const PolicySetup& setup) {
  return std::make_unique<Arcas>(setup);
}

}  // namespace arcas::policies
