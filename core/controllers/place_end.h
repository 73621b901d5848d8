#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/controllers/garbage_collector.h"

namespace arcas::controllers {

/// An object in a namespace or in a tenant that is being deleted.
struct RemainingObject {
  ObjectPlace place;
  bool deleting = false;
  std::vector<std::string> finalizers{};
};

/// What is to be done about a namespace or a tenant that is being deleted, and what is left of it.
struct EndPlan {
  std::vector<std::size_t> remove;                ///< of the remaining objects, by index
  bool finished = false;                          ///< nothing is left: it may go
  std::map<std::string, std::size_t> resources;   ///< how many objects of which are left
  std::map<std::string, std::size_t> finalizers;  ///< how many objects hold on by which
};

/// A namespace: everything in it goes, its pods last, so that no workload makes new ones. What
/// waits for finalizers does not hold the pods up, but the namespace. At most `burst` objects at
/// once. Source: Kubernetes 1.32, pkg/controller/namespace/deletion; invariant I47.
EndPlan plan_namespace_end(std::span<const RemainingObject> left, std::size_t burst);

/// A tenant: its namespaces go, then, when the last one is gone, whatever else is the tenant's.
/// `left`: all objects of the tenant, those in its namespaces, too.
/// Source: Arktos, pkg/controller/tenant/deletion (reference arktos.md, section 2, point 8).
EndPlan plan_tenant_end(std::span<const RemainingObject> left, std::size_t burst);

}  // namespace arcas::controllers
