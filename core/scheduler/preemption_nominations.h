#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/hash.h"
#include "core/base/id.h"

namespace arcas::scheduler {

/// Pending pods for which preemption made room, by node, in the order of their nomination
/// (Kubernetes's nominator). A nominated pod is in the pod table and holds no room; who places or
/// forgets it removes it here. Cost: O(pods nominated to the node) for each change.
class Nominations {
 public:
  /// A pod has one nomination: an older one is taken back.
  void add(Uid uid, NodeId node);
  void remove(Uid uid);
  /// Takes back every nomination to a node, for example because the node is gone.
  void remove_all(NodeId node);
  /// None when the pod is not nominated.
  [[nodiscard]] NodeId node_of(Uid uid) const;
  [[nodiscard]] std::span<const Uid> on(NodeId node) const;
  [[nodiscard]] std::size_t size() const { return by_uid_.size(); }
  /// A pod of the node changed otherwise than by coming or going: it started, or has other labels.
  void touch(NodeId node) { note(node); }

  /// Nodes whose nominations changed or that were touched, since the start, oldest first. Readers
  /// remember how far they have read; one that is behind `log_start` looks at all nodes.
  [[nodiscard]] std::uint64_t log_end() const { return log_start_ + log_.size(); }
  [[nodiscard]] std::uint64_t log_start() const { return log_start_; }
  [[nodiscard]] NodeId log_at(std::uint64_t position) const { return log_[position - log_start_]; }

 private:
  void note(NodeId node);

  boost::unordered_flat_map<std::uint32_t, std::vector<Uid>, StableHash> by_node_;
  boost::unordered_flat_map<std::uint64_t, NodeId, StableHash> by_uid_;
  std::vector<NodeId> log_;
  std::uint64_t log_start_ = 0;
};

}  // namespace arcas::scheduler
