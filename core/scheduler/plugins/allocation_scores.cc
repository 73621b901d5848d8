#include "core/scheduler/plugins/allocation_scores.h"

#include <algorithm>
#include <cmath>

#include "core/scheduler/plugins/normalization.h"

namespace arcas::scheduler {
namespace {

/// Configured scores are 0..10.
constexpr std::int64_t kScorePerPoint = kMaxNodeScore / 10;

}  // namespace

std::int64_t utilization_score(std::span<const UtilizationPoint> shape, std::int64_t requested,
                               std::int64_t capacity) {
  const std::int64_t at = requested > capacity ? 100 : percent_of(requested, capacity);
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (at > shape[i].utilization) continue;
    const std::int64_t score = shape[i].score * kScorePerPoint;
    if (i == 0) return score;
    const std::int64_t before = shape[i - 1].score * kScorePerPoint;
    return before + (score - before) * (at - shape[i - 1].utilization) /
                        (shape[i].utilization - shape[i - 1].utilization);
  }
  return shape.empty() ? 0 : shape.back().score * kScorePerPoint;
}

std::int64_t balance_score(std::span<const double> fractions) {
  if (fractions.size() == 2) return balance_of_two(fractions[0], fractions[1]);
  double deviation = 0;
  if (fractions.size() > 2) {
    double total = 0;
    for (const double fraction : fractions) total += fraction;
    const double count = static_cast<double>(fractions.size());
    const double mean = total / count;
    double squares = 0;
    for (const double fraction : fractions) squares += (fraction - mean) * (fraction - mean);
    deviation = std::sqrt(squares / count);
  }
  return static_cast<std::int64_t>((1 - deviation) * static_cast<double>(kMaxNodeScore));
}

}  // namespace arcas::scheduler
