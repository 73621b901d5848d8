#pragma once

#include <cstdint>
#include <span>

#include "core/scheduler/node_table.h"
#include "core/scheduler/scheduler_profile.h"

namespace arcas::scheduler {

/// An amount by kind; 0 beyond the end.
inline std::int64_t amount_of(const Amounts& amounts, ResourceId kind) {
  return kind.index < amounts.size() ? amounts[kind.index] : 0;
}

// The arithmetic of NodeResourcesFit's strategies and of balanced allocation, one resource at a
// time: `requested` is what the node would have promised with the pod, `capacity` > 0 what it has.
// Integer division truncates as Kubernetes's does.

/// 0..100: the share that stays free; 0 when over-committed.
std::int64_t least_allocated_score(std::int64_t requested, std::int64_t capacity);
/// 0..100: the share in use.
std::int64_t most_allocated_score(std::int64_t requested, std::int64_t capacity);
/// 0..100: the function through `shape` at the utilisation; over-committed counts as 100 %.
std::int64_t utilization_score(std::span<const UtilizationPoint> shape, std::int64_t requested,
                               std::int64_t capacity);

/// The share in use, at most 1.
double used_fraction(std::int64_t requested, std::int64_t capacity);
/// 0..100: 100 when all fractions are equal. In binary64, in the order given, as the original.
std::int64_t balance_score(std::span<const double> fractions);

}  // namespace arcas::scheduler
