#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/scheduler/cluster.h"
#include "core/scheduler/local_plugins.h"
#include "core/scheduler/node_groups.h"

namespace arcas::scheduler {

/// Something about nodes, beside their own state, that the rules of a pod read.
struct Axis {
  StringId key;
  /// None: the coordinate is the node's domain under the key. Else: the value of this counter in
  /// the node's domain; for keys with many domains, above all the host name.
  CounterId counter;
  /// The coordinate is 0 where a node has the label, kNoLabel elsewhere; no counter then.
  bool presence = false;
  bool operator==(const Axis&) const = default;
};

/// The nodes in the eyes of one shape and some axes, in groups within which every normalised score
/// and every rule between pods is the same. So the best node of a group is the one with the best
/// local score, and the answer for a pod is the best over groups.
///
/// Nodes whose counted coordinates are all 0 (no matching pod there) stand in tree groups; the few
/// others in heap groups, which they enter and leave as pods come and go. Brought up to date from
/// the change logs of the nodes and of the counters; far behind, it is made anew, or only its
/// scores are where nothing else can have changed.
/// Cost: update of a node about 50 ns in a tree, 200 ns in a heap; rebuild O(nodes), about 60 ns
/// each; scores alone a quarter of that.
/// Memory: 12 bytes a node, 8 more where axes count, and 16 for each of the few.
class NodeIndex {
 public:
  static constexpr std::int32_t kInfeasible = LocalPlugins::kInfeasible;
  static constexpr std::int32_t kNoLabel = -1;  ///< coordinate of a node without the label
  static constexpr std::size_t kMostGroups = 2048;

  struct Group {
    GroupTraits traits;
    bool is_tree = true;
    TreeGroup tree;
    HeapGroup heap;
  };

  NodeIndex(Cluster& cluster, const SchedulerProfile& profile, const Shape& shape, SpecId images,
            std::vector<Axis> axes, const Nominations& nominations);

  /// Whether the answers leave room for the nominated pods.
  [[nodiscard]] bool respects_nominations() const { return local_.usual(); }

  /// Takes in all changes since the last call. The cluster's topology must be up to date. False:
  /// the nodes fall into too many groups for the index to be of use.
  bool refresh();
  [[nodiscard]] std::uint32_t group_count() const {
    return static_cast<std::uint32_t>(groups_.size());
  }
  [[nodiscard]] const GroupTraits& traits(std::uint32_t group) const {
    return groups_[group].traits;
  }
  [[nodiscard]] std::uint32_t feasible(std::uint32_t group) const;
  struct Best {
    NodeId node;
    std::int32_t score = kInfeasible;
  };
  /// The best local score of a group and the lowest node that has it; kInfeasible: no node.
  [[nodiscard]] std::int32_t best_score(std::uint32_t group);
  [[nodiscard]] NodeId best_node(std::uint32_t group);
  /// Whether any axis is a count; if not, all nodes stand in tree groups.
  [[nodiscard]] bool counts() const { return counts_; }
  /// Where a node stands; group kNone: nowhere.
  struct Standing {
    static constexpr std::uint32_t kNone = 0xffffffffU;
    std::uint32_t group = kNone;
    std::uint32_t place = 0;  ///< within a tree group
    std::int32_t score = kInfeasible;
  };
  [[nodiscard]] Standing standing(NodeId node) const;
  /// The best of a tree group but for those places, which ascend; kInfeasible: no node.
  [[nodiscard]] Best best_without(std::uint32_t group,
                                  std::span<const std::uint32_t> left_out) const {
    const TreeGroup::Best best = groups_[group].tree.best_without(left_out);
    return {best.node, best.score};
  }
  [[nodiscard]] std::uint64_t rebuilds() const { return rebuilds_; }

 private:
  struct Place {
    std::uint32_t home = kNowhere;  // tree group; top bit: passes the static filters
    std::uint32_t position = 0;     // in the tree
  };
  /// Where a node stands now; kept where axes count.
  struct Stand {
    std::uint32_t away = kNowhere;  // heap group
    std::int32_t score = kInfeasible;
  };
  /// How far an axis that counts has been read.
  struct Reader {
    std::uint64_t position = 0;
    std::uint64_t generation = 0;
  };
  static constexpr std::uint32_t kNowhere = 0x7fffffffU;
  static constexpr std::uint32_t kStaticOk = 0x80000000U;

  void rebuild();
  void rescore();
  [[nodiscard]] bool only_usage_changed() const;
  void read_axes();
  [[nodiscard]] bool axes_behind() const;
  bool follow_counters();
  bool update_static(NodeId node);
  void update(NodeId node);
  void move(NodeId node, std::uint32_t to, std::int32_t score);
  /// Coordinates of a node; true when all counted ones are 0.
  bool coordinates(NodeId node, std::vector<std::int32_t>& out) const;
  [[nodiscard]] std::uint32_t home_of(NodeId node, bool& at_home);
  [[nodiscard]] std::uint32_t group_with(const GroupTraits& traits, bool is_tree);
  [[nodiscard]] bool current(std::uint32_t group, NodeId node, std::int32_t score) const {
    const Stand& stand = stands_[node.index];
    return stand.away == group && stand.score == score;
  }

  Cluster& cluster_;
  LocalPlugins local_;
  const Nominations& nominations_;
  std::uint64_t nominations_position_ = 0;
  std::vector<Axis> axes_;
  std::vector<const TopologyMap*> maps_;     // by axis
  std::vector<std::uint64_t> map_versions_;  // by axis
  std::vector<Reader> readers_;              // by axis; unused for domain axes
  bool counts_ = false;                      // any axis counts
  bool images_ = false;                      // ImageLocality takes part
  std::uint64_t images_version_ = 0;
  std::vector<Group> groups_;
  boost::unordered_flat_map<std::uint64_t, std::vector<std::uint32_t>, StableHash> by_traits_;
  std::vector<Place> places_;  // by NodeId
  std::vector<Stand> stands_;  // by NodeId
  std::vector<std::int32_t> scratch_;
  std::uint32_t last_ = 0;  // the group found last
  std::uint64_t log_position_ = 0;
  std::uint64_t static_epoch_ = 0;  // of the nodes, when all of their log had been read
  bool built_ = false;
  std::uint64_t rebuilds_ = 0;
};

}  // namespace arcas::scheduler
