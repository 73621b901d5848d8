#include "core/scheduler/node_domains.h"

#include <algorithm>

#include "core/base/check.h"
#include "core/model/node_selection.h"

namespace arcas::scheduler {

bool NodeDomains::included(const DomainKey& key, const NodeTable::Row& row) const {
  if (!row.known) return false;
  if (!key.inclusion.valid()) return true;
  const model::PodSpec& spec = catalog_.spec(key.inclusion);
  if (key.honor_affinity && !model::matches_node(spec, row.object, catalog_)) return false;
  if (!key.honor_taints) return true;
  if (row.zone_lost) return false;
  return std::all_of(row.object.taints.begin(), row.object.taints.end(),
                     [&](const model::Taint& taint) {
                       return taint.effect == model::TaintEffect::prefer_no_schedule ||
                              model::find_toleration(spec.tolerations, taint) != nullptr;
                     });
}

/// None when the node does not count.
StringId NodeDomains::value_of(const DomainKey& key, const NodeTable::Row& row) const {
  if (!included(key, row)) return {};
  return catalog_.label_sets[row.object.meta.labels].get(key.topology_key);
}

void NodeDomains::build(Entry& entry) const {
  entry.log_position = nodes_.log_end();
  DomainMap& map = entry.map;
  ++map.version;
  map.values.clear();
  entry.nodes_in.clear();
  map.of_node.assign(nodes_.size(), DomainMap::kNone);
  std::vector<std::pair<StringId, std::uint16_t>> known;  // sorted by value
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    const StringId value = value_of(entry.key, nodes_[NodeId{i}]);
    if (!value.valid()) continue;
    auto at = std::lower_bound(known.begin(), known.end(), value,
                               [](const auto& a, StringId v) { return a.first < v; });
    if (at == known.end() || at->first != value) {
      ARCAS_CHECK(map.values.size() < DomainMap::kNone);
      at = known.insert(at, {value, static_cast<std::uint16_t>(map.values.size())});
      map.values.push_back(value);
      entry.nodes_in.push_back(0);
    }
    map.of_node[i] = at->second;
    ++entry.nodes_in[at->second];
  }
}

/// False when domains appear or vanish.
bool NodeDomains::update(Entry& entry, NodeId node) const {
  DomainMap& map = entry.map;
  if (node.index >= map.of_node.size()) map.of_node.resize(nodes_.size(), DomainMap::kNone);
  const StringId value = value_of(entry.key, nodes_[node]);
  const std::uint16_t before = map.of_node[node.index];
  const StringId value_before = before == DomainMap::kNone ? StringId{} : map.values[before];
  if (value == value_before) return true;
  if (before != DomainMap::kNone && entry.nodes_in[before] == 1) return false;
  std::uint16_t after = DomainMap::kNone;
  if (value.valid()) {
    const auto at = std::find(map.values.begin(), map.values.end(), value);
    if (at == map.values.end()) return false;
    after = static_cast<std::uint16_t>(at - map.values.begin());
    ++entry.nodes_in[after];
  }
  if (before != DomainMap::kNone) --entry.nodes_in[before];
  map.of_node[node.index] = after;
  ++map.version;
  return true;
}

void NodeDomains::refresh(Entry& entry) const {
  const std::uint64_t end = nodes_.log_end();
  if (entry.log_position < nodes_.log_start() || end - entry.log_position > nodes_.size()) {
    if (entry.static_epoch != nodes_.static_epoch()) build(entry);
    entry.log_position = end;
    entry.static_epoch = nodes_.static_epoch();
    return;
  }
  for (; entry.log_position != end; ++entry.log_position) {
    const std::uint32_t change = nodes_.log_at(entry.log_position);
    if ((change & NodeTable::kStatic) == 0) continue;
    if (!update(entry, NodeId{change & ~NodeTable::kStatic})) {
      build(entry);
      break;
    }
  }
  entry.static_epoch = nodes_.static_epoch();
}

const DomainMap& NodeDomains::get(const DomainKey& key) {
  for (Entry& entry : entries_) {
    if (entry.key != key) continue;
    if (entry.static_epoch != nodes_.static_epoch()) refresh(entry);
    return entry.map;
  }
  Entry& entry = entries_.emplace_back();
  entry.key = key;
  build(entry);
  entry.static_epoch = nodes_.static_epoch();
  return entry.map;
}

}  // namespace arcas::scheduler
