#include "core/scheduler/plugins/normalization.h"

#include <algorithm>

namespace arcas::scheduler {

void normalize_by_largest(std::span<std::int64_t> scores) {
  if (scores.empty()) return;
  const std::int64_t largest = *std::max_element(scores.begin(), scores.end());
  if (largest <= 0) return;
  for (std::int64_t& score : scores) score = kMaxNodeScore * score / largest;
}

void normalize_by_largest_reversed(std::span<std::int64_t> scores) {
  normalize_by_largest(scores);
  for (std::int64_t& score : scores) score = kMaxNodeScore - score;
}

}  // namespace arcas::scheduler
