#include "core/roles/workload_controllers.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "core/access/quota.h"
#include "core/base/mutant.h"
#include "core/roles/configs.h"

namespace arcas::roles {
namespace {

using controllers::Effects;
using model::Kind;
using ports::ChangeType;

constexpr std::size_t kOrphanBurst = 1000;
/// A recount walks over all pods.
constexpr Duration kQuotaInterval = seconds(1);

/// A planted bug: an orphan is emptied instead of removed.
void leave_behind(model::ReplicaSet set, ports::ObjectOperation& removal) {
  set.replicas = 0;
  removal.verb = ports::Verb::update;
  removal.object = set;
}

}  // namespace

void WorkloadControllers::WorkList::mark(Uid uid) {
  if (!uid.valid() || !marked_.emplace(uid.value, true).second) return;
  order_.push_back(uid);
}

std::vector<Uid> WorkloadControllers::WorkList::take() {
  // Clearing a table costs its capacity, which the busiest moment has set: a few marks are erased
  // one by one.
  if (order_.size() < marked_.bucket_count() / 16) {
    for (const Uid uid : order_) marked_.erase(uid.value);
  } else {
    marked_.clear();
  }
  return std::exchange(order_, {});
}

WorkloadControllers::WorkloadControllers(const Profile& profile, model::Catalog& catalog,
                                         PartitionId partition)
    : catalog_(catalog),
      tables_(partition),
      deployments_(controllers::DeploymentConfig{}, catalog),
      replica_sets_(replica_set_config(profile), catalog),
      daemon_sets_(daemon_set_config(profile), catalog),
      jobs_(controllers::JobConfig{}, catalog),
      tenants_(catalog),
      namespaces_(controllers::NamespaceConfig{}),
      disruptions_(catalog),
      pod_gc_(controllers::PodGcConfig{}),
      collects_orphans_(profile.collects_orphans) {}

// ---- what changed ----

void WorkloadControllers::mark_owner(const model::Pod& pod) {
  switch (pod.meta.owner.kind) {
    case Kind::replica_set:
      return replica_sets_due_.mark(pod.meta.owner.uid);
    case Kind::daemon_set:
      return daemon_sets_due_.mark(pod.meta.owner.uid);
    case Kind::job:
      return jobs_due_.mark(pod.meta.owner.uid);
    default:
      return;
  }
}

void WorkloadControllers::pod_changed(const model::Pod* before, const model::Pod* after) {
  const model::Pod& pod = after != nullptr ? *after : *before;
  if (before != nullptr && before->meta.owner.uid != pod.meta.owner.uid) mark_owner(*before);
  switch (pod.meta.owner.kind) {
    case Kind::replica_set:
      replica_sets_.on_pod(before, after);
      break;
    case Kind::daemon_set:
      daemon_sets_.on_pod(before, after);
      break;
    case Kind::job:
      jobs_.on_pod(before, after);
      break;
    default:
      break;
  }
  disruptions_.on_pod(before, after);
  budgets_due_ = true;
  const bool counts_before = before != nullptr && !before->terminal();
  const bool counts = after != nullptr && !after->terminal();
  if (counts_before != counts && tables_.quotas.size() != 0) quotas_due_ = true;
  pod_gc_.on_pod(before, after);
  mark_owner(pod);
}

void WorkloadControllers::object_changed(TimePoint, const ports::ObjectChange& change) {
  const model::Metadata& meta = model::metadata_of(change.object);
  const bool removed = change.type == ChangeType::removed;
  if (const auto* set = std::get_if<model::ReplicaSet>(&change.object)) {
    replica_sets_due_.mark(meta.uid);
    deployments_due_.mark(meta.owner.uid);
    if (meta.owner.kind == Kind::deployment) {
      auto& sets = sets_of_[meta.owner.uid.value];
      const auto known = std::find(sets.begin(), sets.end(), meta.uid);
      if (removed && known != sets.end()) sets.erase(known);
      if (!removed && known == sets.end()) sets.push_back(meta.uid);
    }
    disruptions_.on_scale(meta.uid, removed ? -1 : set->replicas);
    budgets_due_ = true;
    if (removed) replica_sets_.forget(meta.uid);
  } else if (std::holds_alternative<model::Deployment>(change.object)) {
    deployments_due_.mark(meta.uid);
  } else if (std::holds_alternative<model::DaemonSet>(change.object)) {
    daemon_sets_due_.mark(meta.uid);
    if (removed) daemon_sets_.forget(meta.uid);
  } else if (std::holds_alternative<model::Job>(change.object)) {
    jobs_due_.mark(meta.uid);
    if (removed) jobs_.forget(meta.uid);
  } else if (const auto* budget = std::get_if<model::PodDisruptionBudget>(&change.object)) {
    if (removed) {
      disruptions_.on_budget_removed(meta.uid);
    } else {
      disruptions_.on_budget(*budget);
    }
    budgets_due_ = true;
  } else if (std::holds_alternative<model::ResourceQuota>(change.object)) {
    quotas_due_ = budgets_due_ = true;
  } else if (std::holds_alternative<model::Tenant>(change.object)) {
    tenants_due_.mark(meta.uid);
  } else if (std::holds_alternative<model::Namespace>(change.object)) {
    auto& namespaces = namespaces_of_[meta.tenant.index];
    std::erase(namespaces, meta.uid);
    if (!removed) namespaces.push_back(meta.uid);
    namespaces_due_.mark(meta.uid);
    if (const auto* tenant = find_tenant(meta.tenant)) tenants_due_.mark(tenant->meta.uid);
  }
}

void WorkloadControllers::node_changed(TimePoint, const model::Node& node) {
  if (node.id.index >= nodes_.size()) nodes_.resize(node.id.index + 1);
  nodes_[node.id.index] = node;
  daemon_sets_.on_node(node.id);
  pod_gc_.on_node_added(node.id);
  tables_.daemon_sets.for_each(
      [&](const model::DaemonSet& set) { daemon_sets_due_.mark(set.meta.uid); });
}

void WorkloadControllers::node_removed(TimePoint now, NodeId node) {
  if (node.index < nodes_.size()) nodes_[node.index].reset();
  daemon_sets_.on_node_removed(node);
  pod_gc_.on_node_removed(now, node);
  tables_.daemon_sets.for_each(
      [&](const model::DaemonSet& set) { daemon_sets_due_.mark(set.meta.uid); });
}

void WorkloadControllers::nodes_synced(TimePoint now) {
  daemon_sets_.nodes_are_known();
  tables_.daemon_sets.for_each(
      [&](const model::DaemonSet& set) { daemon_sets_due_.mark(set.meta.uid); });
  pod_gc_.check_all(now, tables_.pods, [this](NodeId node) {
    return node.index < nodes_.size() && nodes_[node.index].has_value();
  });
}

// ---- deciding ----

bool WorkloadControllers::dirty() const {
  return budgets_due_ || !orphaned_.empty() || !deployments_due_.empty() ||
         !replica_sets_due_.empty() || !daemon_sets_due_.empty() || !jobs_due_.empty() ||
         !tenants_due_.empty() || !namespaces_due_.empty();
}

TimePoint WorkloadControllers::next_tick(TimePoint now) const {
  TimePoint next = pod_gc_.next_tick(now);
  if (!wakes_.empty()) next = std::min(next, wakes_.front().at);
  if (quotas_due_) next = std::min(next, std::max(quotas_next_, now));
  return next;
}

void WorkloadControllers::again(Kind kind, Uid uid, TimePoint at) {
  if (at == TimePoint::max()) return;
  wakes_.push_back({at, kind, uid});
  std::push_heap(wakes_.begin(), wakes_.end(), std::greater<>());
}

void WorkloadControllers::wake_due(TimePoint now) {
  while (!wakes_.empty() && wakes_.front().at <= now) {
    const Wake wake = wakes_.front();
    std::pop_heap(wakes_.begin(), wakes_.end(), std::greater<>());
    wakes_.pop_back();
    if (wake.kind == Kind::replica_set) replica_sets_due_.mark(wake.uid);
    if (wake.kind == Kind::daemon_set) daemon_sets_due_.mark(wake.uid);
    if (wake.kind == Kind::job) jobs_due_.mark(wake.uid);
  }
}

void WorkloadControllers::sync(TimePoint now, Effects& out) {
  wake_due(now);
  sync_tenants(now, out);
  sync_deployments(now, out);
  sync_replica_sets(now, out);
  sync_others(now, out);
  collect_orphans(now, out);
  if (pod_gc_.next_tick(now) <= now) pod_gc_.sync(now, tables_.pods, out);
  if (budgets_due_) {
    budgets_due_ = false;
    disruptions_.sync([this](Uid uid) { return tables_.disruption_budgets.find(uid); }, out);
  }
  if (quotas_due_ && quotas_next_ <= now) recount_quotas(now, out);
}

/// What pods charged when they were made is given back once they have finished or are gone.
void WorkloadControllers::recount_quotas(TimePoint now, Effects& out) {
  quotas_due_ = false;
  quotas_next_ = now + kQuotaInterval;
  for (ports::ObjectOperation& update : access::recount_quotas(tables_, catalog_)) {
    out.objects.push_back(std::move(update));
  }
}

void WorkloadControllers::sync_tenants(TimePoint now, Effects& out) {
  for (const Uid uid : tenants_due_.take()) {
    const model::Tenant* tenant = tables_.tenants.find(uid);
    if (tenant == nullptr) continue;
    std::vector<const model::Namespace*> namespaces;
    for (const Uid ns : namespaces_of_[tenant->id.index]) {
      if (const model::Namespace* found = tables_.namespaces.find(ns)) namespaces.push_back(found);
    }
    tenants_.sync(now, *tenant, namespaces, out);
  }
  for (const Uid uid : namespaces_due_.take()) {
    const model::Namespace* name_space = tables_.namespaces.find(uid);
    if (name_space == nullptr || !name_space->meta.terminating()) continue;
    sync_namespace(now, *name_space, out);
  }
}

void WorkloadControllers::sync_namespace(TimePoint now, const model::Namespace& name_space,
                                         Effects& out) {
  // Rare, so a walk over the partition is in order.
  std::vector<model::Object> copies;
  tables_.for_each_object([&](const model::Object& object) {
    const model::Metadata& meta = model::metadata_of(object);
    if (meta.name_space == name_space.id && !std::holds_alternative<model::Namespace>(object)) {
      copies.push_back(object);
    }
  });
  std::vector<const model::Object*> objects;
  for (const model::Object& copy : copies) objects.push_back(&copy);
  std::vector<const model::Pod*> pods;
  tables_.pods.for_each([&](const model::Pod& pod) {
    if (pod.meta.name_space == name_space.id) pods.push_back(&pod);
  });
  const bool empty = objects.empty() && pods.empty();
  namespaces_.sync(now, name_space, {objects, pods}, out);
  if (!empty) namespaces_due_.mark(name_space.meta.uid);
}

void WorkloadControllers::sync_deployments(TimePoint now, Effects& out) {
  std::vector<const model::ReplicaSet*> sets;
  for (const Uid uid : deployments_due_.take()) {
    const model::Deployment* deployment = tables_.deployments.find(uid);
    if (deployment == nullptr) {
      orphaned_.mark(uid);
      continue;
    }
    sets.clear();
    if (const auto it = sets_of_.find(uid.value); it != sets_of_.end()) {
      for (const Uid set : it->second) {
        const model::ReplicaSet* found = tables_.replica_sets.find(set);
        if (found != nullptr && found->meta.owner.uid == uid) sets.push_back(found);
      }
    }
    deployments_.sync(now, *deployment, sets, tables_.pods, out);
    if (ARCAS_MUTANT("owner-thought-gone")) orphaned_.mark(uid);
  }
}

void WorkloadControllers::sync_replica_sets(TimePoint now, Effects& out) {
  for (const Uid uid : replica_sets_due_.take()) {
    const model::ReplicaSet* set = tables_.replica_sets.find(uid);
    if (set == nullptr) {
      orphaned_.mark(uid);
      continue;
    }
    again(Kind::replica_set, uid, replica_sets_.sync(now, *set, tables_.pods, out).again_at);
  }
}

void WorkloadControllers::sync_others(TimePoint now, Effects& out) {
  const auto find_node = [this](NodeId id) -> const model::Node* {
    return id.index < nodes_.size() && nodes_[id.index] ? &*nodes_[id.index] : nullptr;
  };
  for (const Uid uid : daemon_sets_due_.take()) {
    const model::DaemonSet* set = tables_.daemon_sets.find(uid);
    if (set == nullptr) {
      orphaned_.mark(uid);
      continue;
    }
    again(Kind::daemon_set, uid,
          daemon_sets_.sync(now, *set, find_node, tables_.pods, out).again_at);
  }
  for (const Uid uid : jobs_due_.take()) {
    const model::Job* job = tables_.jobs.find(uid);
    if (job == nullptr) {
      orphaned_.mark(uid);
      continue;
    }
    again(Kind::job, uid, jobs_.sync(now, *job, tables_.pods, out).again_at);
  }
}

/// Objects whose owner is gone follow it: ReplicaSets of a Deployment, pods of a workload. They are
/// found by what they are themselves, since a leader may never have seen their owner.
void WorkloadControllers::collect_orphans(TimePoint now, Effects& out) {
  for (const Uid owner : orphaned_.take()) {
    if (!collects_orphans_) {
      sets_of_.erase(owner.value);
      continue;
    }
    const bool done = controllers::delete_owned_pods(now, owner, tables_.pods, kOrphanBurst, out);
    if (const auto it = sets_of_.find(owner.value); it != sets_of_.end()) {
      for (const Uid uid : it->second) {
        const model::ReplicaSet* set = tables_.replica_sets.find(uid);
        if (set == nullptr) continue;
        out.objects.push_back(controllers::removal_of_object(*set));
        if (ARCAS_MUTANT("sets-left-behind")) leave_behind(*set, out.objects.back());
      }
      sets_of_.erase(it);
    }
    if (!done) orphaned_.mark(owner);
  }
}

// ---- refusals ----

void WorkloadControllers::refused(const ports::PodOperation& operation, StatusCode) {
  const model::OwnerReference& owner = operation.pod.meta.owner;
  const bool creation = operation.verb == ports::Verb::create;
  switch (owner.kind) {
    case Kind::replica_set:
      if (creation) {
        replica_sets_.on_creation_refused(owner.uid);
      } else {
        replica_sets_.on_deletion_refused(owner.uid, operation.pod.meta.uid);
      }
      break;
    case Kind::daemon_set:
      if (creation) daemon_sets_.on_creation_refused(owner.uid, operation.pod.target);
      break;
    case Kind::job:
      if (creation) jobs_.on_creation_refused(owner.uid);
      break;
    default:
      break;
  }
  mark_owner(operation.pod);
}

void WorkloadControllers::refused(const ports::ObjectOperation& operation) {
  const model::Metadata& meta = model::metadata_of(operation.object);
  switch (model::kind_of(operation.object)) {
    case Kind::deployment:
      return deployments_due_.mark(meta.uid);
    case Kind::replica_set:
      replica_sets_due_.mark(meta.uid);
      return deployments_due_.mark(meta.owner.uid);
    case Kind::daemon_set:
      return daemon_sets_due_.mark(meta.uid);
    case Kind::job:
      return jobs_due_.mark(meta.uid);
    case Kind::tenant:
      return tenants_due_.mark(meta.uid);
    case Kind::name_space:
      return namespaces_due_.mark(meta.uid);
    case Kind::resource_quota:
      quotas_due_ = budgets_due_ = true;
      return;
    default:
      budgets_due_ = true;
  }
}

const model::Tenant* WorkloadControllers::find_tenant(TenantId tenant) const {
  const StringId name = catalog_.strings.find(catalog_.tenants.text(tenant));
  return tables_.tenants.find(model::ObjectKey{Kind::tenant, {}, {}, {name, 0}});
}

}  // namespace arcas::roles
