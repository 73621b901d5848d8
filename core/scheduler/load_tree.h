#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "core/scheduler/load_tree_points.h"
#include "core/scheduler/node_table.h"
#include "core/scheduler/plugins/node_filters.h"

namespace arcas::scheduler {

/// The nodes by their load, for pods of any shape: one structure for all, so a placement costs one
/// update however many shapes there are, and a shape nobody shares costs nothing extra.
///
/// Answers with the node of the highest node-local score (fit_score + balanced_score) that passes
/// filter_resources; ties go to the lowest NodeId. Exact: the same as looking at every node.
/// Nodes lie in *groups* that agree on all that a pod without node selector, affinity or target can
/// see, so the caller decides by group what static filters, taint scores and spreading say. Within
/// a group lies one tree (load_tree_points.h) for each set of kinds of which there is some left, so
/// a pod that wants a GPU does not look at nodes whose GPUs are taken.
/// Cost: a question about the square root of the nodes; memory about 150 bytes a node.
class LoadTree {
 public:
  LoadTree(const NodeTable& nodes, FitStrategy strategy) : nodes_(nodes), strategy_(strategy) {}
  LoadTree(const LoadTree&) = delete;
  LoadTree& operator=(const LoadTree&) = delete;

  /// Takes in all changes since the last call. Far behind, it is made anew: O(nodes log nodes).
  void refresh();

  struct Group {
    StringId zone;  ///< value of topology.kubernetes.io/zone; none: no such label
    /// A row with the group's static facts: runtime flags, taints, unschedulable, zone_lost and
    /// zone label. Nothing else of it holds for the others. May be handed to filter_static and
    /// intolerable_taints for a spec without node selector, node affinity and node name.
    NodeTable::Row facts;
    std::uint32_t nodes = 0;  ///< how many there are now; groups stay when they become empty
  };
  /// References hold until the next refresh.
  [[nodiscard]] std::span<const Group> groups() const { return groups_; }
  /// The group of a known node.
  [[nodiscard]] std::uint32_t group_of(NodeId node) const { return group_of_node_[node.index]; }

  struct Best {
    NodeId node;
    std::int32_t score = 0;
    bool operator==(const Best&) const = default;
  };
  /// The best node of a group for this demand among those that `admits(NodeId)` accepts; it is
  /// asked only about nodes that may be the best so far.
  template <class Admits>
  [[nodiscard]] std::optional<Best> best(std::uint32_t group, const Demand& demand,
                                         const Admits& admits) const {
    load::Leader leader;
    search(group, demand, Admission(admits), leader);
    return found(leader);
  }
  [[nodiscard]] std::optional<Best> best(std::uint32_t group, const Demand& demand) const {
    return best(group, demand, [](NodeId) { return true; });
  }
  /// Betters `best` by the nodes of a group: faster than a question of its own, as only nodes that
  /// beat what is there are looked for.
  template <class Admits>
  void improve(std::uint32_t group, const Demand& demand, const Admits& admits,
               std::optional<Best>& best) const {
    load::Leader leader;
    if (best) leader = {best->node.index, best->score};
    search(group, demand, Admission(admits), leader);
    best = found(leader);
  }
  [[nodiscard]] std::uint64_t rebuilds() const { return rebuilds_; }

 private:
  /// A reference to the caller's function.
  class Admission {
   public:
    template <class F>
    explicit Admission(const F& f)
        : object_(&f), call_([](const void* object, NodeId node) -> bool {
            return (*static_cast<const F*>(object))(node);
          }) {}
    bool operator()(NodeId node) const { return call_(object_, node); }

   private:
    const void* object_;
    bool (*call_)(const void*, NodeId);
  };
  /// The nodes of one group with the same kinds left.
  struct Tree {
    Tree(std::uint32_t group_index, std::uint32_t kinds, std::vector<load::Place>& places)
        : group(group_index), kinds_left(kinds), points(places) {}
    std::uint32_t group;
    std::uint32_t kinds_left;
    load::PointTree points;
  };
  static constexpr std::uint32_t kNowhere = 0xffffffffU;
  static constexpr std::uint32_t kOutside = 0xfffffffeU;  // in `outside_` of its group

  static std::optional<Best> found(const load::Leader& leader) {
    if (leader.id == NodeId::kNone) return std::nullopt;
    return Best{NodeId{leader.id}, leader.score};
  }
  void rebuild();
  void update(NodeId node, bool is_static);
  void take_out(NodeId node);
  std::uint32_t group_for(const NodeTable::Row& row);
  std::uint32_t tree_for(std::uint32_t group, const NodeTable::Row& row);
  void search(std::uint32_t group, const Demand& demand, const Admission& admits,
              load::Leader& leader) const;

  const NodeTable& nodes_;
  FitStrategy strategy_;
  std::vector<Group> groups_;
  std::deque<Tree> trees_;
  std::vector<std::vector<std::uint32_t>> trees_of_group_;
  std::vector<std::vector<NodeId>> outside_;  // by group: amounts that the trees cannot hold
  std::vector<load::Place> places_;           // by NodeId
  std::vector<std::uint32_t> group_of_node_;  // by NodeId
  std::uint64_t log_position_ = 0;
  bool built_ = false;
  std::uint64_t rebuilds_ = 0;
};

}  // namespace arcas::scheduler
