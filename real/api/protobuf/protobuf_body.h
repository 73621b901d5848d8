#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>

#include "core/base/expected.h"

namespace arcas::real {

/// Reads a body of type application/vnd.kubernetes.protobuf as the JSON that its sender would have
/// written otherwise: four bytes "k8s\0", then an envelope that names a kind, then the object.
///
/// Fields of unknown numbers are passed over. Fields that are empty, 0 or false are left out where
/// JSON leaves them out. Of a field that stands several times the last counts; messages merge.
/// Errors: invalid with the field's path, what is wrong and what is allowed: another beginning, a
/// kind that has no message, a compressed or foreign content, malformed bytes, numbers out of
/// range, text that is no UTF-8, more than 1,000,000 values. Cost: linear; the depth is bounded by
/// the types.
/// Source of the encoding: Kubernetes's documentation, "API concepts: Protobuf encoding".
Expected<boost::json::value> parse_protobuf_body(std::string_view body);

}  // namespace arcas::real
