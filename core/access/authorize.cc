#include "core/access/authorize.h"

namespace arcas::access {
namespace {

constexpr TenantId kSystem{0};

bool cluster_scoped(model::Kind kind) {
  return kind == model::Kind::node || kind == model::Kind::tenant ||
         kind == model::Kind::priority_class || kind == model::Kind::lease;
}

Status authorize_node(const ports::Identity& caller, ports::Verb verb, model::Kind kind,
                      NodeId pod_node) {
  if (kind != model::Kind::pod) return Status::forbidden("a node may change only pods bound to it");
  if (verb == ports::Verb::create) return Status::forbidden("a node may not create pods");
  if (!caller.node.valid() || pod_node != caller.node) {
    return Status::forbidden("the pod is not bound to the calling node");
  }
  return Status::success();
}

}  // namespace

Status authorize(const ports::Identity& caller, ports::Verb verb, model::Kind kind,
                 const model::Metadata& meta, NodeId pod_node) {
  switch (caller.type) {
    case ports::Identity::Type::component:
      return Status::success();
    case ports::Identity::Type::node:
      return authorize_node(caller, verb, kind, pod_node);
    case ports::Identity::Type::user:
      break;
  }
  if (!caller.tenant.valid()) return Status::forbidden("the caller has no tenant");
  if (caller.tenant == kSystem) return Status::success();
  if (cluster_scoped(kind)) {
    return Status::forbidden("cluster-scoped objects belong to tenant system");
  }
  if (meta.tenant != caller.tenant) {
    return Status::forbidden("the object belongs to another tenant");
  }
  return Status::success();
}

}  // namespace arcas::access
