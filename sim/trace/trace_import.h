#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/expected.h"

namespace arcas::sim {

/// Machines for a trace that tells of none. Zero: as the kind of trace has it.
struct TraceMachines {
  std::int64_t count = 0;
  std::int64_t cpu_milli = 0;
  std::int64_t memory_mib = 0;
  std::int64_t gpus = -1;  ///< of each; < 0: as the kind has it
};

struct ImportRequest {
  std::string kind;
  std::vector<std::string> files;  ///< as import_kinds() lists them
  std::string folder;              ///< gets nodes.csv and pods.csv; made if there is none
  TraceMachines machines;
  bool force = false;  ///< overwrite those two
};

/// What an import did, for people and machines.
struct ImportReport {
  std::int64_t nodes = 0;
  std::int64_t pods = 0;
  std::int64_t rows = 0;  ///< of the trace that were read
  std::int64_t bad_rows = 0;
  std::vector<std::string> bad;  ///< "file:line: column: what" of the first kMostBad
  double span_seconds = 0;       ///< from the first creation to the last deletion or creation
  /// Sentences: what was made up because the trace does not say it, and what was left out because
  /// the lists cannot say it.
  std::vector<std::string> invented;
  std::vector<std::string> left_out;
  static constexpr std::size_t kMostBad = 20;
};

struct ImportKind {
  std::string_view name;
  std::string_view files;  ///< "NODES.csv PODS.csv"
  std::size_t least_files = 1;
  std::size_t most_files = 1;
  std::string_view what;
};
std::span<const ImportKind> import_kinds();

/// Reads a trace row by row, plain or gzip, and writes it as the node and pod list that scenarios
/// take (trace: {kind: openb, nodes: nodes.csv, pods: pods.csv}). Rows that cannot be understood
/// are left out, counted, and reported with file and line. Memory: 16 bytes for each pod's name,
/// and what the kind needs to look up (azure-functions: each function once), never the trace.
/// Errors: a file that cannot be read to its end, no good row, output that exists; nothing is
/// written then.
Expected<ImportReport> import_trace(const ImportRequest& request);

}  // namespace arcas::sim
