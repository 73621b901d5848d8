#pragma once

#include "core/base/expected.h"
#include "core/manifest/decoding.h"
#include "core/manifest/document.h"
#include "core/model/objects.h"

namespace arcas::manifest {

/// A Node: name, labels, taints, unschedulable, allocatable, images, conditions. `id` is the
/// catalog's id of the name; zone and rack come from the labels topology.kubernetes.io/zone and
/// topology.kubernetes.io/rack where they are there. Conditions are Ready,
/// MemoryPressure, DiskPressure, PIDPressure and Arktos's ContainerRuntimeReady and VmRuntimeReady;
/// of those that are absent the pressures are False, the others unknown.
Expected<model::Node> decode_node(const boost::json::value& document, const Decoding& decoding);
model::Node node_at(const Field& field, const Decoding& decoding);

}  // namespace arcas::manifest
