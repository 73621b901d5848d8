#include "sim/cli/shrink_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <limits>

#include "sim/cli/cli.h"
#include "sim/cli/output_file.h"
#include "sim/cli/sim_run.h"
#include "sim/scenario/yaml_text.h"
#include "sim/swarm/child_runs.h"
#include "sim/swarm/shrink.h"

namespace arcas::sim {
namespace {

int refuse_usage(const std::string& message) {
  fmt::print(stderr, "arcas: {}\n", message);
  return kUsage;
}

Outcome try_out(const YamlValue& tree, double seconds_each) {
  const auto scenario = scenario_of_tree(tree, "candidate");
  if (scenario) return run_in_child(*scenario, seconds_each);
  Outcome outcome;
  outcome.failure = "invalid";
  outcome.text = scenario.error().message;
  return outcome;
}

void set_seed(YamlValue& root, std::int64_t seed) {
  if (seed < 0) return;
  YamlValue* value = root.find("seed");
  if (value == nullptr) {
    root.entries.push_back({"seed", YamlValue{}});
    value = &root.entries.back().value;
  }
  value->type = YamlValue::Type::scalar;
  value->text = std::to_string(seed);
}

std::size_t count(YamlValue& root, const std::string& path) {
  const YamlValue* list = entry_at(root, path);
  return list == nullptr ? 0 : list->items.size();
}

std::string size_of(YamlValue root) {
  const auto scenario = scenario_of_tree(root, "candidate");
  return fmt::format("{} faults, {} changes, {} pods, {} nodes", count(root, "faults"),
                     count(root, "workload.changes"), scenario ? scenario->workload.total_pods : 0,
                     scenario ? scenario->node_count() : 0);
}

/// The scenario with what it shows above it.
std::string text_of(const YamlValue& tree, const Outcome& outcome, const std::string& source) {
  std::string what = outcome.failure + ": " + outcome.text;
  for (char& c : what) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return fmt::format("# The smallest scenario found that fails as {} does:\n# {}\n{}", source, what,
                     to_yaml(tree));
}

}  // namespace

void add_shrink_command(CLI::App& sim, ShrinkRequest& request) {
  CLI::App* shrink = sim.add_subcommand(
      "shrink",
      "Make a failing scenario smaller while it fails the same way: faults, then "
      "workload, then nodes");
  shrink->add_option("scenario", request.scenario, "Scenario file, or the name of one")->required();
  shrink->add_option("--seed", request.seed, "Seed of every random draw (default: the file's)")
      ->check(CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max() - 1));
  shrink->add_option("--set", request.overrides, "Change a value: path=value")
      ->allow_extra_args(false);
  shrink->add_option("--out", request.out, "Write the result to a file (default: stdout)");
  shrink->add_option("--trials", request.trials, "Most runs; 2000")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000}));
  shrink->add_option("--timeout", request.seconds_each, "Wall seconds after which a run hangs; 60")
      ->check(CLI::Range(0.1, 86'400.0));
  shrink->add_flag("--quiet", request.quiet, "No progress");
}

int run_shrink(const ShrinkRequest& request) {
  if (!request.out.empty() && !may_write(request.out)) {
    return refuse_usage("--out " + request.out +
                        ": cannot be written; allowed: a file in a folder that exists");
  }
  LoadOptions options;
  options.overrides = request.overrides;
  auto tree = load_scenario_tree(find_scenario(request.scenario), options);
  if (!tree) return refuse_usage(tree.error().message);
  set_seed(*tree, request.seed);
  const auto scenario = scenario_of_tree(*tree, request.scenario);
  if (!scenario) return refuse_usage(scenario.error().message);
  Outcome outcome = run_in_child(*scenario, request.seconds_each);
  if (outcome.failure == "invalid") return refuse_usage(outcome.text);
  if (outcome.clean()) {
    return refuse_usage(request.scenario + ": does not fail; allowed: a scenario that does");
  }
  if (!request.quiet) {
    fmt::print(stderr, "fails: {}: {}\n  {}\n", outcome.failure, outcome.text, size_of(*tree));
  }
  Shrinker shrinker(
      std::move(*tree), outcome,
      [&](const YamlValue& candidate) { return try_out(candidate, request.seconds_each); },
      static_cast<std::uint64_t>(request.trials),
      [&](const std::string& what, std::uint64_t trials) {
        if (!request.quiet) fmt::print(stderr, "  trial {:>4}: less of {}\n", trials, what);
      });
  const YamlValue& smallest = shrinker.run();
  if (!request.quiet) {
    fmt::print(stderr, "after {} trials: {}\n", shrinker.trials(), size_of(smallest));
  }
  const std::string text = text_of(smallest, shrinker.outcome(), request.scenario);
  if (request.out.empty()) {
    std::fputs(text.c_str(), stdout);
    return kOk;
  }
  std::ofstream file(request.out, std::ios::trunc);
  file << text;
  if (file.flush()) return kOk;
  fmt::print(stderr, "arcas: --out {}: cannot be written\n", request.out);
  return kRuntimeError;
}

}  // namespace arcas::sim
