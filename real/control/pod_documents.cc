#include "real/control/pod_documents.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "core/manifest/parts.h"
#include "core/manifest/pod.h"
#include "real/api/object_text.h"
#include "real/api/pod_identity.h"
#include "real/control/status_edits.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::string_view kCounted = "batch.arcas.io/counted";
constexpr std::string_view kTemplateHash = "controller-revision-hash";
constexpr std::string_view kNodeNameField = "metadata.name";

/// A pod of a DaemonSet says for which node it is; its spec is then that of all its siblings.
void take_target(model::PodSpec& spec, model::Pod& pod, model::Catalog& catalog) {
  if (spec.node_affinity.required.size() != 1) return;
  model::NodeSelectorTerm& term = spec.node_affinity.required.front();
  if (term.fields.size() != 1 || term.fields.front().values.size() != 1) return;
  if (catalog.text(term.fields.front().key) != kNodeNameField) return;
  pod.target = catalog.nodes.intern(catalog.text(term.fields.front().values.front()));
  term.fields.clear();
  if (term.labels.empty()) {
    spec.node_affinity.required.clear();
    spec.node_affinity.has_required = false;
  }
}

std::string hash_text(std::uint64_t hash) {
  char text[20];
  std::snprintf(text, sizeof(text), "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

/// Of which template of its DaemonSet the pod is.
std::uint64_t template_hash_at(const manifest::Field& root) {
  std::uint64_t hash = 0;
  const std::string_view text = root["metadata"]["labels"][kTemplateHash].text();
  std::from_chars(text.data(), text.data() + text.size(), hash, 16);
  return hash;
}

bool owned_by_daemon_set(const manifest::Field& root) {
  const auto owners = root["metadata"]["ownerReferences"].elements();
  return std::any_of(owners.begin(), owners.end(), [](const manifest::Field& owner) {
    return owner["kind"].text() == "DaemonSet" && owner["controller"].boolean();
  });
}

std::string_view phase_text(model::PodPhase phase) {
  switch (phase) {
    case model::PodPhase::pending:
      return "Pending";
    case model::PodPhase::running:
      return "Running";
    case model::PodPhase::succeeded:
      return "Succeeded";
    case model::PodPhase::failed:
      return "Failed";
    case model::PodPhase::no_schedule:
      return "NoSchedule";
    case model::PodPhase::unknown:
      break;
  }
  return "Unknown";
}

void set_condition(json::object& status, std::string_view type, bool holds, TimePoint since) {
  set_condition(status, ConditionText{type, holds ? "True" : "False"}, since);
}

/// What the runtime says of one container, as far as the core knows it: all of a pod's share a
/// fate.
json::object container_status(const json::object& container, const model::Pod& pod,
                              std::string_view since) {
  json::object state;
  if (pod.phase == model::PodPhase::running) {
    state["running"] = json::object{{"startedAt", since}};
  } else if (pod.terminal()) {
    const bool well = pod.phase == model::PodPhase::succeeded;
    state["terminated"] = json::object{{"exitCode", well ? 0 : 1},
                                       {"reason", well ? "Completed" : "Error"},
                                       {"startedAt", since},
                                       {"finishedAt", since}};
  } else {
    state["waiting"] = json::object{{"reason", "ContainerCreating"}};
  }
  return {{"name", text_at(container, "name")},
          {"image", text_at(container, "image")},
          {"imageID", ""},
          {"ready", pod.ready},
          {"started", pod.phase == model::PodPhase::running},
          {"restartCount", 0},
          {"lastState", json::object()},
          {"state", std::move(state)}};
}

/// Whether a runtime has said more of the containers than the core knows.
bool told_by_runtime(const json::object& status) {
  const json::value* list = status.if_contains("containerStatuses");
  if (list == nullptr || !list->is_array()) return false;
  const json::array& entries = list->get_array();
  return std::any_of(entries.begin(), entries.end(), [](const json::value& entry) {
    return entry.is_object() && entry.get_object().contains("containerID");
  });
}

void write_runtime_status(json::object& document, json::object& status, const model::Pod& pod,
                          std::string_view since) {
  const json::value* machine = value_at(document, "spec.virtualMachine");
  if (machine != nullptr && machine->is_object()) {
    const bool runs = pod.phase == model::PodPhase::running;
    status["virtualMachineStatus"] =
        json::object{{"name", text_at(machine->get_object(), "name")},
                     {"image", text_at(machine->get_object(), "image")},
                     {"state", runs             ? "active"
                               : pod.terminal() ? "stopped"
                                                : "nostate"},
                     {"powerState", runs             ? "running"
                                    : pod.terminal() ? "shutdown"
                                                     : "nostate"},
                     {"ready", pod.ready},
                     {"restartCount", 0}};
    return;
  }
  if (told_by_runtime(status)) return;
  const json::value* containers = value_at(document, "spec.containers");
  if (containers == nullptr || !containers->is_array()) return;
  json::array list;
  for (const json::value& container : containers->get_array()) {
    if (container.is_object()) {
      list.emplace_back(container_status(container.get_object(), pod, since));
    }
  }
  status["containerStatuses"] = std::move(list);
}

void write_status(json::object& document, const model::Pod& pod, TimePoint now,
                  const model::Catalog& catalog) {
  json::object& status = object_at(document, "status");
  status["phase"] = phase_text(pod.phase);
  if (pod.reason.valid()) status["reason"] = catalog.text(pod.reason);
  if (pod.started_at.ns >= 0) status["startTime"] = time_text(pod.started_at);
  const TimePoint since = pod.ready_since.ns >= 0 ? pod.ready_since : pod.meta.created_at;
  const std::string text = time_text(since);
  if (!pod.node.valid()) return;
  set_condition(status, "Initialized", true, since);
  set_condition(status, "Ready", pod.ready, pod.ready ? since : now);
  set_condition(status, "ContainersReady", pod.ready, pod.ready ? since : now);
  write_runtime_status(document, status, pod, text);
}

void mark_deleted(json::object& document, const model::Pod& pod, const model::Catalog& catalog) {
  const std::int64_t grace = catalog.spec(pod.spec).termination_grace_seconds;
  json::object& metadata = object_at(document, "metadata");
  metadata["deletionTimestamp"] = time_text(pod.meta.deleted_at + seconds(grace));
  metadata["deletionGracePeriodSeconds"] = grace;
}

json::array tolerations_of(const model::PodSpec& spec, const model::Catalog& catalog) {
  json::array list;
  for (const model::Toleration& toleration : spec.tolerations) {
    json::object entry;
    if (toleration.key.valid()) entry["key"] = catalog.text(toleration.key);
    const bool exists = toleration.op == model::Toleration::Operator::exists;
    entry["operator"] = exists ? "Exists" : "Equal";
    if (toleration.value.valid()) entry["value"] = catalog.text(toleration.value);
    if (!toleration.any_effect) entry["effect"] = taint_effect_text(toleration.effect);
    if (toleration.seconds >= 0) entry["tolerationSeconds"] = toleration.seconds;
    list.emplace_back(std::move(entry));
  }
  return list;
}

/// As Kubernetes's DaemonSet controller pins a pod: every required term asks for the node's name.
void write_target(json::object& spec, const std::string& node) {
  json::object& affinity = object_at(object_at(spec, "affinity"), "nodeAffinity");
  json::object& required = object_at(affinity, "requiredDuringSchedulingIgnoredDuringExecution");
  json::value& terms = required["nodeSelectorTerms"];
  if (!terms.is_array() || terms.get_array().empty()) terms = json::array{json::object()};
  for (json::value& term : terms.get_array()) {
    if (!term.is_object()) continue;
    term.get_object()["matchFields"] = json::array{
        json::object{{"key", kNodeNameField}, {"operator", "In"}, {"values", json::array{node}}}};
  }
}

}  // namespace

model::Pod decoded_pod(const manifest::Field& root, const manifest::Decoding& decoding) {
  model::Catalog& catalog = decoding.catalog;
  manifest::PodManifest read = manifest::pod_at(root, decoding);
  model::Pod pod = read.pod;
  apply_defaults(read.spec);
  if (owned_by_daemon_set(root)) {
    take_target(read.spec, pod, catalog);
    read.spec.unread = template_hash_at(root);
  }
  pod.spec = catalog.intern_spec(std::move(read.spec));
  if (read.node_name.valid()) pod.node = catalog.nodes.intern(catalog.text(read.node_name));
  if (read.nominated.valid()) pod.nominated = catalog.nodes.intern(catalog.text(read.nominated));
  for (const manifest::Field& condition : root["status"]["conditions"].elements()) {
    if (condition["type"].text() != "Ready") continue;
    if (const auto since = manifest::time_at(condition["lastTransitionTime"], decoding)) {
      pod.ready_since = *since;
    }
  }
  pod.counted = root["metadata"]["annotations"][kCounted].text() == "true";
  return pod;
}

void write_address(json::object& document, const std::string& address) {
  json::object& status = object_at(document, "status");
  if (address.empty() || status.contains("podIP")) return;
  status["podIP"] = address;
  status["podIPs"] = json::array{json::object{{"ip", address}}};
}

json::object owner_reference(const json::object& owner) {
  return {{"apiVersion", text_at(owner, "apiVersion")},
          {"kind", text_at(owner, "kind")},
          {"name", text_at(owner, "metadata.name")},
          {"uid", text_at(owner, "metadata.uid")},
          {"controller", true},
          {"blockOwnerDeletion", true}};
}

json::object new_pod_document(const model::Pod& pod, const json::object& owner,
                              const model::Catalog& catalog) {
  json::object document{{"apiVersion", "v1"}, {"kind", "Pod"}};
  json::object metadata{{"name", catalog.name_text(pod.meta.name)},
                        {"generateName", std::string(text_at(owner, "metadata.name")) + '-'},
                        {"namespace", catalog.namespace_name(pod.meta.name_space)},
                        {"tenant", catalog.tenants.text(pod.meta.tenant)}};
  if (const json::value* given = value_at(owner, "spec.template.metadata.annotations")) {
    metadata["annotations"] = *given;
  }
  json::object labels;
  for (const auto& [key, value] : catalog.label_sets[pod.meta.labels].items()) {
    labels[catalog.text(key)] = catalog.text(value);
  }
  if (pod.target.valid()) labels[kTemplateHash] = hash_text(catalog.spec(pod.spec).unread);
  if (!labels.empty()) metadata["labels"] = std::move(labels);
  metadata["ownerReferences"] = json::array{owner_reference(owner)};
  document["metadata"] = std::move(metadata);
  const json::value* spec = value_at(owner, "spec.template.spec");
  document["spec"] = spec != nullptr && spec->is_object() ? spec->get_object() : json::object();
  if (pod.target.valid()) {
    json::object& own = document["spec"].get_object();
    write_target(own, catalog.nodes.text(pod.target));
    own["tolerations"] = tolerations_of(catalog.spec(pod.spec), catalog);
  }
  settle_pod_identity(document);
  document["status"] = json::object{{"phase", "Pending"}};
  return document;
}

void edit_pod(json::object& document, const model::Pod& before, const model::Pod& after,
              TimePoint now, const model::Catalog& catalog) {
  const bool bound = after.node != before.node && after.node.valid();
  if (bound) {
    object_at(document, "spec")["nodeName"] = catalog.nodes.text(after.node);
    set_condition(object_at(document, "status"), "PodScheduled", true, now);
  }
  if (after.nominated != before.nominated) {
    json::object& status = object_at(document, "status");
    status.erase("nominatedNodeName");
    if (after.nominated.valid()) {
      status["nominatedNodeName"] = catalog.nodes.text(after.nominated);
    }
  }
  if (after.meta.terminating() && !before.meta.terminating())
    mark_deleted(document, after, catalog);
  if (after.counted && !before.counted) {
    object_at(object_at(document, "metadata"), "annotations")[kCounted] = "true";
  }
  if (after.phase != before.phase || after.ready != before.ready || after.reason != before.reason) {
    write_status(document, after, now, catalog);
  }
}

}  // namespace arcas::real
