#include "sim/scenario/yaml_json.h"

#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace arcas::sim {
namespace {

/// A plain scalar as YAML 1.2's core schema reads it; what stands in quotes is text.
boost::json::value value_of_scalar(const YamlValue& value) {
  const std::string& text = value.text;
  if (value.quoted) return boost::json::value(text);
  if (text == "true" || text == "false") return text == "true";
  const char* end = text.data() + text.size();
  std::int64_t whole = 0;
  if (const auto [stop, error] = std::from_chars(text.data(), end, whole);
      error == std::errc() && stop == end) {
    return whole;
  }
  double number = 0;
  const bool numeric = !text.empty() && text.find_first_not_of("0123456789+-.eE") == text.npos;
  if (const auto [stop, error] = std::from_chars(text.data(), end, number);
      numeric && error == std::errc() && stop == end && std::isfinite(number)) {
    return number;
  }
  return boost::json::value(text);
}

}  // namespace

boost::json::value to_json(const YamlValue& value) {
  switch (value.type) {
    case YamlValue::Type::null:
      return nullptr;
    case YamlValue::Type::scalar:
      return value_of_scalar(value);
    case YamlValue::Type::list: {
      boost::json::array list;
      for (const YamlValue& item : value.items) list.push_back(to_json(item));
      return list;
    }
    case YamlValue::Type::map: {
      boost::json::object map;
      for (const auto& [key, entry] : value.entries) map[key] = to_json(entry);
      return map;
    }
  }
  return nullptr;
}

}  // namespace arcas::sim
