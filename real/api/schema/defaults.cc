#include "real/api/schema/defaults.h"

#include <algorithm>
#include <boost/json.hpp>
#include <limits>
#include <utility>

namespace arcas::real {
namespace json = boost::json;
namespace {

void set(json::object& object, std::string_view member, json::value value) {
  if (!object.contains(member)) object[member] = std::move(value);
}

std::string_view text_of(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                : std::string_view();
}

json::object* object_of(json::object& holder, std::string_view member) {
  json::value* value = holder.if_contains(member);
  return value == nullptr ? nullptr : value->if_object();
}

json::array* list_of(json::object& holder, std::string_view member) {
  json::value* value = holder.if_contains(member);
  return value == nullptr ? nullptr : value->if_array();
}

/// Adds the entries of `from` that `to` has not.
void set_all(json::object& to, const json::object& from) {
  for (const auto& [key, value] : from) set(to, key, value);
}

json::object& made_object(json::object& holder, std::string_view member) {
  json::value& value = holder[member];
  return value.is_object() ? value.get_object() : value.emplace_object();
}

// Each of these knows one type. They run before the members of the object get their defaults.

/// Images are pulled always when their tag can move: "latest", or none at all.
void container(json::object& object) {
  const std::string_view image = text_of(object, "image");
  const std::string_view name = image.substr(image.rfind('/') + 1);
  const bool pinned = name.find('@') != std::string_view::npos;
  const std::size_t colon = name.find(':');
  const bool moves =
      !pinned && (colon == std::string_view::npos || name.substr(colon) == ":latest");
  set(object, "imagePullPolicy", moves ? "Always" : "IfNotPresent");
}

void pod_spec(json::object& object) {
  const json::value* on_host = object.if_contains("hostNetwork");
  if (on_host == nullptr || !on_host->is_bool() || !on_host->get_bool()) return;
  for (const char* list : {"containers", "initContainers"}) {
    json::array* containers = list_of(object, list);
    for (std::size_t i = 0; containers != nullptr && i < containers->size(); ++i) {
      json::array* ports = list_of((*containers)[i].as_object(), "ports");
      for (std::size_t k = 0; ports != nullptr && k < ports->size(); ++k) {
        json::object& port = (*ports)[k].as_object();
        if (const json::value* number = port.if_contains("containerPort")) {
          set(port, "hostPort", *number);
        }
      }
    }
  }
}

/// Requests are the limits where nothing else is said; only in pods, not in templates.
void pod(json::object& object) {
  json::object* spec = object_of(object, "spec");
  if (spec == nullptr) return;
  set(*spec, "enableServiceLinks", true);
  for (const char* list : {"containers", "initContainers"}) {
    json::array* containers = list_of(*spec, list);
    for (std::size_t i = 0; containers != nullptr && i < containers->size(); ++i) {
      json::object* resources = object_of((*containers)[i].as_object(), "resources");
      const json::object* limits = resources == nullptr ? nullptr : object_of(*resources, "limits");
      if (limits != nullptr) set_all(made_object(*resources, "requests"), json::object(*limits));
    }
  }
}

/// A volume without a source is an empty folder.
void volume(json::object& object) {
  if (object.size() <= 1) set(object, "emptyDir", json::object());
}

void deployment_strategy(json::object& object) {
  set(object, "type", "RollingUpdate");
  if (text_of(object, "type") != "RollingUpdate") return;
  json::object& rolling = made_object(object, "rollingUpdate");
  set(rolling, "maxUnavailable", "25%");
  set(rolling, "maxSurge", "25%");
}

void update_strategy(json::object& object) {
  set(object, "type", "RollingUpdate");
  if (text_of(object, "type") == "RollingUpdate") made_object(object, "rollingUpdate");
}

void replication_controller(json::object& object) {
  json::object* spec = object_of(object, "spec");
  json::object* template_of = spec == nullptr ? nullptr : object_of(*spec, "template");
  json::object* metadata = template_of == nullptr ? nullptr : object_of(*template_of, "metadata");
  const json::object* labels = metadata == nullptr ? nullptr : object_of(*metadata, "labels");
  if (labels == nullptr || labels->empty()) return;
  const json::object copy = *labels;
  set(*spec, "selector", copy);
  set(made_object(object, "metadata"), "labels", copy);
}

void job_spec(json::object& object) {
  if (!object.contains("completions") && !object.contains("parallelism")) {
    object["completions"] = 1;
  }
  set(object, "parallelism", 1);
  const bool each_index = object.contains("backoffLimitPerIndex");
  set(object, "backoffLimit", each_index ? std::numeric_limits<std::int32_t>::max() : 6);
  set(object, "podReplacementPolicy",
      object.contains("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
}

void service_spec(json::object& object) {
  set(object, "type", "ClusterIP");
  const std::string type(text_of(object, "type"));  // it moves when others come
  const bool has_address = type == "ClusterIP" || type == "NodePort" || type == "LoadBalancer";
  if (has_address) set(object, "internalTrafficPolicy", "Cluster");
  if (has_address && type != "ClusterIP") set(object, "externalTrafficPolicy", "Cluster");
  if (type == "LoadBalancer") set(object, "allocateLoadBalancerNodePorts", true);
  if (text_of(object, "sessionAffinity") == "ClientIP") {
    set(made_object(made_object(object, "sessionAffinityConfig"), "clientIP"), "timeoutSeconds",
        10'800);
  }
}

void service_port(json::object& object) {
  const json::value* target = object.if_contains("targetPort");
  const bool none = target == nullptr || *target == json::value(0) || *target == json::value("");
  if (const json::value* port = object.if_contains("port"); none && port != nullptr) {
    object["targetPort"] = json::value(*port);
  }
}

void network_policy_spec(json::object& object) {
  json::array types{"Ingress"};
  if (const json::array* egress = list_of(object, "egress");
      egress != nullptr && !egress->empty()) {
    types.emplace_back("Egress");
  }
  set(object, "policyTypes", std::move(types));
}

void subject(json::object& object) {
  const std::string kind(text_of(object, "kind"));
  if (kind == "User" || kind == "Group") set(object, "apiGroup", "rbac.authorization.k8s.io");
}

/// Of containers, limits follow the bounds, and requests the limits.
void limit_range_item(json::object& object) {
  if (text_of(object, "type") != "Container") return;
  if (const json::object* most = object_of(object, "max")) {
    set_all(made_object(object, "default"), json::object(*most));
  }
  if (const json::object* limits = object_of(object, "default")) {
    set_all(made_object(object, "defaultRequest"), json::object(*limits));
  }
  if (const json::object* least = object_of(object, "min")) {
    set_all(made_object(object, "defaultRequest"), json::object(*least));
  }
}

void autoscaler_spec(json::object& object) {
  const json::array* metrics = list_of(object, "metrics");
  if (metrics != nullptr && !metrics->empty()) return;
  object["metrics"] = json::array{json::object{
      {"type", "Resource"},
      {"resource", json::object{{"name", "cpu"},
                                {"target", json::object{{"type", "Utilization"},
                                                        {"averageUtilization", 80}}}}}}};
}

void definition_names(json::object& object) {
  const std::string kind(text_of(object, "kind"));
  if (kind.empty()) return;
  std::string lower = kind;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  set(object, "singular", json::string(lower));
  set(object, "listKind", json::string(kind + "List"));
}

/// Claims of stateful sets are objects of their own.
void stateful_set_spec(json::object& object) {
  json::array* claims = list_of(object, "volumeClaimTemplates");
  for (std::size_t i = 0; claims != nullptr && i < claims->size(); ++i) {
    json::object& claim = (*claims)[i].as_object();
    set(claim, "apiVersion", "v1");
    set(claim, "kind", "PersistentVolumeClaim");
  }
}

constexpr std::pair<std::string_view, void (*)(json::object&)> kRules[] = {
    {"Container", container},
    {"CustomResourceDefinitionNames", definition_names},
    {"DaemonSetUpdateStrategy", update_strategy},
    {"DeploymentStrategy", deployment_strategy},
    {"EphemeralContainer", container},
    {"HorizontalPodAutoscalerSpec", autoscaler_spec},
    {"JobSpec", job_spec},
    {"LimitRangeItem", limit_range_item},
    {"NetworkPolicySpec", network_policy_spec},
    {"Pod", pod},
    {"PodSpec", pod_spec},
    {"ReplicationController", replication_controller},
    {"ServicePort", service_port},
    {"ServiceSpec", service_spec},
    {"StatefulSetSpec", stateful_set_spec},
    {"StatefulSetUpdateStrategy", update_strategy},
    {"Subject", subject},
    {"Volume", volume},
};

void fill_value(const ValueSchema& schema, json::value& value);

void fill_object(const TypeSchema& type, json::object& object, bool is_root) {
  const auto rule =
      std::lower_bound(std::begin(kRules), std::end(kRules), std::string_view(type.name),
                       [](const auto& entry, std::string_view name) { return entry.first < name; });
  if (rule != std::end(kRules) && rule->first == type.name) rule->second(object);
  for (const FieldSchema& field : type.fields) {
    if (field.absent_value != nullptr && !object.contains(field.name)) {
      object[field.name] = *field.absent_value;
    }
  }
  for (auto& [name, value] : object) {
    if (is_root && (name == "status" || name == "metadata")) continue;
    if (const FieldSchema* field = type.find(name)) fill_value(*field->value, value);
  }
}

void fill_value(const ValueSchema& schema, json::value& value) {
  if (schema.kind == ValueKind::object && value.is_object()) {
    fill_object(*schema.type, value.get_object(), false);
  } else if (schema.kind == ValueKind::list && value.is_array()) {
    for (json::value& element : value.get_array()) fill_value(*schema.element, element);
  } else if (schema.kind == ValueKind::map && value.is_object()) {
    for (auto& entry : value.get_object()) fill_value(*schema.element, entry.value());
  }
}

}  // namespace

void set_schema_defaults(const TypeSchema& kind, json::object& object) {
  fill_object(kind, object, true);
}

}  // namespace arcas::real
