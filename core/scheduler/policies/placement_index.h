#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "core/scheduler/policies/policy.h"

namespace arcas::policies {

/// Finds the best node for a pod under one policy. The answer is that of rating every node that
/// fits and taking the highest score, the first node on ties; but ratings are kept per kind of pod,
/// and only nodes that changed since are rated again.
///
/// Cost of `choose`: one comparison per node, plus one rating per node that changed since this kind
/// was last asked for. Memory: 10 bytes per node and kind. A policy that draws is rated in full.
class PlacementIndex {
 public:
  struct Choice {
    std::uint32_t node = 0;
    Placement placement;
  };

  /// `nodes` in the order that decides ties. The policy must outlive the index.
  PlacementIndex(const PlacementPolicy& policy, std::vector<NodeView> nodes);

  /// Makes a kind of pod known; its number is the count of kinds so far.
  std::uint32_t add_kind(const PodView& pod);

  /// The best node for a pod of that kind; none if it fits nowhere.
  std::optional<Choice> choose(std::uint32_t kind, RandomStream& random);
  /// The same by rating every node: the definition.
  [[nodiscard]] std::optional<Choice> scan(std::uint32_t kind, RandomStream& random) const;

  void reserve(std::uint32_t kind, const Choice& choice);
  void release(std::uint32_t kind, const Choice& choice);

  [[nodiscard]] const NodeView& node(std::uint32_t at) const { return nodes_[at]; }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }

 private:
  static constexpr std::int64_t kUnfit = std::numeric_limits<std::int64_t>::min();
  struct Kind {
    PodView pod;
    std::vector<std::int64_t> scores;
    std::vector<DeviceSet> devices;
    std::uint64_t seen = 0;  ///< changes of the log that the scores contain
  };

  void rate(Kind& kind, std::uint32_t node, RandomStream& random) const;
  void refresh(Kind& kind, RandomStream& random);
  void changed(std::uint32_t node);

  const PlacementPolicy& policy_;
  std::vector<NodeView> nodes_;
  std::vector<Kind> kinds_;
  /// Nodes in the order of their changes; entry i is change log_start_ + i.
  std::vector<std::uint32_t> log_;
  std::uint64_t log_start_ = 0;
  std::vector<std::uint64_t> last_change_;  ///< of each node
};

}  // namespace arcas::policies
