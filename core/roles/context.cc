#include "core/roles/context.h"

#include "core/base/check.h"

namespace arcas::roles {

std::uint32_t Endpoints::tenant_partition(PartitionId id) const {
  for (std::uint32_t i = 0; i < tenant_partitions.size(); ++i) {
    if (tenant_partitions[i].id == id) return i;
  }
  ARCAS_CHECK(false);
}

std::uint32_t Endpoints::resource_partition(PartitionId id) const {
  for (std::uint32_t i = 0; i < resource_partitions.size(); ++i) {
    if (resource_partitions[i].id == id) return i;
  }
  ARCAS_CHECK(false);
}

ActorId choose_instance(const std::vector<Instance>& instances, ZoneId own_zone,
                        std::uint32_t attempt) {
  if (instances.empty()) return {};
  std::uint32_t start = 0;
  for (std::uint32_t i = 0; i < instances.size(); ++i) {
    if (instances[i].zone == own_zone) {
      start = i;
      break;
    }
  }
  return instances[(start + attempt) % instances.size()].actor;
}

}  // namespace arcas::roles
