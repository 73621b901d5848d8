#include "core/scheduler/spread_counters.h"

#include <algorithm>

#include "core/model/node_selection.h"
#include "core/model/selector.h"

namespace arcas::scheduler {

const SpreadCounts::Domain* SpreadCounts::find(StringId value) const {
  for (const Domain& domain : domains) {
    if (domain.value == value) return &domain;
  }
  return nullptr;
}

bool SpreadCounters::included(const SpreadKey& key, const NodeTable::Row& row) const {
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

StringId SpreadCounters::domain_of(const SpreadKey& key, const NodeTable::Row& row) const {
  return catalog_.label_sets[row.object.meta.labels].get(key.topology_key);
}

const SpreadCounts& SpreadCounters::get(const SpreadKey& key) {
  const auto [it, fresh] =
      index_.emplace(key, static_cast<std::uint32_t>(counters_.size()));
  const std::uint32_t id = it->second;
  if (fresh) {
    counters_.push_back({key, {}, 0});
    by_namespace_[key.name_space.index].push_back(id);
    for (const LabelSetId labels : labels_in_[key.name_space.index]) {
      if (!model::matches(catalog_.selectors[key.selector], catalog_.label_sets[labels],
                          catalog_)) {
        continue;
      }
      groups_[PodTable::list_key(key.name_space, labels)].counters.push_back(id);
    }
  }
  Counter& counter = counters_[id];
  if (counter.epoch != nodes_.static_epoch()) recount(counter);
  return counter.counts;
}

void SpreadCounters::recount(Counter& counter) {
  counter.epoch = nodes_.static_epoch();
  auto& domains = counter.counts.domains;
  domains.clear();
  const auto domain = [&](StringId value) -> SpreadCounts::Domain& {
    const auto at = std::lower_bound(
        domains.begin(), domains.end(), value,
        [](const SpreadCounts::Domain& d, StringId v) { return d.value < v; });
    if (at != domains.end() && at->value == value) return *at;
    return *domains.insert(at, {value, 0, 0});
  };
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    const NodeTable::Row& row = nodes_[NodeId{i}];
    if (!included(counter.key, row)) continue;
    const StringId value = domain_of(counter.key, row);
    if (value.valid()) ++domain(value).nodes;
  }
  for (const LabelSetId labels : labels_in_[counter.key.name_space.index]) {
    if (!model::matches(catalog_.selectors[counter.key.selector], catalog_.label_sets[labels],
                        catalog_)) {
      continue;
    }
    pods_.for_each_in(counter.key.name_space, labels, [&](const PodEntry& entry) {
      if (!nodes_.known(entry.node) || entry.terminating) return;
      const NodeTable::Row& row = nodes_[entry.node];
      if (!included(counter.key, row)) return;
      const StringId value = domain_of(counter.key, row);
      if (value.valid()) ++domain(value).pods;
    });
  }
}

void SpreadCounters::count(NamespaceId name_space, LabelSetId labels, NodeId node,
                           std::int32_t sign) {
  const auto [it, fresh] = groups_.emplace(PodTable::list_key(name_space, labels), Group{});
  if (fresh) {
    labels_in_[name_space.index].push_back(labels);
    for (const std::uint32_t id : by_namespace_[name_space.index]) {
      if (model::matches(catalog_.selectors[counters_[id].key.selector],
                         catalog_.label_sets[labels], catalog_)) {
        it->second.counters.push_back(id);
      }
    }
  }
  for (const std::uint32_t id : it->second.counters) {
    Counter& counter = counters_[id];
    if (counter.epoch != nodes_.static_epoch()) continue;  // counted anew at its next use
    if (!nodes_.known(node) || !included(counter.key, nodes_[node])) continue;
    const StringId value = domain_of(counter.key, nodes_[node]);
    for (SpreadCounts::Domain& domain : counter.counts.domains) {
      if (domain.value == value) domain.pods += sign;
    }
  }
}

}  // namespace arcas::scheduler
