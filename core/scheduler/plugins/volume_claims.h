#pragma once

#include <string>
#include <vector>

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

// What the volume plugins ask of the catalog of volume objects. Look-ups: O(log objects).

using model::PersistentVolume;
using model::PersistentVolumeClaim;

const PersistentVolumeClaim* find_claim(const VolumeCatalog& volumes, NamespaceId name_space,
                                        StringId name);
const PersistentVolume* find_volume(const VolumeCatalog& volumes, StringId name);
/// The claim's storage class, or nullptr when it names none or none of that name exists.
const model::StorageClass* find_class(const VolumeCatalog& volumes,
                                      const PersistentVolumeClaim& claim);

/// The names of the claims that a pod mounts, in its order.
std::vector<StringId> claims_of(const model::PodSpec& spec);

/// Unresolvable: `kind "name" not found`, as Kubernetes's API answers.
PluginStatus not_found(std::string_view kind, const std::string& name);

/// Whether the claim is bound and both sides know it.
bool fully_bound(const PersistentVolumeClaim& claim);

}  // namespace arcas::scheduler
