#include "core/scheduler/plugins/volume_claims.h"

namespace arcas::scheduler {

const PersistentVolumeClaim* find_claim(const VolumeCatalog& volumes, NamespaceId name_space,
                                        StringId name) {
  const auto it = volumes.claims.find({name_space, name});
  return it == volumes.claims.end() ? nullptr : &it->second;
}

const PersistentVolume* find_volume(const VolumeCatalog& volumes, StringId name) {
  const auto it = volumes.volumes.find(name);
  return it == volumes.volumes.end() ? nullptr : &it->second;
}

const model::StorageClass* find_class(const VolumeCatalog& volumes,
                                      const PersistentVolumeClaim& claim) {
  if (!claim.has_storage_class) return nullptr;
  const auto it = volumes.classes.find(claim.storage_class);
  return it == volumes.classes.end() ? nullptr : &it->second;
}

std::vector<StringId> claims_of(const model::PodSpec& spec) {
  std::vector<StringId> names;
  for (const model::Volume& volume : spec.volumes) {
    if (volume.kind == model::Volume::Kind::claim) names.push_back(volume.source);
  }
  return names;
}

PluginStatus not_found(std::string_view kind, const std::string& name) {
  PluginStatus status;
  status.code = Code::unresolvable;
  status.reasons.push_back(std::string(kind) + " \"" + name + "\" not found");
  return status;
}

bool fully_bound(const PersistentVolumeClaim& claim) {
  return claim.volume_name.valid() && claim.bind_completed;
}

}  // namespace arcas::scheduler
