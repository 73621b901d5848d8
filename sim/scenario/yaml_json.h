#pragma once

#include <boost/json/fwd.hpp>

#include "sim/scenario/yaml_source.h"

namespace arcas::sim {

/// The value as JSON, for what the API's decoders read.
boost::json::value to_json(const YamlValue& value);

}  // namespace arcas::sim
