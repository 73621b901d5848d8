#include "core/access/authorize_request.h"

#include <algorithm>
#include <array>

namespace arcas::access {
namespace {

constexpr std::string_view kRbacGroup = "rbac.authorization.k8s.io";
constexpr std::string_view kNodePrefix = "system:node:";

bool reads(const std::string& verb) { return verb == "get" || verb == "list" || verb == "watch"; }

Status within_walls(const User& user, const AccessRequest& request) {
  if (user.tenant.empty()) return Status::forbidden("the user has no tenant");
  if (user.tenant == kSystemTenant) return Status::success();
  if (request.of_cluster) {
    return Status::forbidden("objects of the cluster belong to tenant system");
  }
  if (request.tenant != user.tenant) return Status::forbidden("it belongs to another tenant");
  if (request.group.empty() && request.resource == "resourcequotas" && !reads(request.verb)) {
    return Status::forbidden("quotas are set by tenant system");
  }
  return Status::success();
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// What a node may do. A creation names nothing in its path; admission looks at its object.
bool allows_node(const std::string& node, const AccessRequest& request) {
  const std::string full = request.full_resource();
  const std::string& verb = request.verb;
  const bool own = request.name == node;
  const bool makes = verb == "create" && request.name.empty();
  if (request.group.empty()) {
    if (full == "nodes") return (own && one_of(verb, {"get", "update", "patch"})) || makes;
    if (full == "nodes/status") return own && one_of(verb, {"get", "update", "patch"});
    const bool bound = request.node == node;
    if (full == "pods") return bound && (reads(verb) || verb == "delete");
    if (full == "pods/status") return bound && one_of(verb, {"get", "update", "patch"});
    if (full == "events") return one_of(verb, {"create", "patch", "update"});
  }
  return request.group == "coordination.k8s.io" && full == "leases" &&
         request.name_space == "kube-node-lease" && request.tenant == kSystemTenant &&
         ((own && one_of(verb, {"get", "update", "patch"})) || makes);
}

/// The right to give away, in a namespace, a role that one does not hold: to `escalate` or `bind`
/// it.
bool has_right_over_role(const RolePolicy& policy, const User& user, const char* verb,
                         bool of_cluster_role, const RoleName& role) {
  AccessRequest request;
  request.verb = verb;
  request.group = kRbacGroup;
  request.resource = of_cluster_role ? "clusterroles" : "roles";
  request.tenant = role.tenant;
  request.name_space = role.name_space;
  request.name = role.name;
  return authorize_request(policy, user, request).ok();
}

bool is_label_of_kubernetes(const std::string& key) {
  const std::size_t slash = key.find('/');
  if (slash == std::string::npos) return false;
  const std::string_view domain = std::string_view(key).substr(0, slash);
  return domain == "kubernetes.io" || domain == "k8s.io" || domain.ends_with(".kubernetes.io") ||
         domain.ends_with(".k8s.io");
}

bool may_set_on_itself(const std::string& key) {
  constexpr std::array<std::string_view, 9> kOwn{"kubernetes.io/hostname",
                                                 "kubernetes.io/arch",
                                                 "kubernetes.io/os",
                                                 "topology.kubernetes.io/region",
                                                 "topology.kubernetes.io/zone",
                                                 "failure-domain.beta.kubernetes.io/region",
                                                 "failure-domain.beta.kubernetes.io/zone",
                                                 "beta.kubernetes.io/arch",
                                                 "beta.kubernetes.io/os"};
  if (std::find(kOwn.begin(), kOwn.end(), key) != kOwn.end()) return true;
  return key == "node.kubernetes.io/instance-type" || key == "beta.kubernetes.io/instance-type" ||
         key.starts_with("kubelet.kubernetes.io/") || key.starts_with("node.kubernetes.io/");
}

}  // namespace

std::optional<std::string> node_of(const User& user) {
  if (user.tenant != kSystemTenant || !is_in_group(user, "system:nodes")) return std::nullopt;
  if (!user.name.starts_with(kNodePrefix)) return "";
  return user.name.substr(kNodePrefix.size());
}

Status authorize_request(const RolePolicy& policy, const User& user, const AccessRequest& request) {
  const Status walls = within_walls(user, request);
  if (!walls.ok()) return walls;
  if (is_in_group(user, kMasters)) return Status::success();
  if (const auto node = node_of(user)) {
    if (!node->empty() && allows_node(*node, request)) return Status::success();
    return Status::forbidden("a node may not do this");
  }
  for (const PolicyRule* rule : policy.rules_of(user, request.tenant, request.name_space)) {
    if (allows(*rule, request)) return Status::success();
  }
  return Status::forbidden("no role allows it");
}

Status authorize_path(const RolePolicy& policy, const User& user, std::string_view verb,
                      std::string_view path) {
  if (user.tenant != kSystemTenant) {
    return Status::forbidden("paths of the server belong to tenant system");
  }
  if (is_in_group(user, kMasters)) return Status::success();
  for (const PolicyRule* rule : policy.rules_of(user, user.tenant, "")) {
    if (allows_path(*rule, verb, path)) return Status::success();
  }
  return Status::forbidden("no role allows it");
}

Status check_role_write(const RolePolicy& policy, const User& user, const RoleName& role,
                        const std::vector<PolicyRule>& rules) {
  if (is_in_group(user, kMasters)) return Status::success();
  if (covers(policy.rules_of(user, role.tenant, role.name_space), rules)) {
    return Status::success();
  }
  if (has_right_over_role(policy, user, "escalate", role.name_space.empty(), role)) {
    return Status::success();
  }
  return Status::forbidden("user \"" + user.name +
                           "\" is attempting to grant RBAC permissions not currently held");
}

Status check_binding_write(const RolePolicy& policy, const User& user, const RoleName& at,
                           const RoleBinding& binding) {
  if (is_in_group(user, kMasters)) return Status::success();
  const RoleName role{at.tenant, at.name_space, binding.role};
  if (has_right_over_role(policy, user, "bind", binding.of_cluster_role, role)) {
    return Status::success();
  }
  const auto* rules = policy.role_of(at, binding);
  if (rules == nullptr) {
    return Status::forbidden("the role \"" + binding.role +
                             "\" is not there, and the user may not bind it");
  }
  if (covers(policy.rules_of(user, at.tenant, at.name_space), *rules)) return Status::success();
  return Status::forbidden("user \"" + user.name +
                           "\" is attempting to grant RBAC permissions not currently held");
}

Status check_node_self_write(const std::string& node, const std::optional<NodeFacts>& before,
                             const NodeFacts& after) {
  if (after.name != node) return Status::forbidden("it is another node's");
  if (after.owned && (!before || !before->owned)) {
    return Status::forbidden("a node may not give itself owners");
  }
  if (before && before->taints != after.taints) {
    return Status::forbidden("a node may not change its taints");
  }
  const std::map<std::string, std::string> none;
  const auto& old = before ? before->labels : none;
  const auto check = [](const auto& labels, const auto& others) {
    for (const auto& [key, value] : labels) {
      const auto other = others.find(key);
      if (other != others.end() && other->second == value) continue;
      if (is_label_of_kubernetes(key) && !may_set_on_itself(key)) {
        return Status::forbidden("a node may not change its label " + key);
      }
    }
    return Status::success();
  };
  const Status set = check(after.labels, old);
  return set.ok() ? check(old, after.labels) : set;
}

}  // namespace arcas::access
