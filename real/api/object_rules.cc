// The rules of writing that hold for objects of every kind.

#include <algorithm>
#include <boost/json.hpp>

#include "core/manifest/document.h"
#include "core/model/names.h"
#include "real/api/object_text.h"
#include "real/api/object_writes.h"
#include "real/api/pod_identity.h"
#include "real/api/request_body.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxAnnotationBytes = 256 * 1024;

void add(std::vector<ApiCause>& causes, std::string field, std::string_view value,
         const std::vector<std::string>& problems) {
  for (const std::string& problem : problems) {
    causes.push_back(
        {field, "FieldValueInvalid", "Invalid value: " + manifest::quoted(value) + ": " + problem});
  }
}

std::vector<std::string> problems_of_name(const KindInfo& kind, std::string_view name) {
  if (kind.plural == "namespaces" || kind.plural == "tenants") {
    std::vector<std::string> problems = model::problems_of_dns1123_label(name);
    if (kind.plural == "tenants" && name == "all")
      problems.emplace_back("'all' means every tenant");
    return problems;
  }
  if (kind.plural == "services") return model::problems_of_dns1035_label(name);
  if (kind.group == "rbac.authorization.k8s.io") {
    const bool bad = name.empty() || name == "." || name == ".." || name.size() > 253 ||
                     name.find_first_of("/%") != std::string_view::npos;
    return bad ? std::vector<std::string>{"may not be '.', '..', contain '/' or '%'"}
               : std::vector<std::string>{};
  }
  return model::problems_of_dns1123_subdomain(name);
}

void check_words(std::vector<ApiCause>& causes, const json::object& metadata,
                 std::string_view member) {
  const json::value* value = metadata.if_contains(member);
  if (value == nullptr || value->is_null()) return;
  const std::string field = "metadata." + std::string(member);
  if (!value->is_object()) {
    causes.push_back({field, "FieldValueTypeInvalid", "Invalid value: must be an object"});
    return;
  }
  std::size_t bytes = 0;
  for (const auto& [key, entry] : value->get_object()) {
    add(causes, field, key, model::problems_of_qualified_name(key));
    if (!entry.is_string()) {
      causes.push_back({field + '[' + std::string(key) + ']', "FieldValueTypeInvalid",
                        "Invalid value: must be a string"});
      continue;
    }
    const std::string_view text = entry.get_string();
    bytes += key.size() + text.size();
    if (member == "labels") add(causes, field, text, model::problems_of_label_value(text));
  }
  if (bytes > kMaxAnnotationBytes) {
    causes.push_back({field, "FieldValueTooLong", "Too long: must have at most 262144 bytes"});
  }
}

void check_finalizers(std::vector<ApiCause>& causes, const json::object& metadata) {
  const json::value* value = metadata.if_contains("finalizers");
  if (value == nullptr || value->is_null()) return;
  if (!value->is_array() || value->get_array().size() > 100) {
    causes.push_back({"metadata.finalizers", "FieldValueInvalid",
                      "Invalid value: must be a list of at most 100 names"});
    return;
  }
  for (const json::value& entry : value->get_array()) {
    const std::string_view name = entry.is_string() ? std::string_view(entry.get_string()) : "";
    add(causes, "metadata.finalizers", name, model::problems_of_qualified_name(name));
  }
}

void keep(json::object& wanted, const json::object& stored, std::string_view member) {
  if (const json::value* value = stored.if_contains(member)) {
    wanted[member] = *value;
  } else {
    wanted.erase(member);
  }
}

/// Of namespaces and tenants spec.finalizers say that something may be in them.
bool holds_contents(const KindInfo& kind) {
  return kind.plural == "namespaces" || kind.plural == "tenants";
}

/// No client changes them: they go when nothing is in it any more.
void keep_finalizers(json::object& wanted, const json::object& stored) {
  const json::value* finalizers = value_at(stored, "spec.finalizers");
  json::object& spec = object_at(wanted, "spec");
  spec.erase("finalizers");
  if (finalizers != nullptr) spec["finalizers"] = *finalizers;
}

/// A new one has the finalizer of who empties it, whatever else its maker wants.
void add_content_finalizer(json::object& object, const char* name) {
  json::value& list = object_at(object, "spec")["finalizers"];
  if (!list.is_array()) list = json::array();
  json::array& names = list.get_array();
  if (std::find(names.begin(), names.end(), json::value(name)) == names.end()) {
    names.emplace_back(name);
  }
}

/// All but identity, metadata and status: what a generation counts changes of.
bool same_content(const json::object& a, const json::object& b) {
  const auto content = [](const json::object& object) {
    json::object rest = object;
    for (const char* member : {"apiVersion", "metadata", "status"}) rest.erase(member);
    return rest;
  };
  return content(a) == content(b);
}

}  // namespace

std::vector<ApiCause> problems_of_metadata(const KindInfo& kind, const json::object& object) {
  std::vector<ApiCause> causes;
  const json::value* value = object.if_contains("metadata");
  if (value == nullptr || !value->is_object()) {
    return {{"metadata", "FieldValueRequired", "Required value: must be an object"}};
  }
  const json::object& metadata = value->get_object();
  const std::string_view name = text_at(metadata, "name");
  if (name.empty()) {
    causes.push_back({"metadata.name", "FieldValueRequired",
                      "Required value: name or generateName is required"});
  } else {
    add(causes, "metadata.name", name, problems_of_name(kind, name));
  }
  check_words(causes, metadata, "labels");
  check_words(causes, metadata, "annotations");
  check_finalizers(causes, metadata);
  return causes;
}

json::object kept_and_changed(const KindInfo& kind, const json::object& stored, json::object wanted,
                              ObjectPart part) {
  if (part == ObjectPart::status) {
    json::object result = stored;
    keep(result, wanted, "status");
    return result;
  }
  if (kind.status) keep(wanted, stored, "status");
  if (holds_contents(kind)) keep_finalizers(wanted, stored);
  const json::value* before_value = stored.if_contains("metadata");
  const json::object before = before_value != nullptr && before_value->is_object()
                                  ? before_value->get_object()
                                  : json::object();
  json::object& metadata = object_at(wanted, "metadata");
  for (const char* member :
       {"name", "namespace", "tenant", "hashKey", "uid", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "generation", "generateName", "selfLink"}) {
    keep(metadata, before, member);
  }
  if (kind.status && !same_content(stored, wanted)) {
    metadata["generation"] = integer_at(before, "generation") + 1;
  }
  return wanted;
}

void set_initial_state(const KindInfo& kind, json::object& object) {
  const auto set = [&object](std::string_view holder, std::string_view member, json::value value) {
    json::object& place = object_at(object, holder);
    if (!place.contains(member)) place[member] = std::move(value);
  };
  if (kind.plural == "namespaces") {
    const std::string name(text_at(object, "metadata.name"));  // it moves when labels come
    object_at(object_at(object, "metadata"), "labels")["kubernetes.io/metadata.name"] = name;
    add_content_finalizer(object, "kubernetes");
    object["status"] = json::object{{"phase", "Active"}};
  } else if (kind.plural == "tenants") {
    set("spec", "storageClusterId", "0");
    add_content_finalizer(object, "arktos");
    object["status"] = json::object{{"phase", "Active"}};
  } else if (kind.plural == "pods") {
    object["status"] = json::object{{"phase", "Pending"}};
    settle_pod_identity(object);
  } else if (kind.plural == "persistentvolumeclaims" || kind.plural == "persistentvolumes") {
    object["status"] = json::object{{"phase", "Pending"}};
  } else if (kind.scale) {
    object["status"] = json::object{{"replicas", 0}};
  } else if (kind.status && kind.plural != "nodes") {
    object["status"] = json::object();
  }
}

bool check_body_size(const ApiCall& call) {
  constexpr std::size_t kMaxBodyBytes = 3 * 1024 * 1024;
  if (call.request.body.size() <= kMaxBodyBytes) return true;
  call.fail(ApiReason::too_large, "a body may have at most 3145728 bytes");
  return false;
}

std::optional<json::object> read_object(const ApiCall& call) {
  if (!check_body_size(call)) return std::nullopt;
  if (!is_body_type(call.request.content_type)) {
    call.fail(ApiReason::unsupported_media_type,
              "the body of the request was in an unknown format - accepted media types include: "
              "application/json, application/yaml, application/vnd.kubernetes.protobuf");
    return std::nullopt;
  }
  Expected<json::value> value = parse_body(call.request.content_type, call.request.body);
  if (!value || !value->is_object()) {
    call.fail(ApiReason::bad_request,
              value ? "the body is no object" : "body: " + value.error().message);
    return std::nullopt;
  }
  return std::move(value->get_object());
}

}  // namespace arcas::real
