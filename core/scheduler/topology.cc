#include "core/scheduler/topology.h"

#include <algorithm>

#include "core/model/node_selection.h"

namespace arcas::scheduler {

bool Topology::eligible(const Eligibility& rule, const NodeTable::Row& row) const {
  if (!row.known) return false;
  const model::LabelSet& labels = catalog_.label_sets[row.object.meta.labels];
  for (const StringId key : rule.required_keys) {
    if (!labels.get(key).valid()) return false;
  }
  if (!rule.inclusion.valid()) return true;
  const model::PodSpec& spec = catalog_.spec(rule.inclusion);
  if (rule.honor_affinity && !model::matches_node(spec, row.object, catalog_)) return false;
  if (!rule.honor_taints) return true;
  if (row.zone_lost) return false;
  return std::all_of(row.object.taints.begin(), row.object.taints.end(),
                     [&](const model::Taint& taint) {
                       return taint.effect == model::TaintEffect::prefer_no_schedule ||
                              model::find_toleration(spec.tolerations, taint) != nullptr;
                     });
}

std::uint32_t Topology::domain_with(TopologyMap& map, StringId value) {
  const auto [it, fresh] = map.by_value.try_emplace(value.index, map.size());
  if (fresh) {
    map.values.push_back(value);
    map.nodes_in.push_back(0);
  }
  return it->second;
}

void Topology::build(TopologyMap& map) const {
  std::fill(map.nodes_in.begin(), map.nodes_in.end(), 0);
  std::vector<std::uint32_t> of_node(nodes_.size(), TopologyMap::kNone);
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    const NodeTable::Row& row = nodes_[NodeId{i}];
    if (!row.known) continue;
    const StringId value = catalog_.label_sets[row.object.meta.labels].get(map.key);
    if (!value.valid()) continue;
    of_node[i] = domain_with(map, value);
    ++map.nodes_in[of_node[i]];
  }
  if (of_node == map.of_node) return;
  map.of_node = std::move(of_node);
  ++map.version;
}

void Topology::update(TopologyMap& map, NodeId node) const {
  if (node.index >= map.of_node.size()) map.of_node.resize(nodes_.size(), TopologyMap::kNone);
  const NodeTable::Row& row = nodes_[node];
  StringId value;
  if (row.known) value = catalog_.label_sets[row.object.meta.labels].get(map.key);
  const std::uint32_t before = map.of_node[node.index];
  const std::uint32_t after = value.valid() ? domain_with(map, value) : TopologyMap::kNone;
  if (before == after) return;
  if (before != TopologyMap::kNone) --map.nodes_in[before];
  if (after != TopologyMap::kNone) ++map.nodes_in[after];
  map.of_node[node.index] = after;
  ++map.version;
}

const DomainMembers& Topology::members(StringId key) {
  const TopologyMap& of = map(key);
  auto at = std::find_if(members_.begin(), members_.end(),
                         [key](const DomainMembers& known) { return known.key == key; });
  if (at == members_.end()) {
    members_.emplace_back().key = key;
    at = members_.end() - 1;
  }
  if (at->version == of.version) return *at;
  at->version = of.version;
  at->first.assign(of.size(), DomainMembers::kEnd);
  at->next.assign(of.of_node.size(), DomainMembers::kEnd);
  for (std::uint32_t n = 0; n < of.of_node.size(); ++n) {
    const std::uint32_t domain = of.of_node[n];
    if (domain == TopologyMap::kNone) continue;
    at->next[n] = at->first[domain];
    at->first[domain] = n;
  }
  return *at;
}

void Topology::build(View& view) const {
  DomainView& v = view.view;
  const bool all = view.eligibility.everything();
  std::vector<bool> chosen;
  std::vector<std::uint32_t> nodes_in(v.map->size(), 0);
  if (all) {
    nodes_in = v.map->nodes_in;
  } else {
    chosen.assign(nodes_.size(), false);
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      const NodeId node{i};
      const std::uint32_t domain = v.map->domain_of(node);
      if (domain == TopologyMap::kNone || !eligible(view.eligibility, nodes_[node])) continue;
      chosen[i] = true;
      ++nodes_in[domain];
    }
  }
  v.all_eligible = all;
  if (view.built_at != v.map->version || chosen != v.eligible) ++v.version;
  v.eligible = std::move(chosen);
  v.nodes_in = std::move(nodes_in);
  v.domain_count = static_cast<std::uint32_t>(
      std::count_if(v.nodes_in.begin(), v.nodes_in.end(), [](std::uint32_t n) { return n != 0; }));
}

/// For nodes whose domain did not change.
void Topology::update(View& view, const std::vector<NodeId>& changed) const {
  DomainView& v = view.view;
  for (const NodeId node : changed) {
    const std::uint32_t domain = v.map->domain_of(node);
    if (domain == TopologyMap::kNone) continue;
    if (node.index >= v.eligible.size()) v.eligible.resize(nodes_.size(), false);
    const bool now = eligible(view.eligibility, nodes_[node]);
    if (v.eligible[node.index] == now) continue;
    v.eligible[node.index] = now;
    ++v.version;
    std::uint32_t& count = v.nodes_in[domain];
    if (now && count++ == 0) ++v.domain_count;
    if (!now && --count == 0) --v.domain_count;
  }
}

bool Topology::refresh() {
  const std::uint64_t end = nodes_.log_end();
  if (static_epoch_ == nodes_.static_epoch()) {
    log_position_ = end;  // nothing in between but usage
    return false;
  }
  static_epoch_ = nodes_.static_epoch();
  const bool far_behind = log_position_ < nodes_.log_start() || end - log_position_ > nodes_.size();
  std::vector<NodeId> changed;
  if (!far_behind) {
    for (; log_position_ != end; ++log_position_) {
      const std::uint32_t entry = nodes_.log_at(log_position_);
      if ((entry & NodeTable::kStatic) != 0) changed.push_back({entry & ~NodeTable::kStatic});
    }
  }
  log_position_ = end;
  bool any = false;
  for (TopologyMap& map : maps_) {
    const std::uint64_t before = map.version;
    if (far_behind) build(map);
    for (const NodeId node : changed) update(map, node);
    any = any || before != map.version;
  }
  for (View& view : views_) {
    const bool same_domains = view.built_at == view.view.map->version;
    const std::uint64_t before = view.view.version;
    if (!same_domains || (far_behind && !view.eligibility.everything())) {
      build(view);
    } else if (!view.eligibility.everything()) {
      update(view, changed);
    }
    view.built_at = view.view.map->version;
    any = any || before != view.view.version;
  }
  return any;
}

const TopologyMap& Topology::map(StringId key) {
  for (const TopologyMap& map : maps_) {
    if (map.key == key) return map;
  }
  refresh();
  TopologyMap& map = maps_.emplace_back();
  map.key = key;
  build(map);
  return map;
}

ViewId Topology::view(StringId key, const Eligibility& eligibility) {
  for (std::uint32_t i = 0; i < views_.size(); ++i) {
    if (views_[i].key == key && views_[i].eligibility == eligibility) return ViewId{i};
  }
  const TopologyMap& topology = map(key);
  refresh();
  View& view = views_.emplace_back();
  view.key = key;
  view.eligibility = eligibility;
  view.view.map = &topology;
  build(view);
  view.built_at = topology.version;
  return ViewId{static_cast<std::uint32_t>(views_.size() - 1)};
}

}  // namespace arcas::scheduler
