#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>

#include "core/base/expected.h"

namespace arcas::real {

/// Reads one YAML document as JSON, with Kubernetes's reading of plain scalars, which is
/// YAML 1.1's: yes, on and y are true, 010 and 0o10 are 8, `~` is null, times stay text; keys
/// become text; `<<` merges maps.
///
/// Errors: invalid with line and column: no YAML, several documents, unknown aliases, keys that are
/// no scalars or stand twice, infinite numbers, more than 100 levels, or more than 1,000,000 values
/// once aliases are expanded. Cost: linear in the expanded document.
Expected<boost::json::value> parse_yaml_body(std::string_view text);

}  // namespace arcas::real
