#pragma once

#include <array>
#include <cstdint>

#include "core/scheduler/load_tree_box.h"

namespace arcas::scheduler::load {

/// A handful of nodes in columns, so that bounds on them are computed several at a time.
struct Leaf {
  static constexpr std::uint32_t kCapacity = 32;
  using Column = std::array<float, kCapacity>;

  std::uint32_t count = 0;
  std::uint32_t owner = 0;     ///< the branch that holds this leaf
  bool one_capacity = true;    ///< all points have the capacities of the first one
  std::uint8_t agreement = 0;  ///< holds of all points
  std::array<std::uint32_t, kCapacity> id{};
  std::array<Column, kAxes> at{};
  std::array<std::uint8_t, kCapacity> agreements{};

  [[nodiscard]] bool full() const { return count == kCapacity; }
  [[nodiscard]] Point point(std::uint32_t slot) const;
  /// The leaf must not be full.
  void add(const Point& point);
  /// Moves the last point into the slot.
  void remove(std::uint32_t slot);
  [[nodiscard]] Box box() const;
  [[nodiscard]] std::uint32_t lowest_id() const;
};

using Bounds = std::array<std::int32_t, Leaf::kCapacity>;

/// The bound of each point of the leaf, -1 where cpu or memory do not suffice.
void bound_points(const Leaf& leaf, const Question& question, Bounds& bounds);

}  // namespace arcas::scheduler::load
