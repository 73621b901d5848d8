#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

#include "core/base/expected.h"
#include "real/api/schema/schema.h"

namespace arcas::real {

/// Reads an object as its type: every member must have its field's type. Members that are null are
/// taken out, as are members of unknown names.
///
/// @return the paths of the members of unknown names ("spec.replica"), at most 100 of them.
/// Errors: invalid with the path, what is there and what is allowed; the object is then in no state
/// to be used. Cost: linear in the object.
Expected<std::vector<std::string>> read_as(const TypeSchema& type, boost::json::object& object);

/// The members that stand twice in an object of a JSON text, as paths, at most 100 of them. A text
/// that is no JSON has none. Cost: linear.
std::vector<std::string> repeated_members(std::string_view text);

}  // namespace arcas::real
