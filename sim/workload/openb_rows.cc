#include "sim/workload/openb_rows.h"

#include <array>
#include <optional>

namespace arcas::sim {

const std::vector<std::string>& trace_node_columns() {
  static const std::vector<std::string> columns{"sn", "cpu_milli", "memory_mib", "gpu", "model"};
  return columns;
}

const std::vector<std::string>& trace_pod_columns() {
  static const std::vector<std::string> columns{"name",          "cpu_milli",    "memory_mib",
                                                "num_gpu",       "gpu_milli",    "gpu_spec",
                                                "creation_time", "deletion_time"};
  return columns;
}

Expected<TraceNode> trace_node(const CsvReader& csv) {
  const auto cpu = csv.number(1, 1, kMostTraceCpuMilli);
  if (!cpu) return cpu.error();
  const auto memory = csv.number(2, 1, kMostTraceMemoryMib);
  if (!memory) return memory.error();
  const auto gpus = csv.number(3, 0, kMostTraceGpus, 0);
  if (!gpus) return gpus.error();
  return TraceNode{csv.cell(0), *cpu, *memory, *gpus, csv.cell(4)};
}

Expected<TracePod> trace_pod(const CsvReader& csv, bool timeless) {
  static constexpr std::array<std::int64_t, 4> kMost{kMostTraceCpuMilli, kMostTraceMemoryMib,
                                                     kMostTraceGpus, 1000};
  std::array<std::int64_t, 4> amounts{};
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    const auto amount = csv.number(1 + i, 0, kMost[i], 0);
    if (!amount) return amount.error();
    amounts[i] = *amount;
  }
  const auto created =
      csv.number(6, 0, kMostTraceSeconds, timeless ? std::optional<std::int64_t>(0) : std::nullopt);
  if (!created) return created.error();
  const auto deleted = csv.number(7, 0, kMostTraceSeconds, TracePod::kNever);
  if (!deleted) return deleted.error();
  if (*deleted != TracePod::kNever && *deleted < *created) {
    return csv.error(7, "lies before the creation at " + std::to_string(*created) +
                            "; allowed: time runs forward");
  }
  if (csv.cell(0).empty()) return csv.error(0, "is no name; allowed: text");
  return TracePod{csv.cell(0), amounts[0],  amounts[1], amounts[2],
                  amounts[3],  csv.cell(5), *created,   *deleted};
}

}  // namespace arcas::sim
