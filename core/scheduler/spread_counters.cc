#include "core/scheduler/spread_counters.h"

#include "core/model/selector.h"

namespace arcas::scheduler {

bool SpreadCounters::selects(const SpreadKey& key, LabelSetId labels) const {
  if (!key.selector.valid()) return false;
  const model::Selector& selector = catalog_.selectors[key.selector];
  // An empty selector counts nothing here. Source: vectors.md, PodTopologySpread.
  return !selector.requirements.empty() &&
         model::matches(selector, catalog_.label_sets[labels], catalog_);
}

std::uint64_t SpreadCounters::place(NamespaceId name_space, StringId label, StringId value) {
  return hash_combine(name_space.index, (std::uint64_t{label.index} << 32U) | value.index);
}

std::uint64_t SpreadCounters::place_of(const SpreadKey& key) const {
  if (key.selector.valid()) {
    for (const model::Requirement& r : catalog_.selectors[key.selector].requirements) {
      const bool one_value = r.op == model::SelectorOperator::in && r.values.size() == 1;
      if (one_value) return place(key.name_space, r.key, r.values.front());
    }
  }
  return place(key.name_space, {}, {});
}

const SpreadCounters::Counts& SpreadCounters::get(const SpreadKey& key) {
  const auto [it, fresh] = index_.emplace(key, static_cast<std::uint32_t>(counters_.size()));
  const std::uint32_t id = it->second;
  if (fresh) {
    counters_.push_back({key, {}, 0});
    const std::uint64_t at = place_of(key);
    counters_at_[at].push_back(id);
    for (const LabelSetId labels : labels_at_[at]) {
      if (!selects(key, labels)) continue;
      followers_[PodTable::list_key(key.name_space, labels)].push_back(id);
    }
  }
  Counter& counter = counters_[id];
  if (counter.epoch == nodes_.static_epoch()) return counter.counts;
  counter.epoch = nodes_.static_epoch();
  counter.counts.map = &domains_.get(key.domains);
  if (counter.version != counter.counts.map->version) recount(counter);
  return counter.counts;
}

void SpreadCounters::recount(Counter& counter) {
  Counts& counts = counter.counts;
  counter.version = counts.map->version;
  counts.pods.assign(counts.map->values.size(), 0);
  for (const LabelSetId labels : labels_at_[place_of(counter.key)]) {
    if (!selects(counter.key, labels)) continue;
    pods_.for_each_in(counter.key.name_space, labels, [&](const PodEntry& entry) {
      if (entry.terminating || entry.node.index >= counts.map->of_node.size()) return;
      const std::uint16_t domain = counts.map->of_node[entry.node.index];
      if (domain != DomainMap::kNone) ++counts.pods[domain];
    });
  }
}

void SpreadCounters::count(NamespaceId name_space, LabelSetId labels, NodeId node,
                           std::int32_t sign) {
  const auto [it, fresh] = followers_.try_emplace(PodTable::list_key(name_space, labels));
  if (fresh) {
    const auto visit = [&](std::uint64_t at) {
      labels_at_[at].push_back(labels);
      const auto counters = counters_at_.find(at);
      if (counters == counters_at_.end()) return;
      for (const std::uint32_t id : counters->second) {
        if (selects(counters_[id].key, labels)) it->second.push_back(id);
      }
    };
    visit(place(name_space, {}, {}));
    for (const auto& [label, value] : catalog_.label_sets[labels].items()) {
      visit(place(name_space, label, value));
    }
  }
  for (const std::uint32_t id : it->second) {
    Counter& counter = counters_[id];
    // A map that has moved on, or will, makes the counter be counted anew at its next use.
    if (counter.version != counter.counts.map->version) continue;
    if (node.index >= counter.counts.map->of_node.size()) continue;
    const std::uint16_t domain = counter.counts.map->of_node[node.index];
    if (domain != DomainMap::kNone) counter.counts.pods[domain] += sign;
  }
}

}  // namespace arcas::scheduler
