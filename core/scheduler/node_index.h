#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/scheduler/plugins/node_filters.h"
#include "core/scheduler/shape.h"

namespace arcas::scheduler {

/// The nodes in the eyes of one shape: the node-local score of every feasible node, in groups
/// within which all normalised scores are equal, with a tree of maxima over each group.
///
/// Groups: same value of topology.kubernetes.io/zone, same raw preferred affinity, same number of
/// untolerated PreferNoSchedule taints. Brought up to date from the node table's change log; far
/// behind, it is made anew. Cost: update of one node O(64); best of a group O(64) three times;
/// rebuild O(nodes). Memory: 12 bytes a node.
class NodeIndex {
 public:
  static constexpr std::int32_t kInfeasible = -1;

  struct Group {
    StringId zone;  ///< label value; none: the nodes have no such label
    std::int64_t preferred = 0;
    std::int64_t taints = 0;
    std::vector<NodeId> members;           ///< ascending
    std::vector<std::int32_t> scores;      ///< parallel, padded to blocks
    std::vector<std::int32_t> block_best;  ///< of 64 members
    std::vector<std::int32_t> super_best;  ///< of 64 blocks
    [[nodiscard]] std::int32_t best() const;
    /// The lowest node with the best score; the group must have a feasible node.
    [[nodiscard]] NodeId first_best() const;
  };

  NodeIndex(const model::Catalog& catalog, const NodeTable& nodes, const Shape& shape,
            FitStrategy strategy)
      : catalog_(catalog), nodes_(nodes), shape_(shape), strategy_(strategy) {}

  /// Takes in all changes since the last call.
  void refresh();
  [[nodiscard]] std::span<const Group> groups() const { return groups_; }
  /// The node-local score now; kInfeasible if it does not fit. For nodes of any kind.
  [[nodiscard]] std::int32_t local_score(const NodeTable::Row& row, bool static_ok) const;
  [[nodiscard]] std::uint64_t rebuilds() const { return rebuilds_; }

 private:
  struct Place {
    std::uint32_t group_and_flag = kNowhere;  // top bit: passes the static filters
    std::uint32_t position = 0;
  };
  static constexpr std::uint32_t kNowhere = 0x7fffffffU;
  static constexpr std::uint32_t kStaticOk = 0x80000000U;
  static constexpr std::uint32_t kWidth = 64;

  void rebuild();
  bool update_static(NodeId node);
  void update_score(NodeId node);
  [[nodiscard]] std::uint32_t group_of(const NodeTable::Row& row);

  const model::Catalog& catalog_;
  const NodeTable& nodes_;
  const Shape& shape_;
  FitStrategy strategy_;
  std::vector<Group> groups_;
  std::vector<Place> places_;  // by NodeId
  std::uint64_t log_position_ = 0;
  bool built_ = false;
  std::uint64_t rebuilds_ = 0;
};

}  // namespace arcas::scheduler
