#include "agent/vm/json_reading.h"

#include <boost/json/parse.hpp>

namespace arcas::agent {

namespace json = boost::json;

json::value parse_json(const std::string& text) {
  boost::system::error_code fault;
  json::value value = json::parse(text, fault);
  return fault ? json::value() : value;
}

const json::value& member(const json::value& value, const char* name) {
  static const json::value kNothing;
  const json::object* object = value.if_object();
  const json::value* found = object == nullptr ? nullptr : object->if_contains(name);
  return found == nullptr ? kNothing : *found;
}

const json::array& elements(const json::value& value) {
  static const json::array kNothing;
  const json::array* array = value.if_array();
  return array == nullptr ? kNothing : *array;
}

std::string text_in(const json::value& value) {
  const json::string* text = value.if_string();
  return text == nullptr ? std::string() : std::string(*text);
}

std::int64_t number_in(const json::value& value) {
  if (const std::int64_t* number = value.if_int64()) return *number;
  if (const std::uint64_t* number = value.if_uint64()) return static_cast<std::int64_t>(*number);
  return 0;
}

}  // namespace arcas::agent
