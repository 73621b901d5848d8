#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/access/rbac.h"

namespace arcas::real {

inline constexpr std::string_view kRbacGroup = "rbac.authorization.k8s.io";

/// `rules` of a Role or ClusterRole. What is malformed allows nothing.
std::vector<access::PolicyRule> read_rules(const boost::json::object& role);
/// The reverse, for answers about what somebody may do.
boost::json::array rules_of_objects(const std::vector<const access::PolicyRule*>& rules);
boost::json::array rules_of_paths(const std::vector<const access::PolicyRule*>& rules);
/// `roleRef` and `subjects` of a binding. Subjects of unknown kinds are left out.
access::RoleBinding read_binding(const boost::json::object& binding);

/// The roles that every installation has, in tenant `system`: cluster-admin, admin, edit, view, and
/// the binding of cluster-admin to the group system:masters. Metadata has names alone.
std::vector<boost::json::object> default_roles();

}  // namespace arcas::real
