#pragma once

#include <span>
#include <vector>

#include "core/scheduler/plugins/volume_claims.h"

namespace arcas::scheduler {

/// Whether the volume can be reached from a node with these labels: any term of its affinity. Terms
/// see labels only; a demand on the node's name meets a node without one.
bool reachable(const PersistentVolume& volume, const model::LabelSet& node_labels,
               const model::Catalog& catalog);

/// Whether volumes of the class can be made for a node with these labels: it has a provisioner, and
/// any of its allowed topologies holds.
bool can_provision(const model::StorageClass& storage, const model::LabelSet& node_labels,
                   const model::Catalog& catalog);

/// The volumes that a claim could be bound to, but for the node: smallest first, equals by name.
/// A volume that is reserved for the claim is the only one. Cost: O(volumes) to make.
/// Source: component-helpers/storage/volume/pv_helpers.go, FindMatchingVolume.
class VolumeCandidates {
 public:
  VolumeCandidates(const PersistentVolumeClaim& claim, const VolumeCatalog& volumes,
                   const model::Catalog& catalog);

  /// The best one for a node, or nullptr. `taken`: chosen for other claims.
  [[nodiscard]] const PersistentVolume* match(const model::LabelSet& node_labels,
                                              std::span<const PersistentVolume* const> taken) const;

 private:
  const model::Catalog* catalog_;  // a pointer, so that candidates can be sorted
  std::vector<const PersistentVolume*> candidates_;
};

}  // namespace arcas::scheduler
