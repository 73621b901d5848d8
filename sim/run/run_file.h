#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/expected.h"
#include "core/base/time.h"
#include "sim/scenario/yaml_source.h"

namespace arcas::sim {

/// Where a run was at a time: enough to know it again, since a run is a pure function of its
/// scenario and the binary.
struct Snapshot {
  TimePoint at;
  std::uint64_t events = 0;
  std::string hash;
};

/// A recorded run: what it was run from, and snapshots of it, the last one at its end. To be at a
/// time again is to run to there again; the snapshots say whether it is the same place.
struct RunFile {
  std::string build;     ///< build_id() of the binary that wrote it
  std::string scenario;  ///< YAML, with everything that it extends
  std::string file;      ///< where the scenario came from; paths in it are relative to that
  std::string scheduler_config;
  std::string trace_folder;
  std::vector<Snapshot> snapshots;
};

std::string to_json(const RunFile& run);
/// Refuses what is no run file, and one of another build with both ids.
Expected<RunFile> read_run_file(const std::string& path);

/// A hash over the running binary, 32 hexadecimal digits; "unknown" when it cannot be read.
std::string build_id();

}  // namespace arcas::sim
