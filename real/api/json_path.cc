#include "real/api/json_path.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <optional>
#include <string>

namespace arcas::real {
namespace json = boost::json;
namespace {

using Places = std::vector<const json::value*>;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

Places members(const Places& from, std::string_view name) {
  Places found;
  for (const json::value* place : from) {
    const json::object* object = place->if_object();
    const json::value* value = object == nullptr ? nullptr : object->if_contains(name);
    if (value != nullptr) found.push_back(value);
  }
  return found;
}

Places entries(const Places& from) {
  Places found;
  for (const json::value* place : from) {
    if (const json::array* list = place->if_array()) {
      for (const json::value& entry : *list) found.push_back(&entry);
    } else if (const json::object* object = place->if_object()) {
      for (const auto& [key, value] : *object) found.push_back(&value);
    }
  }
  return found;
}

std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && (text.front() == '\'' || text.front() == '"') &&
                      text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

/// "@.type=="Ready"" of a filter.
Places chosen(const Places& from, std::string_view condition) {
  const std::size_t equals = condition.find("==");
  if (!condition.starts_with("@.") || equals == std::string_view::npos) return {};
  const std::string_view name = trimmed(condition.substr(2, equals - 2));
  const std::string_view wanted = unquoted(trimmed(condition.substr(equals + 2)));
  Places found;
  for (const json::value* entry : entries(from)) {
    const Places values = members({entry}, name);
    if (values.empty()) continue;
    const json::value& value = *values.front();
    const bool same = value.is_string() ? std::string_view(value.get_string()) == wanted
                                        : json::serialize(value) == wanted;
    if (same) found.push_back(entry);
  }
  return found;
}

Places at_index(const Places& from, std::string_view text) {
  std::int64_t index = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc() || stop != text.data() + text.size()) return {};
  Places found;
  for (const json::value* place : from) {
    const json::array* list = place->if_array();
    if (list == nullptr) continue;
    const auto size = static_cast<std::int64_t>(list->size());
    const std::int64_t at = index < 0 ? index + size : index;
    if (at >= 0 && at < size) found.push_back(&(*list)[static_cast<std::size_t>(at)]);
  }
  return found;
}

Places by_bracket(const Places& from, std::string_view inside) {
  inside = trimmed(inside);
  if (inside == "*") return entries(from);
  if (inside.starts_with("?(") && inside.ends_with(')')) {
    return chosen(from, trimmed(inside.substr(2, inside.size() - 3)));
  }
  if (unquoted(inside) != inside) return members(from, unquoted(inside));
  return at_index(from, inside);
}

/// Where the bracket that opens at `at` closes; quotes hide brackets.
std::size_t end_of_bracket(std::string_view path, std::size_t at) {
  char quote = 0;
  for (std::size_t i = at + 1; i < path.size(); ++i) {
    if (quote != 0) {
      if (path[i] == quote) quote = 0;
    } else if (path[i] == '\'' || path[i] == '"') {
      quote = path[i];
    } else if (path[i] == ']') {
      return i;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::vector<const json::value*> values_by_json_path(const json::object& object,
                                                    std::string_view path) {
  path = trimmed(path);
  if (path.starts_with('{') && path.ends_with('}')) path = path.substr(1, path.size() - 2);
  // The first step is taken in the object itself, so that what is given back lives with it.
  std::optional<Places> places;
  std::size_t at = 0;
  while (at < path.size()) {
    if (path[at] == '[') {
      const std::size_t end = end_of_bracket(path, at);
      if (end == std::string_view::npos) return {};
      const std::string_view inside = path.substr(at + 1, end - at - 1);
      if (places) {
        places = by_bracket(*places, inside);
      } else {
        const json::value* value = object.if_contains(unquoted(trimmed(inside)));
        places = value == nullptr ? Places() : Places{value};
      }
      at = end + 1;
      continue;
    }
    if (path[at] == '.') ++at;
    std::string name;
    while (at < path.size() && path[at] != '.' && path[at] != '[') {
      if (path[at] == '\\' && at + 1 < path.size()) ++at;
      name += path[at++];
    }
    if (name.empty()) continue;
    if (places) {
      places = name == "*" ? entries(*places) : members(*places, name);
    } else {
      const json::value* value = object.if_contains(name);
      places = value == nullptr ? Places() : Places{value};
    }
  }
  return places.value_or(Places());
}

}  // namespace arcas::real
