#pragma once

#include "core/base/expected.h"
#include "core/manifest/decoding.h"
#include "core/manifest/document.h"
#include "core/model/objects.h"

namespace arcas::manifest {

// Tenants, quotas and leases. Fields that the core does not hold are passed over; errors go to the
// field's reading.

/// `id` is that of the name. Its namespaces are taken to be there: who writes the document makes
/// them with it.
model::Tenant tenant_at(const Field& field, const Decoding& decoding);
/// spec.hard and status.used. Names such as "requests.cpu" count as "cpu"; those that no pod asks
/// for ("count/…", "services") are passed over.
model::ResourceQuota resource_quota_at(const Field& field, const Decoding& decoding);
/// leaseTransitions is the epoch. The holder is a text that means something only to who wrote it,
/// and is left to the caller.
model::Lease lease_at(const Field& field, const Decoding& decoding);

}  // namespace arcas::manifest
