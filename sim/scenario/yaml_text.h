#pragma once

#include <string>

#include "sim/scenario/yaml_source.h"

namespace arcas::sim {

/// The value as a YAML document that parses to the same value, comments and places apart. Outer
/// maps and lists take a line for each entry, what is inside a list item stands on one line.
std::string to_yaml(const YamlValue& value);

}  // namespace arcas::sim
