#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>

namespace arcas::agent {

// Reading of what QEMU answers, which a guest may have got hold of: what is absent or of another
// type reads as nothing, and nothing is thrown.

/// Null when the text is no JSON.
boost::json::value parse_json(const std::string& text);
/// A member of an object; a null value when there is none.
const boost::json::value& member(const boost::json::value& value, const char* name);
/// The elements of an array; none when it is none.
const boost::json::array& elements(const boost::json::value& value);
/// A string; "" when it is none.
std::string text_in(const boost::json::value& value);
/// A whole number; 0 when it is none.
std::int64_t number_in(const boost::json::value& value);

}  // namespace arcas::agent
