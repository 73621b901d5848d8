#include "core/scheduler/scheduler.h"

#include <algorithm>
#include <map>
#include <utility>

namespace arcas::scheduler {

Scheduler::Scheduler(model::Catalog& catalog, Config config)
    : catalog_(catalog),
      config_(std::move(config)),
      cluster_(catalog,
               config_.profile.pod_level_resources ? PodLevelResources::counted
                                                   : PodLevelResources::ignored,
               config_.dense_domains),
      classes_(cluster_, config_.profile),
      load_tree_(cluster_.nodes(), config_.profile.fit.strategy == ScoringStrategy::most_allocated
                                       ? FitStrategy::most_allocated
                                       : FitStrategy::least_allocated),
      queue_(config_.queue, cluster_.pods()) {}

std::int32_t Scheduler::priority_of(SpecId spec) const { return catalog_.spec(spec).priority; }

// ---- what exists ----

void Scheduler::upsert_node(const model::Node& node) {
  cluster_.upsert_node(node);
  queue_.cluster_changed();
}

void Scheduler::remove_node(NodeId node) { cluster_.remove_node(node); }

void Scheduler::set_namespace_labels(NamespaceId name_space, LabelSetId labels) {
  cluster_.set_namespace_labels(name_space, labels);
  queue_.cluster_changed();
}

void Scheduler::set_zone_lost(ZoneId zone, bool lost) {
  cluster_.set_zone_lost(zone, lost);
  if (!lost) queue_.cluster_changed();
}

void Scheduler::add_usage(Uid uid, SpecId spec, LabelSetId labels, NamespaceId name_space,
                          NodeId node, bool own) {
  if (PodEntry* known = cluster_.pods().find(uid)) {
    if (known->node == node) {
      if (own) known->state = PodState::bound;
      return;
    }
    if (known->node.valid()) cluster_.lift(uid, *known);
  }
  PodEntry& entry = cluster_.pods().get(uid);
  entry.spec = spec;
  entry.labels = labels;
  entry.name_space = name_space;
  ++entry.attempt_mark;  // whatever waits for it in the queue is void
  cluster_.place(uid, entry, node, own ? PodState::bound : PodState::foreign);
}

void Scheduler::remove_usage(Uid uid) {
  PodEntry* entry = cluster_.pods().find(uid);
  if (entry == nullptr || !entry->node.valid()) return;
  cluster_.lift(uid, *entry);
  cluster_.pods().erase(uid);
  queue_.cluster_changed();
}

void Scheduler::mark_terminating(Uid uid) {
  PodEntry* entry = cluster_.pods().find(uid);
  if (entry == nullptr || entry->terminating || entry->state == PodState::foreign) return;
  cluster_.mark_terminating(*entry);
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
  const PodEntry* known = cluster_.pods().find(pod.uid);
  if (known != nullptr && known->node.valid()) return;
  if (known != nullptr && known->spec == pod.spec && known->labels == pod.labels) return;
  PodEntry& entry = cluster_.pods().get(pod.uid);
  const std::uint32_t mark = entry.attempt_mark;  // voids what waits for an older version
  entry = entry_of(pod);
  entry.attempt_mark = mark + 1;
  if (is_gated(entry)) {
    entry.state = PodState::gated;
    return;
  }
  queue_.push_active(pod.uid, entry, priority_of(pod.spec));
}

bool Scheduler::is_gated(const PodEntry& pod) const {
  const auto& plugins = config_.profile.pre_enqueue;
  return !catalog_.spec(pod.spec).scheduling_gates.empty() &&
         std::find(plugins.begin(), plugins.end(), PluginId::scheduling_gates) != plugins.end();
}

void Scheduler::forget(Uid uid) {
  PodEntry* entry = cluster_.pods().find(uid);
  if (entry == nullptr || entry->state == PodState::bound || entry->state == PodState::foreign) {
    return;
  }
  if (entry->node.valid()) cluster_.lift(uid, *entry);
  cluster_.pods().erase(uid);
}

void Scheduler::reject(TimePoint now, Uid uid) {
  PodEntry* entry = cluster_.pods().find(uid);
  if (entry == nullptr || entry->state != PodState::assumed) return;
  cluster_.lift(uid, *entry);
  queue_.push_backoff(now, uid, *entry, priority_of(entry->spec));
}

void Scheduler::confirm(Uid uid) {
  PodEntry* entry = cluster_.pods().find(uid);
  if (entry != nullptr && entry->state == PodState::assumed) entry->state = PodState::bound;
}

// ---- deciding ----

Selection Scheduler::scan(Uid uid, const PodEntry& pod) {
  return select_by_scan({cluster_, config_.profile, pod, uid});
}

Selection Scheduler::select(Uid uid, const PodEntry& pod) {
  ++stats_.decisions;
  if (!config_.full_scan && !pod.target.valid()) {
    cluster_.refresh();
    PodClass& pod_class = classes_.of(pod);
    if (pod_class.load_tree < 0) {
      pod_class.load_tree = load_tree_covers(cluster_, config_.profile, pod_class) ? 1 : 0;
    }
    const bool covered = pod_class.load_tree == 1;
    if (NodeIndex* index = classes_.index_of(pod_class, covered)) {
      ++stats_.by_index;
      return select_by_index(cluster_, config_.profile, pod_class, *index);
    }
    if (covered) {
      ++stats_.by_load_tree;
      load_tree_.refresh();
      return select_by_load_tree(cluster_, config_.profile, pod_class, load_tree_);
    }
  }
  ++stats_.by_scan;
  return scan(uid, pod);
}

void Scheduler::schedule(TimePoint now, std::size_t max_pods, std::vector<Decision>& out) {
  batch_.clear();
  queue_.pop(now, max_pods, batch_);
  // Shape by shape: a run of one shape costs one index update for each placement.
  order_.clear();
  std::vector<std::pair<ShapeId, std::uint32_t>> rank;  // few: shapes of this batch
  for (const Uid uid : batch_) {
    const ShapeId shape = cluster_.shapes().of(cluster_.pods().find(uid)->spec);
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
    PodEntry& entry = *cluster_.pods().find(uid);
    const Selection selection = select(uid, entry);
    out.push_back({uid, entry.spec, selection.node});
    if (selection.node.valid()) {
      cluster_.place(uid, entry, selection.node, PodState::assumed);
    } else {
      queue_.push_unschedulable(now, uid, entry, priority_of(entry.spec));
    }
  }
}

Scheduler::Compared Scheduler::compare(const PendingPod& pod) {
  const PodEntry entry = entry_of(pod);
  Compared result;
  result.scan = scan(pod.uid, entry);
  cluster_.refresh();
  PodClass& pod_class = classes_.of(entry);
  if (NodeIndex* index = classes_.index_of(pod_class, false)) {
    result.index_applies = true;
    result.index = select_by_index(cluster_, config_.profile, pod_class, *index);
  }
  if (load_tree_covers(cluster_, config_.profile, pod_class)) {
    load_tree_.refresh();
    result.load_tree_applies = true;
    result.load_tree = select_by_load_tree(cluster_, config_.profile, pod_class, load_tree_);
  }
  return result;
}

std::string Scheduler::explain(const PendingPod& pod) {
  const PodEntry entry = entry_of(pod);
  const Evaluation evaluation({cluster_, config_.profile, entry, pod.uid});
  std::string why = "0/" + std::to_string(node_count()) + " nodes are available";
  if (!evaluation.pre_filter().ok()) {
    for (const std::string& reason : evaluation.pre_filter().reasons) why += ": " + reason;
    return why + ".";
  }
  std::map<std::string, std::uint32_t> reasons;
  std::uint32_t feasible = 0;
  for (std::uint32_t i = 0; i < cluster_.nodes().size(); ++i) {
    const NodeId node{i};
    if (!cluster_.nodes().known(node)) continue;
    if (entry.target.valid() && entry.target != node) {
      ++reasons["node(s) didn't match the requested node name"];
      continue;
    }
    const PluginStatus status = evaluation.filter(node);
    if (status.ok()) ++feasible;
    for (const std::string& reason : status.reasons) ++reasons[reason];
  }
  if (feasible != 0) {
    return std::to_string(feasible) + "/" + std::to_string(node_count()) + " nodes are available.";
  }
  std::vector<std::string> parts;
  for (const auto& [reason, count] : reasons) parts.push_back(std::to_string(count) + " " + reason);
  std::sort(parts.begin(), parts.end());
  for (std::size_t i = 0; i < parts.size(); ++i) why += (i == 0 ? ": " : ", ") + parts[i];
  return why + ".";
}

Scheduler::Stats Scheduler::stats() const {
  Stats stats = stats_;
  stats.index_rebuilds = classes_.rebuilds();
  return stats;
}

}  // namespace arcas::scheduler
