// VM placement of Huawei Cloud with racks and NUMA, in the order of arrival. Source: the data of
// github.com/mdl1104/Dataset-for-topology-aware-VM-placement (CC0).
#include "sim/trace/importers.h"

namespace arcas::sim {
namespace {

Status add_machine(const CsvReader& csv, Import& import) {
  std::int64_t amounts[4] = {};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto amount =
        csv.number(i, 0, i % 2 == 0 ? kMostTraceCpuMilli / 2'000 : kMostTraceMemoryMib / 2'048);
    if (!amount) return amount.error();
    amounts[i] = *amount;
  }
  TraceNode node;
  node.name = "host-" + std::to_string(import.output.nodes());
  node.cpu_milli = (amounts[0] + amounts[2]) * 1000;
  node.memory_mib = (amounts[1] + amounts[3]) * 1024;
  if (node.cpu_milli == 0 || node.memory_mib == 0) {
    return csv.error(0, "is a machine with nothing left; allowed: cores and memory");
  }
  return at_row(csv, import.output.add(node));
}

Status add_vm(const CsvReader& csv, Import& import) {
  const auto order = csv.number(0, 0, kMostTraceSeconds);
  if (!order) return order.error();
  const auto cpu = csv.number(1, 1, kMostTraceCpuMilli / 1'000);
  if (!cpu) return cpu.error();
  const auto memory = csv.number(2, 1, kMostTraceMemoryMib / 1'024);
  if (!memory) return memory.error();
  TracePod pod;
  pod.name = "vm-" + csv.cell(0);
  pod.cpu_milli = *cpu * 1000;
  pod.memory_mib = *memory * 1024;
  pod.created_seconds = *order;
  return at_row(csv, import.output.add(pod));
}

}  // namespace

Status import_huawei(Import& import) {
  auto machines = CsvReader::open(import.request.files[0], {"CPU1", "RAM1", "CPU2", "RAM2"});
  if (!machines) return machines.error();
  Status status =
      each_row(*machines, import, [&](const CsvReader& csv) { return add_machine(csv, import); });
  if (!status.ok()) return status;
  auto vms = CsvReader::open(import.request.files[1], {"seq", "flavor_vcpus", "flavor_ram"});
  if (!vms) return vms.error();
  import.invent("times: the trace has only the order; one VM comes each second and stays for ever");
  import.invent("names of machines: their rows have none; racks are those of the scenario");
  import.leave_out(
      "NUMA nodes (both count as one machine), affinity, anti-affinity, fault domains: the lists "
      "cannot say them");
  return each_row(*vms, import, [&](const CsvReader& csv) { return add_vm(csv, import); });
}

}  // namespace arcas::sim
