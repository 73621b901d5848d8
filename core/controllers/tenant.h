#pragma once

#include <span>

#include "core/controllers/effects.h"
#include "core/model/catalog.h"

namespace arcas::controllers {

/// Starts tenants up and takes them down. A new tenant gets the namespaces `default`, `kube-system`
/// and `kube-public`, then `initialized`. A tenant that is being deleted turns Terminating, its
/// namespaces are deleted, and when none is left the tenant goes. Holds no state.
/// Source: Arktos, pkg/controller/tenant (reference arktos.md, section 2, points 6 and 8).
class TenantController {
 public:
  explicit TenantController(model::Catalog& catalog) : catalog_(catalog) {}

  /// `namespaces`: all of this tenant's. Cost: O(namespaces).
  void sync(TimePoint now, const model::Tenant& tenant,
            std::span<const model::Namespace* const> namespaces, Effects& out);

 private:
  model::Catalog& catalog_;
};

}  // namespace arcas::controllers
