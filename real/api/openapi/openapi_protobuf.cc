#include <boost/json.hpp>

#include "real/api/openapi/openapi.h"
#include "real/api/openapi/openapi_v2.pb.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

namespace pb = openapi::v2;

std::string text_of(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool flag_of(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_bool() && value->get_bool();
}

/// JSON is YAML, which the messages carry as text.
template <class Message>
void add_extensions(const json::object& object, Message& message) {
  for (const auto& [name, value] : object) {
    if (!name.starts_with("x-")) continue;
    pb::NamedAny& extension = *message.add_vendor_extension();
    extension.set_name(std::string(name));
    extension.mutable_value()->set_yaml(json::serialize(value));
  }
}

void write_schema(const json::object& object, pb::Schema& schema) {
  schema.set__ref(text_of(object, "$ref"));
  schema.set_format(text_of(object, "format"));
  schema.set_description(text_of(object, "description"));
  if (const std::string type = text_of(object, "type"); !type.empty()) {
    schema.mutable_type()->add_value(type);
  }
  if (const json::value* value = object.if_contains("default")) {
    schema.mutable_default_()->set_yaml(json::serialize(*value));
  }
  if (const json::value* value = object.if_contains("minimum")) {
    schema.set_minimum(value->to_number<double>());
  }
  if (const json::value* value = object.if_contains("maximum")) {
    schema.set_maximum(value->to_number<double>());
  }
  if (const json::value* required = object.if_contains("required")) {
    for (const json::value& name : required->as_array()) {
      schema.add_required(std::string(name.as_string()));
    }
  }
  if (const json::value* words = object.if_contains("enum")) {
    for (const json::value& word : words->as_array()) {
      schema.add_enum_()->set_yaml(json::serialize(word));
    }
  }
  if (const json::value* items = object.if_contains("items")) {
    write_schema(items->as_object(), *schema.mutable_items()->add_schema());
  }
  if (const json::value* rest = object.if_contains("additionalProperties")) {
    write_schema(rest->as_object(), *schema.mutable_additional_properties()->mutable_schema());
  }
  if (const json::value* properties = object.if_contains("properties")) {
    for (const auto& [name, property] : properties->as_object()) {
      pb::NamedSchema& entry = *schema.mutable_properties()->add_additional_properties();
      entry.set_name(std::string(name));
      write_schema(property.as_object(), *entry.mutable_value());
    }
  }
  add_extensions(object, schema);
}

template <class SubSchema>
void write_plain_parameter(const json::object& object, SubSchema& parameter) {
  parameter.set_in(text_of(object, "in"));
  parameter.set_description(text_of(object, "description"));
  parameter.set_name(text_of(object, "name"));
  parameter.set_type(text_of(object, "type"));
  parameter.set_unique_items(flag_of(object, "uniqueItems"));
}

template <class Message>
void write_parameters(const json::object& object, Message& message) {
  const json::value* list = object.if_contains("parameters");
  if (list == nullptr) return;
  for (const json::value& value : list->as_array()) {
    const json::object& parameter = value.as_object();
    pb::Parameter& target = *message.add_parameters()->mutable_parameter();
    const std::string in = text_of(parameter, "in");
    if (in == "body") {
      pb::BodyParameter& body = *target.mutable_body_parameter();
      body.set_name(text_of(parameter, "name"));
      body.set_in(in);
      body.set_required(flag_of(parameter, "required"));
      write_schema(parameter.at("schema").as_object(), *body.mutable_schema());
    } else if (in == "query") {
      write_plain_parameter(
          parameter, *target.mutable_non_body_parameter()->mutable_query_parameter_sub_schema());
    } else {
      pb::PathParameterSubSchema& path =
          *target.mutable_non_body_parameter()->mutable_path_parameter_sub_schema();
      write_plain_parameter(parameter, path);
      path.set_required(true);
    }
  }
}

void write_operation(const json::object& object, pb::Operation& operation) {
  operation.set_description(text_of(object, "description"));
  operation.set_operation_id(text_of(object, "operationId"));
  for (const char* list : {"produces", "consumes"}) {
    const json::value* types = object.if_contains(list);
    if (types == nullptr) continue;
    for (const json::value& type : types->as_array()) {
      const std::string text(type.as_string());
      *list == 'p' ? operation.add_produces(text) : operation.add_consumes(text);
    }
  }
  write_parameters(object, operation);
  for (const auto& [code, response] : object.at("responses").as_object()) {
    pb::NamedResponseValue& entry = *operation.mutable_responses()->add_response_code();
    entry.set_name(std::string(code));
    pb::Response& target = *entry.mutable_value()->mutable_response();
    target.set_description(text_of(response.as_object(), "description"));
    write_schema(response.at("schema").as_object(), *target.mutable_schema()->mutable_schema());
  }
  add_extensions(object, operation);
}

void write_path(const json::object& object, pb::PathItem& item) {
  for (const auto& [name, value] : object) {
    pb::Operation* operation = name == "get"      ? item.mutable_get()
                               : name == "put"    ? item.mutable_put()
                               : name == "post"   ? item.mutable_post()
                               : name == "delete" ? item.mutable_delete_()
                               : name == "patch"  ? item.mutable_patch()
                                                  : nullptr;
    if (operation != nullptr) write_operation(value.as_object(), *operation);
  }
  write_parameters(object, item);
}

}  // namespace

std::string openapi_v2_protobuf(const json::object& document) {
  pb::Document message;
  message.set_swagger(text_of(document, "swagger"));
  message.mutable_info()->set_title(text_of(document.at("info").as_object(), "title"));
  message.mutable_info()->set_version(text_of(document.at("info").as_object(), "version"));
  for (const auto& [name, item] : document.at("paths").as_object()) {
    pb::NamedPathItem& entry = *message.mutable_paths()->add_path();
    entry.set_name(std::string(name));
    write_path(item.as_object(), *entry.mutable_value());
  }
  for (const auto& [name, schema] : document.at("definitions").as_object()) {
    pb::NamedSchema& entry = *message.mutable_definitions()->add_additional_properties();
    entry.set_name(std::string(name));
    write_schema(schema.as_object(), *entry.mutable_value());
  }
  return message.SerializeAsString();
}

}  // namespace arcas::real
