#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>

#include "core/base/expected.h"

namespace arcas::real {

/// Is it a media type in which bodies are read: JSON (also when there is none), YAML, Kubernetes's
/// Protocol Buffers? Parameters behind a semicolon do not matter.
bool is_body_type(std::string_view content_type);

/// The JSON of a body of such a type. Errors: invalid, with the place and what is wrong; see
/// `parse_json`, `parse_yaml_body` and `parse_protobuf_body`.
Expected<boost::json::value> parse_body(std::string_view content_type, std::string_view body);

}  // namespace arcas::real
