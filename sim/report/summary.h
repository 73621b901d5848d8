#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace arcas::sim {

/// One line of the story of a run.
struct SummaryNote {
  double at_seconds = 0;
  std::string text;
};

struct ViolationReport {
  double at_seconds = 0;
  std::string invariant;
  std::string text;
};

/// State of the region at one virtual time.
struct Sample {
  double at_seconds = 0;
  std::int64_t pods = 0;
  std::int64_t pods_running = 0;
  std::int64_t nodes_up = 0;
  std::int64_t events = 0;
  std::int64_t decisions = 0;
  std::int64_t evictions = 0;
  std::int64_t recovered = 0;
  std::int64_t messages = 0;
};

/// What came of a run. Times in seconds are virtual unless the name says wall. Values below 0 mean
/// that there is none.
struct Summary {
  std::string scenario;
  std::uint64_t seed = 0;
  std::string profile;
  std::int64_t nodes = 0;
  std::int64_t pods = 0;          ///< wanted at the end, by all workloads but Jobs
  std::int64_t pods_running = 0;  ///< in ground truth, at the end, without those of Jobs
  std::int64_t daemon_pods = 0;   ///< of DaemonSets among those wanted
  std::int64_t daemon_pods_ready = 0;
  std::int64_t jobs = 0;
  std::int64_t jobs_complete = 0;
  std::int64_t jobs_failed = 0;
  std::int64_t gangs_started = 0;
  std::int64_t gang_timeouts = 0;   ///< gangs whose placed pods gave their room back
  std::int64_t gang_conflicts = 0;  ///< gangs whose claims another scheduler had
  double virtual_seconds = 0;
  double wall_seconds = 0;
  std::int64_t events = 0;
  double events_per_second = 0;  ///< of wall time
  std::string trace_hash;
  std::string decisions_hash;  ///< over commits alone: equal for both heartbeat modes
  std::int64_t peak_rss_bytes = 0;
  std::vector<ViolationReport> violations;
  std::int64_t pods_running_before_fault = 0;
  std::int64_t pods_displaced = 0;
  std::int64_t pods_recovered = 0;
  std::int64_t pods_lost = 0;
  std::int64_t pods_run_twice = 0;
  double recovery_p50 = -1, recovery_p90 = -1, recovery_p99 = -1, recovery_max = -1;
  double detection_seconds = -1;
  double leaderless_seconds = 0;  ///< longest time that a tenant partition's lease was not renewed
  double goodput_seconds = -1;    ///< from the end of the last fault to 95 % of what is wanted
  std::int64_t evictions = 0;
  std::int64_t tenants_moved = 0;  ///< moves to another tenant partition that were decided
  std::int64_t claims_granted = 0;
  std::int64_t claims_rejected = 0;
  std::int64_t pods_rejected = 0;  ///< pods that an agent had no room for
  std::int64_t decisions = 0;
  std::int64_t decisions_by_flow = 0;  ///< pods placed by a batch's flow
  std::int64_t flow_batches = 0;
  std::int64_t flow_fallbacks = 0;  ///< pods of batches that were decided one by one
  std::int64_t flow_gap = 0;        ///< pods that the bounds allowed beyond what the flows placed
  double decisions_per_second = 0;  ///< of wall time, the whole simulation included
  std::int64_t messages = 0;
  std::int64_t commits = 0;
  std::int64_t refused_operations = 0;
  std::int64_t invariants_checked = 0;  ///< evaluations of all checkers
  bool settled = false;                 ///< the whole workload ran before the first fault
  bool converged = false;  ///< it ended because all faults were over and every pod ran again
  bool interrupted = false;
  std::vector<SummaryNote> notes;
  std::vector<Sample> samples;
  std::vector<std::string> checkpoints;  ///< hash after every 65,536 events

  /// Claims that were refused, of all; 0 when there were none.
  [[nodiscard]] double conflict_percent() const {
    const std::int64_t all = claims_granted + claims_rejected;
    return all == 0 ? 0 : 100.0 * static_cast<double>(claims_rejected) / static_cast<double>(all);
  }
  /// A metric by its JSON name, nested ones with dots ("recovery_seconds.p99"). None if unknown.
  [[nodiscard]] std::optional<double> metric(const std::string& name) const;
  static std::vector<std::string> metric_names();
};

/// Keys as documented in docs/scenarios.md; stable order.
std::string to_json(const Summary& summary);
/// A table for people.
std::string to_table(const Summary& summary);

}  // namespace arcas::sim
