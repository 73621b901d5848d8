#include "core/manifest/pod.h"

#include <algorithm>

#include "core/manifest/parts.h"
#include "core/manifest/pod_placement.h"

namespace arcas::manifest {

using model::Catalog;

namespace {

void host_ports_at(const Field& container, std::vector<model::HostPort>& ports, Catalog& catalog) {
  for (const Field& entry : container["ports"].elements()) {
    constexpr model::HostPort::Protocol kProtocols[] = {model::HostPort::Protocol::tcp,
                                                        model::HostPort::Protocol::udp,
                                                        model::HostPort::Protocol::sctp};
    model::HostPort port;
    port.port = static_cast<std::uint16_t>(entry["hostPort"].integer(0, 0, 65535));
    port.protocol = kProtocols[entry["protocol"].one_of({"TCP", "UDP", "SCTP"})];
    port.host_ip = text_at(entry["hostIP"], catalog);
    if (port.port != 0) ports.push_back(port);
  }
}

void containers_at(const Field& field, bool init, model::PodSpec& spec, Catalog& catalog) {
  for (const Field& entry : field.elements()) {
    model::Container container;
    container.name = text_at(entry["name"], catalog);
    container.image = text_at(entry["image"], catalog);
    container.requests = resources_at(entry["resources"]["requests"], catalog);
    container.limits = resources_at(entry["resources"]["limits"], catalog);
    container.init = init;
    container.sidecar =
        init && entry["restartPolicy"].present() && entry["restartPolicy"].one_of({"Always"}) == 0;
    if (!init) host_ports_at(entry, spec.host_ports, catalog);
    spec.containers.push_back(std::move(container));
  }
}

void virtual_machine_at(const Field& field, model::PodSpec& spec, Catalog& catalog) {
  using Power = model::VirtualMachine::PowerSpec;
  constexpr Power kPower[] = {Power::running, Power::paused, Power::shutdown, Power::suspended};
  spec.workload = model::WorkloadType::vm;
  spec.vm.name = text_at(field["name"], catalog);
  spec.vm.image = text_at(field["image"], catalog);
  spec.vm.requests = resources_at(field["resources"]["requests"], catalog);
  spec.vm.limits = resources_at(field["resources"]["limits"], catalog);
  spec.vm.power = kPower[field["powerSpec"].one_of({"Running", "Paused", "Shutdown", "Suspended"})];
}

/// What its node has set aside for a pod is what it takes there, whatever it asks for by now: the
/// scheduler counts `resourcesAllocated` of running pods. Source: arktos.md, capability 44.
void allocated_at(const Field& spec, model::PodSpec& read, Catalog& catalog) {
  const auto count = [&](const Field& field, model::ResourceList& requests) {
    const model::ResourceList allocated = resources_at(field["resourcesAllocated"], catalog);
    for (const auto& item : allocated.items()) requests.set(item.kind, item.amount, item.excess);
  };
  if (read.workload == model::WorkloadType::vm) count(spec["virtualMachine"], read.vm.requests);
  std::size_t at = spec["initContainers"].elements().size();
  for (const Field& entry : spec["containers"].elements()) {
    if (at < read.containers.size()) count(entry, read.containers[at++].requests);
  }
}

/// Requests of the pod as a whole. Kubernetes 1.32 knows cpu and memory there.
void pod_requests_at(const Field& field, model::PodSpec& spec, Catalog& catalog) {
  const model::ResourceList named = resources_at(field["requests"], catalog);
  for (const auto& item : named.items()) {
    if (item.kind != model::kCpu && item.kind != model::kMemory) continue;
    spec.pod_requests.set(item.kind, item.amount, item.excess);
  }
  spec.has_pod_requests = !spec.pod_requests.empty();
}

void placement_at(const Field& field, model::PodSpec& spec, Catalog& catalog) {
  for (const auto& [key, value] : field["nodeSelector"].members()) {
    const StringId key_id = catalog.intern(key);
    spec.node_selector.emplace_back(key_id, catalog.intern(value.text()));
  }
  std::sort(spec.node_selector.begin(), spec.node_selector.end());
  spec.node_affinity = node_affinity_at(field["affinity"]["nodeAffinity"], catalog);
  spec.pod_affinity = pod_affinity_at(field["affinity"], catalog);
  spec.tolerations = tolerations_at(field["tolerations"], catalog);
  spec.topology_spread = topology_spread_at(field["topologySpreadConstraints"], catalog);
  spec.scheduler_name = text_at(field["schedulerName"], catalog);
  for (const Field& gate : field["schedulingGates"].elements()) {
    gate["name"].require();
    spec.scheduling_gates.push_back(text_at(gate["name"], catalog));
  }
}

std::vector<OwnerText> owners_at(const Field& field, Catalog& catalog) {
  std::vector<OwnerText> owners;
  for (const Field& entry : field.elements()) {
    owners.push_back({text_at(entry["apiVersion"], catalog), text_at(entry["kind"], catalog),
                      text_at(entry["name"], catalog), text_at(entry["uid"], catalog),
                      entry["controller"].boolean()});
  }
  return owners;
}

void status_at(const Field& field, PodManifest& manifest, const Decoding& decoding) {
  constexpr model::PodPhase kPhases[] = {model::PodPhase::pending,   model::PodPhase::running,
                                         model::PodPhase::succeeded, model::PodPhase::failed,
                                         model::PodPhase::unknown,   model::PodPhase::no_schedule};
  manifest.pod.phase = kPhases[field["phase"].one_of(
      {"Pending", "Running", "Succeeded", "Failed", "Unknown", "NoSchedule"})];
  manifest.pod.reason = text_at(field["reason"], decoding.catalog);
  if (const auto started = time_at(field["startTime"], decoding)) {
    manifest.pod.started_at = *started;
  }
  manifest.nominated = text_at(field["nominatedNodeName"], decoding.catalog);
  for (const Field& condition : field["conditions"].elements()) {
    const std::string_view type = condition["type"].text();
    const bool holds = condition["status"].text() == "True";
    if (type == "Ready") manifest.pod.ready = holds;
    if (type == "DisruptionTarget" && holds &&
        condition["reason"].text() == "PreemptionByScheduler") {
      manifest.preempted_by_scheduler = true;
    }
  }
}

}  // namespace

model::PodSpec pod_spec_at(const Field& field, std::string_view pod_name, Catalog& catalog) {
  constexpr model::RestartPolicy kRestart[] = {
      model::RestartPolicy::always, model::RestartPolicy::on_failure, model::RestartPolicy::never};
  model::PodSpec spec;
  containers_at(field["initContainers"], true, spec, catalog);
  containers_at(field["containers"], false, spec, catalog);
  const Field vm = field["virtualMachine"];
  if (vm.present() && !spec.containers.empty()) {
    vm.refuse("stands beside containers; allowed: one of the two");
  } else if (vm.present()) {
    virtual_machine_at(vm, spec, catalog);
  }
  spec.overhead = resources_at(field["overhead"], catalog);
  pod_requests_at(field["resources"], spec, catalog);
  spec.volumes = volumes_at(field["volumes"], pod_name, catalog);
  placement_at(field, spec, catalog);
  spec.priority = field["priority"].integer32();
  spec.preemption = field["preemptionPolicy"].one_of({"PreemptLowerPriority", "Never"}) == 0
                        ? model::PreemptionPolicy::preempt_lower_priority
                        : model::PreemptionPolicy::never;
  spec.restart = kRestart[field["restartPolicy"].one_of({"Always", "OnFailure", "Never"})];
  spec.termination_grace_seconds = field["terminationGracePeriodSeconds"].integer32(30, 0);
  return spec;
}

model::PodTemplate pod_template_at(const Field& field, Catalog& catalog) {
  model::PodTemplate result;
  result.labels = catalog.label_sets.intern(labels_at(field["metadata"]["labels"], catalog));
  result.spec = catalog.intern_spec(pod_spec_at(field["spec"], "", catalog));
  return result;
}

PodManifest pod_at(const Field& field, const Decoding& decoding) {
  Catalog& catalog = decoding.catalog;
  PodManifest manifest;
  manifest.pod.meta = metadata_at(field, decoding, true);
  manifest.uid = text_at(field["metadata"]["uid"], catalog);
  manifest.owners = owners_at(field["metadata"]["ownerReferences"], catalog);
  manifest.spec = pod_spec_at(field["spec"], field["metadata"]["name"].text(), catalog);
  manifest.node_name = text_at(field["spec"]["nodeName"], catalog);
  if (manifest.node_name.valid()) allocated_at(field["spec"], manifest.spec, catalog);
  status_at(field["status"], manifest, decoding);
  return manifest;
}

Expected<PodManifest> decode_pod(const boost::json::value& document, const Decoding& decoding) {
  return decode_document(document, [&](const Field& root) { return pod_at(root, decoding); });
}

}  // namespace arcas::manifest
