#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/id.h"

namespace arcas::scheduler {

/// What all nodes of a group have in common in the eyes of one shape: everything that normalised
/// scores and rules between pods read. Within a group the best node is the one with the best local
/// score.
struct GroupTraits {
  std::int64_t preferred = 0;             ///< NodeAffinity's raw score
  std::int64_t taints = 0;                ///< TaintToleration's raw score
  std::vector<std::int32_t> coordinates;  ///< by axis of the index
  bool operator==(const GroupTraits&) const = default;
};

/// A group whose members rarely change: local scores by place, under a tree of maxima, 64 wide.
/// Cost: an update O(64) at worst, the best node three looks at 64 numbers.
class TreeGroup {
 public:
  static constexpr std::int32_t kOut = -1;  ///< not feasible, or in another group

  std::uint32_t add(NodeId node, std::int32_t score);
  /// After the last `add`.
  void build();
  void update(std::uint32_t place, std::int32_t score);
  /// Asks anew for every member's score: `score_of(NodeId)`. Cost: O(members), in their order.
  template <class ScoreOf>
  void rescore(const ScoreOf& score_of) {
    for (std::size_t i = 0; i < members_.size(); ++i) scores_[i] = score_of(members_[i]);
    build();
  }
  [[nodiscard]] std::int32_t score(std::uint32_t place) const { return scores_[place]; }
  [[nodiscard]] std::int32_t best() const;
  /// The lowest node with the best score; there must be one.
  [[nodiscard]] NodeId first_best() const;
  struct Best {
    NodeId node;
    std::int32_t score = kOut;
  };
  /// The best member but for those places, which ascend; the lowest node at a tie, no node when
  /// none is left. Cost: O(64) for each block of 64 members that has a place left out, and
  /// O(members / 4096) besides.
  [[nodiscard]] Best best_without(std::span<const std::uint32_t> left_out) const;
  [[nodiscard]] std::uint32_t feasible() const { return feasible_; }

 private:
  static constexpr std::uint32_t kWidth = 64;
  /// Looks for a higher score than `score` in a block, those left out not counted.
  void look_in_block(std::size_t block, std::span<const std::uint32_t> left_out, std::size_t& place,
                     std::int32_t& score) const;
  std::vector<NodeId> members_;  // ascending
  std::vector<std::int32_t> scores_;
  std::vector<std::int32_t> block_best_;
  std::vector<std::int32_t> super_best_;
  std::uint32_t feasible_ = 0;
};

/// A group that nodes enter and leave: a heap of (score, lowest node first) whose outdated entries
/// are thrown away when they come up. The caller says what is current.
class HeapGroup {
 public:
  void push(NodeId node, std::int32_t score);
  void enter() { ++feasible_; }
  void leave() { --feasible_; }
  [[nodiscard]] std::uint32_t feasible() const { return feasible_; }
  struct Top {
    NodeId node;
    std::int32_t score = TreeGroup::kOut;
  };
  /// The best current entry; `current(node, score)` tells. Cost: O(log) for each outdated entry.
  template <class Current>
  Top top(Current&& current) {
    while (!heap_.empty()) {
      const Top first = decode(heap_.front());
      if (current(first.node, first.score)) return first;
      pop();
    }
    return {};
  }
  /// Keeps only current entries, once outdated ones prevail.
  template <class Current>
  void tidy(Current&& current) {
    if (heap_.size() < 64 || heap_.size() < 4 * std::size_t{feasible_}) return;
    std::erase_if(heap_, [&](std::uint64_t entry) {
      const Top at = decode(entry);
      return !current(at.node, at.score);
    });
    rebuild();
  }

 private:
  static Top decode(std::uint64_t entry);
  void pop();
  void rebuild();

  std::vector<std::uint64_t> heap_;  // score, then the complement of the node
  std::uint32_t feasible_ = 0;
};

}  // namespace arcas::scheduler
