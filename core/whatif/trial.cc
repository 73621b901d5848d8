#include "core/whatif/trial.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace arcas::whatif {
namespace {

constexpr std::uint32_t kPartition = 1;
constexpr int kMostRounds = 50;  // of preemption
constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

/// Beyond every back-off.
constexpr Duration kStep = hours(1);

}  // namespace

scheduler::SchedulerProfile without_preemption(scheduler::SchedulerProfile profile) {
  profile.post_filters.clear();
  return profile;
}

Trial::Trial(const model::Snapshot& snapshot, model::Catalog& catalog,
             const scheduler::SchedulerProfile& profile, bool preempts)
    : snapshot_(snapshot),
      catalog_(catalog),
      profile_(preempts ? profile : without_preemption(profile)) {
  for (const model::Node& node : snapshot.nodes) nodes_.emplace(node.id, node);
  pods_.reserve(snapshot.pods.size());
  for (const model::SnapshotPod& pod : snapshot.pods) {
    pods_.push_back({pod.pod.spec,
                     pod.pod.meta.labels,
                     pod.pod.meta.name_space,
                     pod.pod.node,
                     pod.workload,
                     {},
                     pod.pod.meta.terminating()});
  }
  build();
}

Trial::Trial(const Trial& other)
    : snapshot_(other.snapshot_),
      catalog_(other.catalog_),
      profile_(without_preemption(other.profile_)),
      nodes_(other.nodes_),
      pods_(other.pods_) {
  build();
}

void Trial::build() {
  scheduler::Config config;
  config.profile = profile_;
  scheduler_ = std::make_unique<scheduler::Scheduler>(catalog_, std::move(config));
  scheduler::Cluster& cluster = scheduler_->cluster();
  for (const auto& [name_space, labels] : snapshot_.namespace_labels) {
    scheduler_->set_namespace_labels(name_space, labels);
  }
  for (const model::WorkloadSelector& selector : snapshot_.selectors) {
    if (selector.kind == model::WorkloadSelector::Kind::service) {
      cluster.services.push_back(selector);
    }
  }
  for (const auto& volume : snapshot_.volumes) cluster.volumes.volumes[volume.name] = volume;
  for (const auto& claim : snapshot_.claims) {
    cluster.volumes.claims[{claim.name_space, claim.name}] = claim;
  }
  for (const auto& kind : snapshot_.storage_classes) cluster.volumes.classes[kind.name] = kind;
  for (const auto& node : snapshot_.csi_nodes) cluster.volumes.csi_nodes[node.name] = node;
  for (const model::PodDisruptionBudget& budget : snapshot_.budgets) {
    cluster.budgets.push_back(
        {budget.meta.name_space, budget.selector, budget.status_disruptions_allowed, {}});
  }
  for (const auto& [id, node] : nodes_) scheduler_->upsert_node(node);
  for (PodPlace i = 0; i < pods_.size(); ++i) {
    if (pods_[i].node.valid()) put(i, pods_[i].node);
  }
}

std::vector<PodPlace> Trial::pods_on(NodeId node) const {
  std::vector<PodPlace> here;
  const auto& nodes = scheduler_->cluster().nodes();
  if (!nodes.known(node)) return here;
  for (const Uid uid : nodes[node].pods) here.push_back(by_sequence_[uid.sequence() - 1]);
  std::sort(here.begin(), here.end());
  return here;
}

void Trial::set_node(const model::Node& node) {
  nodes_.insert_or_assign(node.id, node);
  scheduler_->upsert_node(node);
}

void Trial::remove_node(NodeId node) {
  nodes_.erase(node);
  scheduler_->remove_node(node);
}

Uid Trial::next_uid(PodPlace pod) {
  by_sequence_.push_back(pod);
  return Uid::make(kPartition, by_sequence_.size());
}

void Trial::lift(PodPlace pod) {
  PodState& state = pods_[pod];
  if (!state.node.valid()) return;
  scheduler_->remove_usage(state.uid);
  state.node = NodeId{};
}

void Trial::put(PodPlace pod, NodeId node) {
  PodState& state = pods_[pod];
  state.uid = next_uid(pod);
  state.node = node;
  scheduler_->add_usage(state.uid, state.spec, state.labels, state.name_space, node, true);
  if (state.terminating) scheduler_->mark_terminating(state.uid);
}

PodPlace Trial::add(PodState pod) {
  pod.node = NodeId{};
  pods_.push_back(pod);
  return static_cast<PodPlace>(pods_.size() - 1);
}

scheduler::PendingPod Trial::pending(const PodState& pod) const {
  scheduler::PendingPod waiting;
  waiting.uid = pod.uid;
  waiting.spec = pod.spec;
  waiting.labels = pod.labels;
  waiting.name_space = pod.name_space;
  waiting.tenant = catalog_.tenant_of(pod.name_space);
  waiting.created_at = now_;
  return waiting;
}

Trial::Placed Trial::place(const std::vector<PodPlace>& pods) {
  Placed result;
  std::vector<PodPlace> waiting = pods;
  for (const PodPlace pod : pods) {
    pods_[pod].uid = next_uid(pod);
    scheduler_->enqueue(now_, pending(pods_[pod]));
  }
  std::vector<scheduler::Scheduler::Decision> decisions;
  for (int round = 0; round < kMostRounds; ++round) {
    now_ = now_ + kStep;
    bool moved = false;
    std::vector<PodPlace> evicted;
    for (;;) {  // one priority a call
      decisions.clear();
      scheduler_->schedule(now_, kAll, decisions);
      if (decisions.empty()) break;
      for (const auto& decision : decisions) {
        if (decision.node.valid()) {
          pods_[by_sequence_[decision.uid.sequence() - 1]].node = decision.node;
          scheduler_->grant(now_, decision.uid);
          scheduler_->confirm(decision.uid);
          moved = true;
        }
        for (const Uid victim : decision.victims) {
          const PodPlace pod = by_sequence_[victim.sequence() - 1];
          lift(pod);
          evicted.push_back(pod);
        }
      }
    }
    for (const PodPlace pod : evicted) {
      result.evicted.push_back(pod);
      if (pods_[pod].workload == model::SnapshotWorkload::kNone) continue;
      waiting.push_back(pod);
      pods_[pod].uid = next_uid(pod);
      scheduler_->enqueue(now_, pending(pods_[pod]));
    }
    if (evicted.empty() && !moved) break;
    if (evicted.empty() && std::all_of(waiting.begin(), waiting.end(),
                                       [this](PodPlace pod) { return pods_[pod].node.valid(); })) {
      break;
    }
  }
  std::vector<bool> seen(pods_.size());
  for (const PodPlace pod : waiting) {  // one that was pushed out stands there twice
    if (pods_[pod].node.valid() || seen[pod]) continue;
    seen[pod] = true;
    scheduler_->forget(pods_[pod].uid);
    result.left.push_back(pod);
  }
  return result;
}

scheduler::PendingReason Trial::why(PodPlace pod) {
  if (!pods_[pod].uid.valid()) pods_[pod].uid = next_uid(pod);
  return scheduler_->why_pending(pending(pods_[pod]));
}

}  // namespace arcas::whatif
