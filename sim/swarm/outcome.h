#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/expected.h"
#include "sim/scenario/scenario.h"
#include "sim/swarm/child_runs.h"

namespace arcas::sim {

/// What came of one run, as it travels from a child process to its parent.
struct Outcome {
  /// What failed: the invariant's name, the expectations, "crash", "hang" or "invalid"; empty:
  /// clean.
  std::string failure;
  std::string text;        ///< what is wrong, for people
  double at_seconds = -1;  ///< virtual time of a violation
  double virtual_seconds = 0;
  std::uint64_t events = 0;
  std::string trace_hash;
  std::int64_t decisions = 0;   ///< of schedulers
  std::int64_t operations = 0;  ///< of users, carried out
  std::int64_t faults = 0;      ///< struck
  bool ran_in_full = false;     ///< everything that was wanted ran at once at some time
  std::vector<std::pair<std::string, std::uint64_t>> invariants;  ///< evaluations, by name
  std::vector<std::pair<std::string, std::string>> pairs;  ///< operation, fault in force with it

  [[nodiscard]] bool clean() const { return failure.empty(); }
};

/// Runs a scenario to its end in this process.
Outcome run_to_outcome(const Scenario& scenario);

/// One run in a child process of its own.
Outcome run_in_child(const Scenario& scenario, double seconds);

/// One line of JSON, and back.
std::string to_line(const Outcome& outcome);
Expected<Outcome> outcome_of_line(const std::string& line);
/// Of a child that gave such a line, or came to grief.
Outcome outcome_of(const ChildRuns::Finished& finished);

/// Which operation of a user began while which kind of fault was in force, up to `until`.
std::vector<std::pair<std::string, std::string>> operation_fault_pairs(const Scenario& scenario,
                                                                       Duration until);

}  // namespace arcas::sim
