#include "sim/cli/sim_run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

#include "sim/cli/cli.h"
#include "sim/cli/output_file.h"
#include "sim/cli/run_arguments.h"
#include "sim/cli/run_outputs.h"
#include "sim/cli/second_run.h"
#include "sim/report/summary.h"
#include "sim/run/expectations.h"
#include "sim/run/run_file.h"
#include "sim/run/simulation.h"
#include "sim/scenario/schema.h"
#include "sim/scenario/units.h"

namespace arcas::sim {
namespace {

using WallClock = std::chrono::steady_clock;

volatile std::sig_atomic_t g_interrupted = 0;
void on_interrupt(int) { g_interrupted = 1; }

double since(WallClock::time_point start) {
  return std::chrono::duration<double>(WallClock::now() - start).count();
}

/// One line that is rewritten on a terminal; a plain line now and then elsewhere.
class Progress {
 public:
  explicit Progress(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) == 1) {}

  void show(Simulation& simulation, double wall) {
    if (quiet_ || wall < next_) return;
    next_ = wall + (terminal_ ? 0.2 : 5.0);
    const auto counts = simulation.counts();
    const double rate =
        wall > last_wall_
            ? static_cast<double>(simulation.events() - last_events_) / (wall - last_wall_)
            : 0;
    last_wall_ = wall;
    last_events_ = simulation.events();
    const std::string line = fmt::format(
        "{:>9}  {:<10} pods running {:>9}  nodes up {:>7}  {:>6.2f} M events/s  {:>6.1f} s wall",
        to_string(simulation.now() - TimePoint{}), Simulation::name_of(simulation.phase()),
        counts.pods_running, counts.nodes_up, rate / 1e6, wall);
    fmt::print(stderr, "{}{}{}", terminal_ ? "\r\033[K" : "", line, terminal_ ? "" : "\n");
    std::fflush(stderr);
  }
  void finish() {
    if (!quiet_ && terminal_) fmt::print(stderr, "\r\033[K");
  }

 private:
  bool quiet_;
  bool terminal_;
  double next_ = 0.2;
  double last_wall_ = 0;
  std::uint64_t last_events_ = 0;
};

/// Prints each expectation that fails; true when all hold.
bool check_expectations(const Scenario& scenario, const Summary& summary) {
  const auto failed = failed_expectations(scenario, summary);
  for (const JudgedExpectation& e : failed) {
    fmt::print(stderr, "expectation failed: {}  (seen: {})  [{}]\n", e.text, e.seen, e.where);
  }
  return failed.empty();
}

Status check_metrics(const Scenario& scenario) {
  for (const Expectation& e : scenario.expectations) {
    if (Summary{}.metric(e.metric)) continue;
    const std::vector<std::string> names = Summary::metric_names();
    const std::string_view meant = nearest(e.metric, {names.begin(), names.end()});
    return Status::invalid(fmt::format(
        "{}: expect: \"{}\" is not a metric{}; allowed: {}", e.where, e.metric,
        meant.empty() ? "" : fmt::format("; did you mean \"{}\"?", meant), fmt::join(names, ", ")));
  }
  return Status::success();
}

int fail(ExitCode code, const std::string& message) {
  fmt::print(stderr, "arcas: {}\n", message);
  return code;
}

Expected<Scenario> load(const RunRequest& request) {
  LoadOptions options;
  options.overrides = request.overrides;
  options.profile = request.profile;
  options.scheduler_config = request.scheduler_config;
  if (!request.heartbeats.empty()) options.overrides.push_back("heartbeats=" + request.heartbeats);
  auto scenario = load_scenario(find_scenario(request.scenario), options);
  if (!scenario) return scenario;
  if (request.seed >= 0) scenario->seed = static_cast<std::uint64_t>(request.seed);
  if (Status status = check_metrics(*scenario); !status.ok()) return status;
  return scenario;
}

/// Takes the snapshots of a run.
class Recorder {
 public:
  static Expected<Recorder> of(const RunRequest& request) {
    Recorder recorder;
    if (request.snapshot_every.empty() && request.run_file.empty()) return recorder;
    const auto every =
        parse_duration(request.snapshot_every.empty() ? "60s" : request.snapshot_every);
    if (!every || *every < milliseconds(1)) {
      return Status::invalid("--snapshot-every " + request.snapshot_every +
                             ": is not a time between two snapshots; allowed: 1ms and more");
    }
    if (request.run_file.empty()) {
      return Status::invalid("--snapshot-every: needs --run-file; allowed: a file to write");
    }
    if (!may_write(request.run_file)) {
      return Status::invalid("--run-file " + request.run_file +
                             ": cannot be written; allowed: a file in a folder that exists");
    }
    recorder.every_ = *every;
    recorder.next_ = TimePoint{} + *every;
    return recorder;
  }

  [[nodiscard]] TimePoint next() const { return next_; }
  void look(Simulation& simulation) {
    while (every_.ns > 0 && simulation.reached(next_)) {
      take(simulation, next_);
      next_ = next_ + every_;
      if (next_ > simulation.now() + hours(24 * 366)) return;  // nothing is left to happen
    }
  }
  Status write(const RunRequest& request, Simulation& simulation) {
    if (every_.ns == 0) return Status::success();
    take(simulation, simulation.now());
    const auto document = document_of(request);
    if (!document) return document.error();
    run_.build = build_id();
    run_.scenario = *document;
    run_.file = find_scenario(request.scenario);
    run_.scheduler_config = request.scheduler_config;
    run_.trace_folder = request.trace;
    std::ofstream file(request.run_file, std::ios::trunc);
    file << to_json(run_);
    if (!file.flush())
      return Status::invalid("--run-file " + request.run_file + ": cannot be written");
    return Status::success();
  }

 private:
  void take(Simulation& simulation, TimePoint at) {
    run_.snapshots.push_back({at, simulation.events(), simulation.run().engine().trace().hex()});
  }

  Duration every_;
  TimePoint next_ = TimePoint::max();
  RunFile run_;
};

}  // namespace

std::string find_scenario(const std::string& name) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::exists(name, error)) return name;
  for (const fs::path& folder : {fs::path("scenarios"), fs::path(ARCAS_SOURCE_DIR) / "scenarios"}) {
    const fs::path candidate = folder / (name + ".yaml");
    if (fs::exists(candidate, error)) return candidate.string();
  }
  return name;
}

int validate_scenario(const std::string& name) {
  RunRequest request;
  request.scenario = name;
  const auto scenario = load(request);
  if (!scenario) return fail(kUsage, scenario.error().message);
  if (scenario->trace.kind.empty()) {  // faults that contradict the region are found when it stands
    const auto built = Simulation::make(*scenario, {});
    if (!built) return fail(kUsage, built.error().message);
  }
  fmt::print("{}: valid: {} nodes, {} pods, {} faults, {} expectations\n", scenario->file,
             scenario->node_count(), scenario->workload.total_pods, scenario->faults.size(),
             scenario->expectations.size());
  return kOk;
}

int list_scenarios() {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::path folder = "scenarios";
  if (!fs::is_directory(folder, error)) folder = fs::path(ARCAS_SOURCE_DIR) / "scenarios";
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    const auto scenario = load_scenario(file.string(), {});
    fmt::print("{:<24} {}\n", file.stem().string(),
               scenario ? scenario->description : "INVALID: " + scenario.error().message);
  }
  return files.empty() ? kRuntimeError : kOk;
}

int run_scenario(const RunRequest& request, const std::string& self) {
  const auto start = WallClock::now();
  const auto scenario = load(request);
  if (!scenario) return fail(kUsage, scenario.error().message);
  if (!request.trace.empty() && scenario->trace.kind.empty()) {
    return fail(kUsage, "--trace " + request.trace + ": " + scenario->name +
                            " replays no trace; allowed: with a scenario that has trace.kind");
  }
  if (Status status = check_outputs(request); !status.ok()) return fail(kUsage, status.message);
  auto recorder = Recorder::of(request);
  if (!recorder) return fail(kUsage, recorder.error().message);
  const SimulationOptions options = options_for_outputs(request);
  auto made = Simulation::make(*scenario, options);
  if (!made) return fail(kUsage, made.error().message);
  Simulation& simulation = **made;

  std::signal(SIGINT, on_interrupt);
  std::signal(SIGTERM, on_interrupt);
  if (!request.quiet) {
    fmt::print(stderr, "{}: seed {}, profile {}\n", scenario->name, scenario->seed,
               scenario->profile.name);
  }
  Progress progress(request.quiet);
  while (simulation.advance(20'000, recorder->next())) {
    recorder->look(simulation);
    progress.show(simulation, since(start));
    if (g_interrupted != 0) simulation.interrupt();
  }
  progress.finish();
  if (Status status = recorder->write(request, simulation); !status.ok()) {
    return fail(kRuntimeError, status.message);
  }
  const int code =
      finish_run(request, *scenario, simulation, since(start), command_of(request, scenario->seed));
  if (const Violation* violation = simulation.run().checks().violation()) {
    fmt::print(
        stderr, "what led to it:\n{}",
        story_of(*scenario, options, std::string(violation->checker) + " " + violation->text));
  }
  if (!request.twice || (code != kOk && code != kFailed) || !simulation.status().ok()) return code;
  if (simulation.run().checks().violation() != nullptr) return code;
  const int compared = compare_with_second_run(request, self, simulation.summary(since(start)));
  return compared != kOk ? compared : code;
}

int finish_run(const RunRequest& request, const Scenario& scenario, Simulation& simulation,
               double wall_seconds, const std::string& again) {
  const Summary summary = simulation.summary(wall_seconds);
  Status written = write_outputs(request, scenario, summary, simulation);
  if (!simulation.status().ok()) return fail(kUsage, simulation.status().message);
  if (!written.ok()) return fail(kRuntimeError, written.message);
  if (summary.interrupted) return kInterrupted;
  if (!summary.violations.empty()) {
    fmt::print(stderr, "invariant broken; again with: {}\n", again);
    return kFailed;
  }
  return check_expectations(scenario, summary) ? kOk : kFailed;
}

}  // namespace arcas::sim
