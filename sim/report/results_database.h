#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/expected.h"
#include "sim/report/run_record.h"
#include "sim/report/summary.h"

namespace arcas::sim {

struct NodeOutcome {
  std::string name;
  std::string zone;
  bool up = false;
  std::int64_t pods = 0;
};

struct PodOutcome {
  std::uint64_t uid = 0;
  std::string tenant;
  std::string name;
  std::string node;
  std::string phase;
  bool terminating = false;
  double created_seconds = 0;
  double started_seconds = -1;
};

/// A pod that was displaced (OutcomeTracker says what that is), each time.
struct DisplacementOutcome {
  std::uint64_t uid = 0;  ///< of the pod that was displaced
  std::string node;       ///< where it ran
  std::string cause;      ///< "host down" or "evicted"
  double displaced_seconds = 0;
  double recovered_seconds = -1;  ///< < 0: not by the end
};

/// The rows that only the run can give, handed over one by one.
struct ResultRows {
  std::function<void(const std::function<void(const NodeOutcome&)>&)> nodes;
  std::function<void(const std::function<void(const PodOutcome&)>&)> pods;
  std::function<void(const std::function<void(const DisplacementOutcome&)>&)> displacements;
};

/// Refuses early, before a run, what write_database would refuse after it.
Status check_database(const std::string& path, bool force);

/// Writes a SQLite file. One transaction; the file appears complete or not at all. Units are in the
/// names of the columns; docs/report.md lists the tables. Errors: the file exists and `force` is
/// not set; SQLite's own.
Status write_database(const std::string& path, bool force, const RunRecord& record,
                      const std::vector<Sample>& samples, const ResultRows& rows);

/// Reads back the record that such a file holds. Errors name the file and what is wrong with it;
/// a file of anyone's making is safe to read.
Expected<RunRecord> read_database(const std::string& path);

}  // namespace arcas::sim
