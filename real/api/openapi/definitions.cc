#include "real/api/openapi/definitions.h"

#include <boost/json.hpp>
#include <map>
#include <vector>

namespace arcas::real {
namespace json = boost::json;

json::object OpenApiDefinitions::reference(std::string_view full_name) const {
  const bool v2 = form_ == OpenApiVersion::v2;
  std::string target = v2 ? "#/definitions/" : "#/components/schemas/";
  return {{"$ref", json::string(target.append(full_name))}};
}

json::object OpenApiDefinitions::reference_to(const TypeSchema& type) {
  wanted_.insert(&type);
  return reference(type.full_name());
}

json::object OpenApiDefinitions::reference_to_list(const TypeSchema& kind) {
  lists_.insert(&kind);
  return reference(kind.full_name() + "List");
}

json::array OpenApiDefinitions::versions_of(const TypeSchema& kind, std::string_view suffix) const {
  json::array list;
  for (const Schema* part = &schema_; part != nullptr; part = part->base()) {
    for (const KindSchema& entry : part->kinds()) {
      if (entry.type != &kind) continue;
      if (is_filtered_ && (entry.group != group_ || entry.version != version_)) continue;
      list.emplace_back(json::object{{"group", json::string(entry.group)},
                                     {"kind", json::string(std::string(kind.name).append(suffix))},
                                     {"version", json::string(entry.version)}});
    }
  }
  return list;
}

/// A text that may be written as something else too: version 2 calls it a text.
json::object OpenApiDefinitions::scalar_of_two(std::string_view other,
                                               std::string_view format) const {
  if (form_ == OpenApiVersion::v2) {
    json::object result{{"type", "string"}};
    if (!format.empty()) result["format"] = format;
    return result;
  }
  json::object result{
      {"oneOf", json::array{json::object{{"type", "string"}}, json::object{{"type", other}}}}};
  if (!format.empty()) result["format"] = format;
  return result;
}

json::object OpenApiDefinitions::value_schema(const ValueSchema& value) {
  switch (value.kind) {
    case ValueKind::text:
      return {{"type", "string"}};
    case ValueKind::integer:
      return {{"type", "integer"}, {"format", value.is_32_bit ? "int32" : "int64"}};
    case ValueKind::number:
      return {{"type", "number"}, {"format", "double"}};
    case ValueKind::boolean:
      return {{"type", "boolean"}};
    case ValueKind::quantity:
      return scalar_of_two("number", "");
    case ValueKind::int_or_text:
      return scalar_of_two("integer", "int-or-string");
    case ValueKind::time:
    case ValueKind::micro_time:
      return {{"type", "string"}, {"format", "date-time"}};
    case ValueKind::bytes:
      return {{"type", "string"}, {"format", "byte"}};
    case ValueKind::any:
    case ValueKind::open_object:
      return {{"type", "object"}, {"x-kubernetes-preserve-unknown-fields", true}};
    case ValueKind::object:
      return reference_to(*value.type);
    case ValueKind::list:
      return {{"type", "array"}, {"items", value_schema(*value.element)}};
    case ValueKind::map:
      return {{"type", "object"}, {"additionalProperties", value_schema(*value.element)}};
  }
  return {};
}

namespace {

void add_merge_rules(const FieldSchema& field, json::object& schema) {
  if (field.value->kind == ValueKind::list) {
    constexpr std::string_view kNames[] = {"atomic", "set", "map"};
    schema["x-kubernetes-list-type"] = kNames[static_cast<std::size_t>(field.list_type)];
    json::array keys;
    for (const std::string& key : field.list_keys) keys.emplace_back(json::string(key));
    if (!keys.empty()) schema["x-kubernetes-list-map-keys"] = std::move(keys);
  }
  if (field.atomic_map) schema["x-kubernetes-map-type"] = "atomic";
  std::string strategy;
  for (const auto& [is_so, name] :
       {std::pair{field.merges, "merge"}, std::pair{field.retains, "retainKeys"},
        std::pair{field.replaces, "replace"}}) {
    if (is_so) strategy += (strategy.empty() ? "" : ",") + std::string(name);
  }
  if (!strategy.empty()) schema["x-kubernetes-patch-strategy"] = json::string(strategy);
  if (!field.merge_key.empty()) {
    schema["x-kubernetes-patch-merge-key"] = json::string(field.merge_key);
  }
}

/// Texts of which one may be empty are not told: clients would take that for a mistake.
void add_words(const FieldSchema& field, json::object& schema) {
  json::array words;
  for (const std::string& word : field.words) {
    if (word.empty()) return;
    words.emplace_back(json::string(word));
  }
  if (!words.empty()) schema["enum"] = std::move(words);
}

}  // namespace

json::object OpenApiDefinitions::field_schema(const FieldSchema& field) {
  json::object schema = value_schema(*field.value);
  // What stands beside a reference is passed over in version 3.
  if (form_ == OpenApiVersion::v3 && schema.contains("$ref")) {
    schema = {{"allOf", json::array{std::move(schema)}}};
  }
  schema["description"] = json::string(field.description);
  if (field.absent_value != nullptr) schema["default"] = *field.absent_value;
  if (field.is_bounded && field.value->kind == ValueKind::integer) {
    schema["minimum"] = field.least;
    schema["maximum"] = field.most;
  }
  add_words(field, schema);
  add_merge_rules(field, schema);
  return schema;
}

json::object OpenApiDefinitions::type_schema(const TypeSchema& type) {
  json::object properties;
  json::array required;
  for (const FieldSchema& field : type.fields) {
    properties[field.name] = field_schema(field);
    if (field.required) required.emplace_back(json::string(field.name));
  }
  json::object schema{{"description", json::string(type.description)},
                      {"type", "object"},
                      {"properties", std::move(properties)}};
  if (!required.empty()) schema["required"] = std::move(required);
  if (type.atomic) schema["x-kubernetes-map-type"] = "atomic";
  if (type.open) schema["x-kubernetes-preserve-unknown-fields"] = true;
  if (type.is_kind) schema["x-kubernetes-group-version-kind"] = versions_of(type, "");
  return schema;
}

json::object OpenApiDefinitions::list_schema(const TypeSchema& kind) {
  json::object properties{
      {"apiVersion", json::object{{"type", "string"}, {"description", "Version of the list."}}},
      {"kind", json::object{{"type", "string"}, {"description", "Name of the list's kind."}}},
      {"metadata", reference_to(*schema_.find_type("ListMeta"))},
      {"items",
       json::object{
           {"type", "array"}, {"description", "The objects."}, {"items", reference_to(kind)}}}};
  return {{"description", json::string("Several objects of kind " + kind.name + '.')},
          {"type", "object"},
          {"properties", std::move(properties)},
          {"required", json::array{"items"}},
          {"x-kubernetes-group-version-kind", versions_of(kind, "List")}};
}

json::object OpenApiDefinitions::all() {
  std::map<std::string, json::object> made;
  for (const TypeSchema* kind : lists_)
    made.emplace(kind->full_name() + "List", list_schema(*kind));
  // Writing a type may want further ones.
  std::set<const TypeSchema*> done;
  while (done.size() < wanted_.size()) {
    const std::set<const TypeSchema*> now = wanted_;
    for (const TypeSchema* type : now) {
      if (done.insert(type).second) made.emplace(type->full_name(), type_schema(*type));
    }
  }
  json::object result;
  for (auto& [name, schema] : made) result.emplace(name, std::move(schema));
  return result;
}

}  // namespace arcas::real
