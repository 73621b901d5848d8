#pragma once

#include <bitset>
#include <cstddef>
#include <limits>
#include <set>
#include <utility>
#include <vector>

#include "core/base/time.h"

namespace arcas::tests {

/// One operation of a history: when it was asked, and when its answer came. An operation whose
/// outcome is unknown never returns: it may take effect at any time after it was asked, or never.
template <class Operation>
struct Recorded {
  Operation operation;
  TimePoint call;
  TimePoint returned = TimePoint::max();
};

/// Whether a history is linearizable: whether some order of its operations, in which one that had
/// returned before another was asked comes before it, is what `Model` does one after the other.
///
/// Model needs `State` (ordered, equal), `Operation`, and `static std::vector<State> step(State,
/// const Operation&, bool unknown)`: the states that may follow; none when the answer is
/// impossible. Limit: 512 operations. Cost: exponential in the operations under way at a time, not
/// in all. Source: Wing and Gong, "Testing and verifying concurrent objects" (JPDC 1993), with the
/// memory of visited (set, state) pairs of Lowe, "Testing for linearizability" (2017), as Porcupine
/// does it.
template <class Model>
class LinearizabilityCheck {
 public:
  using Operation = typename Model::Operation;
  using State = typename Model::State;
  static constexpr std::size_t kMost = 512;

  explicit LinearizabilityCheck(std::vector<Recorded<Operation>> history)
      : history_(std::move(history)) {}

  [[nodiscard]] bool holds() {
    if (history_.size() > kMost) return false;
    visited_.clear();
    return search({}, State{});
  }
  /// Pairs looked at, to see that a search had something to do.
  [[nodiscard]] std::size_t visited() const { return visited_.size(); }

 private:
  using Done = std::bitset<kMost>;
  struct Less {
    bool operator()(const std::pair<Done, State>& a, const std::pair<Done, State>& b) const {
      if (a.second != b.second) return a.second < b.second;
      return a.first.to_string() < b.first.to_string();
    }
  };

  bool search(Done done, const State& state) {
    if (!visited_.insert({done, state}).second) return false;
    TimePoint first_return = TimePoint::max();
    bool all = true;
    for (std::size_t i = 0; i < history_.size(); ++i) {
      if (done[i] || history_[i].returned == TimePoint::max()) continue;
      all = false;
      if (history_[i].returned < first_return) first_return = history_[i].returned;
    }
    if (all) return true;
    for (std::size_t i = 0; i < history_.size(); ++i) {
      if (done[i] || history_[i].call > first_return) continue;
      const bool unknown = history_[i].returned == TimePoint::max();
      for (const State& next : Model::step(state, history_[i].operation, unknown)) {
        Done with = done;
        with.set(i);
        if (search(with, next)) return true;
      }
    }
    return false;
  }

  std::vector<Recorded<Operation>> history_;
  std::set<std::pair<Done, State>, Less> visited_;
};

}  // namespace arcas::tests
