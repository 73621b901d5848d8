// The computed cells of tables.

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "real/api/json_path.h"
#include "real/api/object_text.h"
#include "real/api/table.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::string_view kNone = "<none>";

const json::array& list_at(const json::object& object, std::string_view path) {
  static const json::array kEmpty;
  const json::value* value = value_at(object, path);
  return value != nullptr && value->is_array() ? value->get_array() : kEmpty;
}

std::string word(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

std::string or_none(std::string text) { return text.empty() ? std::string(kNone) : text; }

void append(std::string& text, std::string_view part, char separator = ',') {
  if (!text.empty()) text += separator;
  text += part;
}

/// "a=1,b=2" of an object of words.
std::string map_words(const json::value* value) {
  std::string text;
  if (value == nullptr || !value->is_object()) return std::string(kNone);
  for (const auto& [key, entry] : value->get_object()) {
    append(text, std::string(key) + '=' + word(entry));
  }
  return or_none(std::move(text));
}

std::string since(std::string_view timestamp, std::int64_t now) {
  const std::int64_t then = timestamp_of(timestamp);
  return then == 0 ? "<unknown>" : human_duration(now - then);
}

/// `member` of each entry of a list.
std::string joined(const json::array& list, std::string_view member) {
  std::string text;
  for (const json::value& entry : list) {
    if (entry.is_object()) append(text, text_at(entry.get_object(), member));
  }
  return or_none(std::move(text));
}

const json::object* container_status_reason(const json::object& status, std::string_view state) {
  const json::value* value = value_at(status, state);
  return value != nullptr && value->is_object() ? &value->get_object() : nullptr;
}

/// What `kubectl get pods` calls a pod: its phase, or why a container waits or has ended.
std::string pod_status(const json::object& pod) {
  std::string reason(text_at(pod, "status.phase"));
  if (const std::string_view own = text_at(pod, "status.reason"); !own.empty()) reason = own;
  bool running = false;
  for (const json::value& entry : list_at(pod, "status.containerStatuses")) {
    if (!entry.is_object()) continue;
    const json::object& status = entry.get_object();
    const json::object* waiting = container_status_reason(status, "state.waiting");
    const json::object* ended = container_status_reason(status, "state.terminated");
    if (waiting != nullptr && !text_at(*waiting, "reason").empty()) {
      reason = text_at(*waiting, "reason");
    } else if (ended != nullptr && !text_at(*ended, "reason").empty()) {
      reason = text_at(*ended, "reason");
    } else if (ended != nullptr) {
      reason = "ExitCode:" + std::to_string(integer_at(*ended, "exitCode"));
    } else if (value_at(status, "state.running") != nullptr) {
      running = true;
    }
  }
  if (reason == "Completed" && running) reason = "Running";
  if (!text_at(pod, "metadata.deletionTimestamp").empty()) reason = "Terminating";
  return reason;
}

std::string pod_ready(const json::object& pod) {
  std::size_t ready = 0;
  for (const json::value& entry : list_at(pod, "status.containerStatuses")) {
    const json::value* value = entry.is_object() ? value_at(entry.get_object(), "ready") : nullptr;
    if (value != nullptr && value->is_bool() && value->get_bool()) ++ready;
  }
  std::size_t containers = list_at(pod, "spec.containers").size();
  if (value_at(pod, "spec.virtualMachine") != nullptr) {
    ++containers;
    const json::value* value = value_at(pod, "status.virtualMachineStatus.ready");
    if (value != nullptr && value->is_bool() && value->get_bool()) ++ready;
  }
  return std::to_string(ready) + '/' + std::to_string(containers);
}

std::int64_t pod_restarts(const json::object& pod) {
  std::int64_t restarts = 0;
  for (const json::value& entry : list_at(pod, "status.containerStatuses")) {
    if (entry.is_object()) restarts += integer_at(entry.get_object(), "restartCount");
  }
  return restarts;
}

std::string node_status(const json::object& node) {
  std::string status = "Unknown";
  for (const json::value& entry : list_at(node, "status.conditions")) {
    if (!entry.is_object() || text_at(entry.get_object(), "type") != "Ready") continue;
    status = text_at(entry.get_object(), "status") == "True" ? "Ready" : "NotReady";
  }
  const json::value* cordoned = value_at(node, "spec.unschedulable");
  if (cordoned != nullptr && cordoned->is_bool() && cordoned->get_bool()) {
    status += ",SchedulingDisabled";
  }
  return status;
}

std::string node_roles(const json::object& node) {
  constexpr std::string_view kPrefix = "node-role.kubernetes.io/";
  std::string roles;
  const json::value* labels = value_at(node, "metadata.labels");
  if (labels == nullptr || !labels->is_object()) return std::string(kNone);
  for (const auto& [key, value] : labels->get_object()) {
    const std::string_view name = key;
    if (name.starts_with(kPrefix)) append(roles, name.substr(kPrefix.size()));
  }
  return or_none(std::move(roles));
}

std::string node_address(const json::object& node, std::string_view type) {
  for (const json::value& entry : list_at(node, "status.addresses")) {
    if (entry.is_object() && text_at(entry.get_object(), "type") == type) {
      return std::string(text_at(entry.get_object(), "address"));
    }
  }
  return std::string(kNone);
}

std::string service_ports(const json::object& service) {
  std::string text;
  for (const json::value& entry : list_at(service, "spec.ports")) {
    if (!entry.is_object()) continue;
    const json::object& port = entry.get_object();
    std::string part = std::to_string(integer_at(port, "port"));
    if (const std::int64_t node_port = integer_at(port, "nodePort"); node_port > 0) {
      part += ':' + std::to_string(node_port);
    }
    const std::string_view protocol = text_at(port, "protocol");
    append(text, part + '/' + (protocol.empty() ? "TCP" : std::string(protocol)));
  }
  return or_none(std::move(text));
}

std::string endpoints(const json::object& object) {
  std::string text;
  for (const json::value& subset : list_at(object, "subsets")) {
    if (!subset.is_object()) continue;
    for (const json::value& address : list_at(subset.get_object(), "addresses")) {
      if (!address.is_object()) continue;
      const std::string ip(text_at(address.get_object(), "ip"));
      for (const json::value& port : list_at(subset.get_object(), "ports")) {
        if (!port.is_object()) continue;
        append(text, ip + ':' + std::to_string(integer_at(port.get_object(), "port")));
      }
    }
  }
  return or_none(std::move(text));
}

std::string slice_endpoints(const json::object& slice) {
  std::string text;
  for (const json::value& endpoint : list_at(slice, "endpoints")) {
    if (!endpoint.is_object()) continue;
    for (const json::value& address : list_at(endpoint.get_object(), "addresses")) {
      append(text, word(address));
    }
  }
  return or_none(std::move(text));
}

std::string slice_ports(const json::object& slice) {
  std::string text;
  for (const json::value& port : list_at(slice, "ports")) {
    if (port.is_object()) append(text, std::to_string(integer_at(port.get_object(), "port")));
  }
  return or_none(std::move(text));
}

std::string selector_words(const json::object& object) {
  const json::value* labels = value_at(object, "spec.selector.matchLabels");
  return map_words(labels != nullptr ? labels : value_at(object, "spec.selector"));
}

std::string job_status(const json::object& job) {
  for (const json::value& entry : list_at(job, "status.conditions")) {
    if (!entry.is_object() || text_at(entry.get_object(), "status") != "True") continue;
    const std::string_view type = text_at(entry.get_object(), "type");
    if (type == "Complete" || type == "Failed" || type == "Suspended") return std::string(type);
  }
  return "Running";
}

std::string job_duration(const json::object& job, std::int64_t now) {
  const std::int64_t start = timestamp_of(text_at(job, "status.startTime"));
  const std::int64_t end = timestamp_of(text_at(job, "status.completionTime"));
  return start == 0 ? "" : human_duration((end == 0 ? now : end) - start);
}

std::string replicas_ready(const json::object& object) {
  return std::to_string(integer_at(object, "status.readyReplicas")) + '/' +
         std::to_string(integer_at(object, "spec.replicas"));
}

std::int64_t data_count(const json::object& object) {
  std::size_t count = 0;
  for (const char* member : {"data", "binaryData"}) {
    const json::value* value = object.if_contains(member);
    if (value != nullptr && value->is_object()) count += value->get_object().size();
  }
  return static_cast<std::int64_t>(count);
}

std::string subjects(const json::object& binding) {
  std::string text;
  for (const json::value& entry : list_at(binding, "subjects")) {
    if (!entry.is_object()) continue;
    append(text, std::string(text_at(entry.get_object(), "kind")) + '/' +
                     std::string(text_at(entry.get_object(), "name")));
  }
  return text;
}

std::string owner(const json::object& object) {
  for (const json::value& entry : list_at(object, "metadata.ownerReferences")) {
    if (!entry.is_object()) continue;
    std::string kind(text_at(entry.get_object(), "kind"));
    std::transform(kind.begin(), kind.end(), kind.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return kind + '/' + std::string(text_at(entry.get_object(), "name"));
  }
  return std::string(kNone);
}

std::string kind_and_name(const json::object& object, std::string_view holder) {
  const std::string path(holder);
  const std::string kind(text_at(object, path + ".kind"));
  const std::string name(text_at(object, path + ".name"));
  return kind.empty() && name.empty() ? std::string(kNone) : kind + '/' + name;
}

std::string last_seen(const json::object& event, std::int64_t now) {
  for (const char* path : {"lastTimestamp", "series.lastObservedTime", "eventTime"}) {
    if (const std::string_view time = text_at(event, path); !time.empty()) return since(time, now);
  }
  return "<unknown>";
}

std::string claim(const json::object& volume) {
  const std::string_view name = text_at(volume, "spec.claimRef.name");
  if (name.empty()) return "";
  return std::string(text_at(volume, "spec.claimRef.namespace")) + '/' + std::string(name);
}

using CellFunction = json::value (*)(const json::object&, std::int64_t);
struct CellRow {
  std::string_view word;
  CellFunction cell;
};

constexpr std::array kCells{
    CellRow{"age",
            [](const json::object& o, std::int64_t now) -> json::value {
              return json::value_from(since(text_at(o, "metadata.creationTimestamp"), now));
            }},
    CellRow{"created",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::string(text_at(o, "metadata.creationTimestamp"));
            }},
    CellRow{"pod-ready",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(pod_ready(o));
            }},
    CellRow{"pod-status",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(pod_status(o));
            }},
    CellRow{"pod-restarts",
            [](const json::object& o, std::int64_t) -> json::value { return pod_restarts(o); }},
    CellRow{"readiness-gates",
            [](const json::object&, std::int64_t) -> json::value { return json::string(kNone); }},
    CellRow{"node-status",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(node_status(o));
            }},
    CellRow{"node-roles",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(node_roles(o));
            }},
    CellRow{"internal-ip",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(node_address(o, "InternalIP"));
            }},
    CellRow{"external-ip",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(node_address(o, "ExternalIP"));
            }},
    CellRow{"service-external",
            [](const json::object&, std::int64_t) -> json::value { return json::string(kNone); }},
    CellRow{"service-ports",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(service_ports(o));
            }},
    CellRow{"endpoints",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(endpoints(o));
            }},
    CellRow{"slice-endpoints",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(slice_endpoints(o));
            }},
    CellRow{"slice-ports",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(slice_ports(o));
            }},
    CellRow{"data-count",
            [](const json::object& o, std::int64_t) -> json::value { return data_count(o); }},
    CellRow{"last-seen",
            [](const json::object& o, std::int64_t now) -> json::value {
              return json::value_from(last_seen(o, now));
            }},
    CellRow{"involved-object",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(kind_and_name(o, "involvedObject"));
            }},
    CellRow{"claim",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(claim(o));
            }},
    CellRow{"containers",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(joined(list_at(o, "spec.template.spec.containers"), "name"));
            }},
    CellRow{"images",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(joined(list_at(o, "spec.template.spec.containers"), "image"));
            }},
    CellRow{"selector",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(selector_words(o));
            }},
    CellRow{"node-selector",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(map_words(value_at(o, "spec.template.spec.nodeSelector")));
            }},
    CellRow{"replicas-ready",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(replicas_ready(o));
            }},
    CellRow{"owner",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(owner(o));
            }},
    CellRow{"job-status",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(job_status(o));
            }},
    CellRow{"suspended",
            [](const json::object& o, std::int64_t) -> json::value {
              const json::value* suspend = value_at(o, "spec.suspend");
              const bool is = suspend != nullptr && suspend->is_bool() && suspend->get_bool();
              return json::string(is ? "True" : "False");
            }},
    CellRow{"time-zone",
            [](const json::object& o, std::int64_t) -> json::value {
              const std::string_view zone = text_at(o, "spec.timeZone");
              return json::string(zone.empty() ? std::string_view(kNone) : zone);
            }},
    CellRow{"job-completions",
            [](const json::object& o, std::int64_t) -> json::value {
              const std::int64_t wanted = integer_at(o, "spec.completions");
              return json::value_from(std::to_string(integer_at(o, "status.succeeded")) + '/' +
                                      std::to_string(std::max<std::int64_t>(wanted, 1)));
            }},
    CellRow{"job-duration",
            [](const json::object& o, std::int64_t now) -> json::value {
              return json::value_from(job_duration(o, now));
            }},
    CellRow{"scale-target",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(kind_and_name(o, "spec.scaleTargetRef"));
            }},
    CellRow{"ingress-hosts",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(joined(list_at(o, "spec.rules"), "host"));
            }},
    CellRow{"role-ref",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(kind_and_name(o, "roleRef"));
            }},
    CellRow{"subjects",
            [](const json::object& o, std::int64_t) -> json::value {
              return json::value_from(subjects(o));
            }},
};

/// A column of a custom kind: one value as it is, several with commas.
json::value json_path_cell(const json::object& object, std::string_view path) {
  const auto values = values_by_json_path(object, path);
  if (values.empty() || values.front()->is_null()) return "";
  if (values.size() == 1 && values.front()->is_number()) return *values.front();
  std::string text;
  for (const json::value* value : values) {
    append(text, value->is_string() ? std::string(value->get_string()) : json::serialize(*value));
  }
  return json::value_from(text);
}

}  // namespace

json::value computed_cell(std::string_view word_of_cell, const json::object& object,
                          std::int64_t now) {
  const std::size_t colon = word_of_cell.find(':');
  if (colon != std::string_view::npos) {
    const std::string_view op = word_of_cell.substr(0, colon);
    const std::string_view path = word_of_cell.substr(colon + 1);
    if (op == "map") return json::value_from(map_words(value_at(object, path)));
    if (op == "count") return static_cast<std::int64_t>(list_at(object, path).size());
    if (op == "json-path") return json_path_cell(object, path);
    if (op == "json-path-age") {
      const auto values = values_by_json_path(object, path);
      const bool text = !values.empty() && values.front()->is_string();
      return json::value_from(text ? since(values.front()->get_string(), now) : std::string());
    }
    if (op == "since") return json::value_from(since(text_at(object, path), now));
    std::string text;
    for (const json::value& entry : list_at(object, path)) append(text, word(entry));
    return json::value_from(text);
  }
  for (const CellRow& row : kCells) {
    if (row.word == word_of_cell) return row.cell(object, now);
  }
  return "";
}

}  // namespace arcas::real
