#pragma once

#include <array>
#include <cstdint>

#include "core/scheduler/load_tree_box.h"

namespace arcas::scheduler::load {

/// A handful of nodes in columns, so that their scores are computed several at a time.
struct Leaf {
  static constexpr std::uint32_t kCapacity = 32;
  using Column = std::array<double, kCapacity>;

  Column used_cpu{};
  Column used_memory{};
  Column scored_cpu{};
  Column scored_memory{};
  Column cpu_capacity{};
  Column memory_capacity{};
  std::array<std::uint32_t, kCapacity> id{};
  std::uint32_t count = 0;
  std::uint32_t owner = 0;     ///< the branch that holds this leaf
  bool one_capacity = true;    ///< all points have the capacities of the first one
  bool scored_as_used = true;  ///< in all points the scored amounts are the used ones

  [[nodiscard]] bool full() const { return count == kCapacity; }
  [[nodiscard]] Point point(std::uint32_t slot) const;
  /// The leaf must not be full.
  void add(const Point& point);
  /// Moves the last point into the slot.
  void remove(std::uint32_t slot);
  void clear();
  [[nodiscard]] Box box() const;
  [[nodiscard]] std::uint32_t lowest_id() const;
};

using Scores = std::array<std::int32_t, Leaf::kCapacity>;

/// fit_score + balanced_score of every point of the leaf, -1 where cpu or memory do not suffice.
///
/// The same numbers as the integer code. fit_score: (capacity - requested) * 100 is below 2^52 for
/// capacities below 2^45, hence exact. The quotient is at most 100; where it is no whole number it
/// is at least 1 / capacity > 2^-45 away from the next one k, and numbers next to k <= 100 lie at
/// most 2^-46 apart, so rounding to nearest does not reach k: cutting off gives the integer
/// quotient. balanced_score is computed in binary64 there too, by the same operations.
void score(const Leaf& leaf, const Question& question, Scores& scores);

}  // namespace arcas::scheduler::load
