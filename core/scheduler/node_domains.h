#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "core/model/catalog.h"
#include "core/scheduler/node_table.h"

namespace arcas::scheduler {

/// Which nodes a spread constraint looks at, and along which label.
struct DomainKey {
  StringId topology_key;
  SpecId inclusion;  ///< spec whose affinity and tolerations choose the nodes; none: all nodes
  bool honor_affinity = false;
  bool honor_taints = false;
  bool operator==(const DomainKey&) const = default;
};

/// The domain of every node under one key. Domains are numbered by first node.
struct DomainMap {
  static constexpr std::uint16_t kNone = 0xffffU;
  std::vector<std::uint16_t> of_node;  ///< by NodeId; kNone: the node does not count
  std::vector<StringId> values;        ///< by domain; each has at least one node
  std::uint64_t version = 0;           ///< grows whenever the domain of any node changes
};

/// Domain maps, made when first asked for and brought up to date from the node table's change log.
/// Shared by all workloads with the same key. Cost: O(keys + nodes changed since); O(nodes) when a
/// domain appears or loses its last node.
class NodeDomains {
 public:
  NodeDomains(const model::Catalog& catalog, const NodeTable& nodes)
      : catalog_(catalog), nodes_(nodes) {}

  /// References hold for the life of this object; the contents change with the nodes.
  const DomainMap& get(const DomainKey& key);

 private:
  struct Entry {
    DomainKey key;
    DomainMap map;
    std::vector<std::uint32_t> nodes_in;  // by domain
    std::uint64_t log_position = 0;
    std::uint64_t static_epoch = 0;
  };
  void refresh(Entry& entry) const;
  bool update(Entry& entry, NodeId node) const;
  [[nodiscard]] StringId value_of(const DomainKey& key, const NodeTable::Row& row) const;
  [[nodiscard]] bool included(const DomainKey& key, const NodeTable::Row& row) const;
  void build(Entry& entry) const;

  const model::Catalog& catalog_;
  const NodeTable& nodes_;
  std::deque<Entry> entries_;
};

}  // namespace arcas::scheduler
