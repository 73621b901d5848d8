#pragma once

#include <string>

#include "core/base/expected.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/yaml_source.h"

namespace arcas::sim {

/// What no single key can tell: that the parts of a scenario fit each other. `root` is the merged
/// text, for the places in messages.
Status check_consistency(const Scenario& scenario, const YamlValue& root);

/// The value at "a.b[2].c", or the nearest one around it that exists.
const YamlValue& locate(const YamlValue& root, const std::string& path);

}  // namespace arcas::sim
