#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/expected.h"
#include "core/base/id.h"
#include "real/api/schema/time_text.h"

namespace arcas::real {

/// JSON of a body. Errors, code invalid, with the place: not JSON, more than 100 levels deep,
/// something behind the end. Cost: linear, no recursion.
Expected<boost::json::value> parse_json(std::string_view text);

/// The text in which objects are kept: apiVersion, kind and metadata first, no resourceVersion.
std::string stored_text(boost::json::object object);
/// A stored text, parsed; empty when it is none.
boost::json::object stored_object(std::string_view stored);
/// A stored text as a client reads it: with its revision, and in the version that it asked for.
/// Cost: a copy; texts that others wrote in another order are parsed.
std::string client_text(std::string_view stored, Revision revision, std::string_view api_version);
boost::json::object client_object(std::string_view stored, Revision revision,
                                  std::string_view api_version);

/// A member that is an object, made when it is absent or something else.
boost::json::object& object_at(boost::json::object& holder, std::string_view name);
/// What a path of members leads to ("status.phase"); null when there is none.
const boost::json::value* value_at(const boost::json::object& object, std::string_view path);
/// The string there; empty when there is none.
std::string_view text_at(const boost::json::object& object, std::string_view path);
/// The number there; 0 when there is none.
std::int64_t integer_at(const boost::json::object& object, std::string_view path);

}  // namespace arcas::real
