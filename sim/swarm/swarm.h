#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/swarm/draw.h"
#include "sim/swarm/outcome.h"

namespace arcas::sim {

/// What a run must do to count: one that places few pods, does little for its users or breaks
/// nothing has tested nothing, whatever its checkers say.
struct LoadFloor {
  std::int64_t decisions = 100;
  std::int64_t operations = 10;
  std::int64_t faults = 1;

  [[nodiscard]] bool met(const Outcome& outcome) const {
    return outcome.decisions >= decisions && outcome.operations >= operations &&
           outcome.faults >= faults;
  }
};

/// A seed whose run failed.
struct Finding {
  std::uint64_t seed = 0;
  std::string failure;
  std::string text;
  double at_seconds = -1;
};

/// What came of many seeds.
class SwarmReport {
 public:
  SwarmReport(std::vector<std::string> operations, std::vector<std::string> faults);

  void add(std::uint64_t seed, const Outcome& outcome, double cpu_seconds);

  /// No finding, at least one run, and none below the load floor.
  [[nodiscard]] bool clean() const { return findings.empty() && below_floor.empty() && runs > 0; }
  [[nodiscard]] std::size_t pairs_there_are() const { return operations.size() * faults.size(); }
  /// Invariants that no run put to a test.
  [[nodiscard]] std::vector<std::string> never_tested() const;
  /// Pairs (operation, fault) that no run had.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> missing_pairs() const;
  [[nodiscard]] double cluster_years() const { return virtual_seconds / (365.0 * 86'400); }
  /// Virtual seconds for each second of one processor.
  [[nodiscard]] double speed() const { return cpu_seconds > 0 ? virtual_seconds / cpu_seconds : 0; }

  std::vector<std::string> operations;
  std::vector<std::string> faults;
  LoadFloor floor;
  std::uint64_t runs = 0;
  std::vector<Finding> findings;
  std::vector<std::uint64_t> below_floor;  ///< clean seeds below the load floor
  std::map<std::pair<std::string, std::string>, std::uint64_t> pairs;  ///< seeds that had each
  std::map<std::string, std::uint64_t> invariants;                     ///< evaluations
  double virtual_seconds = 0;
  double cpu_seconds = 0;
  std::uint64_t events = 0;
};

std::string to_json(const SwarmReport& report, std::uint64_t first_seed, double wall_seconds,
                    const std::string& repro_options);
std::string to_text(const SwarmReport& report, std::uint64_t first_seed, double wall_seconds,
                    const std::string& repro_options);
/// "arcas swarm --first-seed 17 --seeds 1"
std::string repro_line(std::uint64_t seed, const std::string& repro_options);

}  // namespace arcas::sim
