// Creations and deletions of VMs in one region of Azure, in bins of 300 seconds. Source: Cortez et
// al., SOSP 2017 (the data); Bergsma et al., SOSP 2021 (the bins): one row for each VM, joined from
// arrivals and durations.
#include "sim/trace/importers.h"

namespace arcas::sim {
namespace {

const std::vector<std::string> kColumns{
    "vm_id", "arrival_s", "vcpu", "mem_gib", "lifetime_bin_lo_s", "lifetime_bin_hi_s", "censored"};

Expected<std::int64_t> arrival_of(const CsvReader& csv) {
  return csv.number(1, 0, kMostTraceSeconds);
}

Expected<TracePod> vm_of(const CsvReader& csv, std::int64_t first) {
  const auto arrival = arrival_of(csv);
  if (!arrival) return arrival.error();
  const auto cpu = csv.thousandths(2, 0, kMostTraceCpuMilli / 1000);
  if (!cpu) return cpu.error();
  const auto memory = csv.thousandths(3, 0, kMostTraceMemoryMib / 1024);
  if (!memory) return memory.error();
  const auto low = csv.number(4, 0, kMostTraceSeconds);
  if (!low) return low.error();
  const auto high = csv.number(5, *low, kMostTraceSeconds);
  if (!high) return high.error();
  const auto censored = csv.number(6, 0, 1);
  if (!censored) return censored.error();
  TracePod pod;
  pod.name = "vm-" + csv.cell(0);
  pod.cpu_milli = *cpu;
  pod.memory_mib = (*memory * 1024 + 999) / 1000;
  pod.created_seconds = *arrival - first;
  if (*censored == 0) pod.deleted_seconds = pod.created_seconds + *low + (*high - *low) / 2;
  return pod;
}

}  // namespace

Status import_azure_vm(Import& import) {
  const std::string& path = import.request.files[0];
  const auto first = earliest(path, kColumns, arrival_of);
  if (!first) return first.error();
  auto csv = CsvReader::open(path, kColumns);
  if (!csv) return csv.error();
  Status status = import.add_machines({2'000, 48'000, 384 * 1024, 0}, "the trace has no machines");
  if (!status.ok()) return status;
  import.invent("times: they count from the first arrival, second " + std::to_string(*first) +
                " of the trace, and lie on a grid of 300 s");
  import.invent("lifetimes: the middle of the bin that the trace gives");
  import.invent("VMs that outlive the trace stay for ever");
  import.leave_out("batches (VMs of one tenant that came at once): the pod list has no tenants");
  import.leave_out("that they are virtual machines: a list's pods are containers");
  return each_row(*csv, import, [&](const CsvReader& row) {
    const auto vm = vm_of(row, *first);
    return vm ? at_row(row, import.output.add(*vm)) : vm.error();
  });
}

}  // namespace arcas::sim
