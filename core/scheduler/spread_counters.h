#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <vector>

#include "core/base/hash.h"
#include "core/model/catalog.h"
#include "core/scheduler/node_domains.h"
#include "core/scheduler/node_table.h"
#include "core/scheduler/pod_table.h"

namespace arcas::scheduler {

/// Which pods count for a constraint, and over which domains.
struct SpreadKey {
  NamespaceId name_space;
  SelectorId selector;
  DomainKey domains;
  bool operator==(const SpreadKey&) const = default;
};

/// Pods per topology domain, kept up to date with every pod. A counter is made when a pending pod's
/// constraint first asks for it and then follows every pod that its selector matches; when the
/// nodes themselves changed it is counted anew at its next use. Terminating pods do not count.
/// Cost: for each pod O(counters that match its labels), as a rule one or two; for a recount O(pods
/// that match).
class SpreadCounters {
 public:
  struct Counts {
    std::vector<std::int32_t> pods;  ///< by domain of `map`
    const DomainMap* map = nullptr;
  };

  SpreadCounters(const model::Catalog& catalog, const NodeTable& nodes, const PodTable& pods)
      : catalog_(catalog), nodes_(nodes), pods_(pods), domains_(catalog, nodes) {}

  const Counts& get(const SpreadKey& key);

  /// A pod of ours counts on a node from now on (sign 1) or no more (-1).
  void count(NamespaceId name_space, LabelSetId labels, NodeId node, std::int32_t sign);

 private:
  struct Counter {
    SpreadKey key;
    Counts counts;
    std::uint64_t epoch = 0;    // of the nodes, when last looked at
    std::uint64_t version = 0;  // of the map, when last counted
  };
  struct KeyHash {
    std::size_t operator()(const SpreadKey& key) const {
      const DomainKey& d = key.domains;
      std::uint64_t hash = (std::uint64_t{key.name_space.index} << 32U) | key.selector.index;
      hash = hash_combine(hash, (std::uint64_t{d.topology_key.index} << 32U) | d.inclusion.index);
      return hash_combine(hash, (d.honor_affinity ? 1U : 0U) | (d.honor_taints ? 2U : 0U));
    }
  };
  [[nodiscard]] bool selects(const SpreadKey& key, LabelSetId labels) const;
  void recount(Counter& counter);
  /// The place of a selector, and of the labels it could match.
  [[nodiscard]] std::uint64_t place_of(const SpreadKey& key) const;
  static std::uint64_t place(NamespaceId name_space, StringId label, StringId value);

  const model::Catalog& catalog_;
  const NodeTable& nodes_;
  const PodTable& pods_;
  NodeDomains domains_;
  std::deque<Counter> counters_;  // a deque: references handed out stay good
  boost::unordered_flat_map<SpreadKey, std::uint32_t, KeyHash> index_;
  /// Counters that follow the pods of one namespace and label set.
  boost::unordered_flat_map<std::uint64_t, std::vector<std::uint32_t>, StableHash> followers_;
  /// Where a selector may match: by one label it demands, so that a namespace may hold thousands of
  /// workloads; selectors that demand none by value stand under the namespace alone.
  boost::unordered_flat_map<std::uint64_t, std::vector<std::uint32_t>, StableHash> counters_at_;
  /// Label sets seen, under each of their labels and under the namespace.
  boost::unordered_flat_map<std::uint64_t, std::vector<LabelSetId>, StableHash> labels_at_;
};

}  // namespace arcas::scheduler
