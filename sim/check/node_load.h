#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/objects.h"
#include "sim/check/cluster_facts.h"

namespace arcas::sim {

/// Sums of requests per node and resource kind, beside what the nodes can give.
/// Cost: O(kinds a pod requests) for each change. Memory: 16 B for each node and kind.
class NodeLoad {
 public:
  explicit NodeLoad(const ClusterFacts& facts) : facts_(&facts) {}

  /// Takes over a node's allocatable amounts.
  void set_node(const model::Node& node);
  [[nodiscard]] bool knows(std::uint32_t node) const {
    return node < known_.size() && known_[node] != 0;
  }
  /// Adds a pod. False when the node now carries more than it can give of some kind.
  bool add(std::uint32_t node, std::uint32_t spec);
  void remove(std::uint32_t node, std::uint32_t spec);
  /// "node n7 carries 4200 of 4000 cpu": the first kind that is over.
  [[nodiscard]] std::string excess_text(std::uint32_t node) const;

 private:
  struct Amount {
    std::int64_t used = 0;
    std::int64_t allocatable = 0;
  };
  Amount& at(std::uint32_t node, std::uint32_t kind);
  void grow(std::uint32_t node, std::uint32_t kind);

  const ClusterFacts* facts_;
  std::uint32_t kinds_ = 4;
  std::vector<Amount> amounts_;  // node-major
  std::vector<std::uint8_t> known_;
};

}  // namespace arcas::sim
