#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

#include "core/base/hash.h"
#include "core/model/catalog.h"
#include "core/scheduler/node_table.h"
#include "core/scheduler/pod_table.h"

namespace arcas::scheduler {

/// Which pods and nodes count for a constraint, and along which label.
struct SpreadKey {
  NamespaceId name_space;
  SelectorId selector;
  StringId topology_key;
  SpecId inclusion;  ///< spec whose affinity (and tolerations) choose the nodes; none: all nodes
  bool honor_affinity = true;
  bool honor_taints = false;
  bool operator==(const SpreadKey&) const = default;
};

/// Pods per topology domain, kept up to date with every pod.
struct SpreadCounts {
  struct Domain {
    StringId value;
    std::int32_t pods = 0;
    std::int32_t nodes = 0;  ///< nodes of the domain that count
  };
  std::vector<Domain> domains;  ///< only such with nodes; sorted by value

  [[nodiscard]] const Domain* find(StringId value) const;
};

/// Counters per (selector, domain) as the constraints of pending pods need them. A counter is made
/// when first asked for, and then follows every pod that its selector matches; when the nodes
/// themselves changed it is counted anew at its next use.
/// Cost: O(counters that match the pod's labels) for each pod, as a rule one or two.
class SpreadCounters {
 public:
  SpreadCounters(const model::Catalog& catalog, const NodeTable& nodes, const PodTable& pods)
      : catalog_(catalog), nodes_(nodes), pods_(pods) {}

  const SpreadCounts& get(const SpreadKey& key);

  /// A pod of ours counts on a node from now on (sign 1) or no more (-1).
  void count(NamespaceId name_space, LabelSetId labels, NodeId node, std::int32_t sign);

  /// Whether a node takes part in the counting under the key's policies.
  [[nodiscard]] bool included(const SpreadKey& key, const NodeTable::Row& row) const;
  [[nodiscard]] StringId domain_of(const SpreadKey& key, const NodeTable::Row& row) const;

 private:
  struct Counter {
    SpreadKey key;
    SpreadCounts counts;
    std::uint64_t epoch = 0;
  };
  struct Group {  // of pods with one namespace and label set
    std::vector<std::uint32_t> counters;
  };
  struct KeyHash {
    std::size_t operator()(const SpreadKey& key) const {
      std::uint64_t hash = (std::uint64_t{key.name_space.index} << 32U) | key.selector.index;
      hash = hash_combine(hash, (std::uint64_t{key.topology_key.index} << 32U) |
                                    key.inclusion.index);
      return hash_combine(hash, (key.honor_affinity ? 1U : 0U) | (key.honor_taints ? 2U : 0U));
    }
  };
  void recount(Counter& counter);

  const model::Catalog& catalog_;
  const NodeTable& nodes_;
  const PodTable& pods_;
  std::vector<Counter> counters_;
  boost::unordered_flat_map<SpreadKey, std::uint32_t, KeyHash> index_;
  boost::unordered_flat_map<std::uint64_t, Group, StableHash> groups_;  // by namespace and labels
  boost::unordered_flat_map<std::uint32_t, std::vector<std::uint32_t>, StableHash>
      by_namespace_;  // counters
  boost::unordered_flat_map<std::uint32_t, std::vector<LabelSetId>, StableHash>
      labels_in_;  // label sets seen in a namespace
};

}  // namespace arcas::scheduler
