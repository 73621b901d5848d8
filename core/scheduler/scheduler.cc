#include "core/scheduler/scheduler.h"

#include <algorithm>
#include <utility>

namespace arcas::scheduler {

Scheduler::Scheduler(const model::Catalog& catalog, Config config)
    : catalog_(catalog),
      config_(config),
      nodes_(catalog),
      shapes_(catalog),
      spread_(catalog, nodes_, pods_),
      queue_(config.queue, pods_) {}

StringId Scheduler::zone_key() {
  if (!zone_key_.valid()) zone_key_ = catalog_.strings.find("topology.kubernetes.io/zone");
  return zone_key_;
}

std::int32_t Scheduler::priority_of(SpecId spec) const { return catalog_.spec(spec).priority; }

// ---- what exists ----

void Scheduler::upsert_node(const model::Node& node) {
  nodes_.upsert(node);
  queue_.cluster_changed();
}

void Scheduler::remove_node(NodeId node) { nodes_.remove(node); }

void Scheduler::set_zone_lost(ZoneId zone, bool lost) {
  nodes_.set_zone_lost(zone, lost);
  if (!lost) queue_.cluster_changed();
}

void Scheduler::take_room(Uid uid, PodEntry& entry, NodeId node, PodState state) {
  entry.node = node;
  entry.state = state;
  nodes_.charge(node, shapes_[shapes_.of(entry.spec)].demand, 1);
  if (state == PodState::foreign) return;
  pods_.link(uid, entry);
  if (!entry.terminating) spread_.count(entry.name_space, entry.labels, node, 1);
}

void Scheduler::give_room(Uid uid, PodEntry& entry) {
  nodes_.charge(entry.node, shapes_[shapes_.of(entry.spec)].demand, -1);
  if (entry.state != PodState::foreign) {
    pods_.unlink(uid, entry);
    if (!entry.terminating) spread_.count(entry.name_space, entry.labels, entry.node, -1);
  }
  entry.node = NodeId{};
}

void Scheduler::add_usage(Uid uid, SpecId spec, LabelSetId labels, NamespaceId name_space,
                          NodeId node, bool own) {
  if (PodEntry* known = pods_.find(uid)) {
    if (known->node == node) {
      if (own) known->state = PodState::bound;
      return;
    }
    if (known->node.valid()) give_room(uid, *known);
  }
  PodEntry& entry = pods_.get(uid);
  entry.spec = spec;
  entry.labels = labels;
  entry.name_space = name_space;
  ++entry.attempt_mark;  // whatever waits for it in the queue is void
  take_room(uid, entry, node, own ? PodState::bound : PodState::foreign);
}

void Scheduler::remove_usage(Uid uid) {
  PodEntry* entry = pods_.find(uid);
  if (entry == nullptr || !entry->node.valid()) return;
  give_room(uid, *entry);
  pods_.erase(uid);
  queue_.cluster_changed();
}

void Scheduler::mark_terminating(Uid uid) {
  PodEntry* entry = pods_.find(uid);
  if (entry == nullptr || entry->terminating || entry->state == PodState::foreign) return;
  if (entry->node.valid()) spread_.count(entry->name_space, entry->labels, entry->node, -1);
  entry->terminating = true;
}

// ---- what waits ----

PodEntry Scheduler::entry_of(const PendingPod& pod) {
  PodEntry entry;
  entry.spec = pod.spec;
  entry.target = pod.target;
  entry.labels = pod.labels;
  entry.name_space = pod.name_space;
  return entry;
}

void Scheduler::enqueue(TimePoint, const PendingPod& pod) {
  if (pods_.find(pod.uid) != nullptr) return;  // waits already, or holds room
  PodEntry& entry = pods_.get(pod.uid);
  entry = entry_of(pod);
  queue_.push_active(pod.uid, entry, priority_of(pod.spec));
}

void Scheduler::forget(Uid uid) {
  PodEntry* entry = pods_.find(uid);
  if (entry == nullptr || entry->state == PodState::bound || entry->state == PodState::foreign) {
    return;
  }
  if (entry->node.valid()) give_room(uid, *entry);
  pods_.erase(uid);
}

void Scheduler::reject(TimePoint now, Uid uid) {
  PodEntry* entry = pods_.find(uid);
  if (entry == nullptr || entry->state != PodState::assumed) return;
  give_room(uid, *entry);
  queue_.push_backoff(now, uid, *entry, priority_of(entry->spec));
}

void Scheduler::confirm(Uid uid) {
  PodEntry* entry = pods_.find(uid);
  if (entry != nullptr && entry->state == PodState::assumed) entry->state = PodState::bound;
}

// ---- deciding ----

NodeIndex& Scheduler::index_of(ShapeId shape) {
  if (shape.index >= indexes_.size()) indexes_.resize(shape.index + 1);
  auto& index = indexes_[shape.index];
  if (index == nullptr) {
    const Shape& kept = index_shapes_.emplace_back(shapes_[shape]);
    index = std::make_unique<NodeIndex>(catalog_, nodes_, kept, config_.strategy);
  }
  index->refresh();
  return *index;
}

Selection Scheduler::scan(const PodEntry& pod) {
  const Shape& shape = shapes_[shapes_.of(pod.spec)];
  const SpreadState spread = spread_state(catalog_, pod, shape, spread_);
  return select_by_scan({catalog_, nodes_, pod, shape, spread, config_.strategy});
}

Selection Scheduler::select(const PodEntry& pod) {
  ++stats_.decisions;
  const ShapeId shape_id = shapes_.of(pod.spec);
  if (!config_.full_scan && !pod.target.valid()) {
    const Shape& shape = shapes_[shape_id];
    const SpreadState spread = spread_state(catalog_, pod, shape, spread_);
    const auto selection = select_by_index({catalog_, nodes_, pod, shape, spread, config_.strategy},
                                           index_of(shape_id), zone_key());
    if (selection) {
      ++stats_.by_index;
      return *selection;
    }
  }
  ++stats_.by_scan;
  return scan(pod);
}

void Scheduler::schedule(TimePoint now, std::size_t max_pods, std::vector<Decision>& out) {
  batch_.clear();
  queue_.pop(now, max_pods, batch_);
  // Shape by shape: a run of one shape costs one index update for each placement.
  order_.clear();
  std::vector<std::pair<ShapeId, std::uint32_t>> rank;  // few: shapes of this batch
  for (const Uid uid : batch_) {
    const ShapeId shape = shapes_.of(pods_.find(uid)->spec);
    auto at = std::find_if(rank.begin(), rank.end(),
                           [shape](const auto& entry) { return entry.first == shape; });
    if (at == rank.end()) {
      rank.push_back({shape, static_cast<std::uint32_t>(rank.size())});
      at = rank.end() - 1;
    }
    order_.push_back({at->second, uid});
  }
  std::stable_sort(order_.begin(), order_.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [unused, uid] : order_) {
    PodEntry& entry = *pods_.find(uid);
    const Selection selection = select(entry);
    out.push_back({uid, entry.spec, selection.node});
    if (selection.node.valid()) {
      take_room(uid, entry, selection.node, PodState::assumed);
    } else {
      queue_.push_unschedulable(now, uid, entry, priority_of(entry.spec));
    }
  }
}

Scheduler::Compared Scheduler::compare(const PendingPod& pod) {
  const PodEntry entry = entry_of(pod);
  Compared result;
  result.scan = scan(entry);
  const ShapeId shape_id = shapes_.of(pod.spec);
  const Shape& shape = shapes_[shape_id];
  const SpreadState spread = spread_state(catalog_, entry, shape, spread_);
  const auto selection = select_by_index({catalog_, nodes_, entry, shape, spread, config_.strategy},
                                         index_of(shape_id), zone_key());
  result.index_applies = selection.has_value();
  if (selection) result.index = *selection;
  return result;
}

std::string Scheduler::explain(const PendingPod& pod) {
  const Selection selection = scan(entry_of(pod));
  std::string why = std::to_string(selection.feasible) + "/" +
                    std::to_string(nodes_.known_count()) + " nodes are available";
  if (selection.feasible != 0) return why + ".";
  std::vector<std::string> parts;
  for (std::size_t i = 1; i < selection.refused.size(); ++i) {
    const auto reason = static_cast<Reason>(i);
    if (selection.refused[i] == 0) continue;
    if (reason != Reason::insufficient_resource) {
      parts.push_back(std::to_string(selection.refused[i]) + " " + std::string(text(reason)));
      continue;
    }
    for (std::uint32_t kind = 0; kind < selection.short_of.size(); ++kind) {
      if (selection.short_of[kind] == 0) continue;
      parts.push_back(std::to_string(selection.short_of[kind]) + " Insufficient " +
                      catalog_.resources.text(ResourceId{kind}));
    }
  }
  std::sort(parts.begin(), parts.end());
  for (std::size_t i = 0; i < parts.size(); ++i) why += (i == 0 ? ": " : ", ") + parts[i];
  return why + ".";
}

Scheduler::Stats Scheduler::stats() const {
  Stats stats = stats_;
  for (const auto& index : indexes_) {
    if (index != nullptr) stats.index_rebuilds += index->rebuilds();
  }
  return stats;
}

}  // namespace arcas::scheduler
