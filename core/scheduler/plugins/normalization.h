#pragma once

#include <cstdint>
#include <span>

namespace arcas::scheduler {

inline constexpr std::int64_t kMaxNodeScore = 100;

/// Kubernetes's DefaultNormalizeScore: raw scores, none below 0, in place to 0..100 of the largest.
/// All 0 stays all 0.
void normalize_by_largest(std::span<std::int64_t> scores);
/// The same turned round, so that the smallest raw score is best. All 0 becomes all 100.
void normalize_by_largest_reversed(std::span<std::int64_t> scores);

}  // namespace arcas::scheduler
