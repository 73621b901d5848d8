#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/expected.h"
#include "sim/report/summary.h"
#include "sim/run/region_run.h"
#include "sim/scenario/scenario.h"

namespace arcas::sim {

struct SimulationOptions {
  std::string trace_folder;
  /// Keep each displacement of a pod for the results file (32 bytes each).
  bool keep_displacements = false;
  /// Record how the run goes, for the results file and the report.
  bool record_series = false;
};

/// One run of a scenario: builds the region, drives it, samples it, and knows when it is over.
class Simulation {
 public:
  /// Errors: a trace that cannot be read, or faults that contradict each other.
  static Expected<std::unique_ptr<Simulation>> make(const Scenario& scenario,
                                                    const SimulationOptions& options);
  ~Simulation();

  enum class Phase : std::uint8_t { building, running, faulty, recovering, settling, over };

  /// Handles up to `events` events, none after `until`. False when the run is over.
  bool advance(std::uint64_t events, TimePoint until = TimePoint::max());
  /// Nothing more happens until `time`, that included, or the run is over.
  bool reached(TimePoint time);
  /// Goes on with the faults, parameters, limits and expectations of another scenario; what is over
  /// stays as it was. Errors: faults that contradict each other; nothing is changed then.
  Status change_course(const Scenario& scenario);
  void interrupt() { interrupted_ = true; }

  [[nodiscard]] Phase phase() const { return phase_; }
  [[nodiscard]] static std::string_view name_of(Phase phase);
  [[nodiscard]] TimePoint now() const { return run_->now(); }
  /// Everything that was wanted ran at once at some time.
  [[nodiscard]] bool ran_in_full() const { return ran_in_full_; }
  [[nodiscard]] RegionRun::Counts counts() const { return run_->counts(); }
  [[nodiscard]] std::uint64_t events() { return run_->engine().dispatched(); }

  /// The figures so far; final when the run is over.
  Summary summary(double wall_seconds);
  /// How the run went up to now; empty unless it was to be recorded.
  [[nodiscard]] RunSeries series();
  /// Something went wrong on the way (faults that could not be placed).
  [[nodiscard]] const Status& status() const { return status_; }
  RegionRun& run() { return *run_; }

 private:
  Simulation(const Scenario& scenario, const SimulationOptions& options);
  Status build();
  std::vector<FaultSpec> fault_specs(TimePoint settled) const;
  void look(TimePoint now);
  void sample(TimePoint now);
  [[nodiscard]] bool all_running() const;
  [[nodiscard]] bool jobs_over() const;
  [[nodiscard]] bool made_good() const;
  void enter(Phase phase);
  void look_at_goodput(TimePoint now);
  void converge(TimePoint now);
  [[nodiscard]] TimePoint end_of_run() const;

  Scenario scenario_;
  SimulationOptions options_;
  std::unique_ptr<model::Catalog> catalog_;
  std::unique_ptr<RegionRun> run_;
  Status status_;
  Phase phase_ = Phase::building;
  bool faults_wait_ = false;  // for the workload to run
  bool settled_ = false;
  bool converged_ = false;
  bool ran_in_full_ = false;
  bool interrupted_ = false;
  TimePoint next_look_;
  TimePoint looked_at_;
  TimePoint next_sample_;
  TimePoint calm_since_{-1};
  TimePoint quiet_since_{-1};
  Duration goodput_after_{-1};  // the end of the last fault; < 0: not yet
  TimePoint settled_at_{-1};
  std::vector<Sample> samples_;
  std::vector<RunSeries::Phase> phases_;
};

/// Runs a scenario again and tells what led to its end: about what `about` names, see Story::tell.
std::string story_of(const Scenario& scenario, const SimulationOptions& options,
                     const std::string& about);

}  // namespace arcas::sim
