#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "core/scheduler/plugins/node_filters.h"

namespace arcas::scheduler::load {

/// Scores and fits are decided in load_tree.cc by the scheduler's own functions. What is here only
/// bounds them from above, in binary32: a bound may be loose, never too low. Fractions are right to
/// 3e-7 after a few operations, which is 3e-5 of a score point; this covers it more than twice.
inline constexpr float kSlack = 1e-4F;

/// Coordinates of a node's state.
enum Axis : std::uint8_t {
  kUsedCpu,  ///< used ÷ capacity
  kUsedMemory,
  kScoredCpu,
  kScoredMemory,
  kCpuUnit,     ///< 1 ÷ capacity, per milli-cpu
  kMemoryUnit,  ///< per byte
  kAxes
};

/// How scored amounts compare with used ones; for several nodes, what holds of all.
inline constexpr std::uint8_t kScoredIsEnough = 1;  ///< scored >= used, of cpu and of memory
inline constexpr std::uint8_t kScoredIsWithin = 2;  ///< scored <= used

/// A node as the bounds see it.
struct Point {
  std::uint32_t id = 0;  ///< NodeId
  std::uint8_t agreement = 0;
  std::array<float, kAxes> at{};
};

/// What a pod asks for.
struct Question {
  FitStrategy strategy = FitStrategy::least_allocated;
  float cpu = 0;
  float memory = 0;
  float scored_cpu = 0;
  float scored_memory = 0;
  std::uint8_t agreement = 0;
  /// A pod that asks for none fits where the kind is overcommitted.
  [[nodiscard]] float cpu_limit() const { return limit(cpu); }
  [[nodiscard]] float memory_limit() const { return limit(memory); }

 private:
  static float limit(float amount) {
    return amount > 0 ? 1 + kSlack / 100 : std::numeric_limits<float>::infinity();
  }
};

/// The box around some points.
struct Box {
  static constexpr float kFar = 1e30F;
  std::array<float, kAxes> high;
  std::array<float, kAxes> minus_low;  // so that a union takes maxima only

  static Box nothing() {
    Box box;
    box.high.fill(-kFar);
    box.minus_low.fill(-kFar);
    return box;
  }
  void add(const Point& point) {
    for (std::size_t i = 0; i < kAxes; ++i) {
      high[i] = std::max(high[i], point.at[i]);
      minus_low[i] = std::max(minus_low[i], -point.at[i]);
    }
  }
  void unite(const Box& other) {
    for (std::size_t i = 0; i < kAxes; ++i) {
      high[i] = std::max(high[i], other.high[i]);
      minus_low[i] = std::max(minus_low[i], other.minus_low[i]);
    }
  }
  [[nodiscard]] float low(Axis axis) const { return -minus_low[axis]; }
  [[nodiscard]] float width(Axis axis) const { return high[axis] + minus_low[axis]; }
  bool operator==(const Box&) const = default;
};

inline std::int32_t whole(float x) { return static_cast<std::int32_t>(x + kSlack); }

/// No point of the box scores more than this; -1: none has the room. `agreement` holds of all its
/// points. Equal to the score when all points are one, but for scores that are about to round up.
///
/// Two bounds, the lower one counts. First: both scores apart, each at its best corner. Second: the
/// scores without their rounding down, together. With u, v the fractions after placement, cut at 1,
/// LeastAllocated and balance give 100 - 50(u + v) + 100 - 50|u - v| = 200 - 100 max(u, v), and
/// less where more is scored than used; MostAllocated and balance give 50(u + v) + 100 - 50|u - v|
/// = 100 + 100 min(u, v), and less where less is scored than used.
inline std::int32_t bound(const Box& box, std::uint8_t agreement, const Question& q) {
  const float cpu_low = box.low(kCpuUnit);
  const float memory_low = box.low(kMemoryUnit);
  const float u_least = box.low(kUsedCpu) + q.cpu * cpu_low;
  const float v_least = box.low(kUsedMemory) + q.memory * memory_low;
  if (u_least > q.cpu_limit() || v_least > q.memory_limit()) return -1;
  const float u_low = std::min(u_least, 1.0F);
  const float v_low = std::min(v_least, 1.0F);
  const float cpu_high = box.high[kCpuUnit];
  const float memory_high = box.high[kMemoryUnit];
  const float u_high = std::min(box.high[kUsedCpu] + q.cpu * cpu_high, 1.0F);
  const float v_high = std::min(box.high[kUsedMemory] + q.memory * memory_high, 1.0F);
  const float gap = std::max(std::max(u_low - v_high, v_low - u_high), 0.0F);
  const std::int32_t balance = whole(100 - 50 * gap);
  const bool least = q.strategy == FitStrategy::least_allocated;
  float cpu = 0;
  float memory = 0;
  if (least) {
    cpu = std::max(1 - (box.low(kScoredCpu) + q.scored_cpu * cpu_low), 0.0F);
    memory = std::max(1 - (box.low(kScoredMemory) + q.scored_memory * memory_low), 0.0F);
  } else {
    cpu = std::min(box.high[kScoredCpu] + q.scored_cpu * cpu_high, 1.0F);
    memory = std::min(box.high[kScoredMemory] + q.scored_memory * memory_high, 1.0F);
  }
  const std::int32_t apart = (whole(100 * cpu) + whole(100 * memory)) / 2 + balance;
  const std::uint8_t needed = least ? kScoredIsEnough : kScoredIsWithin;
  if ((agreement & q.agreement & needed) == 0) return apart;
  const float together =
      least ? 200 - 100 * std::max(u_low, v_low) : 100 + 100 * std::min(u_high, v_high);
  return std::min(apart, whole(together));
}

}  // namespace arcas::scheduler::load
