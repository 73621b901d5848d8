// A cluster as kubectl prints it: machines, and the pods that it has at one moment.
#include <algorithm>
#include <map>
#include <string>

#include "sim/trace/importers.h"
#include "sim/workload/snapshot_files.h"

namespace arcas::sim {
namespace {

using model::SnapshotWorkload;

/// Resources that are whole GPUs, by name.
constexpr const char* kGpus[] = {"nvidia.com/gpu", "amd.com/gpu", "gpu.intel.com/i915"};

std::int64_t gpus_of(const model::ResourceList& amounts, const model::Catalog& catalog) {
  std::int64_t gpus = 0;
  for (const char* name : kGpus) {
    const ResourceId kind = catalog.resources.find(name);
    if (kind.valid()) gpus += amounts.get(kind);
  }
  return gpus;
}

std::int64_t mebibytes(std::int64_t bytes, bool up) { return (bytes + (up ? 0xfffff : 0)) >> 20; }

/// The label that GPU operators set, made fit for a cell.
std::string model_of(const model::Node& node, const model::Catalog& catalog) {
  const StringId key = catalog.strings.find("nvidia.com/gpu.product");
  const StringId value = key.valid() ? catalog.label_sets[node.meta.labels].get(key) : StringId{};
  return value.valid() ? catalog.text(value) : "";
}

bool per_node(const LoadedSnapshot& cluster, const model::SnapshotPod& pod) {
  return pod.workload != SnapshotWorkload::kNone &&
         cluster.snapshot.workloads[pod.workload].type == SnapshotWorkload::Type::per_node;
}

Status add_nodes(Import& import, const LoadedSnapshot& cluster) {
  const model::Catalog& catalog = *cluster.catalog;
  std::map<NodeId, model::ResourceList> own;  // what DaemonSets and static pods take there
  for (const model::SnapshotPod& pod : cluster.snapshot.pods) {
    if (per_node(cluster, pod) && pod.pod.node.valid()) {
      own[pod.pod.node].add(catalog.spec(pod.pod.spec).requests);
    }
  }
  for (const model::Node& node : cluster.snapshot.nodes) {
    const model::ResourceList& taken = own[node.id];
    const auto left = [&](ResourceId kind) {
      return std::max<std::int64_t>(node.allocatable.get(kind) - taken.get(kind), 0);
    };
    TraceNode row;
    row.name = catalog.nodes.text(node.id);
    row.cpu_milli = left(model::kCpu);
    row.memory_mib = mebibytes(left(model::kMemory), false);
    row.gpus =
        std::max<std::int64_t>(gpus_of(node.allocatable, catalog) - gpus_of(taken, catalog), 0);
    row.gpu_model = row.gpus > 0 ? model_of(node, catalog) : "";
    Status status = row.cpu_milli > 0 && row.memory_mib > 0 && row.gpus <= kMostTraceGpus
                        ? import.output.add(row)
                        : Status::invalid("has no cpu or no memory left, or too many GPUs");
    if (status.ok()) continue;
    status.message = "Node " + row.name + ": " + status.message;
    if (Status end = import.bad_row(status); !end.ok()) return end;
  }
  return Status::success();
}

Status add_pods(Import& import, const LoadedSnapshot& cluster) {
  const model::Catalog& catalog = *cluster.catalog;
  for (const model::SnapshotPod& pod : cluster.snapshot.pods) {
    if (per_node(cluster, pod) || pod.pod.meta.terminating()) continue;
    const model::ResourceList& requests = catalog.spec(pod.pod.spec).requests;
    TracePod row;
    row.name = catalog.namespace_name(pod.pod.meta.name_space) + "." +
               catalog.name_text(pod.pod.meta.name);
    row.cpu_milli = requests.get(model::kCpu);
    row.memory_mib = mebibytes(requests.get(model::kMemory), true);
    row.gpus = gpus_of(requests, catalog);
    row.gpu_milli = row.gpus > 0 ? 1000 : 0;
    Status status = row.cpu_milli <= kMostTraceCpuMilli && row.memory_mib <= kMostTraceMemoryMib &&
                            row.gpus <= kMostTraceGpus
                        ? import.output.add(row)
                        : Status::invalid("asks for more than a list can say");
    if (status.ok()) continue;
    status.message = "Pod " + row.name + ": " + status.message;
    if (Status end = import.bad_row(status); !end.ok()) return end;
  }
  return Status::success();
}

}  // namespace

Status import_kubectl(Import& import) {
  const auto cluster = load_snapshot(import.request.files);
  if (!cluster) return cluster.error();
  for (const auto& [kind, count] : cluster->report.taken) {
    import.report.rows += static_cast<std::int64_t>(count);
  }
  import.report.rows += static_cast<std::int64_t>(cluster->report.problem_count);
  import.report.bad_rows = static_cast<std::int64_t>(cluster->report.problem_count);
  for (const std::string& problem : cluster->report.problems) {
    if (import.report.bad.size() < ImportReport::kMostBad) import.report.bad.push_back(problem);
  }
  import.invent("times: all pods come at 0 and stay");
  for (const std::string& note : cluster->report.notes) import.invent(note);
  import.leave_out(
      "pods of DaemonSets, static pods and those that are being deleted; machines offer what the "
      "first two leave");
  import.leave_out(
      "where pods are now, their owners, labels, affinities, tolerations, spread constraints, "
      "priorities, budgets, volumes, zones and taints: arcas whatif looks at them");
  if (Status status = add_nodes(import, *cluster); !status.ok()) return status;
  return add_pods(import, *cluster);
}

}  // namespace arcas::sim
