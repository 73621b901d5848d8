#include "sim/placement/series.h"

#include <algorithm>

namespace arcas::sim {

void PercentMeans::add(std::size_t percent, double value) {
  if (percent > kMostPercent) return;
  sums_[percent] += value;
  ++counts_[percent];
}

PercentSeries PercentMeans::means() const {
  PercentSeries out{};
  for (std::size_t r = 0; r <= kMostPercent; ++r) {
    double sum = sums_[r];
    std::int64_t count = counts_[r];
    if (count == 0) {
      const std::size_t last = std::min(r + 1, kMostPercent);
      for (std::size_t near = r == 0 ? 0 : r - 1; near <= last; ++near) {
        sum += sums_[near];
        count += counts_[near];
      }
    }
    out[r] = count > 0 ? sum / static_cast<double>(count) : 0;
  }
  return out;
}

std::size_t whole_percent(std::int64_t part, std::int64_t whole) {
  const std::int64_t percent = 100 * part / whole;
  const std::int64_t twice_rest = 2 * (100 * part - percent * whole);
  const bool up = twice_rest > whole || (twice_rest == whole && percent % 2 == 1);
  return static_cast<std::size_t>(percent + (up ? 1 : 0));
}

}  // namespace arcas::sim
