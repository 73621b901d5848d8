#include "sim/run/user_change_request.h"

#include <algorithm>
#include <utility>

#include "core/controllers/disruption.h"
#include "core/model/selector.h"

namespace arcas::sim {
namespace {

using Phase = model::TenantMove::Phase;
using Verb = UserChange::Verb;

template <class T>
void append_update(const T& stored, T next, ports::Transaction& out) {
  ports::ObjectOperation& operation = out.objects.emplace_back();
  operation.verb = ports::Verb::update;
  operation.expected = stored.meta.resource_version;
  operation.object = std::move(next);
}

SpecId with_image(SpecId spec, StringId image, model::Catalog& catalog) {
  model::PodSpec next = catalog.spec(spec);
  if (next.workload == model::WorkloadType::vm) {
    next.vm.image = image;
  } else {
    for (model::Container& container : next.containers) container.image = image;
  }
  return catalog.intern_spec(std::move(next));
}

ChangeTarget write_node(const UserChange& change, const state::Tables& tables,
                        ports::Transaction& out) {
  const model::Node* node =
      tables.nodes.find(model::ObjectKey{model::Kind::node, {}, {}, {change.node_name, 0}});
  if (node == nullptr) return ChangeTarget::missing;
  model::Node next = *node;
  next.unschedulable = change.verb != Verb::uncordon;
  append_update(*node, std::move(next), out);
  return ChangeTarget::found;
}

/// Evicts a pod and takes one from its budget, both or neither, when the budget allows.
ChangeTarget write_eviction(const UserChange& change, const state::Tables& tables,
                            const model::Catalog& catalog, ports::Transaction& out) {
  const model::Pod* pod = tables.pods.find(change.pod);
  if (pod == nullptr || pod->terminal() || pod->meta.terminating()) return ChangeTarget::gone;
  const model::LabelSet& labels = catalog.label_sets[pod->meta.labels];
  const model::PodDisruptionBudget* budget = nullptr;
  std::size_t budgets = 0;
  tables.disruption_budgets.for_each([&](const model::PodDisruptionBudget& candidate) {
    if (candidate.meta.name_space != pod->meta.name_space || !candidate.selector.valid()) return;
    if (!model::matches(catalog.selectors[candidate.selector], labels, catalog)) return;
    budget = &candidate;
    ++budgets;
  });
  const bool protects = pod->phase == model::PodPhase::running;
  const auto verdict = controllers::eviction_verdict(
      protects, budgets, budget == nullptr ? 0 : budget->status_disruptions_allowed);
  if (verdict != controllers::DisruptionVerdict::allowed) return ChangeTarget::refused;
  out.mode = ports::Transaction::Mode::all_or_nothing;
  ports::PodOperation& operation = out.pods.emplace_back();
  operation.verb = ports::Verb::remove;  // made graceful by the api server
  operation.pod = *pod;
  if (protects && budget != nullptr) {
    model::PodDisruptionBudget next = *budget;
    --next.status_disruptions_allowed;
    append_update(*budget, std::move(next), out);
  }
  return ChangeTarget::found;
}

/// Asks for the move; the control plane carries it out. One that is under way or done already is
/// not asked for again.
ChangeTarget write_move(const UserChange& change, const state::Tables& tables,
                        ports::Transaction& out) {
  if (tables.partition() == change.target) return ChangeTarget::gone;
  const model::TenantMove* record = tables.moves().find(change.tenant);
  const bool under_way =
      record != nullptr && record->other == change.target && record->phase != Phase::here;
  if (under_way) return ChangeTarget::gone;
  ports::MoveOperation& operation = out.moves.emplace_back();
  operation.tenant = change.tenant;
  operation.other = change.target;
  return ChangeTarget::found;
}

}  // namespace

ChangeTarget write_change(const UserChange& change, const StoredObjects& stored,
                          model::Catalog& catalog, ports::Transaction& out) {
  if (change.verb == Verb::evict) {
    return write_eviction(change, stored.of_tenant(change.tenant), catalog, out);
  }
  if (change.verb == Verb::move_tenant) {
    return write_move(change, stored.of_tenant(change.tenant), out);
  }
  if (change.node.valid()) return write_node(change, stored.of_node(change.node), out);
  const model::Deployment* deployment =
      stored.of_tenant(change.deployment.tenant).deployments.find(change.deployment);
  if (deployment == nullptr) return ChangeTarget::missing;
  model::Deployment next = *deployment;
  switch (change.verb) {
    case Verb::scale:
      next.replicas = change.replicas;
      append_update(*deployment, std::move(next), out);
      break;
    case Verb::update:
      next.pod_template.spec = with_image(next.pod_template.spec, change.image, catalog);
      append_update(*deployment, std::move(next), out);
      break;
    case Verb::remove: {
      ports::ObjectOperation& operation = out.objects.emplace_back();
      operation.verb = ports::Verb::remove;
      operation.object = std::move(next);
      break;
    }
    default:
      break;
  }
  return ChangeTarget::found;
}

std::vector<model::Pod> pods_to_delete(const UserChange& change, const StoredObjects& stored) {
  std::vector<model::Pod> pods;
  if (change.verb == Verb::drain) {
    stored.each_pod([&](const model::Pod& pod) {
      if (pod.node != change.node || pod.terminal()) return;
      if (pod.meta.owner.kind != model::Kind::daemon_set) pods.push_back(pod);
    });
  } else if (change.verb == Verb::delete_pods) {
    const state::Tables& tables = stored.of_tenant(change.deployment.tenant);
    const model::Deployment* deployment = tables.deployments.find(change.deployment);
    if (deployment == nullptr) return pods;
    tables.pods.for_each([&](const model::Pod& pod) {
      if (pod.terminal() || pod.meta.terminating()) return;
      const model::ReplicaSet* set = tables.replica_sets.find(pod.meta.owner.uid);
      if (set != nullptr && set->meta.owner.uid == deployment->meta.uid) pods.push_back(pod);
    });
  }
  std::sort(pods.begin(), pods.end(), [](const model::Pod& a, const model::Pod& b) {
    return a.meta.uid.value < b.meta.uid.value;
  });
  const auto count = static_cast<std::size_t>(change.count);
  if (change.verb == Verb::delete_pods && pods.size() > count) pods.resize(count);
  return pods;
}

}  // namespace arcas::sim
