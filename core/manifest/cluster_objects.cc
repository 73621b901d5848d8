#include "core/manifest/cluster_objects.h"

#include <algorithm>
#include <charconv>
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

/// A number, and one character after it unless the text ends there; false when there is none.
bool take_number(std::string_view& text, std::int64_t& number, char after) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  if (text.empty()) return true;
  if (text.front() != after) return false;
  text.remove_prefix(1);
  return true;
}

/// What cannot be read counts as never written.
model::SpentEvictions spent_at(std::string_view text) {
  model::SpentEvictions spent;
  std::int64_t as_of = 0;
  if (!take_number(text, spent.active_at_first, ' ') || !take_number(text, as_of, ' ')) return {};
  spent.as_of = TimePoint{as_of};
  while (!text.empty()) {
    model::SpentEvictions::Part part;
    std::int64_t count = 0;
    if (!take_number(text, part.age.ns, ':') || !take_number(text, count, ' ')) return {};
    part.count = static_cast<std::int32_t>(std::clamp<std::int64_t>(count, 0, 0x7fffffff));
    spent.parts.push_back(part);
  }
  return spent;
}

}  // namespace

std::string spent_text(const model::SpentEvictions& spent) {
  std::string text = std::to_string(spent.active_at_first) + ' ' + std::to_string(spent.as_of.ns);
  for (const auto& part : spent.parts) {
    text += ' ' + std::to_string(part.age.ns) + ':' + std::to_string(part.count);
  }
  return text;
}

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
  object.spent = spent_at(field["metadata"]["annotations"][kSpentEvictions].text());
  return object;
}

}  // namespace arcas::manifest
