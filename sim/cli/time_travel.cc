#include "sim/cli/time_travel.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <utility>

#include "sim/cli/cli.h"
#include "sim/cli/output_file.h"
#include "sim/run/region_state.h"
#include "sim/run/run_file.h"
#include "sim/run/simulation.h"
#include "sim/scenario/units.h"
#include "sim/scenario/yaml_text.h"

namespace arcas::sim {
namespace {

constexpr std::uint64_t kAll = std::uint64_t{1} << 62U;

int refuse_usage(const std::string& message) {
  fmt::print(stderr, "arcas: {}\n", message);
  return kUsage;
}

/// A scenario that can be run again and again.
struct Source {
  YamlValue tree;
  std::string file;
  Scenario scenario;
  RunFile run;  // without snapshots when it is a plain scenario
};

Expected<Source> source_of_tree(YamlValue tree, RunFile run) {
  auto scenario = scenario_of_tree(tree, run.file);
  if (!scenario) return scenario.error();
  if (!run.scheduler_config.empty()) scenario->scheduler_config = run.scheduler_config;
  return Source{std::move(tree), run.file, std::move(*scenario), std::move(run)};
}

Expected<Source> recorded(const std::string& path) {
  auto run = read_run_file(path);
  if (!run) return run.error();
  auto tree = parse_yaml(run->scenario, run->file);
  if (!tree) return tree.error();
  return source_of_tree(std::move(*tree), std::move(*run));
}

/// A recorded run (a JSON file), or a scenario.
Expected<Source> recorded_or_scenario(const std::string& name,
                                      const std::vector<std::string>& overrides) {
  const std::string path = find_scenario(name);
  const auto text = read_file(path);
  if (!text) return text.error();
  LoadOptions options;
  options.overrides = overrides;
  if (text->rfind("{\"apiVersion\"", 0) == 0) {
    auto source = recorded(path);
    if (!source || overrides.empty()) return source;
    auto tree = override_scenario_tree(source->tree, options);
    if (!tree) return tree.error();
    source->run.snapshots.clear();
    return source_of_tree(std::move(*tree), std::move(source->run));
  }
  auto tree = load_scenario_tree(path, options);
  if (!tree) return tree.error();
  RunFile run;
  run.file = path;
  return source_of_tree(std::move(*tree), std::move(run));
}

Expected<std::unique_ptr<Simulation>> start(const Source& source) {
  SimulationOptions options;
  options.trace_folder = source.run.trace_folder;
  return Simulation::make(source.scenario, options);
}

Expected<TimePoint> time_of(const TimeTravelRequest& request, const Source& source) {
  const auto at = parse_duration(request.at);
  if (!at) {
    return Status::invalid("--at " + request.at +
                           ": is not a time since the start; allowed: a duration such as 90s");
  }
  const TimePoint end = source.run.snapshots.empty() ? TimePoint{} + source.scenario.limit
                                                     : source.run.snapshots.back().at;
  if (TimePoint{} + *at <= end) return TimePoint{} + *at;
  return Status::invalid("--at " + request.at + ": is after the end of the run; allowed: up to " +
                         to_string(end - TimePoint{}));
}

/// Runs up to a time, that included, past every snapshot that lies before it. Errors: the run is
/// not the one that was recorded.
Status run_to(TimePoint at, const Source& source, Simulation& simulation) {
  for (std::size_t i = 0; i + 1 < source.run.snapshots.size(); ++i) {
    const Snapshot& snapshot = source.run.snapshots[i];
    if (snapshot.at > at) break;
    simulation.advance(kAll, snapshot.at);
    const std::string hash = simulation.run().engine().trace().hex();
    if (hash == snapshot.hash) continue;
    return Status::conflict("at " + to_string(snapshot.at - TimePoint{}) + " the run has hash " +
                            hash + ", recorded was " + snapshot.hash);
  }
  simulation.advance(kAll, at);
  return Status::success();
}

std::string text_of(const YamlValue* value) { return value == nullptr ? "" : to_yaml(*value); }

/// What a fork may change lies ahead: faults that have not begun, how long those in force last,
/// parameters, limits, expectations.
Status check_future(const Source& before, const Source& after, TimePoint at) {
  static const std::vector<std::string> kMay{"parameters", "faults", "run", "expect"};
  for (const auto& [key, value] : after.tree.entries) {
    if (std::find(kMay.begin(), kMay.end(), key) != kMay.end()) continue;
    if (text_of(before.tree.find(key)) == to_yaml(value)) continue;
    return Status::invalid("--set " + key +
                           ": a fork cannot change it; allowed: parameters, "
                           "faults, run, expect");
  }
  const auto& a = before.scenario.faults;
  const auto& b = after.scenario.faults;
  const YamlValue* was = before.tree.find("faults");
  const YamlValue* is = after.tree.find("faults");
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const bool old_begun = i < a.size() && a[i].at.ns >= 0 && TimePoint{} + a[i].at <= at;
    const bool new_begun = i < b.size() && b[i].at.ns >= 0 && TimePoint{} + b[i].at <= at;
    if (!old_begun && !new_begun) continue;
    if (i < a.size() && i < b.size()) {
      YamlValue left = was->items[i];
      YamlValue right = is->items[i];
      const auto in_force = [at](const FaultLine& f) {
        return f.lasts.ns < 0 || TimePoint{} + f.at + f.lasts > at;
      };
      if (in_force(a[i]) && in_force(b[i])) {
        for (YamlValue* line : {&left, &right}) {
          std::erase_if(line->entries, [](const YamlEntry& e) { return e.key == "lasts"; });
        }
      }
      if (to_yaml(left) == to_yaml(right)) continue;
    }
    return Status::invalid("--set faults[" + std::to_string(i) + "]: began before " +
                           to_string(at - TimePoint{}) +
                           "; allowed: faults that begin later, and how long those in force last");
  }
  return Status::success();
}

int run_fork(const TimeTravelRequest& request) {
  if (!request.json.empty() && request.json != "-" && !may_write(request.json)) {
    return refuse_usage("--json " + request.json +
                        ": cannot be written; allowed: a file in a folder that exists, or -");
  }
  const auto began = std::chrono::steady_clock::now();
  auto source = recorded(request.run);
  if (!source) return refuse_usage(source.error().message);
  const auto at = time_of(request, *source);
  if (!at) return refuse_usage(at.error().message);
  LoadOptions options;
  options.overrides = request.overrides;
  auto tree = override_scenario_tree(source->tree, options);
  if (!tree) return refuse_usage(tree.error().message);
  const bool changed = to_yaml(*tree) != to_yaml(source->tree);
  auto after = source_of_tree(std::move(*tree), source->run);
  if (!after) return refuse_usage(after.error().message);
  if (Status status = check_future(*source, *after, *at); !status.ok()) {
    return refuse_usage(status.message);
  }
  auto made = start(*source);
  if (!made) return refuse_usage(made.error().message);
  Simulation& simulation = **made;
  if (Status status = run_to(*at, *source, simulation); !status.ok()) {
    fmt::print(stderr, "arcas: {}\n", status.message);
    return kDivergence;
  }
  if (changed) {
    if (Status status = simulation.change_course(after->scenario); !status.ok()) {
      return refuse_usage(status.message);
    }
  }
  while (simulation.advance(1'000'000)) {
  }
  RunRequest output;
  output.scenario = request.run;
  output.json = request.json;
  std::string again = "arcas sim fork " + request.run + " --at " + request.at;
  for (const std::string& assignment : request.overrides) again += " --set '" + assignment + "'";
  const double wall =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return finish_run(output, after->scenario, simulation, wall, again);
}

int run_inspect(const TimeTravelRequest& request) {
  auto source = recorded_or_scenario(request.run, request.overrides);
  if (!source) return refuse_usage(source.error().message);
  const auto at = time_of(request, *source);
  if (!at) return refuse_usage(at.error().message);
  auto made = start(*source);
  if (!made) return refuse_usage(made.error().message);
  if (Status status = run_to(*at, *source, **made); !status.ok()) {
    fmt::print(stderr, "arcas: {}\n", status.message);
    return kDivergence;
  }
  const RegionState state = state_of((*made)->run());
  const std::string text = request.as_json
                               ? to_json(state)
                               : to_text(state, static_cast<std::size_t>(request.most_pods));
  std::fputs(text.c_str(), stdout);
  return kOk;
}

void print_only_in(const char* name, const std::vector<std::string>& own,
                   const std::vector<std::string>& other) {
  constexpr std::size_t kMost = 40;
  std::size_t shown = 0;
  for (const std::string& line : own) {
    if (std::find(other.begin(), other.end(), line) != other.end()) continue;
    if (++shown <= kMost) fmt::print("  {} {}\n", name, line);
  }
  if (shown > kMost) fmt::print("  {} and {} lines more\n", name, shown - kMost);
  if (shown == 0) fmt::print("  {} nothing that the other has not\n", name);
}

void print_side(const char* name, Simulation& simulation) {
  fmt::print("{}  event {} at {:.9f} s: {}\n   trace hash {}\n", name, simulation.events(),
             (simulation.now() - TimePoint{}).seconds(), simulation.run().last_event(),
             simulation.run().engine().trace().hex());
}

int run_bisect(const TimeTravelRequest& request) {
  auto a = recorded_or_scenario(request.run, request.overrides);
  if (!a) return refuse_usage(a.error().message);
  auto b = recorded_or_scenario(request.other, request.other_overrides);
  if (!b) return refuse_usage(b.error().message);
  auto left = start(*a);
  if (!left) return refuse_usage(left.error().message);
  auto right = start(*b);
  if (!right) return refuse_usage(right.error().message);
  for (;;) {
    const bool more_left = (*left)->advance(1);
    const bool more_right = (*right)->advance(1);
    const bool same = (*left)->run().engine().trace() == (*right)->run().engine().trace();
    if (same && more_left && more_right) continue;
    if (same && more_left == more_right) {
      fmt::print("no difference: {} events, trace hash {}\n", (*left)->events(),
                 (*left)->run().engine().trace().hex());
      return kOk;
    }
    fmt::print("the runs differ first at event {}\n", (*left)->events());
    print_side("A", **left);
    print_side("B", **right);
    if (more_left != more_right) fmt::print("   {} is over\n", more_left ? "B" : "A");
    const auto lines_a = lines_of(state_of((*left)->run()));
    const auto lines_b = lines_of(state_of((*right)->run()));
    fmt::print("states, where they differ:\n");
    print_only_in("A", lines_a, lines_b);
    print_only_in("B", lines_b, lines_a);
    return kDivergence;
  }
}

}  // namespace

void add_time_travel_commands(CLI::App& sim, TimeTravelRequest& request) {
  CLI::App* fork = sim.add_subcommand(
      "fork", "Go on from a time of a recorded run, with other faults, parameters or limits");
  fork->add_option("run", request.run, "A run recorded with sim run --run-file")->required();
  fork->add_option("--at", request.at, "Time since the start, such as 90s")->required();
  fork->add_option("--set", request.overrides, "Change what lies ahead: path=value")
      ->allow_extra_args(false);
  fork->add_option("--json", request.json, "Write the summary as JSON to a file, or to - (stdout)");

  CLI::App* inspect =
      sim.add_subcommand("inspect", "Nodes, pods, leaders and queues as of a time of a run");
  inspect->add_option("run", request.run, "A recorded run, or a scenario")->required();
  inspect->add_option("--at", request.at, "Time since the start, such as 90s")->required();
  inspect->add_option("--set", request.overrides, "Change a value: path=value")
      ->allow_extra_args(false);
  inspect->add_flag("--json", request.as_json, "One JSON object instead of text");
  inspect->add_option("--pods", request.most_pods, "List pods when there are at most so many; 50")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{100'000'000}));

  CLI::App* bisect = sim.add_subcommand(
      "bisect", "Find the first event where two runs differ, and show both states");
  bisect->add_option("a", request.run, "A recorded run, or a scenario")->required();
  bisect->add_option("b", request.other, "Another")->required();
  bisect->add_option("--set-a", request.overrides, "Change a value of A: path=value")
      ->allow_extra_args(false);
  bisect->add_option("--set-b", request.other_overrides, "Change a value of B: path=value")
      ->allow_extra_args(false);
}

bool time_travel_command_given(const CLI::App& sim) {
  return sim.got_subcommand("fork") || sim.got_subcommand("inspect") ||
         sim.got_subcommand("bisect");
}

int run_time_travel(const CLI::App& sim, const TimeTravelRequest& request) {
  if (sim.got_subcommand("fork")) return run_fork(request);
  return sim.got_subcommand("inspect") ? run_inspect(request) : run_bisect(request);
}

}  // namespace arcas::sim
