#include "core/scheduler/node_index.h"

#include <algorithm>

namespace arcas::scheduler {

NodeIndex::NodeIndex(Cluster& cluster, const SchedulerProfile& profile, const Shape& shape,
                     SpecId images, std::vector<Axis> axes, const Nominations& nominations)
    : cluster_(cluster),
      local_(cluster, profile, shape, images),
      nominations_(nominations),
      axes_(std::move(axes)),
      readers_(axes_.size()),
      images_(images.valid()) {
  local_.respect(nominations_);
  for (const Axis& axis : axes_) {
    maps_.push_back(&cluster_.topology().map(axis.key));
    counts_ = counts_ || axis.counter.valid();
  }
}

bool NodeIndex::coordinates(NodeId node, std::vector<std::int32_t>& out) const {
  out.clear();
  bool at_home = true;
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    const std::uint32_t domain = maps_[i]->domain_of(node);
    std::int32_t coordinate = kNoLabel;
    if (axes_[i].presence) {
      coordinate = domain != TopologyMap::kNone ? 0 : kNoLabel;
    } else if (domain != TopologyMap::kNone) {
      coordinate = static_cast<std::int32_t>(
          axes_[i].counter.valid() ? cluster_.counters()[axes_[i].counter].value(domain) : domain);
    }
    if (axes_[i].counter.valid() && coordinate != 0) at_home = false;
    out.push_back(coordinate);
  }
  return at_home;
}

std::uint32_t NodeIndex::group_with(const GroupTraits& traits, bool is_tree) {
  if (last_ < groups_.size() && groups_[last_].is_tree == is_tree &&
      groups_[last_].traits == traits) {
    return last_;  // as a rule neighbours are alike
  }
  std::uint64_t hash = hash_combine(static_cast<std::uint64_t>(traits.preferred),
                                    static_cast<std::uint64_t>(traits.taints));
  for (const std::int32_t c : traits.coordinates) {
    hash = hash_combine(hash, static_cast<std::uint64_t>(c));
  }
  auto& candidates = by_traits_[hash];
  for (const std::uint32_t g : candidates) {
    if (groups_[g].is_tree == is_tree && groups_[g].traits == traits) return last_ = g;
  }
  const auto id = static_cast<std::uint32_t>(groups_.size());
  Group& group = groups_.emplace_back();
  group.traits = traits;
  group.is_tree = is_tree;
  candidates.push_back(id);
  return last_ = id;
}

/// The tree group of a node, as if nothing were counted on it.
std::uint32_t NodeIndex::home_of(NodeId node, bool& at_home) {
  GroupTraits traits;
  traits.preferred = local_.preferred(node);
  traits.taints = local_.taints(node);
  at_home = coordinates(node, traits.coordinates);
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    if (axes_[i].counter.valid()) traits.coordinates[i] = 0;
  }
  return group_with(traits, true);
}

void NodeIndex::read_axes() {
  map_versions_.clear();
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    map_versions_.push_back(maps_[i]->version);
    if (!axes_[i].counter.valid()) continue;
    Reader& reader = readers_[i];
    const Counter& counter = cluster_.counters()[axes_[i].counter];
    reader.position = counter.changes_end();
    reader.generation = counter.generation();
  }
}

void NodeIndex::rebuild() {
  ++rebuilds_;
  built_ = true;
  const NodeTable& nodes = cluster_.nodes();
  log_position_ = nodes.log_end();
  static_epoch_ = nodes.static_epoch();
  nominations_position_ = nominations_.log_end();
  if (images_ && images_version_ != nodes.images_version()) local_.read_images();
  images_version_ = nodes.images_version();
  read_axes();
  groups_.clear();
  by_traits_.clear();
  places_.assign(nodes.size(), {});
  stands_.assign(counts_ ? nodes.size() : 0, {});
  std::vector<NodeId> away;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const NodeId node{i};
    if (!nodes.known(node)) continue;
    bool at_home = true;
    const std::uint32_t home = home_of(node, at_home);
    if (groups_.size() > kMostGroups) return;
    const bool ok = local_.static_ok(node);
    Place& place = places_[i];
    place.home = home | (ok ? kStaticOk : 0);
    const std::int32_t score = ok && at_home ? local_.score(node) : kInfeasible;
    place.position = groups_[home].tree.add(node, score);
    if (counts_) stands_[i].score = score;
    if (!at_home) away.push_back(node);
  }
  for (Group& group : groups_) group.tree.build();
  for (const NodeId node : away) update(node);
}

/// Whether pods have come and gone and nothing else has happened since the index was up to date.
bool NodeIndex::only_usage_changed() const {
  const NodeTable& nodes = cluster_.nodes();
  return built_ && !counts_ && groups_.size() <= kMostGroups &&
         static_epoch_ == nodes.static_epoch() && !axes_behind() &&
         nominations_position_ >= nominations_.log_start() &&
         (!images_ || images_version_ == nodes.images_version());
}

void NodeIndex::rescore() {
  log_position_ = cluster_.nodes().log_end();
  nominations_position_ = nominations_.log_end();
  for (Group& group : groups_) {
    group.tree.rescore([this](NodeId node) {
      const bool ok = (places_[node.index].home & kStaticOk) != 0;
      return ok ? local_.score(node) : kInfeasible;
    });
  }
}

void NodeIndex::move(NodeId node, std::uint32_t to, std::int32_t score) {
  const Place& place = places_[node.index];
  Stand& stand = stands_[node.index];
  if (stand.away != kNowhere && stand.score != kInfeasible) groups_[stand.away].heap.leave();
  const bool was_home = stand.away == kNowhere;
  stand = {to, score};
  const std::uint32_t home = place.home & ~kStaticOk;
  if (to == kNowhere) {
    groups_[home].tree.update(place.position, score);
    return;
  }
  if (was_home) groups_[home].tree.update(place.position, TreeGroup::kOut);
  if (score == kInfeasible) return;
  HeapGroup& heap = groups_[to].heap;
  heap.enter();
  heap.push(node, score);
  heap.tidy([&](NodeId at, std::int32_t s) { return current(to, at, s); });
}

void NodeIndex::update(NodeId node) {
  const Place& place = places_[node.index];
  const bool ok = (place.home & kStaticOk) != 0;
  const std::int32_t score = ok ? local_.score(node) : kInfeasible;
  const std::uint32_t home = place.home & ~kStaticOk;
  if (!counts_) return groups_[home].tree.update(place.position, score);
  std::uint32_t to = kNowhere;
  if (!coordinates(node, scratch_)) {
    GroupTraits traits = groups_[home].traits;
    traits.coordinates = scratch_;
    to = group_with(traits, false);
  }
  if (to == stands_[node.index].away && score == stands_[node.index].score) return;
  move(node, to, score);
}

/// A node that is new takes the last place of its group, one that goes keeps its own and waits
/// there: it may come back. False when the node belongs to another group now, or stands in the
/// middle of one for the first time.
bool NodeIndex::update_static(NodeId node) {
  const bool known = cluster_.nodes().known(node);
  if (node.index >= places_.size()) {
    places_.resize(node.index + 1);
    if (counts_) stands_.resize(node.index + 1);
    if (!known) return true;
    bool at_home = true;
    const std::uint32_t home = home_of(node, at_home);
    places_[node.index] = {home, groups_[home].tree.add(node, TreeGroup::kOut)};
    groups_[home].tree.build();
  }
  Place& place = places_[node.index];
  if (place.home == kNowhere) return !known;
  if (!known) {
    place.home &= ~kStaticOk;
    return true;
  }
  const std::uint32_t home = place.home & ~kStaticOk;
  const GroupTraits& traits = groups_[home].traits;
  if (traits.preferred != local_.preferred(node) || traits.taints != local_.taints(node)) {
    return false;
  }
  place.home = home | (local_.static_ok(node) ? kStaticOk : 0);
  return true;
}

bool NodeIndex::axes_behind() const {
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    if (map_versions_[i] != maps_[i]->version) return true;
  }
  return false;
}

/// False when a counter was counted anew or its log no longer reaches back.
bool NodeIndex::follow_counters() {
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    if (!axes_[i].counter.valid()) continue;
    Reader& reader = readers_[i];
    const Counter& counter = cluster_.counters()[axes_[i].counter];
    if (counter.generation() != reader.generation || reader.position < counter.changes_start()) {
      return false;
    }
    const DomainMembers& members = cluster_.topology().members(axes_[i].key);
    for (; reader.position != counter.changes_end(); ++reader.position) {
      members.for_each(counter.change(reader.position), [this](NodeId node) { update(node); });
    }
  }
  return true;
}

bool NodeIndex::refresh() {
  const NodeTable& nodes = cluster_.nodes();
  const std::uint64_t end = nodes.log_end();
  if (end - log_position_ > nodes.size() / 4 + 64 && only_usage_changed()) {
    rescore();
    return true;
  }
  const bool far_behind = !built_ || log_position_ < nodes.log_start() ||
                          end - log_position_ > nodes.size() / 2 + 64 || axes_behind() ||
                          nominations_position_ < nominations_.log_start() ||
                          (images_ && images_version_ != nodes.images_version());
  if (far_behind) {
    rebuild();
    return groups_.size() <= kMostGroups;
  }
  for (; log_position_ != end; ++log_position_) {
    const std::uint32_t entry = nodes.log_at(log_position_);
    const NodeId node{entry & ~NodeTable::kStatic};
    const bool is_static = (entry & NodeTable::kStatic) != 0;
    if ((is_static && !update_static(node)) || node.index >= places_.size()) {
      rebuild();
      return groups_.size() <= kMostGroups;
    }
    if (places_[node.index].home != kNowhere) update(node);
  }
  for (; nominations_position_ != nominations_.log_end(); ++nominations_position_) {
    const NodeId node = nominations_.log_at(nominations_position_);
    if (node.index < places_.size() && places_[node.index].home != kNowhere) update(node);
  }
  static_epoch_ = nodes.static_epoch();
  if (!follow_counters()) rebuild();
  return groups_.size() <= kMostGroups;
}

NodeIndex::Standing NodeIndex::standing(NodeId node) const {
  if (node.index >= places_.size() || places_[node.index].home == kNowhere) return {};
  if (counts_ && stands_[node.index].away != kNowhere) {
    return {stands_[node.index].away, 0, stands_[node.index].score};
  }
  const Place& place = places_[node.index];
  const std::uint32_t group = place.home & ~kStaticOk;
  return {group, place.position, groups_[group].tree.score(place.position)};
}

std::uint32_t NodeIndex::feasible(std::uint32_t group) const {
  const Group& g = groups_[group];
  return g.is_tree ? g.tree.feasible() : g.heap.feasible();
}

std::int32_t NodeIndex::best_score(std::uint32_t group) {
  Group& g = groups_[group];
  if (g.is_tree) return g.tree.best();
  return g.heap.top([&](NodeId node, std::int32_t score) { return current(group, node, score); })
      .score;
}

NodeId NodeIndex::best_node(std::uint32_t group) {
  Group& g = groups_[group];
  if (g.is_tree) return g.tree.first_best();
  return g.heap.top([&](NodeId node, std::int32_t score) { return current(group, node, score); })
      .node;
}

}  // namespace arcas::scheduler
