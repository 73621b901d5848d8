#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/access/rbac.h"

namespace arcas::access {

// May a request to the API be served? Every error has code forbidden and says why.

/// The walls of tenants, nodes' own rights and roles, in this order:
///
/// - a user of a tenant reaches nothing of another, nothing of all tenants, nothing of the cluster
///   (which short paths leave open in Arktos), and does not write quotas, which bound his tenant;
/// - a member of "system:masters" may do everything within these walls;
/// - a node may do what `node_of` and nothing else lets it: its own Node and lease, pods bound to
///   it (read, status, delete), events; never secrets;
/// - everyone else may do what his roles allow.
Status authorize_request(const RolePolicy& policy, const User& user, const AccessRequest& request);

/// A path that is no object's ("/metrics"): for masters of tenant system and who has a rule.
Status authorize_path(const RolePolicy& policy, const User& user, std::string_view verb,
                      std::string_view path);

/// The name of the node that a user is: of group "system:nodes" in tenant system, and named
/// "system:node:NAME". A member of that group with another name is a node without one: "".
std::optional<std::string> node_of(const User& user);

/// May the user write this role? He must hold every right that it gives, or the right to `escalate`
/// it, so that nobody gives himself more than he has.
Status check_role_write(const RolePolicy& policy, const User& user, const RoleName& role,
                        const std::vector<PolicyRule>& rules);
/// The same of a binding: he must hold the rights of its role, or the right to `bind` it.
Status check_binding_write(const RolePolicy& policy, const User& user, const RoleName& at,
                           const RoleBinding& binding);

/// What of a Node only others than the node itself may change.
struct NodeFacts {
  std::string name;
  std::map<std::string, std::string> labels;
  std::string taints;  ///< as text; compared alone
  bool owned = false;  ///< has owner references
};
/// A node creates (`before` empty) or changes a Node. Refused: another one's, owner references,
/// other taints, labels under node-restriction.kubernetes.io, and labels of Kubernetes's own that a
/// node does not set. Source: plugin/pkg/admission/noderestriction of Kubernetes 1.32.
Status check_node_self_write(const std::string& node, const std::optional<NodeFacts>& before,
                             const NodeFacts& after);

}  // namespace arcas::access
