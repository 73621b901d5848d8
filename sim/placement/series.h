#pragma once

#include <array>
#include <cstdint>

namespace arcas::sim {

/// Percent of the GPUs that have been asked for so far: rows 0 to 130 of the published tables.
inline constexpr std::size_t kMostPercent = 130;
using PercentSeries = std::array<double, kMostPercent + 1>;

/// Means of a figure over the submissions that fall on the same percent of arrived requests.
class PercentMeans {
 public:
  /// Counts `value` at `percent`; above kMostPercent it is left out.
  void add(std::size_t percent, double value);
  /// An empty row gets the mean over itself and its neighbours' samples, or 0 without any.
  [[nodiscard]] PercentSeries means() const;

 private:
  PercentSeries sums_{};
  std::array<std::int64_t, kMostPercent + 1> counts_{};
};

/// 100 part / whole rounded to a whole number, halves to even. 0 <= part, 0 < whole < 2^55.
std::size_t whole_percent(std::int64_t part, std::int64_t whole);

}  // namespace arcas::sim
