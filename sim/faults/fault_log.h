#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "sim/faults/fault_action.h"

namespace arcas::sim {

/// What was broken from when to when: pairs each action that breaks something with the one that
/// restores it. For reports. Cost: O(faults in force) for each action.
class FaultLog {
 public:
  struct Entry {
    TimePoint begins;
    TimePoint ends{-1};  ///< < 0: not by the end of the run
    std::string text;    ///< as describe() has it
  };
  /// More are counted and not kept.
  static constexpr std::size_t kMost = 5'000;

  void on_action(const FaultAction& action, const Region& region, TimePoint now);
  /// In the order in which they struck.
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  [[nodiscard]] std::size_t left_out() const { return left_out_; }

 private:
  struct Open {
    std::uint64_t place = 0;
    std::size_t entry = 0;
  };
  std::vector<Entry> entries_;
  std::vector<Open> open_;  // faults in force
  std::size_t left_out_ = 0;
};

}  // namespace arcas::sim
