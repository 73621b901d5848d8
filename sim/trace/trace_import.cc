#include "sim/trace/trace_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/trace/importers.h"

namespace arcas::sim {
namespace {

constexpr std::size_t kMostSlices = 10'000;

constexpr std::array<ImportKind, 10> kKinds{{
    {"openb", "NODES.csv PODS.csv", 2, 2, "Alibaba's GPU cluster of 2023"},
    {"azure-vm", "VMS.csv", 1, 1,
     "creations and deletions of VMs, as joined from Azure's V1 trace"},
    {"philly", "JOBS.csv", 1, 1, "gangs of GPUs from Microsoft's Philly clusters"},
    {"swf", "JOBS.swf [MACHINES]", 1, 2, "the Standard Workload Format of parallel machines"},
    {"huawei", "MACHINES.csv VMS.csv", 2, 2,
     "topology-aware VM placement, in the order of arrival"},
    {"azure-functions", "INVOCATIONS.csv DURATIONS.csv MEMORY.csv", 3, 3,
     "a day of Azure's functions of 2019, minute by minute"},
    {"google-2011", "MACHINE_EVENTS.csv TASK_EVENTS.csv…", 2, kMostSlices,
     "tasks of a Borg cell in May 2011 (clusterdata-2011-2), slices in the order of time"},
    {"google-2019", "MACHINE_EVENTS.csv INSTANCE_EVENTS.csv…", 2, kMostSlices,
     "instances of a Borg cell in May 2019 (clusterdata-2019), as CSV in the order of time"},
    {"alibaba-batch", "MACHINE_META.csv BATCH_TASK.csv [BATCH_INSTANCE.csv]", 2, 3,
     "batch jobs of Alibaba's cluster of 2018 (cluster-trace-v2018)"},
    {"kubectl", "CLUSTER.json…", 1, kMostSlices,
     "a cluster as kubectl get nodes,pods,… -A -o json prints it: files or folders"},
}};
constexpr std::array<Status (*)(Import&), kKinds.size()> kImporters{
    import_openb,         import_azure_vm,        import_philly,      import_swf,
    import_huawei,        import_azure_functions, import_google_2011, import_google_2019,
    import_alibaba_batch, import_kubectl};

Expected<std::size_t> kind_of(const ImportRequest& request) {
  std::string names;
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (kKinds[i].name == request.kind) {
      const std::size_t given = request.files.size();
      if (given >= kKinds[i].least_files && given <= kKinds[i].most_files) return i;
      return Status::invalid(
          fmt::format("{}: {} files; allowed: {}", request.kind, given, kKinds[i].files));
    }
    names += (names.empty() ? "" : ", ") + std::string(kKinds[i].name);
  }
  return Status::invalid("\"" + request.kind + "\" is not a kind of trace; allowed: " + names);
}

}  // namespace

std::span<const ImportKind> import_kinds() { return kKinds; }

Status Import::bad_row(const Status& why) {
  if (why.code == StatusCode::exhausted) return why;
  ++report.bad_rows;
  if (report.bad.size() < ImportReport::kMostBad) report.bad.push_back(why.message);
  return Status::success();
}

Status Import::add_machines(const TraceMachines& otherwise, const std::string& because) {
  TraceMachines machines = request.machines;
  std::string made_up;
  const auto fill = [&made_up](std::int64_t& value, std::int64_t other, bool given,
                               const std::string& what) {
    if (given) return;
    value = other;
    made_up += (made_up.empty() ? "" : ", ") + what;
  };
  fill(machines.count, otherwise.count, machines.count > 0,
       fmt::format("{} machines", otherwise.count));
  fill(machines.cpu_milli, otherwise.cpu_milli, machines.cpu_milli > 0,
       fmt::format("{} cores each", static_cast<double>(otherwise.cpu_milli) / 1000));
  fill(machines.memory_mib, otherwise.memory_mib, machines.memory_mib > 0,
       fmt::format("{} MiB of memory each", otherwise.memory_mib));
  fill(machines.gpus, otherwise.gpus, machines.gpus >= 0,
       fmt::format("{} GPUs each", otherwise.gpus));
  if (!made_up.empty()) invent(made_up + ": " + because);
  TraceNode like;
  like.cpu_milli = machines.cpu_milli;
  like.memory_mib = machines.memory_mib;
  like.gpus = machines.gpus;
  return output.add_machines(machines.count, like);
}

Status at_row(const CsvReader& csv, Status status) {
  if (!status.ok()) status.message = csv.place() + ": " + status.message;
  return status;
}

Expected<ImportReport> import_trace(const ImportRequest& request) {
  const auto kind = kind_of(request);
  if (!kind) return kind.error();
  auto output = TraceOutput::open(request);
  if (!output) return output.error();
  ImportReport report;
  Import import{request, *output, report};
  if (Status status = kImporters[*kind](import); !status.ok()) return status;
  report.nodes = output->nodes();
  report.pods = output->pods();
  report.span_seconds = static_cast<double>(output->last_second());
  if (report.pods == 0 || report.nodes == 0) {
    const std::string what = report.pods == 0 ? "no row gave a pod" : "no row gave a node";
    return Status::invalid(
        request.files[0] + ": " + what +
        (report.bad.empty() ? "" : "; the first that is wrong: " + report.bad[0]));
  }
  if (Status status = output->finish(); !status.ok()) return status;
  return report;
}

}  // namespace arcas::sim
