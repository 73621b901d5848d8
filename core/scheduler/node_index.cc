#include "core/scheduler/node_index.h"

#include <algorithm>

namespace arcas::scheduler {
namespace {

std::int32_t maximum(const std::int32_t* first, std::size_t count) {
  std::int32_t best = NodeIndex::kInfeasible;
  for (std::size_t i = 0; i < count; ++i) best = std::max(best, first[i]);
  return best;
}

std::size_t position_of(const std::vector<std::int32_t>& values, std::size_t from,
                        std::int32_t wanted) {
  std::size_t i = from;
  while (values[i] != wanted) ++i;
  return i;
}

}  // namespace

std::int32_t NodeIndex::Group::best() const {
  return maximum(super_best.data(), super_best.size());
}

NodeId NodeIndex::Group::first_best() const {
  const std::int32_t wanted = best();
  const std::size_t super = position_of(super_best, 0, wanted);
  const std::size_t block = position_of(block_best, super * kWidth, wanted);
  return members[position_of(scores, block * kWidth, wanted)];
}

std::int32_t NodeIndex::local_score(const NodeTable::Row& row, bool static_ok) const {
  if (!static_ok || filter_resources(shape_.demand, row) != Reason::fits) return kInfeasible;
  return static_cast<std::int32_t>(fit_score(strategy_, shape_.demand, row) +
                                   balanced_score(shape_.demand, row));
}

std::uint32_t NodeIndex::group_of(const NodeTable::Row& row) {
  const model::PodSpec& spec = catalog_.spec(shape_.representative);
  const std::int64_t preferred = preferred_affinity(spec, row, catalog_);
  const std::int64_t taints = intolerable_taints(spec, row);
  for (std::uint32_t g = 0; g < groups_.size(); ++g) {
    const Group& group = groups_[g];
    if (group.zone == row.zone_label && group.preferred == preferred && group.taints == taints) {
      return g;
    }
  }
  Group& group = groups_.emplace_back();
  group.zone = row.zone_label;
  group.preferred = preferred;
  group.taints = taints;
  return static_cast<std::uint32_t>(groups_.size() - 1);
}

void NodeIndex::rebuild() {
  ++rebuilds_;
  built_ = true;
  log_position_ = nodes_.log_end();
  groups_.clear();
  places_.assign(nodes_.size(), {});
  const model::PodSpec& spec = catalog_.spec(shape_.representative);
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    const NodeTable::Row& row = nodes_[NodeId{i}];
    if (!row.known) continue;
    const std::uint32_t g = group_of(row);
    Group& group = groups_[g];
    const bool ok = filter_static(spec, NodeId{}, row, catalog_) == Reason::fits;
    places_[i] = {g | (ok ? kStaticOk : 0), static_cast<std::uint32_t>(group.members.size())};
    group.members.push_back(NodeId{i});
    group.scores.push_back(local_score(row, ok));
  }
  for (Group& group : groups_) {
    const std::size_t blocks = (group.members.size() + kWidth - 1) / kWidth;
    const std::size_t supers = (blocks + kWidth - 1) / kWidth;
    group.scores.resize(blocks * kWidth, kInfeasible);
    group.block_best.assign(supers * kWidth, kInfeasible);
    group.super_best.assign(supers, kInfeasible);
    for (std::size_t b = 0; b < blocks; ++b) {
      group.block_best[b] = maximum(&group.scores[b * kWidth], kWidth);
    }
    for (std::size_t s = 0; s < supers; ++s) {
      group.super_best[s] = maximum(&group.block_best[s * kWidth], kWidth);
    }
  }
}

void NodeIndex::update_score(NodeId node) {
  const Place place = places_[node.index];
  Group& group = groups_[place.group_and_flag & ~kStaticOk];
  const std::int32_t score = local_score(nodes_[node], (place.group_and_flag & kStaticOk) != 0);
  std::int32_t& stored = group.scores[place.position];
  if (stored == score) return;
  const std::int32_t before = stored;
  stored = score;
  const std::size_t block = place.position / kWidth;
  const std::int32_t block_before = group.block_best[block];
  if (score < block_before && before < block_before) return;
  group.block_best[block] =
      score >= block_before ? score : maximum(&group.scores[block * kWidth], kWidth);
  if (group.block_best[block] == block_before) return;
  const std::size_t super = block / kWidth;
  group.super_best[super] = maximum(&group.block_best[super * kWidth], kWidth);
}

/// False when the node belongs to another group now, or is new or gone.
bool NodeIndex::update_static(NodeId node) {
  const NodeTable::Row& row = nodes_[node];
  if (node.index >= places_.size()) return false;
  Place& place = places_[node.index];
  if (!row.known || place.group_and_flag == kNowhere) return false;
  const std::uint32_t g = place.group_and_flag & ~kStaticOk;
  const Group& group = groups_[g];
  const model::PodSpec& spec = catalog_.spec(shape_.representative);
  if (group.zone != row.zone_label || group.preferred != preferred_affinity(spec, row, catalog_) ||
      group.taints != intolerable_taints(spec, row)) {
    return false;
  }
  const bool ok = filter_static(spec, NodeId{}, row, catalog_) == Reason::fits;
  place.group_and_flag = g | (ok ? kStaticOk : 0);
  return true;
}

void NodeIndex::refresh() {
  const std::uint64_t end = nodes_.log_end();
  if (built_ && log_position_ == end) return;
  const bool far_behind =
      !built_ || log_position_ < nodes_.log_start() || end - log_position_ > nodes_.size() / 2 + 64;
  if (far_behind) return rebuild();
  for (; log_position_ != end; ++log_position_) {
    const std::uint32_t entry = nodes_.log_at(log_position_);
    const NodeId node{entry & ~NodeTable::kStatic};
    if ((entry & NodeTable::kStatic) != 0 && !update_static(node)) return rebuild();
    if (node.index >= places_.size() || places_[node.index].group_and_flag == kNowhere) {
      return rebuild();
    }
    update_score(node);
  }
}

}  // namespace arcas::scheduler
