#include "core/scheduler/load_tree_leaf.h"

#include <algorithm>
#include <cmath>

namespace arcas::scheduler::load {
namespace {

/// The arithmetic of `bound` for boxes of one point each, in a form that is vectorised: no
/// branches, and comparisons written as minima.
template <bool least, bool one_capacity>
void bound_all(const Leaf& leaf, const Question& q, Bounds& bounds) {
  const std::uint32_t count = leaf.count;
  const float first_cpu_unit = leaf.at[kCpuUnit][0];
  const float first_memory_unit = leaf.at[kMemoryUnit][0];
  const float cpu_limit = q.cpu_limit();
  const float memory_limit = q.memory_limit();
  const auto below_one = [](float x) { return x < 1 ? x : 1; };
  const auto share = [&](float scored) {
    return whole(100 * (least ? 1 - below_one(scored) : below_one(scored)));
  };
  for (std::uint32_t i = 0; i < count; ++i) {
    const float cpu_unit = one_capacity ? first_cpu_unit : leaf.at[kCpuUnit][i];
    const float memory_unit = one_capacity ? first_memory_unit : leaf.at[kMemoryUnit][i];
    const float u = leaf.at[kUsedCpu][i] + q.cpu * cpu_unit;
    const float v = leaf.at[kUsedMemory][i] + q.memory * memory_unit;
    const float scored_cpu = leaf.at[kScoredCpu][i] + q.scored_cpu * cpu_unit;
    const float scored_memory = leaf.at[kScoredMemory][i] + q.scored_memory * memory_unit;
    const std::int32_t fit = (share(scored_cpu) + share(scored_memory)) / 2;
    const std::int32_t balance = whole(100 - 50 * std::fabs(below_one(u) - below_one(v)));
    const int room = static_cast<int>(u <= cpu_limit) & static_cast<int>(v <= memory_limit);
    bounds[i] = room != 0 ? fit + balance : -1;
  }
}

}  // namespace

Point Leaf::point(std::uint32_t slot) const {
  Point point;
  point.id = id[slot];
  point.agreement = agreements[slot];
  for (std::size_t axis = 0; axis < kAxes; ++axis) point.at[axis] = at[axis][slot];
  return point;
}

void Leaf::add(const Point& point) {
  if (count == 0) {
    one_capacity = true;
    agreement = point.agreement;
  } else {
    one_capacity = one_capacity && point.at[kCpuUnit] == at[kCpuUnit][0] &&
                   point.at[kMemoryUnit] == at[kMemoryUnit][0];
    agreement = agreement & point.agreement;
  }
  for (std::size_t axis = 0; axis < kAxes; ++axis) at[axis][count] = point.at[axis];
  agreements[count] = point.agreement;
  id[count] = point.id;
  ++count;
}

void Leaf::remove(std::uint32_t slot) {
  const std::uint32_t last = --count;
  for (Column& column : at) column[slot] = column[last];
  agreements[slot] = agreements[last];
  id[slot] = id[last];
}

Box Leaf::box() const {
  Box box = Box::nothing();
  for (std::size_t axis = 0; axis < kAxes; ++axis) {
    float high = -Box::kFar;
    float low = Box::kFar;
    for (std::uint32_t i = 0; i < count; ++i) {
      high = at[axis][i] > high ? at[axis][i] : high;
      low = at[axis][i] < low ? at[axis][i] : low;
    }
    box.high[axis] = high;
    box.minus_low[axis] = -low;
  }
  return box;
}

std::uint32_t Leaf::lowest_id() const {
  std::uint32_t lowest = NodeId::kNone;
  for (std::uint32_t i = 0; i < count; ++i) lowest = std::min(lowest, id[i]);
  return lowest;
}

void bound_points(const Leaf& leaf, const Question& question, Bounds& bounds) {
  if (question.strategy == FitStrategy::least_allocated) {
    return leaf.one_capacity ? bound_all<true, true>(leaf, question, bounds)
                             : bound_all<true, false>(leaf, question, bounds);
  }
  return leaf.one_capacity ? bound_all<false, true>(leaf, question, bounds)
                           : bound_all<false, false>(leaf, question, bounds);
}

}  // namespace arcas::scheduler::load
