#pragma once

#include "core/manifest/decoding.h"
#include "core/manifest/document.h"
#include "core/model/objects.h"
#include "core/model/workload_selectors.h"

namespace arcas::manifest {

// Objects that select pods, and the small ones. As everywhere here: fields that the core does not
// hold are passed over, nothing is defaulted, and errors go to the field's reading.

model::Namespace namespace_at(const Field& field, const Decoding& decoding);
model::ReplicaSet replica_set_at(const Field& field, const Decoding& decoding);
model::PriorityClass priority_class_at(const Field& field, const Decoding& decoding);

/// minAvailable or maxUnavailable, a number or "25%". disruptedPods are names.
model::PodDisruptionBudget budget_at(const Field& field, const Decoding& decoding);

/// A Service, ReplicationController, ReplicaSet or StatefulSet as the scheduler sees it. The first
/// two have a plain map as selector.
model::WorkloadSelector workload_selector_at(const Field& field, model::WorkloadSelector::Kind kind,
                                             const Decoding& decoding);

Expected<model::Namespace> decode_namespace(const boost::json::value& document,
                                            const Decoding& decoding);
Expected<model::ReplicaSet> decode_replica_set(const boost::json::value& document,
                                               const Decoding& decoding);
Expected<model::PriorityClass> decode_priority_class(const boost::json::value& document,
                                                     const Decoding& decoding);
Expected<model::PodDisruptionBudget> decode_budget(const boost::json::value& document,
                                                   const Decoding& decoding);
Expected<model::WorkloadSelector> decode_workload_selector(const boost::json::value& document,
                                                           model::WorkloadSelector::Kind kind,
                                                           const Decoding& decoding);

}  // namespace arcas::manifest
