#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "core/base/time.h"

namespace arcas::sim {

/// Counts of durations in buckets that grow with what they hold: 32 to each doubling, so a quantile
/// is within 3 % of the exact one. Durations of 64 us and less are exact to a microsecond.
/// Cost: O(1) to add, O(buckets) = 1,888 for a quantile or to clear. Memory: 8 KB.
class WaitHistogram {
 public:
  void add(Duration wait) {
    const std::int64_t us = std::max<std::int64_t>(wait.ns / 1'000, 0);
    ++buckets_[bucket_of(static_cast<std::uint64_t>(us))];
    ++count_;
    longest_ = std::max(longest_, wait);
  }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] Duration longest() const { return longest_; }
  /// Nearest rank; 0 < percent <= 100. Zero when nothing was added.
  [[nodiscard]] Duration quantile(std::uint32_t percent) const {
    const std::uint64_t rank = (count_ * percent + 99) / 100;
    if (rank == count_) return longest_;
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      seen += buckets_[i];
      if (seen >= rank && seen > 0) return std::min(middle_of(i), longest_);
    }
    return {};
  }
  void clear() {
    if (count_ == 0) return;
    std::fill(buckets_.begin(), buckets_.end(), 0U);
    count_ = 0;
    longest_ = {};
  }

 private:
  static constexpr std::size_t kBuckets = 57 * 32 + 64;
  static std::size_t bucket_of(std::uint64_t us) {
    const int shift = std::max(static_cast<int>(std::bit_width(us)) - 6, 0);
    return static_cast<std::size_t>(shift) * 32 + static_cast<std::size_t>(us >> shift);
  }
  static Duration middle_of(std::size_t bucket) {
    if (bucket < 64) return microseconds(static_cast<std::int64_t>(bucket));
    const std::size_t shift = bucket / 32 - 1;
    const std::uint64_t low = std::uint64_t{bucket - shift * 32} << shift;
    return microseconds(static_cast<std::int64_t>(low + (std::uint64_t{1} << shift) / 2));
  }
  std::vector<std::uint32_t> buckets_ = std::vector<std::uint32_t>(kBuckets, 0);
  std::uint64_t count_ = 0;
  Duration longest_;
};

}  // namespace arcas::sim
