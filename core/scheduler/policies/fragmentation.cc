#include "core/scheduler/policies/fragmentation.h"

#include <algorithm>

#include "core/base/check.h"

namespace arcas::policies {

Fragmentation::Fragmentation(const std::vector<TypicalPod>& typical) {
  std::vector<std::int32_t> sizes;
  for (const TypicalPod& kind : typical) {
    ARCAS_CHECK(kind.weight >= 0);
    total_weight_ += kind.weight;
    if (kind.pod.devices > 1) several_.push_back({kind.pod, kind.weight});
    if (kind.pod.devices != 1) continue;
    cpu_steps_.push_back(kind.pod.cpu_milli);
    sizes.push_back(kind.pod.device_milli);
  }
  std::sort(cpu_steps_.begin(), cpu_steps_.end());
  cpu_steps_.erase(std::unique(cpu_steps_.begin(), cpu_steps_.end()), cpu_steps_.end());
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  columns_ = sizes.size() + 1;
  for (std::size_t milli = 0; milli < column_of_.size(); ++milli) {
    column_of_[milli] = static_cast<std::uint16_t>(
        std::upper_bound(sizes.begin(), sizes.end(), static_cast<std::int32_t>(milli)) -
        sizes.begin());
  }
  const std::size_t rows = cpu_steps_.size() + 1;
  table_.assign(kMostModels * rows * columns_, 0);
  for (const TypicalPod& kind : typical) {
    if (kind.pod.devices != 1) continue;
    for (std::size_t model = 0; model < kMostModels; ++model) {
      if (((kind.pod.models >> model) & 1U) == 0) continue;
      for (std::size_t row = 1; row < rows; ++row) {
        if (cpu_steps_[row - 1] < kind.pod.cpu_milli) continue;
        std::int64_t* cells = table_.data() + (model * rows + row) * columns_;
        const auto size = static_cast<std::size_t>(kind.pod.device_milli);
        for (std::size_t c = column_of_[size]; c < columns_; ++c) cells[c] += kind.weight;
      }
    }
  }
}

const std::int64_t* Fragmentation::usable_row(std::uint8_t model, std::int64_t cpu_free) const {
  const auto row = static_cast<std::size_t>(
      std::upper_bound(cpu_steps_.begin(), cpu_steps_.end(), cpu_free) - cpu_steps_.begin());
  return table_.data() + (model * (cpu_steps_.size() + 1) + row) * columns_;
}

std::int64_t Fragmentation::usable_by_several(const NodeView& node, std::int64_t cpu_free) const {
  std::int64_t usable = 0;
  for (const Several& kind : several_) {
    if (kind.pod.cpu_milli > cpu_free || ((kind.pod.models >> node.model) & 1U) == 0) continue;
    std::int32_t able = 0;
    std::int64_t free = 0;
    for (std::size_t i = 0; i < node.device_count; ++i) {
      if (node.free[i] < kind.pod.device_milli) continue;
      ++able;
      free += node.free[i];
    }
    if (able >= kind.pod.devices) usable += kind.weight * free;
  }
  return usable;
}

std::int64_t Fragmentation::of(const NodeView& node) const {
  const std::int64_t* row = usable_row(node.model, node.cpu_free);
  std::int64_t lost = -usable_by_several(node, node.cpu_free);
  for (std::size_t i = 0; i < node.device_count; ++i) {
    const std::int64_t free = node.free[i];
    lost += free * (total_weight_ - row[column_of_[static_cast<std::size_t>(free)]]);
  }
  return lost;
}

std::int64_t Fragmentation::after(const NodeView& node, const PodView& pod,
                                  DeviceSet devices) const {
  NodeView next = node;
  next.cpu_free -= pod.cpu_milli;
  for (DeviceSet left = devices; left != 0; left = static_cast<DeviceSet>(left & (left - 1))) {
    std::int16_t& free = next.free[static_cast<std::size_t>(std::countr_zero(left))];
    free = static_cast<std::int16_t>(free - pod.device_milli);
  }
  return of(next);
}

}  // namespace arcas::policies
