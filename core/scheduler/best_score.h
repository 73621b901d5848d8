#pragma once

#include <bit>
#include <cstddef>
#include <optional>
#include <vector>

#include "core/scheduler/custom_policy.h"

namespace arcas::scheduler {

/// Scores in a tournament: the best of them, the first at a tie. Memory: 16 to 32 bytes a score.
/// Cost: an update O(log n), the best O(log n).
class BestScore {
 public:
  /// All refused.
  void reset(std::size_t size) {
    leaves_ = std::bit_ceil(size > 0 ? size : 1);
    tree_.assign(2 * leaves_, PolicySession::kRefused);
  }
  [[nodiscard]] bool holds(std::size_t position) const { return position < leaves_; }
  [[nodiscard]] double operator[](std::size_t position) const { return tree_[leaves_ + position]; }
  void set(std::size_t position, double score) {
    std::size_t at = leaves_ + position;
    tree_[at] = score;
    while (at > 1) {
      at /= 2;
      const double best = tree_[2 * at] >= tree_[2 * at + 1] ? tree_[2 * at] : tree_[2 * at + 1];
      if (tree_[at] == best) return;
      tree_[at] = best;
    }
  }
  /// None while all are refused.
  [[nodiscard]] std::optional<std::size_t> best() const {
    if (tree_.size() < 2 || tree_[1] == PolicySession::kRefused) return std::nullopt;
    std::size_t at = 1;
    while (at < leaves_) at = tree_[2 * at] == tree_[at] ? 2 * at : 2 * at + 1;
    return at - leaves_;
  }

 private:
  std::size_t leaves_ = 0;
  std::vector<double> tree_;  // from 1; leaves behind
};

}  // namespace arcas::scheduler
