// The schema of the group rbac.authorization.k8s.io.

#include "real/api/schema/tables.h"

namespace arcas::real {

const std::string_view kAccessTable = R"(
package io.k8s.api.rbac.v1

kind rbac.authorization.k8s.io/v1 Role : What may be done in one namespace.
  rules []PolicyRule : Each allows something.

kind rbac.authorization.k8s.io/v1 ClusterRole : What may be done in all namespaces.
  aggregationRule AggregationRule : Other roles whose rules it takes over.
  rules []PolicyRule : Each allows something.

type PolicyRule : What may be done.
  apiGroups []string : To kinds of these groups.
  nonResourceURLs []string : To these addresses.
  resourceNames []string : To objects of these names; to all when absent.
  resources []string : To these resources.
  verbs []string! : What may be done: get, list and so on; * for all.

type AggregationRule : Roles whose rules another takes over.
  clusterRoleSelectors []LabelSelector : Which roles.

kind rbac.authorization.k8s.io/v1 RoleBinding : Gives a role to users in one namespace.
  roleRef RoleRef+ fixed : The role. It cannot change.
  subjects []Subject : To whom.

kind rbac.authorization.k8s.io/v1 ClusterRoleBinding : Gives a role to users in all namespaces.
  roleRef RoleRef+ fixed : The role. It cannot change.
  subjects []Subject : To whom.

type RoleRef atomic : A role.
  apiGroup string =rbac.authorization.k8s.io : Its group.
  kind string! in(Role,ClusterRole) : Its kind.
  name string! : Its name.

type Subject atomic : Somebody who is given a role.
  apiGroup string : Group of the kind.
  kind string! : User, Group or ServiceAccount.
  name string! : Name.
  namespace string : Namespace of a service account.
)";

}  // namespace arcas::real
