#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>

#include "core/scheduler/node_table.h"
#include "core/scheduler/scheduler_profile.h"

namespace arcas::scheduler {

/// part × 100 / whole, for 0 ≤ part ≤ whole: the product may be larger than 64 bits hold.
inline std::int64_t percent_of(std::int64_t part, std::int64_t whole) {
  if (part <= std::numeric_limits<std::int64_t>::max() / 100) return part * 100 / whole;
  return static_cast<std::int64_t>(static_cast<__int128>(part) * 100 / whole);
}
/// The score of two resources' fractions.
inline std::int64_t balance_of_two(double first, double second) {
  return static_cast<std::int64_t>((1 - std::fabs((first - second) / 2)) * 100.0);
}

/// An amount by kind; 0 beyond the end.
inline std::int64_t amount_of(const Amounts& amounts, ResourceId kind) {
  return kind.index < amounts.size() ? amounts[kind.index] : 0;
}

// The arithmetic of NodeResourcesFit's strategies and of balanced allocation, one resource at a
// time: `requested` is what the node would have promised with the pod, `capacity` > 0 what it has.
// Integer division truncates as Kubernetes's does.

/// 0..100: the share that stays free; 0 when over-committed.
inline std::int64_t least_allocated_score(std::int64_t requested, std::int64_t capacity) {
  if (requested > capacity) return 0;
  return percent_of(capacity - requested, capacity);
}
/// 0..100: the share in use.
inline std::int64_t most_allocated_score(std::int64_t requested, std::int64_t capacity) {
  return percent_of(std::min(requested, capacity), capacity);
}
/// 0..100: the function through `shape` at the utilisation; over-committed counts as 100 %.
std::int64_t utilization_score(std::span<const UtilizationPoint> shape, std::int64_t requested,
                               std::int64_t capacity);

/// The share in use, at most 1.
inline double used_fraction(std::int64_t requested, std::int64_t capacity) {
  return std::min(static_cast<double>(requested) / static_cast<double>(capacity), 1.0);
}
/// 0..100: 100 when all fractions are equal. In binary64, in the order given, as the original.
std::int64_t balance_score(std::span<const double> fractions);

}  // namespace arcas::scheduler
