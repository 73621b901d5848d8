// What an object lacks by the rules of a definition's schema.

#include <re2/re2.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <optional>

#include "core/manifest/document.h"
#include "core/manifest/parts.h"
#include "real/api/schema/custom_schema.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxProblems = 50;
constexpr std::size_t kMaxUniqueEntries = 2000;

std::optional<double> number_of(const json::object& node, std::string_view name) {
  const json::value* value = node.if_contains(name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}
bool is_set(const json::object& node, std::string_view name) {
  const json::value* value = node.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}
std::string text_of(double number) {
  return number == std::floor(number) && std::fabs(number) < 1e15
             ? std::to_string(static_cast<std::int64_t>(number))
             : std::to_string(number);
}
/// Characters of a text in UTF-8.
double length_of(std::string_view text) {
  return static_cast<double>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
  }));
}

class Checker {
 public:
  std::vector<FieldProblem> problems;

  void check(const json::object& schema, const json::value& value, const FieldPath& path) {
    if (problems.size() >= kMaxProblems) return;
    check_words(schema, value, path);
    if (value.is_string()) check_text(schema, std::string_view(value.get_string()), path);
    if (value.is_number()) check_number(schema, value.to_number<double>(), path);
    if (const json::array* list = value.if_array()) check_list(schema, *list, path);
    if (const json::object* object = value.if_object()) check_object(schema, *object, path);
    check_alternatives(schema, value, path);
  }

 private:
  void add(const FieldPath& path, std::string_view reason, std::string message) {
    problems.push_back({path.text(), std::string(reason), std::move(message)});
  }
  void bound(const FieldPath& path, bool good, const std::string& rule) {
    if (!good) add(path, "FieldValueInvalid", "Invalid value: " + rule);
  }
  [[nodiscard]] static bool fits(const json::object& schema, const json::value& value,
                                 const FieldPath& path) {
    const json::value* type = schema.if_contains("type");
    if (type != nullptr && type->is_string() &&
        !is_of_type(std::string_view(type->get_string()), value)) {
      return false;
    }
    Checker own;
    own.check(schema, value, path);
    own.check_required(schema, value, path);
    return own.problems.empty();
  }
  static bool is_of_type(std::string_view type, const json::value& value) {
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_int64() || value.is_uint64();
    if (type == "number") return value.is_number();
    if (type == "boolean") return value.is_bool();
    if (type == "array") return value.is_array();
    return type != "object" || value.is_object();
  }
  /// Within alternatives only: elsewhere the table of the type knows.
  void check_required(const json::object& schema, const json::value& value, const FieldPath& path) {
    const json::value* names = schema.if_contains("required");
    const json::object* object = value.if_object();
    if (names == nullptr || !names->is_array() || object == nullptr) return;
    for (const json::value& name : names->get_array()) {
      if (name.is_string() && !object->contains(name.get_string())) {
        add(path.member(name.get_string()), "FieldValueRequired", "Required value");
      }
    }
  }
  void check_words(const json::object& schema, const json::value& value, const FieldPath& path) {
    const json::value* words = schema.if_contains("enum");
    if (words == nullptr || !words->is_array()) return;
    const json::array& list = words->get_array();
    if (std::find(list.begin(), list.end(), value) != list.end()) return;
    std::string allowed;
    for (const json::value& entry : list) {
      allowed += (allowed.empty() ? "" : ", ") + json::serialize(entry);
    }
    add(path, "FieldValueNotSupported",
        "Unsupported value: " + manifest::quoted(json::serialize(value)) +
            ": supported values: " + allowed);
  }
  void check_text(const json::object& schema, std::string_view text, const FieldPath& path) {
    if (const auto most = number_of(schema, "maxLength"); most && length_of(text) > *most) {
      add(path, "FieldValueTooLong", "Too long: may not be longer than " + text_of(*most));
    }
    if (const auto least = number_of(schema, "minLength")) {
      bound(path, length_of(text) >= *least,
            "should be at least " + text_of(*least) + " chars long");
    }
    const json::value* pattern = schema.if_contains("pattern");
    if (pattern != nullptr && pattern->is_string()) {
      RE2::Options quiet;
      quiet.set_log_errors(false);
      const std::string expression(pattern->get_string());
      bound(path,
            RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), RE2(expression, quiet)),
            manifest::quoted(text) + ": should match '" + expression + "'");
    }
    const json::value* format = schema.if_contains("format");
    if (format != nullptr && *format == json::value("date-time")) {
      bound(path, manifest::unix_nanoseconds_of(text).has_value(),
            manifest::quoted(text) + ": must be a time, such as 2026-01-31T12:00:00Z");
    }
  }
  void check_number(const json::object& schema, double number, const FieldPath& path) {
    if (const auto least = number_of(schema, "minimum")) {
      const bool open = is_set(schema, "exclusiveMinimum");
      bound(path, open ? number > *least : number >= *least,
            text_of(number) + ": should be greater than " + (open ? "" : "or equal to ") +
                text_of(*least));
    }
    if (const auto most = number_of(schema, "maximum")) {
      const bool open = is_set(schema, "exclusiveMaximum");
      bound(path, open ? number < *most : number <= *most,
            text_of(number) + ": should be less than " + (open ? "" : "or equal to ") +
                text_of(*most));
    }
    if (const auto step = number_of(schema, "multipleOf"); step && *step > 0) {
      bound(path, std::fabs(std::remainder(number, *step)) < 1e-9,
            text_of(number) + ": should be a multiple of " + text_of(*step));
    }
  }
  void check_count(const json::object& schema, std::size_t count, const FieldPath& path,
                   std::string_view least_name, std::string_view most_name) {
    const auto size = static_cast<double>(count);
    if (const auto least = number_of(schema, least_name)) {
      bound(path, size >= *least, "must have at least " + text_of(*least) + " entries");
    }
    if (const auto most = number_of(schema, most_name); most && size > *most) {
      add(path, "FieldValueTooMany",
          "Too many: " + std::to_string(count) + ": must have at most " + text_of(*most) +
              " entries");
    }
  }
  void check_list(const json::object& schema, const json::array& list, const FieldPath& path) {
    check_count(schema, list.size(), path, "minItems", "maxItems");
    const bool set = schema.contains("x-kubernetes-list-type") &&
                     schema.at("x-kubernetes-list-type") == json::value("set");
    if ((set || is_set(schema, "uniqueItems")) && list.size() <= kMaxUniqueEntries) {
      for (std::size_t i = 1; i < list.size(); ++i) {
        if (std::find(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(i), list[i]) !=
            list.begin() + static_cast<std::ptrdiff_t>(i)) {
          add(path.element(i), "FieldValueDuplicate",
              "Duplicate value: " + manifest::quoted(json::serialize(list[i])));
        }
      }
    }
    const json::value* items = schema.if_contains("items");
    if (items == nullptr || !items->is_object()) return;
    for (std::size_t i = 0; i < list.size(); ++i) {
      check(items->get_object(), list[i], path.element(i));
    }
  }
  void check_object(const json::object& schema, const json::object& object, const FieldPath& path) {
    check_count(schema, object.size(), path, "minProperties", "maxProperties");
    const json::value* properties = schema.if_contains("properties");
    const json::value* others = schema.if_contains("additionalProperties");
    for (const auto& [name, value] : object) {
      const json::value* property = properties != nullptr && properties->is_object()
                                        ? properties->get_object().if_contains(name)
                                        : nullptr;
      if (property != nullptr && property->is_object()) {
        check(property->get_object(), value, path.member(name));
      } else if (others != nullptr && others->is_object()) {
        check(others->get_object(), value, path.key(name));
      }
    }
  }
  void check_alternatives(const json::object& schema, const json::value& value,
                          const FieldPath& path) {
    const auto fitting = [&](std::string_view name) -> std::optional<std::pair<int, int>> {
      const json::value* list = schema.if_contains(name);
      if (list == nullptr || !list->is_array()) return std::nullopt;
      int all = 0;
      int good = 0;
      for (const json::value& entry : list->get_array()) {
        if (!entry.is_object()) continue;
        ++all;
        if (fits(entry.get_object(), value, path)) ++good;
      }
      return std::pair(good, all);
    };
    if (const auto found = fitting("allOf")) {
      bound(path, found->first == found->second, "must be as all of the schema's allOf say");
    }
    if (const auto found = fitting("anyOf")) {
      bound(path, found->first > 0, "must be as one of the schema's anyOf says");
    }
    if (const auto found = fitting("oneOf")) {
      bound(path, found->first == 1, "must be as exactly one of the schema's oneOf says");
    }
    const json::value* never = schema.if_contains("not");
    if (never != nullptr && never->is_object()) {
      bound(path, !fits(never->get_object(), value, path), "may not be as the schema's not says");
    }
  }
};

}  // namespace

std::vector<FieldProblem> custom_problems(const json::object& schema, const json::object& object) {
  Checker checker;
  json::object own = object;
  for (const char* name : {"apiVersion", "kind", "metadata"}) own.erase(name);
  checker.check(schema, own, FieldPath());
  return std::move(checker.problems);
}

}  // namespace arcas::real
