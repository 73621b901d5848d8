#include <algorithm>

#include "core/scheduler/policies/builtin.h"

namespace arcas::policies {
namespace {

constexpr std::int64_t kParts = 1'000'000;

/// Millionths of a capacity that would stay idle; 0 where there is no capacity.
std::int64_t idle(std::int64_t left, std::int64_t capacity) {
  return capacity > 0 ? left * kParts / capacity : 0;
}

/// Prefers the node that would idle least, as shares of its own capacity: cpu, memory and devices
/// added up. On a node without devices only the first two count. Amounts are bounded: 2^43 each.
/// Source: the idea of the expander `least-waste` of Kubernetes's cluster autoscaler (idle cpu and
/// memory after the pod), here for nodes and with devices.
class LeastWaste final : public PlacementPolicy {
 public:
  Placement place(const NodeView& node, const PodView& pod,
                  RandomStream& /*random*/) const override {
    const std::int64_t device = node.device_free() - pod.total_milli();
    const std::int64_t waste = idle(node.cpu_free - pod.cpu_milli, node.cpu_capacity) +
                               idle(node.memory_free - pod.memory_mib, node.memory_capacity) +
                               idle(device, std::int64_t{node.device_count} * kWholeDevice);
    return {-waste, tightest_devices(node, pod)};
  }
};

}  // namespace

std::unique_ptr<PlacementPolicy> make_least_waste(const PolicySetup& /*setup*/) {
  return std::make_unique<LeastWaste>();
}

}  // namespace arcas::policies
