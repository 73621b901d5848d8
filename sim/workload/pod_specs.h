#pragma once

#include <string>

#include "core/model/catalog.h"
#include "sim/scenario/scenario.h"

namespace arcas::sim {

/// A taint's effect by its name in a checked scenario.
model::TaintEffect effect_of(const std::string& name);

/// The pod that a shape describes: one container or one virtual machine with the shape's requests,
/// tolerations and priority.
model::PodSpec pod_spec_of(const PodShapeSpec& shape, StringId image, model::Catalog& catalog);

}  // namespace arcas::sim
