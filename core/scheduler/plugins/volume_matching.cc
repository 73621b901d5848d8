#include "core/scheduler/plugins/volume_matching.h"

#include <algorithm>

namespace arcas::scheduler {
namespace {

bool reachable_by(const model::VolumeNodeTerm& term, const model::LabelSet& node_labels,
                  const model::Catalog& catalog) {
  if (term.labels.empty() && term.fields.empty()) return false;
  return std::all_of(term.labels.begin(), term.labels.end(),
                     [&](const model::Requirement& requirement) {
                       return model::matches(requirement, node_labels, catalog);
                     }) &&
         std::all_of(term.fields.begin(), term.fields.end(),
                     [](const model::Requirement& requirement) {
                       return requirement.op == model::SelectorOperator::not_in;
                     });
}

/// Whether the volume is set aside for the claim, by its claimRef.
bool reserved_for(const PersistentVolume& volume, const PersistentVolumeClaim& claim,
                  const model::Catalog& catalog) {
  if (!volume.has_claim || volume.claim_name != claim.name) return false;
  if (!volume.claim_namespace.valid() ||
      catalog.text(volume.claim_namespace) != catalog.namespace_name(claim.name_space)) {
    return false;
  }
  return !volume.claim_uid.valid() || volume.claim_uid == claim.uid;
}

bool has_modes(const PersistentVolume& volume, const PersistentVolumeClaim& claim) {
  return std::all_of(claim.access_modes.begin(), claim.access_modes.end(),
                     [&](model::AccessMode mode) {
                       const auto& modes = volume.access_modes;
                       return std::find(modes.begin(), modes.end(), mode) != modes.end();
                     });
}

/// What both reserved and free volumes must be.
bool suits(const PersistentVolume& volume, const PersistentVolumeClaim& claim) {
  return volume.storage_class == claim.storage_class && volume.mode == claim.mode &&
         volume.capacity_bytes >= claim.request_bytes;
}

bool is_free_for(const PersistentVolume& volume, const PersistentVolumeClaim& claim,
                 const model::Catalog& catalog) {
  if (volume.has_claim || volume.phase != PersistentVolume::Phase::available) return false;
  if (claim.has_selector && claim.selector.valid() &&
      !model::matches(catalog.selectors[claim.selector], catalog.label_sets[volume.labels],
                      catalog)) {
    return false;
  }
  return has_modes(volume, claim);
}

}  // namespace

bool reachable(const PersistentVolume& volume, const model::LabelSet& node_labels,
               const model::Catalog& catalog) {
  if (!volume.has_node_affinity) return true;
  return std::any_of(
      volume.node_affinity.begin(), volume.node_affinity.end(),
      [&](const model::VolumeNodeTerm& term) { return reachable_by(term, node_labels, catalog); });
}

bool can_provision(const model::StorageClass& storage, const model::LabelSet& node_labels,
                   const model::Catalog& catalog) {
  if (!storage.provisioner.valid()) return false;
  const std::string& provisioner = catalog.text(storage.provisioner);
  if (provisioner.empty() || provisioner == "kubernetes.io/no-provisioner") return false;
  if (storage.allowed_topologies.empty()) return true;
  return std::any_of(
      storage.allowed_topologies.begin(), storage.allowed_topologies.end(), [&](const auto& term) {
        return !term.empty() && std::all_of(term.begin(), term.end(), [&](const auto& demand) {
          const StringId value = node_labels.get(demand.first);
          return value.valid() && std::find(demand.second.begin(), demand.second.end(), value) !=
                                      demand.second.end();
        });
      });
}

VolumeCandidates::VolumeCandidates(const PersistentVolumeClaim& claim, const VolumeCatalog& volumes,
                                   const model::Catalog& catalog)
    : catalog_(&catalog) {
  for (const auto& [name, volume] : volumes.volumes) {
    if (!suits(volume, claim)) continue;
    if (reserved_for(volume, claim, catalog)) {
      candidates_ = {&volume};
      return;
    }
    if (is_free_for(volume, claim, catalog)) candidates_.push_back(&volume);
  }
  std::sort(candidates_.begin(), candidates_.end(),
            [&](const PersistentVolume* a, const PersistentVolume* b) {
              if (a->capacity_bytes != b->capacity_bytes) {
                return a->capacity_bytes < b->capacity_bytes;
              }
              return catalog.text(a->name) < catalog.text(b->name);
            });
}

const PersistentVolume* VolumeCandidates::match(
    const model::LabelSet& node_labels, std::span<const PersistentVolume* const> taken) const {
  for (const PersistentVolume* volume : candidates_) {
    if (std::find(taken.begin(), taken.end(), volume) != taken.end()) continue;
    if (reachable(*volume, node_labels, *catalog_)) return volume;
  }
  return nullptr;
}

}  // namespace arcas::scheduler
