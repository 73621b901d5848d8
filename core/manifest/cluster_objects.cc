#include "core/manifest/cluster_objects.h"

#include <string_view>

#include "core/manifest/parts.h"

namespace arcas::manifest {
namespace {

/// The kinds that pods ask for, under the names that quotas give them.
model::ResourceList quota_amounts_at(const Field& field, model::Catalog& catalog) {
  model::ResourceList list;
  constexpr std::string_view kRequests = "requests.";
  for (const auto& [name, amount] : field.members()) {
    std::string_view kind = name;
    if (kind.starts_with(kRequests)) {
      kind.remove_prefix(kRequests.size());
    } else if (kind != "cpu" && kind != "memory" && kind != "pods" && kind != "ephemeral-storage") {
      continue;
    }
    const ResourceId id = catalog.resources.intern(kind);
    list.set(
        id, id == model::kCpu ? quantity_at(amount).amount(3).value_or(0) : whole_units_at(amount));
  }
  return list;
}

}  // namespace

model::Tenant tenant_at(const Field& field, const Decoding& decoding) {
  model::Tenant object;
  object.meta = metadata_at(field, decoding, false);
  object.id = decoding.catalog.tenants.intern(field["metadata"]["name"].text());
  object.meta.tenant = object.id;
  object.initialized = true;
  object.phase = field["status"]["phase"].one_of({"Active", "Terminating"}) == 0
                     ? model::TenantPhase::active
                     : model::TenantPhase::terminating;
  return object;
}

model::ResourceQuota resource_quota_at(const Field& field, const Decoding& decoding) {
  model::ResourceQuota object;
  object.meta = metadata_at(field, decoding, true);
  object.hard = quota_amounts_at(field["spec"]["hard"], decoding.catalog);
  object.used = quota_amounts_at(field["status"]["used"], decoding.catalog);
  return object;
}

model::Lease lease_at(const Field& field, const Decoding& decoding) {
  model::Lease object;
  object.meta = metadata_at(field, decoding, true);
  const Field spec = field["spec"];
  object.epoch = static_cast<std::uint64_t>(spec["leaseTransitions"].integer(0, 0));
  object.duration = seconds(spec["leaseDurationSeconds"].integer(0, 0, 1'000'000'000));
  if (const auto renewed = time_at(spec["renewTime"], decoding)) object.renewed_at = *renewed;
  return object;
}

}  // namespace arcas::manifest
