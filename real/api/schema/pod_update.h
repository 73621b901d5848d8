#pragma once

#include <boost/json/fwd.hpp>
#include <vector>

#include "real/api/schema/field_problem.h"

namespace arcas::real {

/// What an update of a pod may not change: everything of its spec but images, resources, the
/// virtual machine, network interfaces, activeDeadlineSeconds, gates that are lifted and
/// tolerations that are added. Cost: linear in the specs. Source: ValidatePodUpdate of
/// Kubernetes 1.32; resources, machines and interfaces from Arktos 1.0.
std::vector<FieldProblem> pod_update_problems(const boost::json::object& before,
                                              const boost::json::object& after);

}  // namespace arcas::real
