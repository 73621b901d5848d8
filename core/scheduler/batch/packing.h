#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

#include "core/base/hash.h"
#include "core/scheduler/batch/batch_input.h"
#include "core/scheduler/batch/node_classes.h"

namespace arcas::scheduler::batch {

/// Pods of one class that go to one node.
struct Assignment {
  std::uint32_t pod_class = 0;
  NodeId node;
  std::uint32_t count = 0;
  bool operator==(const Assignment&) const = default;
};

/// Pods of a class that are to be packed.
struct Portion {
  std::uint32_t pod_class = 0;
  std::uint32_t left = 0;
};

/// Packs whole pods onto nodes, node by node, in the order of NodeId from the input's `turn` on. On
/// each node the next pod is of the highest priority that still fits, and among those of the class
/// that leaves the least of the node's room, measured by the sum of the squares of what is left of
/// each resource: it takes large pods first and keeps the resources in balance. No node is ever
/// over-committed in any resource. Source of the measure: Panigrahy, Talwar, Uyeda, Wieder,
/// "Heuristics for Vector Bin Packing" (Microsoft Research, 2011), norm-based greedy.
class NodePacker {
 public:
  /// `free`: one row with every resource kind for each of the input's nodes; it is kept up to date.
  /// `kinds`: the resource kinds to look at; classes that ask for others must not be packed.
  NodePacker(const BatchInput& input, std::vector<ResourceRow>& free,
             std::vector<std::size_t> kinds);

  /// Packs the portions onto the nodes of the class and takes off what it placed. While the
  /// portions ask for less than there is, nodes are filled alike, not one after the other.
  /// Cost: O(nodes × portions × pods on a node), each resource kind looked at.
  void pack(const NodeClass& nodes, std::vector<Portion>& portions, std::vector<Assignment>& out);

 private:
  struct Item {
    std::uint32_t portion = 0;
    std::int32_t priority = 0;
  };
  /// How far a node may be filled in one resource; the amount that is to stay free.
  struct Level {
    std::size_t kind = 0;
    Wide numerator = 0;
    Wide denominator = 0;  ///< 0: no level
  };

  [[nodiscard]] Level level(const NodeClass& nodes, const std::vector<Portion>& portions) const;
  void sweep(const NodeClass& nodes, std::vector<Portion>& portions, const Level& level,
             std::vector<Assignment>& out);
  void fill(std::uint32_t position, std::vector<Portion>& portions, const Level& level,
            std::vector<Assignment>& out);
  [[nodiscard]] std::size_t choose(std::uint32_t position, const std::vector<Portion>& portions);
  [[nodiscard]] std::uint32_t room_for(std::uint32_t position, const Portion& portion) const;

  static std::uint64_t key(std::uint32_t pod_class, std::uint32_t position) {
    return (std::uint64_t{pod_class} << 32U) | position;
  }

  const BatchInput& input_;
  std::vector<ResourceRow>& free_;
  std::vector<std::size_t> kinds_;
  std::vector<std::int64_t> demand_;   // by pod class, then by position in kinds_
  std::vector<std::int64_t> inverse_;  // of the node in hand: 2^40 / free at the start, by kinds_
  boost::unordered_flat_map<std::uint64_t, std::uint32_t, StableHash> on_node_;  // limited classes
};

}  // namespace arcas::scheduler::batch
