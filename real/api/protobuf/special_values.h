#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>

#include "core/base/expected.h"
#include "real/api/protobuf/message_table.h"

namespace arcas::real {

/// The JSON of a value whose message is no object in JSON: quantity, intOrString, time, microTime,
/// raw. An empty message is what it is in Kubernetes: "0", 0, null, null, null.
///
/// Errors: invalid, with what is wrong and what is allowed: malformed bytes, text that is no UTF-8,
/// times outside the years 1 to 9999, raw JSON that is none or is more than 80 levels deep.
Expected<boost::json::value> special_value(WireKind kind, std::string_view bytes);

/// Is it UTF-8 throughout, in the shortest forms and without surrogates?
bool is_utf8(std::string_view text);

}  // namespace arcas::real
