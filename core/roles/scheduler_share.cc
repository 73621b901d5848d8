#include "core/roles/scheduler_share.h"

#include "core/base/hash.h"
#include "core/scheduler/gang_membership.h"

namespace arcas::roles {
namespace {

/// The same on every machine: made of texts and uids, not of a catalog's numbers.
std::uint64_t key_of(const model::Pod& pod, const model::Catalog& catalog) {
  const StringId group_key = catalog.strings.find(scheduler::kPodGroupName);
  if (group_key.valid() && pod.meta.labels.valid()) {
    const StringId group = catalog.label_sets[pod.meta.labels].get(group_key);
    if (group.valid()) return hash_bytes(catalog.strings.text(group));
  }
  return pod.meta.owner.uid.valid() ? pod.meta.owner.uid.value : pod.meta.uid.value;
}

}  // namespace

SchedulerShare::SchedulerShare(std::uint32_t index, std::uint32_t count) : index_(index) {
  for (std::uint32_t member = 0; count > 1 && member < count; ++member) ring_.add(member);
}

bool SchedulerShare::owns(const model::Pod& pod, const model::Catalog& catalog) const {
  return ring_.members().empty() || ring_.owner(key_of(pod, catalog)) == index_;
}

std::string SchedulerShare::lease_name() const {
  return index_ == 0 ? "kube-scheduler" : "kube-scheduler-" + std::to_string(index_);
}

}  // namespace arcas::roles
