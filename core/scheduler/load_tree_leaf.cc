#include "core/scheduler/load_tree_leaf.h"

#include <algorithm>
#include <cmath>

namespace arcas::scheduler::load {
namespace {

struct Range {
  double low = 1e300;
  double high = -1e300;
};

Range range(const Leaf::Column& column, std::uint32_t count) {
  Range range;
  for (std::uint32_t i = 0; i < count; ++i) {
    range.low = column[i] < range.low ? column[i] : range.low;
    range.high = column[i] > range.high ? column[i] : range.high;
  }
  return range;
}

template <FitStrategy strategy, bool one_capacity, bool scored_as_used>
void score_all(const Leaf& leaf, const Question& q, Scores& scores) {
  const std::uint32_t count = leaf.count;
  const double first_cpu = leaf.cpu_capacity[0];
  const double first_memory = leaf.memory_capacity[0];
  const auto share = [](double capacity, double requested) {
    if constexpr (strategy == FitStrategy::least_allocated) {
      const double free = capacity - requested;
      return static_cast<std::int32_t>((free > 0 ? free : 0) * 100 / capacity);
    } else {
      return static_cast<std::int32_t>((requested < capacity ? requested : capacity) * 100 /
                                       capacity);
    }
  };
  for (std::uint32_t i = 0; i < count; ++i) {
    const double cpu_capacity = one_capacity ? first_cpu : leaf.cpu_capacity[i];
    const double memory_capacity = one_capacity ? first_memory : leaf.memory_capacity[i];
    const double cpu = leaf.used_cpu[i] + q.cpu;
    const double memory = leaf.used_memory[i] + q.memory;
    const double scored_cpu = scored_as_used ? cpu : leaf.scored_cpu[i] + q.scored_cpu;
    const double scored_memory = scored_as_used ? memory : leaf.scored_memory[i] + q.scored_memory;
    const std::int32_t fit =
        (share(cpu_capacity, scored_cpu) + share(memory_capacity, scored_memory)) / 2;
    const double u = cpu / cpu_capacity;
    const double v = memory / memory_capacity;
    const double deviation = std::fabs(((u < 1 ? u : 1) - (v < 1 ? v : 1)) / 2);
    const auto balance = static_cast<std::int32_t>((1 - deviation) * 100);
    // No short circuit: it would keep the loop from being vectorised.
    const int room = static_cast<int>(cpu_capacity - leaf.used_cpu[i] >= q.least_free_cpu) &
                     static_cast<int>(memory_capacity - leaf.used_memory[i] >= q.least_free_memory);
    scores[i] = room != 0 ? fit + balance : -1;
  }
}

template <FitStrategy strategy>
void score_by(const Leaf& leaf, const Question& q, Scores& scores) {
  const bool same = leaf.scored_as_used && q.scored_as_used();
  if (leaf.one_capacity) {
    return same ? score_all<strategy, true, true>(leaf, q, scores)
                : score_all<strategy, true, false>(leaf, q, scores);
  }
  return same ? score_all<strategy, false, true>(leaf, q, scores)
              : score_all<strategy, false, false>(leaf, q, scores);
}

}  // namespace

Point Leaf::point(std::uint32_t slot) const {
  return {cpu_capacity[slot], memory_capacity[slot], used_cpu[slot], used_memory[slot],
          scored_cpu[slot],   scored_memory[slot],   id[slot]};
}

void Leaf::add(const Point& point) {
  if (count == 0) {
    clear();
  } else {
    one_capacity = one_capacity && point.cpu_capacity == cpu_capacity[0] &&
                   point.memory_capacity == memory_capacity[0];
  }
  scored_as_used = scored_as_used && point.scored_cpu == point.used_cpu &&
                   point.scored_memory == point.used_memory;
  cpu_capacity[count] = point.cpu_capacity;
  memory_capacity[count] = point.memory_capacity;
  used_cpu[count] = point.used_cpu;
  used_memory[count] = point.used_memory;
  scored_cpu[count] = point.scored_cpu;
  scored_memory[count] = point.scored_memory;
  id[count] = point.id;
  ++count;
}

void Leaf::remove(std::uint32_t slot) {
  const std::uint32_t last = --count;
  cpu_capacity[slot] = cpu_capacity[last];
  memory_capacity[slot] = memory_capacity[last];
  used_cpu[slot] = used_cpu[last];
  used_memory[slot] = used_memory[last];
  scored_cpu[slot] = scored_cpu[last];
  scored_memory[slot] = scored_memory[last];
  id[slot] = id[last];
}

void Leaf::clear() {
  count = 0;
  one_capacity = true;
  scored_as_used = true;
}

Box Leaf::box() const {
  Box box = Box::nothing();
  if (count == 0) return box;
  if (!one_capacity || !scored_as_used) {
    for (std::uint32_t i = 0; i < count; ++i) box.unite(Box::around(point(i)));
    return box;
  }
  // Division keeps order, so the extremes of the fractions are the fractions of the extremes.
  const Range cpu = range(used_cpu, count);
  const Range memory = range(used_memory, count);
  const Point least{cpu_capacity[0], memory_capacity[0], cpu.low, memory.low,
                    cpu.low,         memory.low,         0};
  const Point most{cpu_capacity[0], memory_capacity[0], cpu.high, memory.high,
                   cpu.high,        memory.high,        0};
  box = Box::around(least);
  box.unite(Box::around(most));
  return box;
}

std::uint32_t Leaf::lowest_id() const {
  std::uint32_t lowest = NodeId::kNone;
  for (std::uint32_t i = 0; i < count; ++i) lowest = std::min(lowest, id[i]);
  return lowest;
}

void score(const Leaf& leaf, const Question& question, Scores& scores) {
  if (leaf.count == 0) return;
  if (question.strategy == FitStrategy::least_allocated) {
    return score_by<FitStrategy::least_allocated>(leaf, question, scores);
  }
  score_by<FitStrategy::most_allocated>(leaf, question, scores);
}

}  // namespace arcas::scheduler::load
