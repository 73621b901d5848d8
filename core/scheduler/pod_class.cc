#include "core/scheduler/pod_class.h"

#include <algorithm>
#include <limits>

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

/// Kubernetes's default constraints make every workload count its pods host by host. Indexes of
/// their own would be one for each workload; so they share one, and the few hosts that have pods of
/// theirs are looked at one by one. Not where the index counts anyway, nor for the few workloads
/// that are so large that an index of their own pays.
std::int8_t rule_apart(const PodClass& c) {
  const bool counts = std::any_of(c.axes.begin(), c.axes.end(),
                                  [](const Axis& axis) { return axis.counter.valid(); });
  if (counts || !c.spread.by_default || c.counted_by_index) return -1;
  std::int8_t found = -1;
  for (std::size_t i = 0; i < c.spread.soft.size(); ++i) {
    if (!c.spread.soft[i].by_host) continue;
    if (found >= 0) return -1;
    found = static_cast<std::int8_t>(i);
  }
  return found;
}

/// Whether a profile's weights leave local scores in 32 bits. Weights that people choose do; where
/// they do not, only the full scan answers.
bool weights_fit_index(const SchedulerProfile& profile) {
  std::int64_t most = 0;
  for (const WeightedPlugin& score : profile.scores) most += 100 * score.weight;
  return most <= std::numeric_limits<std::int32_t>::max();
}

}  // namespace

bool PodClasses::has_known_image(const model::PodSpec& spec) const {
  return weight_of(profile_, PluginId::image_locality) != 0 && any_image_known(cluster_, spec);
}

void PodClasses::choose_axes(PodClass& c) {
  c.axes.clear();
  const auto place_of = [&](const Axis& wanted) {
    const auto at = std::find(c.axes.begin(), c.axes.end(), wanted);
    const auto place = static_cast<std::uint8_t>(at - c.axes.begin());
    if (at == c.axes.end()) c.axes.push_back(wanted);
    if (c.axes.size() > kMostAxes) c.indexable = false;
    return place;
  };
  const auto axis = [&](StringId key, CounterId counter) {
    Axis wanted;
    wanted.key = key;
    if (cluster_.counters()[counter].large()) wanted.counter = counter;
    return place_of(wanted);
  };
  const auto fill = [&](const auto& rules, std::vector<std::uint8_t>& places) {
    places.clear();
    for (const auto& rule : rules) places.push_back(axis(rule.key, rule.counter));
  };
  fill(c.spread.hard, c.hard_axis);
  fill(c.affinity.required, c.required_axis);
  fill(c.affinity.anti, c.anti_axis);
  fill(c.affinity.existing_anti, c.existing_axis);
  fill(c.affinity.scores, c.score_axis);
  c.apart_rule = rule_apart(c);
  c.soft_axis.clear();
  for (std::size_t i = 0; i < c.spread.soft.size(); ++i) {
    const SpreadConstraint& rule = c.spread.soft[i];
    const bool apart = static_cast<std::int8_t>(i) == c.apart_rule;
    c.soft_axis.push_back(apart ? place_of({rule.key, {}, true}) : axis(rule.key, rule.counter));
  }
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
  c.owner_selector = cluster_.owner_selector(pod.owner);
  c.images = has_known_image(spec);
  c.indexable = weights_fit_index(profile_) && profile_.policy.empty() && !needs_volumes(spec) &&
                !names_nodes(spec);
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
               known.owner_selector != cluster_.owner_selector(pod.owner) ||
               known.images != has_known_image(spec);
  for (const Axis& axis : known.axes) {
    if (axis.presence) continue;
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
    if (axis.presence) hash = hash_combine(hash, 1);
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

void PodClasses::consider_own_index(PodClass& c) {
  if (c.apart_rule < 0 || own_indexes_ == kOwnIndexes) return;
  const SpreadConstraint& rule = c.spread.soft[static_cast<std::size_t>(c.apart_rule)];
  const Counter& counter = cluster_.counters()[rule.counter];
  if (!counter.large()) return;
  c.looked_at += counter.nonzero();
  if (c.looked_at <= kPatience * cluster_.nodes().size()) return;
  ++own_indexes_;
  c.counted_by_index = true;
  c.entry = PodClass::kNoEntry;
  choose_axes(c);
}

NodeIndex* PodClasses::index_of(PodClass& c, bool spare) {
  consider_own_index(c);
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
