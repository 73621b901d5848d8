#pragma once

#include <string>
#include <string_view>

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
/// The annotation of a controller manager's Lease that tells what it has spent of its cap of
/// evictions: "ACTIVE AS_OF AGE:COUNT AGE:COUNT…", times in nanoseconds.
inline constexpr std::string_view kSpentEvictions = "arcas.io/evictions-spent";
std::string spent_text(const model::SpentEvictions& spent);

/// leaseTransitions is the epoch. The holder is a text that means something only to who wrote it,
/// and is left to the caller.
model::Lease lease_at(const Field& field, const Decoding& decoding);

}  // namespace arcas::manifest
