#include "core/scheduler/pod_class.h"

#include <algorithm>

#include "core/scheduler/plugins/image_locality.h"

namespace arcas::scheduler {
namespace {

constexpr std::size_t kMostAxes = 16;

bool needs_volumes(const model::PodSpec& spec) { return !spec.volumes.empty(); }

/// A metadata.name requirement narrows the nodes before filtering; the scan does that better.
bool names_nodes(const model::PodSpec& spec) {
  return std::any_of(spec.node_affinity.required.begin(), spec.node_affinity.required.end(),
                     [](const model::NodeSelectorTerm& term) { return !term.fields.empty(); });
}

}  // namespace

bool PodClasses::has_known_image(const model::PodSpec& spec) const {
  return weight_of(profile_, PluginId::image_locality) != 0 && any_image_known(cluster_, spec);
}

void PodClasses::choose_axes(PodClass& c) {
  c.axes.clear();
  const auto axis = [&](StringId key, CounterId counter) {
    Axis wanted;
    wanted.key = key;
    if (cluster_.counters()[counter].large()) wanted.counter = counter;
    const auto at = std::find(c.axes.begin(), c.axes.end(), wanted);
    const auto place = static_cast<std::uint8_t>(at - c.axes.begin());
    if (at == c.axes.end()) c.axes.push_back(wanted);
    if (c.axes.size() > kMostAxes) c.indexable = false;
    return place;
  };
  const auto fill = [&](const auto& rules, std::vector<std::uint8_t>& places) {
    places.clear();
    for (const auto& rule : rules) places.push_back(axis(rule.key, rule.counter));
  };
  fill(c.spread.hard, c.hard_axis);
  fill(c.spread.soft, c.soft_axis);
  fill(c.affinity.required, c.required_axis);
  fill(c.affinity.anti, c.anti_axis);
  fill(c.affinity.existing_anti, c.existing_axis);
  fill(c.affinity.scores, c.score_axis);
  for (const SpreadConstraint& rule : c.spread.soft) {
    // How many of very many domains have a feasible node is not kept.
    if (!rule.by_host && cluster_.counters()[rule.counter].large()) c.indexable = false;
  }
}

void PodClasses::resolve(PodClass& c, const PodEntry& pod) {
  const model::PodSpec& spec = cluster_.catalog().spec(pod.spec);
  c.spec = pod.spec;
  c.shape = cluster_.shapes().of(pod.spec);
  c.spread = {};
  c.affinity = {};
  const auto wants = [&](PluginId id) {
    return profile_.filters_with(id) || weight_of(profile_, id) != 0;
  };
  if (wants(PluginId::pod_topology_spread)) {
    c.spread = spread_rules(cluster_, profile_, pod);
    if (!profile_.filters_with(PluginId::pod_topology_spread)) c.spread.hard.clear();
    if (weight_of(profile_, PluginId::pod_topology_spread) == 0) c.spread.soft.clear();
  }
  if (wants(PluginId::inter_pod_affinity)) {
    c.affinity = affinity_rules(cluster_, profile_, pod);
    if (!profile_.filters_with(PluginId::inter_pod_affinity)) {
      c.affinity.required.clear();
      c.affinity.anti.clear();
      c.affinity.existing_anti.clear();
    }
    if (weight_of(profile_, PluginId::inter_pod_affinity) == 0) c.affinity.scores.clear();
  }
  // Making rules may have made groups, so the version is read last.
  c.affinity_version = cluster_.affinity_version();
  c.images = has_known_image(spec);
  c.indexable = profile_.policy.empty() && !needs_volumes(spec) && !names_nodes(spec);
  c.local_filters =
      !needs_volumes(spec) && !names_nodes(spec) && c.spread.hard.empty() && !c.affinity.filters();
  c.entry = PodClass::kNoEntry;
  c.load_tree = -1;
  choose_axes(c);
}

PodClass& PodClasses::of(const PodEntry& pod) {
  const Key key{pod.spec, pod.labels, pod.name_space, pod.owner};
  const auto [it, fresh] = class_of_.try_emplace(key, static_cast<std::uint32_t>(classes_.size()));
  if (fresh) {
    PodClass& made = classes_.emplace_back();
    resolve(made, pod);
    return made;
  }
  PodClass& known = classes_[it->second];
  const model::PodSpec& spec = cluster_.catalog().spec(pod.spec);
  bool stale = known.affinity_version != cluster_.affinity_version() ||
               known.images != has_known_image(spec);
  for (const Axis& axis : known.axes) {
    const bool large =
        cluster_.topology().map(axis.key).size() > cluster_.counters().dense_domains();
    stale = stale || large != axis.counter.valid();
  }
  if (stale) resolve(known, pod);
  return known;
}

std::uint32_t PodClasses::entry_of(const PodClass& c) {
  const SpecId images = c.images ? c.spec : SpecId{};
  std::uint64_t hash = hash_combine(c.shape.index, images.index);
  for (const Axis& axis : c.axes) {
    hash = hash_combine(hash, (std::uint64_t{axis.key.index} << 32U) | axis.counter.index);
  }
  auto& candidates = index_by_hash_[hash];
  for (const std::uint32_t i : candidates) {
    const IndexEntry& entry = indexes_[i];
    if (entry.shape == c.shape && entry.images == images && entry.axes == c.axes) return i;
  }
  candidates.push_back(static_cast<std::uint32_t>(indexes_.size()));
  IndexEntry& entry = indexes_.emplace_back();
  entry.shape = c.shape;
  entry.images = images;
  entry.axes = c.axes;
  return candidates.back();
}

NodeIndex* PodClasses::index_of(PodClass& c, bool spare) {
  if (!c.indexable) return nullptr;
  if (c.entry == PodClass::kNoEntry) c.entry = entry_of(c);
  IndexEntry& entry = indexes_[c.entry];
  if (entry.index == nullptr) {
    if (spare && entry.questions++ < kWarm) return nullptr;
    const Shape& kept = shapes_.emplace_back(cluster_.shapes()[c.shape]);
    entry.index = std::make_unique<NodeIndex>(cluster_, profile_, kept, entry.images, entry.axes,
                                              nominations_);
  }
  return entry.index->refresh() ? entry.index.get() : nullptr;
}

std::uint64_t PodClasses::rebuilds() const {
  std::uint64_t sum = 0;
  for (const IndexEntry& entry : indexes_) {
    if (entry.index != nullptr) sum += entry.index->rebuilds();
  }
  return sum;
}

}  // namespace arcas::scheduler
