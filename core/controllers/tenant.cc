#include "core/controllers/tenant.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace arcas::controllers {
namespace {

constexpr std::array<std::string_view, 3> kNamespaces = {"default", "kube-system", "kube-public"};

void take_down(TimePoint now, const model::Tenant& tenant,
               std::span<const model::Namespace* const> namespaces, Effects& out) {
  if (tenant.phase != model::TenantPhase::terminating) {
    model::Tenant updated = tenant;
    updated.phase = model::TenantPhase::terminating;
    out.objects.push_back(update_of(updated));
    return;
  }
  for (const model::Namespace* name_space : namespaces) {
    if (name_space->meta.terminating()) continue;
    model::Namespace updated = *name_space;
    updated.meta.deleted_at = now;
    out.objects.push_back(update_of(updated));
  }
  if (namespaces.empty()) out.objects.push_back(removal_of_object(tenant));
}

}  // namespace

void TenantController::sync(TimePoint now, const model::Tenant& tenant,
                            std::span<const model::Namespace* const> namespaces, Effects& out) {
  if (tenant.meta.terminating()) {
    take_down(now, tenant, namespaces, out);
    return;
  }
  bool complete = true;
  for (const std::string_view text : kNamespaces) {
    const StringId name = catalog_.intern(text);
    const bool exists =
        std::any_of(namespaces.begin(), namespaces.end(),
                    [&](const model::Namespace* known) { return known->meta.name.base == name; });
    if (exists) continue;
    // One that the tenant removed later stays removed.
    if (tenant.initialized) continue;
    complete = false;
    model::Namespace name_space;
    name_space.meta.tenant = tenant.id;
    name_space.meta.name = {name, 0};
    name_space.id = catalog_.intern_namespace(tenant.id, text);
    out.objects.push_back(creation_of(name_space));
  }
  if (complete && !tenant.initialized) {
    model::Tenant updated = tenant;
    updated.initialized = true;
    out.objects.push_back(update_of(updated));
  }
}

}  // namespace arcas::controllers
