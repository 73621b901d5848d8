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

PodVolume volume_at(const Field& field) {
  PodVolume volume;
  volume.name = field["name"].text();
  if (!is_path_name(volume.name)) field["name"].refuse("no DNS label");
  const Field host = field["hostPath"];
  const Field map = field["configMap"];
  const Field secret = field["secret"];
  const Field empty = field["emptyDir"];
  const Field& object = map.present() ? map : secret;
  if (host.present()) {
    volume.kind = PodVolume::Kind::host_path;
    volume.source = host["path"].text();
    if (!volume.source.starts_with('/')) host["path"].refuse("no absolute path");
  } else if (object.present()) {
    volume.kind = map.present() ? PodVolume::Kind::config_map : PodVolume::Kind::secret;
    volume.source = map.present() ? map["name"].text() : secret["secretName"].text();
    volume.optional = object["optional"].boolean();
    for (const Field& item : object["items"].elements()) {
      const std::string path(item["path"].text());
      if (!is_path_below(path)) item["path"].refuse("leaves the volume");
      volume.items.emplace_back(item["key"].text(), path);
    }
  } else if (empty.present()) {
    volume.in_memory = empty["medium"].text() == "Memory";
    volume.size_limit_bytes = manifest::whole_units_at(empty["sizeLimit"]);
  } else {
    field.refuse(
        "no kind of volume that this node knows; allowed: emptyDir, hostPath, configMap, secret");
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
