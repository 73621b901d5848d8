#include "sim/swarm/paired_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <limits>

#include "sim/run/simulation.h"
#include "sim/swarm/child_runs.h"

namespace arcas::sim {
namespace {

namespace json = boost::json;

/// The run's figures as a list, null for none; or what went wrong, as text.
std::string run_to_figures(Scenario scenario, std::uint64_t seed,
                           const PairedRunsRequest& request) {
  const auto failure = [](const std::string& text) {
    return json::serialize(json::value(json::string(text)));
  };
  scenario.seed = seed;
  SimulationOptions options;
  options.trace_folder = request.trace_folder;
  auto made = Simulation::make(scenario, options);
  if (!made) return failure(made.error().message);
  Simulation& simulation = **made;
  while (simulation.advance(100'000)) {
  }
  if (!simulation.status().ok()) return failure(simulation.status().message);
  const Summary summary = simulation.summary(0);
  if (!summary.violations.empty()) {
    const ViolationReport& first = summary.violations.front();
    return failure(
        fmt::format("{} broken at {} s: {}", first.invariant, first.at_seconds, first.text));
  }
  json::array figures;
  for (const std::string& metric : request.metrics) {
    const double value = summary.metric(metric).value_or(-1);
    // Figures that cannot be negative are -1 where there is none.
    figures.push_back(value == -1 ? json::value() : json::value(value));
  }
  return json::serialize(figures);
}

/// What is wrong; empty when the figures were taken in.
std::string take(const ChildRuns::Finished& finished, std::size_t place,
                 std::vector<std::vector<double>>& figures) {
  if (!finished.failure.empty()) return finished.failure + ": " + finished.text;
  boost::system::error_code error;
  const json::value answer = json::parse(finished.answer, error);
  if (!error && answer.is_string()) return std::string(answer.as_string());
  if (error || !answer.is_array() || answer.as_array().size() != figures.size()) {
    return "crash: gave no figures";
  }
  for (std::size_t m = 0; m < figures.size(); ++m) {
    const json::value& value = answer.as_array()[m];
    if (value.is_number()) figures[m][place] = value.to_number<double>();
  }
  return {};
}

}  // namespace

Expected<PairedRuns> run_pairs(const Scenario& a, const Scenario& b,
                               const PairedRunsRequest& request, const PairedRunsWatch& watch) {
  const std::size_t seeds = request.seeds.size();
  PairedRuns pairs;
  for (auto* figures : {&pairs.a, &pairs.b}) {
    figures->assign(request.metrics.size(),
                    std::vector<double>(seeds, std::numeric_limits<double>::quiet_NaN()));
  }
  // Run 2i is a with seed i and run 2i + 1 is b with it, so that early pairs are whole.
  ChildRuns runs(request.jobs, request.seconds_each);
  std::vector<std::string> failures(2 * seeds);
  std::size_t next = 0;
  std::size_t done = 0;
  while (done < 2 * seeds) {
    while (next < 2 * seeds && !runs.full()) {
      const Scenario& scenario = next % 2 == 0 ? a : b;
      const std::uint64_t seed = request.seeds[next / 2];
      if (!runs.start(next, [&] { return run_to_figures(scenario, seed, request); })) {
        if (runs.empty()) return Status{StatusCode::exhausted, "no process could be started"};
        break;
      }
      ++next;
    }
    for (const ChildRuns::Finished& finished : runs.wait(200)) {
      ++done;
      const bool first = finished.id % 2 == 0;
      const std::string wrong = take(finished, finished.id / 2, first ? pairs.a : pairs.b);
      if (wrong.empty()) continue;
      failures[finished.id] =
          fmt::format("{}, seed {}: {}", first ? "a" : "b", request.seeds[finished.id / 2], wrong);
    }
    if (watch(done)) {
      pairs.stopped = done < 2 * seeds;
      break;
    }
  }
  std::copy_if(failures.begin(), failures.end(), std::back_inserter(pairs.failed),
               [](const std::string& text) { return !text.empty(); });
  return pairs;
}

}  // namespace arcas::sim
