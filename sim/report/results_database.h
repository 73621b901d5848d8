#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/base/expected.h"
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

/// Writes a SQLite file with the tables run (key, value), samples, nodes, pods, displacements,
/// events (the story), violations. One transaction; the file appears complete or not at all. Units
/// are in the names of the columns. Errors: the file exists and `force` is not set; SQLite's own.
Status write_database(const std::string& path, bool force, const Summary& summary,
                      const ResultRows& rows);

}  // namespace arcas::sim
