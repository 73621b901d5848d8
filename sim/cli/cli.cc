#include "sim/cli/cli.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "sim/cli/compare_command.h"
#include "sim/cli/explain.h"
#include "sim/cli/policy.h"
#include "sim/cli/reference_commands.h"
#include "sim/cli/report_command.h"
#include "sim/cli/shrink_command.h"
#include "sim/cli/sim_run.h"
#include "sim/cli/swarm_command.h"
#include "sim/cli/time_travel.h"
#include "sim/cli/trace_command.h"
#include "sim/cli/whatif_command.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/schema.h"

namespace arcas::sim {
namespace {

void add_run(CLI::App& sim, RunRequest& request) {
  CLI::App* run = sim.add_subcommand("run", "Run a scenario and print what came of it");
  run->add_option("scenario", request.scenario, "Scenario file, or the name of one in scenarios/")
      ->required();
  run->add_option("--seed", request.seed, "Seed of every random draw (default: the file's)")
      ->check(CLI::Range(0LL, std::numeric_limits<long long>::max()));
  run->add_option("--profile", request.profile, "arcas, kubernetes or arktos");
  run->add_option("--scheduler-config", request.scheduler_config,
                  "A KubeSchedulerConfiguration file (YAML or JSON) for the schedulers");
  run->add_option("--set", request.overrides,
                  "Change a value: path=value, e.g. workload.total_pods=1000")
      ->allow_extra_args(false);
  run->add_flag("--twice", request.twice, "Run again in a fresh process and compare the hashes");
  run->add_option("--json", request.json, "Write the summary as JSON to a file, or to - (stdout)");
  run->add_option(
      "--db", request.database,
      "Write a SQLite file: run, samples, nodes, pods, displacements, events, violations");
  run->add_option("--report", request.report, "Write an HTML file that shows how the run went");
  run->add_flag("--quiet", request.quiet, "No progress");
  run->add_flag("--force", request.force, "Overwrite the file of --db");
  run->add_option("--trace", request.trace,
                  "Folder with the recorded trace that the scenario replays");
  run->add_option("--snapshot-every", request.snapshot_every,
                  "Virtual time between two snapshots, for fork and inspect");
  run->add_option("--run-file", request.run_file, "Where the recorded run goes");
  run->add_option("--heartbeats", request.heartbeats,
                  "coalesced, or individual: one event for each");
}

/// The deepest command given: "arcas sim bogus" fails in `sim`.
const CLI::App& innermost(const CLI::App& app) {
  const std::vector<const CLI::App*> given =
      app.get_subcommands([](const CLI::App* command) { return command->parsed(); });
  return given.empty() ? app : innermost(*given.front());
}

/// Says which word is no command and which words are; false when that is not what is wrong.
bool explain_unknown_command(const CLI::App& app) {
  const std::vector<std::string> words = app.remaining(true);
  const CLI::App& parent = innermost(app);
  std::vector<std::string> names;
  for (const CLI::App* command : parent.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  if (words.empty() || names.empty()) return false;
  const std::string_view meant = nearest(words.front(), {names.begin(), names.end()});
  fmt::print(stderr, "arcas: {} is not a command{}; allowed: {}\n", words.front(),
             meant.empty() ? "" : fmt::format("; did you mean {}?", meant), fmt::join(names, ", "));
  return true;
}

}  // namespace

int run_command_line(int argc, char** argv) {
  CLI::App app{"arcas: a simulation-first cluster manager"};
  app.failure_message([](const CLI::App*, const CLI::Error& error) {
    return fmt::format("arcas: {}; --help says what is allowed\n", error.what());
  });
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 ok, 1 runtime error, 2 usage or invalid file, 3 expectation failed or "
      "invariant broken,\n4 two runs differ (--twice), 5 a change is not feasible (whatif), 130 "
      "interrupted.");
  RunRequest request;
  PolicyRequest policy_request;
  ExplainRequest explain_request;
  SwarmRequest swarm_request;
  ShrinkRequest shrink_request;
  CompareRequest compare_request;
  WhatIfRequest whatif_request;
  TimeTravelRequest travel_request;
  ReportRequest report_request;
  TraceRequest trace_request;
  PagesRequest pages_request;
  std::string to_validate;
  CLI::App* version = app.add_subcommand("version", "Print the version");
  CLI::App* sim = app.add_subcommand("sim", "Simulate a region");
  sim->require_subcommand(1);
  add_run(*sim, request);
  add_shrink_command(*sim, shrink_request);
  add_time_travel_commands(*sim, travel_request);
  add_policy_commands(app, policy_request);
  add_explain_command(app, explain_request);
  add_swarm_command(app, swarm_request);
  add_compare_command(app, compare_request);
  add_report_command(app, report_request);
  add_trace_command(app, trace_request);
  add_whatif_command(app, whatif_request);
  add_reference_commands(app, pages_request);
  CLI::App* validate = sim->add_subcommand("validate", "Check a scenario file");
  validate->add_option("scenario", to_validate, "Scenario file or name")->required();
  CLI::App* list = sim->add_subcommand("list", "List the scenarios that come with arcas");
  CLI::App* explain = sim->add_subcommand("explain-format", "Explain every key of a scenario file");
  try {
    app.parse(argc, argv);
  } catch (const CLI::RequiredError& error) {
    if (!explain_unknown_command(app)) app.exit(error);
    return kUsage;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kOk : kUsage;
  }
  if (version->parsed()) {
    std::puts("arcas 0.1.0");
    return kOk;
  }
  if (policy_command_given(app)) return run_policy_command(app, policy_request);
  if (swarm_command_given(app)) return run_swarm(swarm_request);
  if (compare_command_given(app)) return run_compare(compare_request);
  if (whatif_command_given(app)) return run_whatif(app, whatif_request);
  if (explain_command_given(app)) return run_explain(explain_request);
  if (report_command_given(app)) return run_report(report_request);
  if (trace_command_given(app)) return run_trace(app, trace_request);
  if (reference_command_given(app)) return run_reference_command(app, pages_request);
  if (sim->got_subcommand("shrink")) return run_shrink(shrink_request);
  if (time_travel_command_given(*sim)) return run_time_travel(*sim, travel_request);
  if (validate->parsed()) return validate_scenario(to_validate);
  if (list->parsed()) return list_scenarios();
  if (explain->parsed()) {
    std::fputs(explain_format().c_str(), stdout);
    return kOk;
  }
  return run_scenario(request, argv[0]);
}

}  // namespace arcas::sim
