#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/report/summary.h"

namespace arcas::sim {

/// How a region fared over virtual time. Rows are at the times at which something had changed, a
/// second or more apart; between two of them nothing did.
struct RunSeries {
  /// The region at one time. Counts are of that time, or from the beginning where it says so.
  struct Point {
    double at_seconds = 0;
    std::int64_t pods = 0;       ///< pod objects that are neither finished nor going
    std::int64_t waiting = 0;    ///< those without a node
    std::int64_t running = 0;    ///< pods that run, in ground truth
    std::int64_t lost = 0;       ///< displaced and not made good yet (OutcomeTracker)
    std::int64_t displaced = 0;  ///< from the beginning
    std::int64_t recovered = 0;  ///< from the beginning
    std::int64_t evictions = 0;  ///< from the beginning
    std::int64_t decisions = 0;  ///< from the beginning
    std::int64_t nodes_up = 0;
    std::int64_t nodes_ready = 0;  ///< by the stores
    /// From a pod's creation to the commit of its binding, of those bound since the row before;
    /// within 3 % of the exact figure. -1: none was.
    double wait_p50_seconds = -1, wait_p99_seconds = -1, wait_max_seconds = -1;
    /// Jain's index over the tenants that have pods, of the share of their pods that runs: 1 when
    /// all fare alike, 1/n when one of n has everything.
    double fairness = 1;
    /// By zone, then by resource: what running pods have asked for.
    std::vector<std::int64_t> used;
    /// By partition.
    std::vector<std::int64_t> commits;   ///< from the beginning
    std::vector<std::int64_t> changes;   ///< objects in them, from the beginning
    std::vector<std::int64_t> requests;  ///< messages to its api servers or node managers
    std::vector<std::int64_t> queue;     ///< pods of its tenants without a node
    bool operator==(const Point&) const = default;
  };
  /// Machines that are neighbours: a rack, a part of one, or a single node of a small region.
  struct Cell {
    std::string zone;
    std::int64_t rack = 0;
    std::string first_node;
    std::int64_t nodes = 0;
    bool operator==(const Cell&) const = default;
  };
  /// The map at one time: four bytes for each cell, each from 0 to 255 for a share from none to
  /// all: cpu asked for by running pods, memory likewise, machines up, nodes ready.
  struct Frame {
    double at_seconds = 0;
    std::string levels;
    bool operator==(const Frame&) const = default;
  };
  struct Fault {
    double begins_seconds = 0;
    double ends_seconds = -1;  ///< < 0: not by the end
    std::string text;
    bool operator==(const Fault&) const = default;
  };
  struct Phase {
    double at_seconds = 0;
    std::string name;
    bool operator==(const Phase&) const = default;
  };
  /// A tenant at the end.
  struct Tenant {
    std::string name;
    std::int64_t pods = 0;  ///< neither finished nor going
    std::int64_t running = 0;
    std::int64_t cpu_milli = 0;  ///< asked for by its running pods
    std::int64_t bound = 0;      ///< pods that got a node, from the beginning
    double wait_mean_seconds = -1;
    double wait_max_seconds = -1;
    bool operator==(const Tenant&) const = default;
  };

  std::vector<std::string> zones;
  std::vector<std::string> resources;
  std::vector<std::int64_t> capacity;   ///< by zone, then by resource: of all machines
  std::vector<std::string> partitions;  ///< "tp-0" …, then "rp-0" …
  std::vector<Point> points;
  std::vector<Cell> cells;
  std::vector<Frame> frames;
  std::vector<Fault> faults;
  std::int64_t faults_left_out = 0;
  std::vector<Phase> phases;
  /// Those that fared worst first; no more than kMostTenants.
  std::vector<Tenant> tenants;
  std::int64_t tenant_count = 0;
  /// Seconds within which 0 %, 1 %, … 100 % of the recovered pods ran again; empty: none did.
  std::vector<double> recovery_quantiles;

  static constexpr std::size_t kMostTenants = 200;
  bool operator==(const RunSeries&) const = default;
};

/// Everything a report tells of a run: what the results file holds without its rows for each pod.
struct RunRecord {
  struct Expected {
    std::string text;
    std::string seen;
    bool holds = false;
    bool operator==(const Expected&) const = default;
  };
  struct Invariant {
    std::string name;
    std::int64_t evaluations = 0;
    bool operator==(const Invariant&) const = default;
  };
  std::string scenario;
  std::string description;
  std::string profile;
  std::uint64_t seed = 0;
  std::string trace_hash;
  std::string build;     ///< hash of the binary
  std::string command;   ///< repeats the run
  std::string document;  ///< the scenario as YAML with everything that it extends
  /// Summary::metric_names() and their values.
  std::vector<std::pair<std::string, double>> figures;
  std::vector<SummaryNote> notes;
  std::vector<ViolationReport> violations;
  std::vector<Expected> expectations;
  std::vector<Invariant> invariants;
  RunSeries series;

  /// A figure by its name; -1 when there is none.
  [[nodiscard]] double figure(const std::string& name) const;
  /// No invariant was broken, every expectation came true, and nobody interrupted it.
  [[nodiscard]] bool well() const;
};

}  // namespace arcas::sim
