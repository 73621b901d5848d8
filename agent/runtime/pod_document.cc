#include "agent/runtime/pod_document.h"

#include <algorithm>
#include <boost/json/value.hpp>

#include "agent/runtime/container_document.h"
#include "core/manifest/document.h"
#include "core/manifest/parts.h"
#include "core/manifest/pod.h"

namespace arcas::agent {

using manifest::Field;

namespace {

std::vector<VolumeItem> items_at(const Field& field, const char* key_name) {
  std::vector<VolumeItem> items;
  for (const Field& entry : field.elements()) {
    VolumeItem item;
    item.key = entry[key_name].is_text() ? entry[key_name].text() : std::string_view();
    item.path = entry["path"].text();
    item.mode = entry["mode"].integer32(-1, 0, 0777);
    if (!is_path_below(item.path)) entry["path"].refuse("leaves the volume");
    items.push_back(std::move(item));
  }
  return items;
}

/// `field` is a source of a projected volume, or the volume itself. False when it is none of them.
bool source_at(const Field& field, VolumeSource& source) {
  const Field map = field["configMap"];
  const Field secret = field["secret"];
  const Field fields = field["downwardAPI"];
  const Field& object = map.present() ? map : secret;
  if (object.present()) {
    source.kind = map.present() ? VolumeSource::Kind::config_map : VolumeSource::Kind::secret;
    const Field& name = object["name"].present() ? object["name"] : object["secretName"];
    source.object = name.text();
    source.optional = object["optional"].boolean();
    source.items = items_at(object["items"], "key");
    return true;
  }
  if (!fields.present()) return false;
  source.kind = VolumeSource::Kind::fields;
  source.items = items_at(fields["items"], "path");
  const std::vector<Field> entries = fields["items"].elements();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    source.items[i].key = entries[i]["fieldRef"]["fieldPath"].text();
    source.items[i].resource = resource_reference_at(entries[i]["resourceFieldRef"]);
  }
  return true;
}

void host_path_at(const Field& host, PodVolume& volume) {
  constexpr PodVolume::HostType kTypes[] = {PodVolume::HostType::any,
                                            PodVolume::HostType::directory,
                                            PodVolume::HostType::make_directory,
                                            PodVolume::HostType::file,
                                            PodVolume::HostType::make_file,
                                            PodVolume::HostType::other,
                                            PodVolume::HostType::other,
                                            PodVolume::HostType::other};
  volume.kind = PodVolume::Kind::host_path;
  volume.host_path = host["path"].text();
  if (!volume.host_path.starts_with('/')) host["path"].refuse("no absolute path");
  volume.host_type =
      kTypes[host["type"].one_of({"", "Directory", "DirectoryOrCreate", "File", "FileOrCreate",
                                  "Socket", "CharDevice", "BlockDevice"})];
}

PodVolume volume_at(const Field& field) {
  PodVolume volume;
  volume.name = field["name"].text();
  if (!is_path_name(volume.name)) field["name"].refuse("no DNS label");
  const Field projected = field["projected"];
  VolumeSource source;
  if (field["hostPath"].present()) {
    host_path_at(field["hostPath"], volume);
  } else if (projected.present()) {
    volume.kind = PodVolume::Kind::files;
    for (const Field& entry : projected["sources"].elements()) {
      VolumeSource of_many;
      if (!source_at(entry, of_many)) {
        entry.refuse("no source that this node knows; allowed: configMap, secret, downwardAPI");
      }
      volume.sources.push_back(std::move(of_many));
    }
  } else if (source_at(field, source)) {
    volume.kind = PodVolume::Kind::files;
    volume.sources.push_back(std::move(source));
  } else if (const Field empty = field["emptyDir"]; empty.present()) {
    volume.in_memory = empty["medium"].text() == "Memory";
    volume.size_limit_bytes = manifest::whole_units_at(empty["sizeLimit"]);
  } else {
    field.refuse(
        "no kind of volume that this node knows; allowed: emptyDir, hostPath, configMap, secret, "
        "downwardAPI, projected");
  }
  for (const char* holder : {"configMap", "secret", "downwardAPI", "projected"}) {
    const Field mode = field[holder]["defaultMode"];
    if (mode.present())
      volume.default_mode = static_cast<std::uint32_t>(mode.integer(0644, 0, 0777));
  }
  for (const VolumeSource& each : volume.sources) {
    volume.in_memory = volume.in_memory || each.kind == VolumeSource::Kind::secret;
  }
  return volume;
}

MachineDocument machine_at(const Field& field) {
  constexpr MachineDocument::Power kPowers[] = {
      MachineDocument::Power::running, MachineDocument::Power::paused,
      MachineDocument::Power::shutdown, MachineDocument::Power::suspended};
  MachineDocument machine;
  machine.name = field["name"].text();
  if (!is_path_name(machine.name)) field["name"].refuse("no DNS label");
  machine.image = field["image"].text();
  const Field resources = field["resources"];
  const auto either = [&](const char* kind) {
    const Field limit = resources["limits"][kind];
    return limit.present() ? limit : resources["requests"][kind];
  };
  machine.cpus = static_cast<std::int32_t>(
      std::clamp<std::int64_t>(manifest::whole_units_at(either("cpu")), 1, 255));
  machine.memory_bytes = manifest::whole_units_at(either("memory"));
  machine.user_data = field["userData"].text();
  machine.public_key = field["publicKey"].text();
  machine.power =
      kPowers[field["powerSpec"].one_of({"Running", "Paused", "Shutdown", "Suspended"})];
  machine.terminate_on_shutdown = field["shutdownBehavior"].one_of({"stop", "terminate"}) == 1;
  return machine;
}

void check_mounts(const Field& spec, const PodDocument& pod) {
  for (const ContainerDocument& container : pod.containers) {
    for (const VolumeMount& mount : container.mounts) {
      const bool known =
          std::any_of(pod.volumes.begin(), pod.volumes.end(),
                      [&](const PodVolume& volume) { return volume.name == mount.volume; });
      if (known) continue;
      spec.refuse("container \"" + container.config.name + "\" mounts volume \"" + mount.volume +
                  "\", which spec.volumes does not name");
    }
  }
}

void set_kill_order(PodDocument& pod, std::int64_t memory_capacity_bytes) {
  for (ContainerDocument& container : pod.containers) {
    container.config.resources.oom_score_adj =
        node::oom_score_adjustment(pod.qos, container.memory_request_bytes, memory_capacity_bytes);
  }
}

void identity_at(const Field& metadata, PodDocument& pod) {
  pod.name = metadata["name"].text();
  pod.tenant = metadata["tenant"].text();
  pod.name_space = metadata["namespace"].present() ? metadata["namespace"].text() : "default";
  pod.uid = metadata["uid"].text();
  for (const auto& [key, value] : metadata["labels"].members()) {
    pod.labels.emplace(key, value.text());
  }
  for (const auto& [key, value] : metadata["annotations"].members()) {
    pod.annotations.emplace(key, value.text());
  }
  for (const auto& [field, value] :
       {std::pair("name", &pod.name), std::pair("namespace", &pod.name_space),
        std::pair("uid", &pod.uid)}) {
    if (!is_path_name(*value)) metadata[field].refuse("must be a name of letters, digits, - and .");
  }
}

void host_at(const Field& spec, PodDocument& pod) {
  pod.hostname = spec["hostname"].present() ? std::string(spec["hostname"].text()) : pod.name;
  if (!is_path_name(pod.hostname)) spec["hostname"].refuse("no DNS label");
  if (pod.hostname.size() > 63) pod.hostname.resize(63);
  pod.host_network = spec["hostNetwork"].boolean();
  pod.host_pid = spec["hostPID"].boolean();
  pod.host_ipc = spec["hostIPC"].boolean();
  pod.share_processes = spec["shareProcessNamespace"].boolean();
}

PodDocument pod_at(const Field& root, std::int64_t memory_capacity_bytes) {
  PodDocument pod;
  identity_at(root["metadata"], pod);
  const Field spec = root["spec"];
  host_at(spec, pod);
  pod.node_memory_bytes = memory_capacity_bytes;
  pod.service_account =
      spec["serviceAccountName"].present() ? spec["serviceAccountName"].text() : "default";
  model::Catalog catalog;
  model::PodSpec typed = manifest::pod_spec_at(spec, pod.name, catalog);
  model::apply_defaults(typed);
  pod.qos = node::qos_class(typed);
  pod.restart = typed.restart;
  pod.grace = seconds(typed.termination_grace_seconds);
  for (const Field& volume : spec["volumes"].elements()) pod.volumes.push_back(volume_at(volume));
  for (const bool init : {true, false}) {
    for (const Field& field : spec[init ? "initContainers" : "containers"].elements()) {
      pod.containers.push_back(container_document_at(field, spec["securityContext"], init));
      if (!init) host_ports_at(field, pod.host_ports);
    }
  }
  if (spec["virtualMachine"].present()) pod.machine = machine_at(spec["virtualMachine"]);
  if (pod.containers.empty() && !pod.machine)
    spec.refuse("neither containers nor a virtualMachine");
  check_mounts(spec, pod);
  set_kill_order(pod, memory_capacity_bytes);
  return pod;
}

}  // namespace

bool is_path_name(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  if (name.empty() || name.size() > 253 || !plain(name.front()) || !plain(name.back()))
    return false;
  return std::all_of(name.begin(), name.end(),
                     [&](char c) { return plain(c) || c == '-' || c == '.'; });
}

bool is_path_below(std::string_view path) {
  if (path.empty() || path.size() > 4000 || path.find('\0') != std::string_view::npos) return false;
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part = path.substr(begin, end - begin);
    if (part.empty() || part == "." || part == ".." || part.size() > 255) return false;
    begin = end + 1;
  }
  return true;
}

Expected<PodDocument> decode_pod_document(const boost::json::value& document,
                                          std::int64_t memory_capacity_bytes) {
  return manifest::decode_document(
      document, [&](const Field& root) { return pod_at(root, memory_capacity_bytes); });
}

node::LifecyclePlan lifecycle_plan(const PodDocument& pod) {
  node::LifecyclePlan plan;
  for (const ContainerDocument& container : pod.containers)
    plan.containers.push_back(container.plan);
  plan.restart = pod.restart;
  plan.grace = pod.grace;
  return plan;
}

}  // namespace arcas::agent
