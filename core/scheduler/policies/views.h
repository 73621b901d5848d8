#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace arcas::policies {

/// Devices (GPUs) that one node can have.
inline constexpr std::size_t kMostDevices = 16;
/// Device models that can be told apart.
inline constexpr std::size_t kMostModels = 64;
/// Thousandths of a whole device.
inline constexpr std::int32_t kWholeDevice = 1000;

/// Bit i stands for device i of a node.
using DeviceSet = std::uint16_t;
/// Bit m stands for model m.
using ModelSet = std::uint64_t;
inline constexpr ModelSet kAnyModel = ~ModelSet{0};

/// What a pod asks for, as far as a placement policy sees it. Memory is in MiB.
struct PodView {
  std::int64_t cpu_milli = 0;
  std::int64_t memory_mib = 0;
  std::int32_t devices = 0;       ///< how many devices, each a different one
  std::int32_t device_milli = 0;  ///< of each device, 1 to 1000; 0 without devices
  ModelSet models = kAnyModel;    ///< models that will do

  [[nodiscard]] std::int64_t total_milli() const {
    return std::int64_t{devices} * std::int64_t{device_milli};
  }
  /// Whether it takes a part of one device.
  [[nodiscard]] bool shares() const { return devices == 1 && device_milli < kWholeDevice; }
  bool operator==(const PodView&) const = default;
};

/// Classes of pods with devices: 0 shares one, class c > 0 takes 2^(c-1) to 2^c - 1 devices.
inline constexpr std::size_t kPodClasses = 6;
inline std::size_t class_of(const PodView& pod) {
  return pod.shares() ? 0 : static_cast<std::size_t>(std::bit_width(unsigned(pod.devices)));
}

/// What is free on a node, and what a policy may want to know besides. Memory is in MiB.
struct NodeView {
  std::int64_t cpu_free = 0;  ///< thousandths of a core
  std::int64_t cpu_capacity = 0;
  std::int64_t memory_free = 0;
  std::int64_t memory_capacity = 0;
  std::int32_t pods_free = 0;
  std::uint8_t device_count = 0;
  std::uint8_t model = 0;                         ///< below kMostModels; no meaning without devices
  std::array<std::int16_t, kMostDevices> free{};  ///< free thousandths; 0 behind the last device
  std::array<std::uint16_t, kPodClasses> class_pods{};  ///< pods of each class that run here

  [[nodiscard]] std::int64_t device_free() const {
    std::int64_t sum = 0;
    for (const std::int16_t milli : free) sum += milli;
    return sum;
  }
  bool operator==(const NodeView&) const = default;
};

/// Whether the pod can run there: cpu, memory, number of pods, model, and enough devices that each
/// have what is asked for. Source of the rule: traces of openb, Weng et al., USENIX ATC 2023.
bool fits(const NodeView& node, const PodView& pod);

/// The devices with the least free that still fit; the lower index on ties. The pod must fit.
DeviceSet tightest_devices(const NodeView& node, const PodView& pod);

/// Takes what the pod asks for. The pod must fit and `devices` must be as many as it wants.
void reserve(NodeView& node, const PodView& pod, DeviceSet devices);
/// Gives back what `reserve` took with the same arguments.
void release(NodeView& node, const PodView& pod, DeviceSet devices);

}  // namespace arcas::policies
