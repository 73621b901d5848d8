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

void NodeDomains::build(Entry& entry) const {
  entry.epoch = nodes_.static_epoch();
  DomainMap& map = entry.map;
  map.values.clear();
  map.of_node.assign(nodes_.size(), DomainMap::kNone);
  std::vector<std::pair<StringId, std::uint16_t>> known;  // sorted by value
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    const NodeTable::Row& row = nodes_[NodeId{i}];
    if (!included(entry.key, row)) continue;
    const StringId value =
        catalog_.label_sets[row.object.meta.labels].get(entry.key.topology_key);
    if (!value.valid()) continue;
    const auto at = std::lower_bound(known.begin(), known.end(), value,
                                     [](const auto& a, StringId v) { return a.first < v; });
    if (at != known.end() && at->first == value) {
      map.of_node[i] = at->second;
      continue;
    }
    ARCAS_CHECK(map.values.size() < DomainMap::kNone);
    const auto domain = static_cast<std::uint16_t>(map.values.size());
    map.values.push_back(value);
    map.of_node[i] = domain;
    known.insert(at, {value, domain});
  }
}

const DomainMap& NodeDomains::get(const DomainKey& key) {
  for (Entry& entry : entries_) {
    if (entry.key != key) continue;
    if (entry.epoch != nodes_.static_epoch()) build(entry);
    return entry.map;
  }
  Entry& entry = entries_.emplace_back();
  entry.key = key;
  build(entry);
  return entry.map;
}

}  // namespace arcas::scheduler
