#include "core/scheduler/policies/views.h"

#include "core/base/check.h"

namespace arcas::policies {
namespace {

void apply(NodeView& node, const PodView& pod, DeviceSet devices, int sign) {
  ARCAS_CHECK(std::popcount(devices) == pod.devices);
  node.cpu_free -= sign * pod.cpu_milli;
  node.memory_free -= sign * pod.memory_mib;
  node.pods_free -= sign;
  for (DeviceSet left = devices; left != 0; left = static_cast<DeviceSet>(left & (left - 1))) {
    const int at = std::countr_zero(left);
    ARCAS_CHECK(at < node.device_count);
    std::int16_t& free = node.free[static_cast<std::size_t>(at)];
    free = static_cast<std::int16_t>(free - sign * pod.device_milli);
    ARCAS_CHECK(free >= 0 && free <= kWholeDevice);
  }
  if (pod.devices == 0) return;
  std::uint16_t& count = node.class_pods[class_of(pod)];
  count = static_cast<std::uint16_t>(count + sign);
}

}  // namespace

bool fits(const NodeView& node, const PodView& pod) {
  if (pod.cpu_milli > node.cpu_free || pod.memory_mib > node.memory_free || node.pods_free < 1) {
    return false;
  }
  if (pod.devices == 0) return true;
  if (node.device_count == 0 || ((pod.models >> node.model) & 1U) == 0) return false;
  int able = 0;
  for (std::size_t i = 0; i < node.device_count; ++i) able += node.free[i] >= pod.device_milli;
  return able >= pod.devices;
}

DeviceSet tightest_devices(const NodeView& node, const PodView& pod) {
  DeviceSet taken = 0;
  for (std::int32_t k = 0; k < pod.devices; ++k) {
    int best = -1;
    int best_free = kWholeDevice + 1;
    for (int i = 0; i < node.device_count; ++i) {
      const int free = node.free[static_cast<std::size_t>(i)];
      if (free < pod.device_milli || free >= best_free || ((taken >> i) & 1) != 0) continue;
      best = i;
      best_free = free;
    }
    ARCAS_CHECK(best >= 0);
    taken = static_cast<DeviceSet>(taken | (1 << best));
  }
  return taken;
}

void reserve(NodeView& node, const PodView& pod, DeviceSet devices) {
  ARCAS_CHECK(pod.cpu_milli <= node.cpu_free && pod.memory_mib <= node.memory_free);
  ARCAS_CHECK(node.pods_free > 0);
  apply(node, pod, devices, 1);
}

void release(NodeView& node, const PodView& pod, DeviceSet devices) {
  apply(node, pod, devices, -1);
}

}  // namespace arcas::policies
