#include "sim/cli/swarm_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>

#include "sim/cli/cli.h"
#include "sim/cli/output_file.h"
#include "sim/run/simulation.h"
#include "sim/scenario/schema.h"
#include "sim/swarm/child_runs.h"
#include "sim/swarm/draw.h"
#include "sim/swarm/fault_families.h"
#include "sim/swarm/swarm.h"

namespace arcas::sim {
namespace {

volatile std::sig_atomic_t g_stop = 0;
void on_stop(int) { g_stop = 1; }

double wall() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

int refuse_usage(const std::string& message) {
  fmt::print(stderr, "arcas: {}\n", message);
  return kUsage;
}

std::string file_of(std::uint64_t seed) { return fmt::format("swarm-{}.yaml", seed); }

Outcome run_seed(std::uint64_t seed, const SwarmChoice& choice) {
  const auto scenario = parse_scenario(draw_scenario(seed, choice), file_of(seed), {});
  if (scenario) return run_to_outcome(*scenario);
  Outcome outcome;
  outcome.failure = "invalid";
  outcome.text = scenario.error().message;
  return outcome;
}

/// Runs seeds until there are enough of them or the time is up, and reports as it goes.
class Campaign {
 public:
  Campaign(const SwarmRequest& request, SwarmReport& report)
      : request_(request),
        report_(report),
        runs_(static_cast<std::uint32_t>(request.jobs), request.seconds_each),
        start_(wall()) {
    choice_.families = request.families;
    if (!request.families.empty()) {
      repro_ = fmt::format(" --families {}", fmt::join(request.families, ","));
    }
  }

  /// False when the system allows no processes at all.
  bool run() {
    auto next = static_cast<std::uint64_t>(request_.first_seed);
    std::uint64_t left = request_.minutes > 0 ? std::numeric_limits<std::uint64_t>::max()
                                              : static_cast<std::uint64_t>(request_.seeds);
    while (left > 0 || !runs_.empty()) {
      const bool late = request_.minutes > 0 && elapsed() >= request_.minutes * 60;
      if (late || g_stop != 0) left = 0;
      while (left > 0 && !runs_.full()) {
        const std::uint64_t seed = next;
        if (!runs_.start(seed, [&] { return to_line(run_seed(seed, choice_)); })) {
          if (runs_.empty()) return false;
          break;
        }
        ++next;
        --left;
      }
      for (const ChildRuns::Finished& finished : runs_.wait(200)) take(finished);
      progress();
    }
    // Children end in an order of their own; the report does not.
    std::sort(report_.findings.begin(), report_.findings.end(),
              [](const Finding& a, const Finding& b) { return a.seed < b.seed; });
    std::sort(report_.below_floor.begin(), report_.below_floor.end());
    return true;
  }

  [[nodiscard]] double elapsed() const { return wall() - start_; }
  [[nodiscard]] const std::string& repro() const { return repro_; }

 private:
  void take(const ChildRuns::Finished& finished) {
    const Outcome outcome = outcome_of(finished);
    report_.add(finished.id, outcome, finished.cpu_seconds);
    if (outcome.clean()) return;
    fmt::print(stderr, "seed {}: {}: {}\n  {}\n", finished.id, outcome.failure, outcome.text,
               repro_line(finished.id, repro_));
    if (request_.keep.empty()) return;
    std::ofstream file(std::filesystem::path(request_.keep) / file_of(finished.id));
    file << draw_scenario(finished.id, choice_);
  }

  void progress() {
    if (request_.quiet || elapsed() < next_progress_) return;
    next_progress_ = elapsed() + 5;
    const std::size_t pairs = report_.pairs_there_are();
    fmt::print(stderr,
               "{:>6.0f} s  {:>6} seeds  {:>4} findings  {:>8.3f} cluster-years  {:>7.0f} x real "
               "time  {:>3} of {} pairs\n",
               elapsed(), report_.runs, report_.findings.size(), report_.cluster_years(),
               report_.speed(), pairs - report_.missing_pairs().size(), pairs);
  }

  const SwarmRequest& request_;
  SwarmReport& report_;
  SwarmChoice choice_;
  ChildRuns runs_;
  double start_;
  double next_progress_ = 5;
  std::string repro_;
};

/// A single seed that broke an invariant is run again to tell what led to it.
void tell(const Finding& finding, const SwarmRequest& request) {
  if (finding.at_seconds < 0) return;
  const SwarmChoice choice{request.families};
  const auto scenario =
      parse_scenario(draw_scenario(finding.seed, choice), file_of(finding.seed), {});
  if (!scenario) return;
  fmt::print(stderr, "what led to it:\n{}", story_of(*scenario, {}, finding.text));
}

Status check_families(const std::vector<std::string>& families) {
  std::vector<std::string_view> known;
  for (const FaultFamily& family : fault_families()) known.push_back(family.kind);
  for (const std::string& name : families) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string_view meant = nearest(name, known);
    return Status::invalid(fmt::format(
        "--families {}: is not a family of faults{}; allowed: {}", name,
        meant.empty() ? "" : fmt::format("; did you mean {}?", meant), fmt::join(known, ", ")));
  }
  return Status::success();
}

std::vector<std::string> families_of(const SwarmRequest& request) {
  if (!request.families.empty()) return request.families;
  std::vector<std::string> all;
  for (const FaultFamily& family : fault_families()) all.emplace_back(family.kind);
  return all;
}

}  // namespace

void add_swarm_command(CLI::App& app, SwarmRequest& request) {
  CLI::App* swarm = app.add_subcommand(
      "swarm", "Draw small regions, user operations and faults from many seeds; check every run");
  auto* seeds = swarm->add_option("--seeds", request.seeds, "How many; 100")
                    ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
  swarm->add_option("--minutes", request.minutes, "As many seeds as begin within this wall time")
      ->check(CLI::Range(0.01, 10'000.0))
      ->excludes(seeds);
  swarm->add_option("--first-seed", request.first_seed, "The first of them; 1")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 62));
  swarm->add_option("--families", request.families, "Only these kinds of faults, with commas")
      ->delimiter(',');
  swarm->add_option("--jobs", request.jobs, "Runs at once, each in a process of its own; 2")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{256}));
  swarm->add_option("--timeout", request.seconds_each, "Wall seconds after which a run hangs; 120")
      ->check(CLI::Range(0.1, 86'400.0));
  swarm->add_option("--json", request.json, "Write the report as JSON to a file, or to - (stdout)");
  swarm->add_option("--keep", request.keep, "A folder for the scenario files of failed seeds");
  swarm->add_flag("--show", request.show, "Print the scenario of --first-seed and run nothing");
  swarm->add_flag("--quiet", request.quiet, "No progress");
}

bool swarm_command_given(const CLI::App& app) { return app.got_subcommand("swarm"); }

int run_swarm(const SwarmRequest& request) {
  if (Status status = check_families(request.families); !status.ok()) {
    return refuse_usage(status.message);
  }
  if (request.show) {
    SwarmChoice choice{request.families};
    std::fputs(draw_scenario(static_cast<std::uint64_t>(request.first_seed), choice).c_str(),
               stdout);
    return kOk;
  }
  if (!request.json.empty() && request.json != "-" && !may_write(request.json)) {
    return refuse_usage("--json " + request.json +
                        ": cannot be written; allowed: a file in a folder that exists, or -");
  }
  if (!request.keep.empty() && !std::filesystem::is_directory(request.keep)) {
    return refuse_usage("--keep " + request.keep + ": is not a folder; allowed: one that exists");
  }
  std::signal(SIGINT, on_stop);
  std::signal(SIGTERM, on_stop);
  const auto operations = swarm_operations();
  SwarmReport report({operations.begin(), operations.end()}, families_of(request));
  Campaign campaign(request, report);
  if (!campaign.run()) {
    fmt::print(stderr, "arcas: no process could be started\n");
    return kRuntimeError;
  }
  const auto first = static_cast<std::uint64_t>(request.first_seed);
  const std::string json = to_json(report, first, campaign.elapsed(), campaign.repro());
  if (request.json == "-") {
    std::fputs(json.c_str(), stdout);
  } else {
    std::fputs(to_text(report, first, campaign.elapsed(), campaign.repro()).c_str(), stdout);
    if (!request.json.empty()) {
      std::ofstream file(request.json, std::ios::trunc);
      file << json;
      if (!file.flush()) {
        fmt::print(stderr, "arcas: --json {}: cannot be written\n", request.json);
        return kRuntimeError;
      }
    }
  }
  if (g_stop != 0) return kInterrupted;
  if (report.runs == 1 && !report.findings.empty()) tell(report.findings.front(), request);
  return report.clean() ? kOk : kFailed;
}

}  // namespace arcas::sim
