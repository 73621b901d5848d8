#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "core/model/catalog.h"
#include "core/scheduler/node_table.h"

namespace arcas::scheduler {

/// The domains of one topology key: nodes with the same value of the label are one domain. Domains
/// are numbered by first sight and keep their number while the map lives.
struct TopologyMap {
  static constexpr std::uint32_t kNone = 0xffffffffU;
  StringId key;
  std::vector<std::uint32_t> of_node;   ///< by NodeId; kNone: no such label, or unknown node
  std::vector<StringId> values;         ///< by domain
  std::vector<std::uint32_t> nodes_in;  ///< by domain: known nodes
  boost::unordered_flat_map<std::uint32_t, std::uint32_t, StableHash>
      by_value;               ///< StringId → domain
  std::uint64_t version = 1;  ///< grows whenever the domain of any node changes

  [[nodiscard]] std::uint32_t domain_of(NodeId node) const {
    return node.index < of_node.size() ? of_node[node.index] : kNone;
  }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(values.size()); }
};

/// The nodes of each domain of a topology map, as lists.
struct DomainMembers {
  static constexpr std::uint32_t kEnd = 0xffffffffU;
  StringId key;
  std::vector<std::uint32_t> first;  ///< by domain: its highest node, or kEnd
  std::vector<std::uint32_t> next;   ///< by NodeId: the next lower node of its domain, or kEnd
  std::uint64_t version = 0;         ///< of the map

  template <class Visit>
  void for_each(std::uint32_t domain, Visit&& visit) const {
    if (domain >= first.size()) return;
    for (std::uint32_t n = first[domain]; n != kEnd; n = next[n]) visit(NodeId{n});
  }
};

/// Which nodes a spread constraint counts. Source: kube-scheduler's node inclusion policies; nodes
/// without all `required_keys` count for none of a pod's constraints.
struct Eligibility {
  SpecId inclusion;  ///< spec whose affinity and tolerations choose the nodes; none: not asked
  bool honor_affinity = false;
  bool honor_taints = false;
  std::vector<StringId> required_keys;  ///< sorted
  bool operator==(const Eligibility&) const = default;
  [[nodiscard]] bool everything() const {
    return !honor_affinity && !honor_taints && required_keys.empty();
  }
};

/// A topology key in the eyes of a rule: the map, and which nodes and domains count.
struct DomainView {
  const TopologyMap* map = nullptr;
  bool all_eligible = true;
  std::vector<bool> eligible;           ///< by NodeId, where not all are
  std::vector<std::uint32_t> nodes_in;  ///< by domain: eligible nodes
  std::uint32_t domain_count = 0;       ///< domains with an eligible node
  std::uint64_t version = 0;            ///< grows with every change of the above

  [[nodiscard]] bool counts(NodeId node) const {
    if (map->domain_of(node) == TopologyMap::kNone) return false;
    return all_eligible || (node.index < eligible.size() && eligible[node.index]);
  }
};

using ViewId = Id<struct ViewTag>;

/// Topology maps and views, made when first asked for and brought up to date from the node table's
/// change log. Cost: O(maps + views) when nothing static changed, plus O(nodes changed × maps);
/// O(nodes) for a reader that is far behind.
class Topology {
 public:
  Topology(const model::Catalog& catalog, const NodeTable& nodes)
      : catalog_(catalog), nodes_(nodes) {}

  /// References hold for the life of this object; contents change with `refresh`.
  const TopologyMap& map(StringId key);
  /// The map's domains the other way round, up to date with it. Cost: O(nodes) after a change.
  const DomainMembers& members(StringId key);
  ViewId view(StringId key, const Eligibility& eligibility);
  [[nodiscard]] const DomainView& operator[](ViewId id) const { return views_[id.index].view; }
  /// Takes in all changes of nodes. True when any map or view changed.
  bool refresh();

 private:
  struct View {
    StringId key;
    Eligibility eligibility;
    DomainView view;
    std::uint64_t built_at = 0;  // of the map
  };
  void build(TopologyMap& map) const;
  void build(View& view) const;
  void update(TopologyMap& map, NodeId node) const;
  void update(View& view, const std::vector<NodeId>& changed) const;
  [[nodiscard]] bool eligible(const Eligibility& rule, const NodeTable::Row& row) const;
  static std::uint32_t domain_with(TopologyMap& map, StringId value);

  const model::Catalog& catalog_;
  const NodeTable& nodes_;
  std::deque<TopologyMap> maps_;
  std::deque<View> views_;
  std::deque<DomainMembers> members_;
  std::uint64_t log_position_ = 0;
  std::uint64_t static_epoch_ = 0;
};

}  // namespace arcas::scheduler
