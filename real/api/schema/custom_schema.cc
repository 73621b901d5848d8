#include "real/api/schema/custom_schema.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <limits>

#include "core/base/check.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr int kMaxLevels = 40;
constexpr std::size_t kMaxProblems = 20;
constexpr std::array<std::string_view, 6> kTypes{"string",  "integer", "number",
                                                 "boolean", "object",  "array"};

const json::object* member(const json::object& node, std::string_view name) {
  const json::value* value = node.if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}
std::string_view word(const json::object& node, std::string_view name) {
  const json::value* value = node.if_contains(name);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                : std::string_view();
}
bool flag(const json::object& node, std::string_view name) {
  const json::value* value = node.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}
std::vector<std::string> words_of(const json::object& node, std::string_view name) {
  std::vector<std::string> words;
  const json::value* list = node.if_contains(name);
  if (list == nullptr || !list->is_array()) return words;
  for (const json::value& entry : list->get_array()) {
    if (entry.is_string()) words.emplace_back(entry.get_string());
  }
  return words;
}
bool keeps_unknown(const json::object& node) {
  return flag(node, "x-kubernetes-preserve-unknown-fields");
}

/// "stable.example.com": "com.example.stable".
std::string reversed(std::string_view group) {
  std::string result;
  while (!group.empty()) {
    const std::size_t dot = group.rfind('.');
    const std::size_t begin = dot == std::string_view::npos ? 0 : dot + 1;
    if (!result.empty()) result += '.';
    result += group.substr(begin);
    group = group.substr(0, dot == std::string_view::npos ? 0 : dot);
  }
  return result;
}

ListType list_type_of(const json::object& node) {
  const std::string_view name = word(node, "x-kubernetes-list-type");
  return name == "set" ? ListType::set : name == "map" ? ListType::keyed : ListType::atomic;
}

class SchemaChecker {
 public:
  std::vector<FieldProblem> problems;

  void check(const json::object& node, const FieldPath& path, int level) {
    if (problems.size() >= kMaxProblems) return;
    if (level > kMaxLevels) return add(path, "more than 40 levels");
    const std::string_view type = word(node, "type");
    const bool known = std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
    const bool may_be_anything = keeps_unknown(node) || flag(node, "x-kubernetes-int-or-string");
    if (node.contains("$ref")) add(path.member("$ref"), "references are not supported");
    if (!known && !(type.empty() && may_be_anything)) {
      add(path.member("type"), "allowed are string, integer, number, boolean, object, array; \"" +
                                   std::string(type) + "\" is there");
    }
    if (const json::value* pattern = node.if_contains("pattern")) check_pattern(*pattern, path);
    if (type == "array" && member(node, "items") == nullptr) {
      add(path.member("items"), "an array says what its items are");
    }
    if (const json::object* items = member(node, "items")) {
      check(*items, path.member("items"), level + 1);
    }
    if (const json::object* values = member(node, "additionalProperties")) {
      check(*values, path.member("additionalProperties"), level + 1);
    }
    const json::object* properties = member(node, "properties");
    if (properties == nullptr) return;
    const FieldPath holder = path.member("properties");  // paths are chains on the stack
    for (const auto& [name, property] : *properties) {
      const FieldPath place = holder.key(name);
      if (!property.is_object()) {
        add(place, "must be a schema");
        continue;
      }
      const bool of_kind =
          level == 0 && (name == "metadata" || name == "kind" || name == "apiVersion");
      if (!of_kind) check(property.get_object(), place, level + 1);
    }
  }

 private:
  void add(const FieldPath& path, std::string message) {
    problems.push_back({path.text(), "FieldValueInvalid", "Invalid value: " + std::move(message)});
  }
  void check_pattern(const json::value& pattern, const FieldPath& path) {
    RE2::Options quiet;
    quiet.set_log_errors(false);
    quiet.set_max_mem(1 << 20);
    if (!pattern.is_string() || pattern.get_string().size() > 4096) {
      return add(path.member("pattern"), "must be a text of at most 4096 bytes");
    }
    const RE2 expression(std::string(pattern.get_string()), quiet);
    if (!expression.ok())
      add(path.member("pattern"), "no regular expression: " + expression.error());
  }
};

}  // namespace

std::vector<FieldProblem> custom_schema_problems(const json::object& schema,
                                                 const FieldPath& path) {
  SchemaChecker checker;
  checker.check(schema, path, 0);
  if (word(schema, "type") != "object") {
    checker.problems.insert(checker.problems.begin(),
                            {path.member("type").text(), "FieldValueInvalid",
                             "Invalid value: the root of a schema is an object"});
  }
  return std::move(checker.problems);
}

const TypeSchema* CustomSchemaBuilder::add_kind(const std::string& group,
                                                const std::string& version, const std::string& kind,
                                                const json::object* root) {
  package_ = reversed(group) + '.' + version;
  const json::object anything{{"type", "object"}, {"x-kubernetes-preserve-unknown-fields", true}};
  TypeSchema& type = add_type(kind, root == nullptr ? anything : *root);
  type.is_kind = true;
  add_kind_fields(type);
  schema_.kinds_.push_back({group, version, &type});
  return &type;
}

/// What every object has, whatever its definition says of it.
void CustomSchemaBuilder::add_kind_fields(TypeSchema& type) {
  const TypeSchema* pod = Schema::built_in().find_type("Pod");
  ARCAS_CHECK(pod != nullptr);
  for (const char* name : {"apiVersion", "kind", "metadata"}) {
    std::erase_if(type.fields, [name](const FieldSchema& field) { return field.name == name; });
    type.fields.push_back(*pod->find(name));
  }
  std::sort(type.fields.begin(), type.fields.end(),
            [](const FieldSchema& a, const FieldSchema& b) { return a.name < b.name; });
}

TypeSchema& CustomSchemaBuilder::add_type(const std::string& name, const json::object& node) {
  TypeSchema& type = schema_.types_.emplace_back();
  type.name = name;
  type.package = package_;
  type.description = word(node, "description");
  type.atomic = word(node, "x-kubernetes-map-type") == "atomic";
  type.open = keeps_unknown(node);
  if (const json::object* properties = member(node, "properties")) {
    for (const auto& [key, property] : *properties) {
      if (property.is_object()) add_field(type, std::string(key), property.get_object());
    }
  }
  for (const std::string& required : words_of(node, "required")) {
    for (FieldSchema& field : type.fields) field.required |= field.name == required;
  }
  std::sort(type.fields.begin(), type.fields.end(),
            [](const FieldSchema& a, const FieldSchema& b) { return a.name < b.name; });
  return type;
}

void CustomSchemaBuilder::add_field(TypeSchema& type, const std::string& name,
                                    const json::object& node) {
  FieldSchema field;
  field.name = name;
  field.value = value_of(type.name + '.' + name, node);
  field.description = word(node, "description");
  if (field.value->kind == ValueKind::text) field.words = words_of(node, "enum");
  if (const json::value* absent = node.if_contains("default")) {
    field.absent_value = std::make_shared<const json::value>(*absent);
  }
  field.list_type = list_type_of(node);
  field.list_keys = words_of(node, "x-kubernetes-list-map-keys");
  field.atomic_map = word(node, "x-kubernetes-map-type") == "atomic";
  const json::value* least = node.if_contains("minimum");
  const json::value* most = node.if_contains("maximum");
  const auto whole = [](const json::value* value) { return value == nullptr || value->is_int64(); };
  if (field.value->kind == ValueKind::integer && (least != nullptr || most != nullptr) &&
      whole(least) && whole(most)) {
    using Limits = std::numeric_limits<std::int64_t>;
    field.is_bounded = true;
    field.least = least == nullptr ? Limits::min() : least->get_int64();
    field.most = most == nullptr ? Limits::max() : most->get_int64();
  }
  type.fields.push_back(std::move(field));
}

const ValueSchema* CustomSchemaBuilder::value_of(const std::string& name,
                                                 const json::object& node) {
  const std::string_view type = word(node, "type");
  ValueSchema value;
  if (flag(node, "x-kubernetes-int-or-string")) {
    value.kind = ValueKind::int_or_text;
  } else if (type == "string") {
    value.kind = ValueKind::text;
  } else if (type == "integer") {
    value.kind = ValueKind::integer;
    value.is_32_bit = word(node, "format") == "int32";
  } else if (type == "number") {
    value.kind = ValueKind::number;
  } else if (type == "boolean") {
    value.kind = ValueKind::boolean;
  } else if (type == "array" && member(node, "items") != nullptr) {
    value.kind = ValueKind::list;
    value.element = value_of(name, *member(node, "items"));
  } else if (const json::object* entries = member(node, "additionalProperties")) {
    value.kind = ValueKind::map;
    value.element = value_of(name, *entries);
  } else if (type == "object" &&
             (flag(node, "additionalProperties") || flag(node, "x-kubernetes-embedded-resource") ||
              (keeps_unknown(node) && !node.contains("properties")))) {
    value.kind = ValueKind::open_object;
  } else if (type == "object") {
    value.kind = ValueKind::object;
    value.type = &add_type(name, node);
  }
  return &schema_.values_.emplace_back(value);
}

}  // namespace arcas::real
