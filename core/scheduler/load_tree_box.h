#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/scheduler/plugins/node_filters.h"

namespace arcas::scheduler::load {

/// Amounts from here on are not computed in binary64 (see `score` in load_tree_leaf.h).
inline constexpr std::int64_t kWide = std::int64_t{1} << 45U;

/// A node as the scores see it: whole numbers, exact in binary64 because all are below kWide.
/// Units: milli-cpu and bytes. Capacities are above 0.
struct Point {
  double cpu_capacity = 0;
  double memory_capacity = 0;
  double used_cpu = 0;
  double used_memory = 0;
  double scored_cpu = 0;
  double scored_memory = 0;
  std::uint32_t id = 0;  ///< NodeId
};

/// What a pod asks for, in the same numbers.
struct Question {
  FitStrategy strategy = FitStrategy::least_allocated;
  double cpu = 0;
  double memory = 0;
  double scored_cpu = 0;
  double scored_memory = 0;
  double least_free_cpu = 0;  ///< -infinity when the pod asks for none: then any node will do
  double least_free_memory = 0;
  [[nodiscard]] bool scored_as_used() const { return cpu == scored_cpu && memory == scored_memory; }
};

/// Bounds on some points: the greatest value of each of sixteen quantities, lower bounds being
/// greatest negatives. So a union is sixteen maxima, whatever the quantities mean.
struct Box {
  enum Quantity : std::uint8_t {
    kUsedCpu,  // used ÷ capacity
    kUsedCpuNegative,
    kUsedMemory,
    kUsedMemoryNegative,
    kScoredCpu,
    kScoredCpuNegative,
    kScoredMemory,
    kScoredMemoryNegative,
    kCpuUnit,  // 1 ÷ capacity
    kCpuUnitNegative,
    kMemoryUnit,
    kMemoryUnitNegative,
    kExcess,     // what is scored beyond the use, of both kinds together, as fractions
    kShortfall,  // what is used beyond the scored amounts
    kFreeCpu,    // capacity - used, exact
    kFreeMemory,
    kQuantities
  };
  static constexpr double kLowest = -1e300;
  std::array<double, kQuantities> most;

  static Box nothing() {
    Box box;
    box.most.fill(kLowest);
    return box;
  }
  static Box around(const Point& p) {
    const double cpu = p.used_cpu / p.cpu_capacity;
    const double memory = p.used_memory / p.memory_capacity;
    const double scored_cpu = p.scored_cpu / p.cpu_capacity;
    const double scored_memory = p.scored_memory / p.memory_capacity;
    const double cpu_unit = 1 / p.cpu_capacity;
    const double memory_unit = 1 / p.memory_capacity;
    const double excess = std::max(scored_cpu - cpu, 0.0) + std::max(scored_memory - memory, 0.0);
    const double shortfall =
        std::max(cpu - scored_cpu, 0.0) + std::max(memory - scored_memory, 0.0);
    return {{cpu, -cpu, memory, -memory, scored_cpu, -scored_cpu, scored_memory, -scored_memory,
             cpu_unit, -cpu_unit, memory_unit, -memory_unit, excess, shortfall,
             p.cpu_capacity - p.used_cpu, p.memory_capacity - p.used_memory}};
  }
  void unite(const Box& other) {
    for (std::size_t i = 0; i < kQuantities; ++i) {
      most[i] = other.most[i] > most[i] ? other.most[i] : most[i];
    }
  }
  [[nodiscard]] double high(Quantity q) const { return most[q]; }
  /// `q` names the upper side.
  [[nodiscard]] double low(Quantity q) const { return -most[q + 1U]; }
  [[nodiscard]] double width(Quantity q) const { return most[q] + most[q + 1U]; }
  bool operator==(const Box&) const = default;
};

/// No node in the box scores more than this; -1: none has the room. Equal to the score when all
/// nodes of the box are in one state, up to kSlack.
///
/// Two bounds, the lower one counts. First: both scores apart, each at its best corner. Second: the
/// scores without their rounding down, together. With u, v the fractions after placement, cut at 1,
/// LeastAllocated and balance give 100 - 50(u + v) + 100 - 50|u - v| = 200 - 100 max(u, v);
/// MostAllocated and balance give 50(u + v) + 100 - 50|u - v| = 100 + 100 min(u, v). Where scored
/// amounts differ from used ones, max(0, a + b) <= max(0, a) + max(0, b) carries the difference
/// over as an excess or a shortfall.
inline std::int32_t bound(const Box& box, const Question& q) {
  // Rounding errors of the fractions are below 1e-13 of a score point.
  constexpr double kSlack = 1e-9;
  if (box.high(Box::kFreeCpu) < q.least_free_cpu ||
      box.high(Box::kFreeMemory) < q.least_free_memory) {
    return -1;
  }
  const auto whole = [](double x) { return static_cast<std::int32_t>(x + kSlack); };
  const double cpu_low = box.low(Box::kCpuUnit);
  const double cpu_high = box.high(Box::kCpuUnit);
  const double memory_low = box.low(Box::kMemoryUnit);
  const double memory_high = box.high(Box::kMemoryUnit);
  const double u_low = std::min(box.low(Box::kUsedCpu) + q.cpu * cpu_low, 1.0);
  const double u_high = std::min(box.high(Box::kUsedCpu) + q.cpu * cpu_high, 1.0);
  const double v_low = std::min(box.low(Box::kUsedMemory) + q.memory * memory_low, 1.0);
  const double v_high = std::min(box.high(Box::kUsedMemory) + q.memory * memory_high, 1.0);
  const double gap = std::max(std::max(u_low - v_high, v_low - u_high), 0.0);
  const std::int32_t balance = whole(100 - 50 * gap);
  const double more_cpu = q.scored_cpu - q.cpu;
  const double more_memory = q.scored_memory - q.memory;
  if (q.strategy == FitStrategy::least_allocated) {
    const double cpu = box.low(Box::kScoredCpu) + q.scored_cpu * cpu_low;
    const double memory = box.low(Box::kScoredMemory) + q.scored_memory * memory_low;
    const std::int32_t fit =
        (whole(100 * std::max(1 - cpu, 0.0)) + whole(100 * std::max(1 - memory, 0.0))) / 2;
    const double shortfall = box.high(Box::kShortfall) + std::max(-more_cpu, 0.0) * cpu_high +
                             std::max(-more_memory, 0.0) * memory_high;
    return std::min(fit + balance, whole(200 - 100 * std::max(u_low, v_low) + 50 * shortfall));
  }
  const double cpu = box.high(Box::kScoredCpu) + q.scored_cpu * cpu_high;
  const double memory = box.high(Box::kScoredMemory) + q.scored_memory * memory_high;
  const std::int32_t fit =
      (whole(100 * std::min(cpu, 1.0)) + whole(100 * std::min(memory, 1.0))) / 2;
  const double excess = box.high(Box::kExcess) + std::max(more_cpu, 0.0) * cpu_high +
                        std::max(more_memory, 0.0) * memory_high;
  return std::min(fit + balance, whole(100 + 100 * std::min(u_high, v_high) + 50 * excess));
}

}  // namespace arcas::scheduler::load
