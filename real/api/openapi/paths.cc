#include "real/api/openapi/paths.h"

#include <boost/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace arcas::real {
namespace json = boost::json;
namespace {

struct Parameter {
  std::string_view name;
  std::string_view type;
  std::string_view description;
};

constexpr Parameter kWriteParameters[] = {
    {"dryRun", "string", "All: check everything, change nothing."},
    {"fieldManager", "string", "Who is to own the fields that change."},
    {"fieldValidation", "string", "What becomes of unknown fields: Ignore, Warn or Strict."},
};
constexpr Parameter kForce[] = {
    {"force", "boolean", "Take fields from other managers; only when applying."}};
constexpr Parameter kListParameters[] = {
    {"allowWatchBookmarks", "boolean", "Send bookmarks in a watch."},
    {"continue", "string", "Token of the next page."},
    {"fieldSelector", "string", "Only objects with these fields."},
    {"labelSelector", "string", "Only objects with these labels."},
    {"limit", "integer", "At most so many objects."},
    {"resourceVersion", "string", "Revision to show, or to watch from."},
    {"resourceVersionMatch", "string", "NotOlderThan or Exact."},
    {"timeoutSeconds", "integer", "Seconds until a watch ends."},
    {"watch", "boolean", "Tell changes as they come."},
};
constexpr Parameter kDeleteParameters[] = {
    {"dryRun", "string", "All: check everything, change nothing."},
    {"gracePeriodSeconds", "integer", "Seconds that the object has to end."},
    {"propagationPolicy", "string", "Orphan, Background or Foreground."},
};
constexpr std::string_view kPatchTypes[] = {
    "application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json",
    "application/strategic-merge-patch+json"};

/// Writes the operations of one resource.
class PathWriter {
 public:
  PathWriter(const ServedResource& resource, OpenApiVersion form)
      : resource_(resource), form_(form) {}

  json::object operation(std::string_view action, std::string_view what,
                         const json::object& answer) {
    json::object result{{"description", json::string(std::string(what) + ' ' + resource_.kind)},
                        {"operationId", json::string(std::string(action) + name_of_version() +
                                                     scope_ + resource_.kind + suffix_)},
                        {"x-kubernetes-action", action},
                        {"x-kubernetes-group-version-kind",
                         json::object{{"group", json::string(resource_.group)},
                                      {"kind", json::string(resource_.kind)},
                                      {"version", json::string(resource_.version)}}}};
    json::object response{{"description", "OK"}};
    if (is_v2()) {
      response["schema"] = answer;
      result["produces"] = json::array{"application/json"};
    } else {
      response["content"] = {{"application/json", {{"schema", answer}}}};
    }
    result["responses"] = json::object{{"200", std::move(response)}};
    return result;
  }

  template <std::size_t count>
  void add_query(json::object& operation, const Parameter (&parameters)[count]) const {
    json::array& list = parameters_of(operation);
    for (const Parameter& parameter : parameters) {
      list.emplace_back(described(parameter, "query", false));
    }
  }

  void add_body(json::object& operation, const json::object& schema, bool is_patch) const {
    json::array types;
    if (is_patch) {
      for (const std::string_view type : kPatchTypes) types.emplace_back(type);
    } else {
      types = {"application/json", "application/yaml"};
    }
    if (is_v2()) {
      parameters_of(operation).emplace_back(
          json::object{{"name", "body"}, {"in", "body"}, {"required", true}, {"schema", schema}});
      operation["consumes"] = std::move(types);
      return;
    }
    json::object content;
    for (const json::value& type : types) {
      content[type.as_string()] = json::object{{"schema", schema}};
    }
    operation["requestBody"] = {{"content", std::move(content)}, {"required", true}};
  }

  json::array path_parameters(bool has_name) const {
    json::array list;
    if (has_name)
      list.emplace_back(described({"name", "string", "Name of the object."}, "path", true));
    if (resource_.is_namespaced) {
      list.emplace_back(
          described({"namespace", "string", "Namespace of the object."}, "path", true));
    }
    return list;
  }

  void set_suffix(std::string suffix) { suffix_ = std::move(suffix); }

 private:
  [[nodiscard]] bool is_v2() const { return form_ == OpenApiVersion::v2; }

  static json::array& parameters_of(json::object& operation) {
    json::value& list = operation["parameters"];
    return list.is_array() ? list.get_array() : list.emplace_array();
  }

  [[nodiscard]] json::object described(const Parameter& parameter, std::string_view in,
                                       bool required) const {
    json::object result{
        {"name", parameter.name}, {"in", in}, {"description", parameter.description}};
    if (required) result["required"] = true;
    if (is_v2()) {
      result["type"] = parameter.type;
      result["uniqueItems"] = true;
    } else {
      result["schema"] = {{"type", parameter.type}, {"uniqueItems", true}};
    }
    return result;
  }

  /// "AppsV1".
  [[nodiscard]] std::string name_of_version() const {
    const std::string group =
        resource_.group.empty() ? "core" : resource_.group.substr(0, resource_.group.find('.'));
    std::string name;
    for (std::string part : {group, resource_.version}) {
      if (part.front() >= 'a' && part.front() <= 'z')
        part.front() = static_cast<char>(part.front() - 'a' + 'A');
      name += part;
    }
    return name;
  }

  const ServedResource& resource_;
  OpenApiVersion form_;
  std::string scope_ = resource_.is_namespaced ? "Namespaced" : "";
  std::string suffix_;
};

void add_collection(PathWriter& writer, OpenApiDefinitions& definitions, const Schema& schema,
                    const TypeSchema& type, json::object& item) {
  const json::object object = definitions.reference_to(type);
  const json::object status = definitions.reference_to(*schema.find_type("Status"));
  json::object list = writer.operation("list", "lists or watches objects of kind",
                                       definitions.reference_to_list(type));
  writer.add_query(list, kListParameters);
  item["get"] = std::move(list);
  json::object post = writer.operation("post", "creates an object of kind", object);
  writer.add_query(post, kWriteParameters);
  writer.add_body(post, object, false);
  item["post"] = std::move(post);
  json::object remove = writer.operation("deletecollection", "deletes objects of kind", status);
  writer.add_query(remove, kListParameters);
  item["delete"] = std::move(remove);
}

void add_object(PathWriter& writer, const json::object& object, const json::object& patch,
                json::object& item) {
  item["get"] = writer.operation("get", "reads an object of kind", object);
  json::object put = writer.operation("put", "replaces an object of kind", object);
  writer.add_query(put, kWriteParameters);
  writer.add_body(put, object, false);
  item["put"] = std::move(put);
  json::object change = writer.operation("patch", "changes an object of kind", object);
  writer.add_query(change, kWriteParameters);
  writer.add_query(change, kForce);
  writer.add_body(change, patch, true);
  item["patch"] = std::move(change);
}

}  // namespace

void add_openapi_paths(const Schema& schema, const ServedResource& resource, OpenApiVersion form,
                       OpenApiDefinitions& definitions, json::object& paths) {
  const TypeSchema* type = schema.find_kind(resource.group, resource.version, resource.kind);
  if (type == nullptr) return;
  std::string base = resource.group.empty() ? "/api/" : "/apis/" + resource.group + '/';
  base += resource.version;
  if (resource.is_namespaced) base += "/namespaces/{namespace}";
  base += '/' + resource.plural;
  PathWriter writer(resource, form);
  const json::object patch{{"type", "object"}, {"description", "A patch, or what is declared."}};
  const json::object object = definitions.reference_to(*type);
  json::object collection;
  add_collection(writer, definitions, schema, *type, collection);
  if (resource.is_namespaced) collection["parameters"] = writer.path_parameters(false);
  paths[base] = std::move(collection);

  json::object one;
  add_object(writer, object, patch, one);
  const json::object status = definitions.reference_to(*schema.find_type("Status"));
  json::object remove = writer.operation("delete", "deletes an object of kind", status);
  writer.add_query(remove, kDeleteParameters);
  writer.add_body(remove, definitions.reference_to(*schema.find_type("DeleteOptions")), false);
  one["delete"] = std::move(remove);
  one["parameters"] = writer.path_parameters(true);
  paths[base + "/{name}"] = std::move(one);

  for (const auto& [has, name] :
       {std::pair{resource.has_status, "status"}, std::pair{resource.has_scale, "scale"}}) {
    if (!has) continue;
    const bool is_scale = std::string_view(name) == "scale";
    ServedResource sub = resource;
    if (is_scale) {
      sub.group = "autoscaling";
      sub.version = "v1";
      sub.kind = "Scale";
    }
    PathWriter of_sub(sub, form);
    of_sub.set_suffix(is_scale ? "Of" + resource.kind : "Status");
    json::object item;
    add_object(of_sub, is_scale ? definitions.reference_to(*schema.find_type("Scale")) : object,
               patch, item);
    item["parameters"] = writer.path_parameters(true);
    paths[base + "/{name}/" + name] = std::move(item);
  }
}

}  // namespace arcas::real
