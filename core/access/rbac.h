#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/access/access_request.h"
#include "core/access/user.h"
#include "core/base/expected.h"

namespace arcas::access {

/// What a role allows. "*" in a list means everything; empty names mean every object.
/// Source: the API group rbac.authorization.k8s.io/v1 of Kubernetes 1.32.
struct PolicyRule {
  std::vector<std::string> verbs;
  std::vector<std::string> groups;
  std::vector<std::string> resources;  ///< "pods", "pods/status", "*/scale"
  std::vector<std::string> names;
  std::vector<std::string> paths;  ///< that are no objects: "/metrics", "/logs/*"
  bool operator==(const PolicyRule&) const = default;
};

/// Of a role or of a binding. Without a namespace: a ClusterRole, a ClusterRoleBinding.
struct RoleName {
  std::string tenant;
  std::string name_space;
  std::string name;
  auto operator<=>(const RoleName&) const = default;
};

struct RoleSubject {
  enum class Kind : unsigned char { user, group, service_account };
  Kind kind = Kind::user;
  std::string name;
  std::string name_space;  ///< of a service account
  bool operator==(const RoleSubject&) const = default;
};

struct RoleBinding {
  bool of_cluster_role = true;  ///< else of a Role of the binding's namespace
  std::string role;
  std::vector<RoleSubject> subjects;
};

/// Does the rule allow this verb on these objects?
bool allows(const PolicyRule& rule, const AccessRequest& request);
/// Does it allow this verb on a path that is no object's?
bool allows_path(const PolicyRule& rule, std::string_view verb, std::string_view path);
/// Is all that `wanted` allows allowed by the rules that somebody has? Never more than is true:
/// more than 100,000 combinations of verbs, groups, resources and names are covered by a rule for
/// everything alone. Cost: the combinations times the rules.
/// Source: `Covers` of component-helpers/auth/rbac/validation of Kubernetes 1.32.
bool covers(const std::vector<const PolicyRule*>& has, const std::vector<PolicyRule>& wanted);

/// The roles and bindings of all tenants.
///
/// A user's rules are those of his tenant's bindings, as Arktos has it: those of the tenant for
/// everything that he may reach at all, those of a namespace for that namespace of his own tenant.
/// A ClusterRole that a tenant does not have is looked for in tenant `system`, so that `view`,
/// `edit` and `admin` exist once.
class RolePolicy {
 public:
  void set_role(const RoleName& role, std::vector<PolicyRule> rules);
  void remove_role(const RoleName& role);
  void set_binding(const RoleName& at, RoleBinding binding);
  void remove_binding(const RoleName& at);

  /// The rules of a role; null when there is none.
  [[nodiscard]] const std::vector<PolicyRule>* find(const RoleName& role) const;
  /// The rules of the role that a binding names, in the binding's tenant.
  [[nodiscard]] const std::vector<PolicyRule>* role_of(const RoleName& at,
                                                       const RoleBinding& binding) const;
  /// What a user may do in a namespace (empty: in none) of a tenant. Valid until the next change.
  /// Cost: linear in the bindings of his tenant and of the namespace.
  [[nodiscard]] std::vector<const PolicyRule*> rules_of(const User& user, const std::string& tenant,
                                                        const std::string& name_space) const;

 private:
  void collect(const User& user, const std::string& name_space,
               std::vector<const PolicyRule*>& rules) const;

  std::map<RoleName, std::vector<PolicyRule>> roles_;
  std::map<RoleName, RoleBinding> bindings_;
};

}  // namespace arcas::access
