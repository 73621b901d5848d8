#include "python/src/columns.h"

#include <limits>
#include <map>

#include "core/model/pod_spec.h"

namespace arcas::python {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double seconds_at(TimePoint at) { return at.ns < 0 ? kNone : (at - TimePoint{}).seconds(); }

template <class IdType>
std::vector<std::string> names_of(const StringInterner<IdType>& interner) {
  std::vector<std::string> names;
  names.reserve(interner.size());
  for (std::uint32_t i = 0; i < interner.size(); ++i) names.push_back(interner.text(IdType{i}));
  return names;
}

/// Gives namespaces codes by name: tenants may have namespaces of the same name.
class NamespaceCodes {
 public:
  NamespaceCodes(const model::Catalog& catalog, std::vector<std::string>& names)
      : catalog_(catalog), names_(names) {}
  std::int32_t operator()(NamespaceId name_space) {
    if (!name_space.valid()) return -1;
    if (name_space.index >= known_.size()) known_.resize(name_space.index + std::size_t{1}, -1);
    std::int32_t& known = known_[name_space.index];
    if (known >= 0) return known;
    const std::string& name = catalog_.namespace_name(name_space);
    const auto [at, is_new] = codes_.try_emplace(name, static_cast<std::int32_t>(names_.size()));
    if (is_new) names_.push_back(name);
    return known = at->second;
  }

 private:
  const model::Catalog& catalog_;
  std::vector<std::string>& names_;
  std::vector<std::int32_t> known_;  // by NamespaceId
  std::map<std::string, std::int32_t> codes_;
};

std::int32_t code(std::uint32_t index, bool valid) {
  return valid ? static_cast<std::int32_t>(index) : -1;
}

const std::vector<std::string> kPhases = {"Pending", "Running", "Succeeded",
                                          "Failed",  "Unknown", "NoSchedule"};

std::int32_t code_of(model::PodPhase phase) {
  switch (phase) {
    case model::PodPhase::pending:
      return 0;
    case model::PodPhase::running:
      return 1;
    case model::PodPhase::succeeded:
      return 2;
    case model::PodPhase::failed:
      return 3;
    case model::PodPhase::unknown:
      return 4;
    case model::PodPhase::no_schedule:
      return 5;
  }
  return -1;
}

std::int32_t code_of_owner(const model::OwnerReference& owner) {
  if (!owner.uid.valid()) return -1;
  switch (owner.kind) {
    case model::Kind::replica_set:
      return 0;
    case model::Kind::daemon_set:
      return 1;
    case model::Kind::job:
      return 2;
    default:
      return -1;
  }
}

std::vector<std::string> zone_names(const sim::Region& region) {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < region.zone_count(); ++i) {
    names.emplace_back(region.zone_name(ZoneId{i}));
  }
  return names;
}

void reserve(PodColumns& c, std::size_t rows) {
  c.uid.reserve(rows);
  c.name.reserve(rows);
  for (Categories* text : {&c.tenant, &c.name_space, &c.owner_kind, &c.node, &c.zone, &c.phase}) {
    text->codes.reserve(rows);
  }
  c.terminating.reserve(rows);
  c.virtual_machine.reserve(rows);
  c.priority.reserve(rows);
  c.cpu_milli.reserve(rows);
  c.memory_bytes.reserve(rows);
  c.created_seconds.reserve(rows);
  c.started_seconds.reserve(rows);
}

}  // namespace

std::vector<std::string> node_names(sim::Simulation& simulation) {
  return names_of(simulation.run().catalog().nodes);
}

PodColumns pod_columns(sim::Simulation& simulation) {
  const sim::RegionRun& run = simulation.run();
  const model::Catalog& catalog = run.catalog();
  const sim::Region& region = run.region();
  PodColumns c;
  reserve(c, run.counts().pods);
  c.tenant.names = names_of(catalog.tenants);
  NamespaceCodes namespace_code(catalog, c.name_space.names);
  c.node.names = names_of(catalog.nodes);
  c.zone.names = zone_names(region);
  c.phase.names = kPhases;
  c.owner_kind.names = {"ReplicaSet", "DaemonSet", "Job"};
  run.for_each_pod([&](const model::Pod& pod) {
    const model::PodSpec& spec = catalog.spec(pod.spec);
    c.uid.push_back(pod.meta.uid.value);
    c.tenant.codes.push_back(code(pod.meta.tenant.index, true));
    c.name_space.codes.push_back(namespace_code(pod.meta.name_space));
    c.name.push_back(catalog.name_text(pod.meta.name));
    c.owner_kind.codes.push_back(code_of_owner(pod.meta.owner));
    c.node.codes.push_back(code(pod.node.index, pod.node.valid()));
    c.zone.codes.push_back(
        pod.node.valid() ? code(region.zone_of(sim::HostId{pod.node.index}).index, true) : -1);
    c.phase.codes.push_back(code_of(pod.phase));
    c.terminating.push_back(pod.meta.terminating() ? 1 : 0);
    c.virtual_machine.push_back(spec.workload == model::WorkloadType::vm ? 1 : 0);
    c.priority.push_back(spec.priority);
    c.cpu_milli.push_back(spec.requests.get(model::kCpu));
    c.memory_bytes.push_back(spec.requests.get(model::kMemory));
    c.created_seconds.push_back(seconds_at(pod.meta.created_at));
    c.started_seconds.push_back(pod.started_at.ns > 0 ? seconds_at(pod.started_at) : kNone);
  });
  return c;
}

NodeColumns node_columns(sim::Simulation& simulation) {
  sim::RegionRun& run = simulation.run();
  const sim::Region& region = run.region();
  const std::size_t count = region.node_count();
  NodeColumns c;
  c.zone.names = zone_names(region);
  c.requested_cpu_milli.assign(count, 0);
  c.requested_memory_bytes.assign(count, 0);
  c.cpu_milli.assign(count, 0);
  c.memory_bytes.assign(count, 0);
  for (std::uint32_t i = 0; i < count; ++i) {
    c.name.emplace_back(run.catalog().nodes.text(NodeId{i}));
    c.zone.codes.push_back(code(region.zone_of(sim::HostId{i}).index, true));
    c.up.push_back(region.alive(sim::HostId{i}) ? 1 : 0);
    c.pods.push_back(run.pods_on(NodeId{i}));
    const model::ResourceList& allocatable = run.allocatable_of(NodeId{i});
    c.cpu_milli[i] = allocatable.get(model::kCpu);
    c.memory_bytes[i] = allocatable.get(model::kMemory);
  }
  run.for_each_pod([&](const model::Pod& pod) {
    if (!pod.node.valid() || pod.terminal() || pod.node.index >= count) return;
    const model::PodSpec& spec = run.catalog().spec(pod.spec);
    c.requested_cpu_milli[pod.node.index] += spec.requests.get(model::kCpu);
    c.requested_memory_bytes[pod.node.index] += spec.requests.get(model::kMemory);
  });
  return c;
}

EventColumns event_columns(sim::Simulation& simulation) {
  EventColumns c;
  std::map<std::string, std::int32_t> codes;
  for (const sim::RunNote& note : simulation.run().notes()) {
    const auto [at, is_new] =
        codes.try_emplace(note.what, static_cast<std::int32_t>(c.what.names.size()));
    if (is_new) c.what.names.push_back(note.what);
    c.at_seconds.push_back(seconds_at(note.at));
    c.what.codes.push_back(at->second);
    c.subject.push_back(note.subject);
    c.amount.push_back(note.amount);
  }
  return c;
}

}  // namespace arcas::python
