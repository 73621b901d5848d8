#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/expected.h"
#include "sim/workload/line_reader.h"

namespace arcas::sim {

constexpr std::size_t kMostTraceNodes = 1'000'000;
constexpr std::size_t kMostTracePods = 10'000'000;
constexpr std::int64_t kMostTraceCpuMilli = 1'000'000'000;
constexpr std::int64_t kMostTraceMemoryMib = std::int64_t{1} << 30;  // 1 PiB
constexpr std::int64_t kMostTraceGpus = 1'024;
constexpr std::int64_t kMostTraceSeconds = 3'000'000'000;  // 95 years

/// A row of a node list as the openb trace has it: the form in which scenarios take traces.
struct TraceNode {
  std::string name;
  std::int64_t cpu_milli = 0;
  std::int64_t memory_mib = 0;
  std::int64_t gpus = 0;
  std::string gpu_model;  ///< empty: none
};

/// A row of a pod list.
struct TracePod {
  static constexpr std::int64_t kNever = -1;
  std::string name;
  std::int64_t cpu_milli = 0;
  std::int64_t memory_mib = 0;
  std::int64_t gpus = 0;
  std::int64_t gpu_milli = 0;  ///< of each
  std::string gpu_models;      ///< "A|B": any of these; empty: any
  std::int64_t created_seconds = 0;
  std::int64_t deleted_seconds = kNever;
};

/// Columns in the order in which the functions below expect them of a reader.
const std::vector<std::string>& trace_node_columns();
const std::vector<std::string>& trace_pod_columns();

/// The reader's present row. Errors name file, line and column.
Expected<TraceNode> trace_node(const CsvReader& csv);
/// `timeless`: a list without times, whose pods are there from the beginning and stay.
Expected<TracePod> trace_pod(const CsvReader& csv, bool timeless = false);

}  // namespace arcas::sim
