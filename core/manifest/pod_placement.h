#pragma once

#include <vector>

#include "core/manifest/document.h"
#include "core/model/catalog.h"
#include "core/model/pod_spec.h"

namespace arcas::manifest {

// What a pod's spec says about where it may go.

/// podAffinity and podAntiAffinity of `affinity`.
model::PodAffinity pod_affinity_at(const Field& affinity, model::Catalog& catalog);
std::vector<model::Toleration> tolerations_at(const Field& field, model::Catalog& catalog);
/// Volumes that bear on placement; others are passed over.
std::vector<model::Volume> volumes_at(const Field& field, std::string_view pod_name,
                                      model::Catalog& catalog);
/// Taints of a node; a toleration's effects are the same words.
model::TaintEffect taint_effect_at(const Field& field);

}  // namespace arcas::manifest
