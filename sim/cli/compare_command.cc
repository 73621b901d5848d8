#include "sim/cli/compare_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <fstream>

#include "sim/cli/cli.h"
#include "sim/cli/output_file.h"
#include "sim/cli/sim_run.h"
#include "sim/report/paired_figures.h"
#include "sim/report/summary.h"
#include "sim/scenario/schema.h"
#include "sim/swarm/paired_runs.h"

namespace arcas::sim {
namespace {

namespace json = boost::json;

volatile std::sig_atomic_t g_stop = 0;
void on_stop(int) { g_stop = 1; }

int fail(ExitCode code, const std::string& message) {
  fmt::print(stderr, "arcas: {}\n", message);
  return code;
}

Expected<Scenario> load(const std::string& name, const CompareRequest& request,
                        const std::vector<std::string>& own) {
  LoadOptions options;
  options.overrides = request.overrides;
  options.overrides.insert(options.overrides.end(), own.begin(), own.end());
  auto scenario = load_scenario(find_scenario(name), options);
  if (scenario && !scenario->trace.kind.empty() && request.trace.empty()) {
    return Status::invalid(name + " replays a trace; give its folder with --trace");
  }
  return scenario;
}

Status check_metrics(const std::vector<std::string>& metrics) {
  for (const std::string& metric : metrics) {
    if (Summary{}.metric(metric)) continue;
    const std::vector<std::string> names = Summary::metric_names();
    const std::string_view meant = nearest(metric, {names.begin(), names.end()});
    return Status::invalid(fmt::format(
        "--metrics {}: is not a metric{}; allowed: {}", metric,
        meant.empty() ? "" : fmt::format("; did you mean {}?", meant), fmt::join(names, ", ")));
  }
  return Status::success();
}

std::string number(double value) { return std::isnan(value) ? "-" : fmt::format("{:.6g}", value); }

json::value number_or_null(double value) {
  return std::isnan(value) ? json::value() : json::value(value);
}

std::string described(const char* side, const Scenario& scenario) {
  return fmt::format("{}: {} ({}), profile {}\n", side, scenario.name, scenario.file,
                     scenario.profile.name);
}

std::string to_text(const std::vector<PairedFigure>& figures, std::size_t seeds) {
  std::string text =
      fmt::format("{} seeds in pairs\n\n{:<22} {:>12} {:>12} {:>12}   {:>10}  {}\n", seeds,
                  "metric", "mean of a", "mean of b", "b - a", "interval", "verdict");
  for (const PairedFigure& f : figures) {
    text += fmt::format("{:<22} {:>12} {:>12} {:>12} ± {:>10}  {}\n", f.metric, number(f.mean_a),
                        number(f.mean_b), number(f.difference), number(f.interval), f.verdict);
  }
  return text;
}

std::string to_json(const CompareRequest& request, const Scenario& a, const Scenario& b,
                    const PairedRunsRequest& runs, const PairedRuns& pairs,
                    const std::vector<PairedFigure>& figures) {
  const auto side = [](const Scenario& scenario) {
    return json::object{{"scenario", scenario.name},
                        {"file", scenario.file},
                        {"profile", std::string(scenario.profile.name)}};
  };
  const auto by_seed = [](const std::vector<double>& values) {
    json::array list;
    for (const double value : values) list.push_back(number_or_null(value));
    return list;
  };
  json::array metrics;
  for (std::size_t m = 0; m < figures.size(); ++m) {
    const PairedFigure& f = figures[m];
    metrics.push_back(json::object{{"metric", f.metric},
                                   {"mean_a", number_or_null(f.mean_a)},
                                   {"mean_b", number_or_null(f.mean_b)},
                                   {"difference", number_or_null(f.difference)},
                                   {"interval", number_or_null(f.interval)},
                                   {"pairs", f.pairs},
                                   {"verdict", f.verdict},
                                   {"a", by_seed(pairs.a[m])},
                                   {"b", by_seed(pairs.b[m])}});
  }
  const json::object root{{"apiVersion", "arcas/v1"},
                          {"kind", "Comparison"},
                          {"a", side(a)},
                          {"b", side(b)},
                          {"seeds", json::value_from(runs.seeds)},
                          {"confidence", request.confidence / 100},
                          {"failed", json::value_from(pairs.failed)},
                          {"metrics", metrics}};
  return json::serialize(root) + "\n";
}

}  // namespace

void add_compare_command(CLI::App& app, CompareRequest& request) {
  CLI::App* compare = app.add_subcommand(
      "compare", "Run two scenarios with the same seeds and say how their figures differ");
  compare->add_option("a", request.a, "Scenario file, or the name of one in scenarios/")
      ->required();
  compare->add_option("b", request.b, "The other one; it may be the same, with --b-set")
      ->required();
  compare->add_option("--seeds", request.seeds, "How many pairs of runs; 10")
      ->check(CLI::Range(std::int64_t{2}, std::int64_t{1'000'000}));
  compare->add_option("--first-seed", request.first_seed, "The first of the seeds; 1")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 62));
  compare->add_option("--jobs", request.jobs, "Runs at once, each in a process of its own; 2")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{256}));
  compare->add_option("--timeout", request.seconds_each, "Wall seconds of a run; 3600")
      ->check(CLI::Range(0.1, 86'400.0));
  compare->add_option("--confidence", request.confidence, "Of the intervals, in percent; 95")
      ->check(CLI::Range(1.0, 99.999));
  compare->add_option("--metrics", request.metrics, "Which figures, with commas")->delimiter(',');
  compare->add_option("--set", request.overrides, "Change a value in both: path=value")
      ->allow_extra_args(false);
  compare->add_option("--a-set", request.overrides_a, "Change a value in a alone")
      ->allow_extra_args(false);
  compare->add_option("--b-set", request.overrides_b, "Change a value in b alone")
      ->allow_extra_args(false);
  compare->add_option("--trace", request.trace, "Folder with the trace that they replay");
  compare->add_option("--json", request.json, "Write JSON to a file, or to - (stdout)");
  compare->add_flag("--quiet", request.quiet, "No progress");
}

bool compare_command_given(const CLI::App& app) { return app.got_subcommand("compare"); }

int run_compare(const CompareRequest& request) {
  const auto a = load(request.a, request, request.overrides_a);
  if (!a) return fail(kUsage, a.error().message);
  const auto b = load(request.b, request, request.overrides_b);
  if (!b) return fail(kUsage, b.error().message);
  PairedRunsRequest runs;
  runs.metrics = request.metrics.empty() ? headline_metrics() : request.metrics;
  if (Status status = check_metrics(runs.metrics); !status.ok()) {
    return fail(kUsage, status.message);
  }
  if (!request.json.empty() && request.json != "-" && !may_write(request.json)) {
    return fail(kUsage, "--json " + request.json +
                            ": cannot be written; allowed: a file in a folder that exists, or -");
  }
  for (std::int64_t i = 0; i < request.seeds; ++i) {
    runs.seeds.push_back(static_cast<std::uint64_t>(request.first_seed + i));
  }
  runs.jobs = static_cast<std::uint32_t>(request.jobs);
  runs.seconds_each = request.seconds_each;
  runs.trace_folder = request.trace;

  std::signal(SIGINT, on_stop);
  std::signal(SIGTERM, on_stop);
  const bool shows = !request.quiet && isatty(STDERR_FILENO) == 1;
  const auto pairs = run_pairs(*a, *b, runs, [&](std::size_t done) {
    if (shows) fmt::print(stderr, "\r\033[K{} of {} runs", done, 2 * runs.seeds.size());
    return g_stop != 0;
  });
  if (shows) fmt::print(stderr, "\r\033[K");
  if (!pairs) return fail(kRuntimeError, pairs.error().message);
  if (pairs->stopped) return fail(kInterrupted, "interrupted: nothing is compared");
  std::vector<PairedFigure> figures;
  for (std::size_t m = 0; m < runs.metrics.size(); ++m) {
    figures.push_back(
        compare_pairs(runs.metrics[m], pairs->a[m], pairs->b[m], request.confidence / 100));
  }
  const std::string text = to_json(request, *a, *b, runs, *pairs, figures);
  if (request.json == "-") {
    std::fputs(text.c_str(), stdout);
  } else {
    fmt::print("{}{}{}", described("a", *a), described("b", *b),
               to_text(figures, runs.seeds.size()));
    if (!request.json.empty() && !write_file(request.json, text)) {
      return fail(kRuntimeError, "--json " + request.json + ": cannot be written");
    }
  }
  for (const std::string& failed : pairs->failed) fmt::print(stderr, "arcas: {}\n", failed);
  return pairs->failed.empty() ? kOk : kFailed;
}

}  // namespace arcas::sim
