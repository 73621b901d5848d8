#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/scheduler/policies/policy.h"

namespace arcas::policies {

/// Fragmentation of a node against the pods that usually arrive: the free thousandths of devices
/// that the next pod could not use, on average over its kinds.
///
/// For a kind m, all that is free counts as unusable if m wants no device, another model, more cpu
/// than is free, or more devices than fit; otherwise what lies on devices too small for m. Memory
/// is left out. Source: Weng et al., USENIX ATC 2023, section 3.
///
/// All figures are exact integers: thousandths × weight, to be divided by `total_weight()`.
/// Cost: `of` takes O(devices + kinds that want several devices), about 20 ns for 8 devices,
/// because a kind that wants one device adds to each device by itself, so sums over kinds can be
/// tabulated by (model, free cpu, free thousandths).
class Fragmentation {
 public:
  explicit Fragmentation(const std::vector<TypicalPod>& typical);

  [[nodiscard]] std::int64_t total_weight() const { return total_weight_; }
  /// Fragmentation of the node, times total_weight().
  [[nodiscard]] std::int64_t of(const NodeView& node) const;
  /// What `of` would give after the pod took those devices.
  [[nodiscard]] std::int64_t after(const NodeView& node, const PodView& pod,
                                   DeviceSet devices) const;

 private:
  /// Kinds that want more than one device.
  struct Several {
    PodView pod;
    std::int64_t weight = 0;
  };

  [[nodiscard]] const std::int64_t* usable_row(std::uint8_t model, std::int64_t cpu_free) const;
  [[nodiscard]] std::int64_t usable_by_several(const NodeView& node, std::int64_t cpu_free) const;

  std::int64_t total_weight_ = 0;
  /// Distinct cpu requests of kinds that want one device, ascending.
  std::vector<std::int64_t> cpu_steps_;
  /// Number of distinct sizes that are at most the index; a column of the table.
  std::array<std::uint16_t, kWholeDevice + 1> column_of_{};
  std::size_t columns_ = 1;
  /// Weight of one-device kinds by (model, number of cpu steps that fit, column).
  std::vector<std::int64_t> table_;
  std::vector<Several> several_;
};

}  // namespace arcas::policies
