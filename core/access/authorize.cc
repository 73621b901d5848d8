#include "core/access/authorize.h"

#include <variant>

namespace arcas::access {
namespace {

using ports::Identity;
using ports::Verb;

constexpr TenantId kSystem{0};

bool cluster_scoped(model::Kind kind) {
  return kind == model::Kind::node || kind == model::Kind::tenant ||
         kind == model::Kind::priority_class || kind == model::Kind::lease;
}

Status authorize_node(const Identity& caller, Verb verb, model::Kind kind, NodeId pod_node) {
  if (kind != model::Kind::pod) return Status::forbidden("a node may change only pods bound to it");
  if (verb == Verb::create) return Status::forbidden("a node may not create pods");
  if (!caller.node.valid() || pod_node != caller.node) {
    return Status::forbidden("the pod is not bound to the calling node");
  }
  return Status::success();
}

Status within_tenant(const Identity& caller, model::Kind kind, TenantId tenant) {
  if (!caller.tenant.valid()) return Status::forbidden("the caller has no tenant");
  if (caller.tenant == kSystem) return Status::success();
  if (cluster_scoped(kind)) {
    return Status::forbidden("cluster-scoped objects belong to tenant system");
  }
  if (tenant != caller.tenant) return Status::forbidden("the object belongs to another tenant");
  return Status::success();
}

bool walled(const Identity& caller) {
  return caller.type == Identity::Type::user && caller.tenant != kSystem;
}

/// Metadata of a stored object by its uid, or nullptr.
const model::Metadata* find_stored(const state::Tables& view, model::Kind kind, Uid uid) {
  const auto meta = [](const auto* object) { return object == nullptr ? nullptr : &object->meta; };
  switch (kind) {
    case model::Kind::pod:
      return meta(view.pods.find(uid));
    case model::Kind::tenant:
      return meta(view.tenants.find(uid));
    case model::Kind::name_space:
      return meta(view.namespaces.find(uid));
    case model::Kind::node:
      return meta(view.nodes.find(uid));
    case model::Kind::replica_set:
      return meta(view.replica_sets.find(uid));
    case model::Kind::deployment:
      return meta(view.deployments.find(uid));
    case model::Kind::daemon_set:
      return meta(view.daemon_sets.find(uid));
    case model::Kind::job:
      return meta(view.jobs.find(uid));
    case model::Kind::pod_disruption_budget:
      return meta(view.disruption_budgets.find(uid));
    case model::Kind::priority_class:
      return meta(view.priority_classes.find(uid));
    case model::Kind::resource_quota:
      return meta(view.quotas.find(uid));
    case model::Kind::lease:
      return meta(view.leases.find(uid));
    case model::Kind::none:
      return nullptr;
  }
  return nullptr;
}

/// What a node may change of a pod, taken over from `next`.
model::Pod with_status(model::Pod pod, const model::Pod& next) {
  pod.phase = next.phase;
  pod.ready = next.ready;
  pod.reason = next.reason;
  pod.ready_since = next.ready_since;
  pod.started_at = next.started_at;
  pod.meta.resource_version = next.meta.resource_version;
  pod.meta.generation = next.meta.generation;
  return pod;
}

Status check_owner(const Identity& caller, const state::Tables& view,
                   const model::OwnerReference& owner, const model::Metadata* stored) {
  if (!walled(caller) || !owner.uid.valid()) return Status::success();
  if (stored != nullptr && stored->owner == owner) return Status::success();
  const model::Metadata* meta = find_stored(view, owner.kind, owner.uid);
  if (meta != nullptr && meta->tenant == caller.tenant) return Status::success();
  return Status::forbidden("the owner is not an object of the caller's tenant");
}

/// The common part for pods and objects: walls on the stored and the new value, and the owner.
Status check(const Identity& caller, const state::Tables& view, Verb verb, model::Kind kind,
             const model::Metadata& asked, const model::Metadata* stored, NodeId pod_node) {
  if (verb != Verb::create) {
    const bool other = walled(caller) && stored != nullptr && stored->tenant != caller.tenant &&
                       !cluster_scoped(kind);
    if (stored == nullptr || other) return Status::not_found("there is no such object");
    const Status allowed = authorize(caller, verb, kind, *stored, pod_node);
    if (!allowed.ok() || verb == Verb::remove) return allowed;
  }
  const Status allowed = authorize(caller, verb, kind, asked, pod_node);
  return allowed.ok() ? check_owner(caller, view, asked.owner, stored) : allowed;
}

Status check(const Identity& caller, const state::Tables& view,
             const ports::PodOperation& operation) {
  const model::Pod& next = operation.pod;
  const bool create = operation.verb == Verb::create;
  const model::Pod* stored = create ? nullptr : view.pods.find(next.meta.uid);
  const NodeId node = stored == nullptr ? NodeId{} : stored->node;
  const Status allowed = check(caller, view, operation.verb, model::Kind::pod, next.meta,
                               stored == nullptr ? nullptr : &stored->meta, node);
  if (!allowed.ok() || operation.verb == Verb::remove) return allowed;
  if (caller.type == Identity::Type::node && next != with_status(*stored, next)) {
    return Status::forbidden("a node may change only the status of its pods");
  }
  const NodeId target = stored == nullptr ? NodeId{} : stored->target;
  if (walled(caller) && (next.node != node || next.target != target)) {
    return Status::forbidden("only the scheduler binds pods to nodes");
  }
  return Status::success();
}

}  // namespace

Status authorize(const Identity& caller, Verb verb, model::Kind kind, const model::Metadata& meta,
                 NodeId pod_node) {
  if (kind == model::Kind::lease && verb == Verb::remove) {
    return Status::forbidden("a lease is never removed: its epoch would start again");
  }
  switch (caller.type) {
    case Identity::Type::component:
      return Status::success();
    case Identity::Type::node:
      return authorize_node(caller, verb, kind, pod_node);
    case Identity::Type::user:
      break;
  }
  const Status allowed = within_tenant(caller, kind, meta.tenant);
  if (allowed.ok() && walled(caller) && kind == model::Kind::resource_quota) {
    return Status::forbidden("quotas are set by tenant system");
  }
  return allowed;
}

namespace {

/// Users of tenant system ask for a move; who carries it out is the control plane's.
Status check_move(const Identity& caller, bool trusted, const ports::MoveOperation& operation) {
  if (caller.type == Identity::Type::component) return Status::success();
  if (!trusted) return Status::forbidden("only tenant system may move tenants");
  const bool asks = operation.step == ports::MoveOperation::Step::begin && operation.epoch == 0;
  if (asks && operation.tenant != kSystem) return Status::success();
  return Status::forbidden(asks ? "tenant system stays where it is"
                                : "a user may only ask for a move to begin");
}

}  // namespace

Status authorize_transaction(const Identity& caller, const state::Tables& view,
                             const ports::Transaction& transaction) {
  const bool trusted = caller.type == Identity::Type::component ||
                       (caller.type == Identity::Type::user && caller.tenant == kSystem);
  for (const ports::MoveOperation& operation : transaction.moves) {
    const Status allowed = check_move(caller, trusted, operation);
    if (!allowed.ok()) return allowed;
  }
  for (const ports::PodOperation& operation : transaction.pods) {
    if (trusted) break;
    const Status allowed = check(caller, view, operation);
    if (!allowed.ok()) return allowed;
  }
  for (const ports::ObjectOperation& operation : transaction.objects) {
    const model::Kind kind = model::kind_of(operation.object);
    const model::Metadata& asked = model::metadata_of(operation.object);
    if (trusted) {  // what is missing is for the store to say, operation by operation
      const Status allowed = authorize(caller, operation.verb, kind, asked, NodeId{});
      if (!allowed.ok()) return allowed;
      continue;
    }
    const bool create = operation.verb == Verb::create;
    const model::Metadata* stored = create ? nullptr : find_stored(view, kind, asked.uid);
    const Status allowed = check(caller, view, operation.verb, kind, asked, stored, NodeId{});
    if (!allowed.ok()) return allowed;
  }
  return Status::success();
}

Status authorize_read(const Identity& caller, model::Kind kind, TenantId tenant, NodeId node) {
  switch (caller.type) {
    case Identity::Type::component:
      return Status::success();
    case Identity::Type::user:
      return within_tenant(caller, kind, tenant);
    case Identity::Type::node:
      break;
  }
  const bool own = caller.node.valid() && node == caller.node;
  if (own && (kind == model::Kind::pod || kind == model::Kind::node)) return Status::success();
  return Status::forbidden("a node may read only its own Node and pods bound to it");
}

Status authorize_watch(const Identity& caller, const ports::WatchRequest& request) {
  switch (caller.type) {
    case Identity::Type::component:
      return Status::success();
    case Identity::Type::node:
      if (request.scope == ports::WatchScope::node) {
        return authorize_read(caller, model::Kind::pod, TenantId{}, request.node);
      }
      return Status::forbidden("a node may watch only pods bound to it");
    case Identity::Type::user:
      break;
  }
  if (caller.tenant == kSystem) return Status::success();
  return Status::forbidden("a watch of all tenants belongs to tenant system");
}

}  // namespace arcas::access
