#include "sim/swarm/outcome.h"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "sim/run/expectations.h"
#include "sim/run/simulation.h"

namespace arcas::sim {
namespace {

namespace json = boost::json;

Outcome invalid(std::string text) {
  Outcome outcome;
  outcome.failure = "invalid";
  outcome.text = std::move(text);
  return outcome;
}

}  // namespace

Outcome run_to_outcome(const Scenario& scenario) {
  auto made = Simulation::make(scenario, {});
  if (!made) return invalid(made.error().message);
  Simulation& simulation = **made;
  while (simulation.advance(100'000)) {
  }
  if (!simulation.status().ok()) return invalid(simulation.status().message);
  const Summary summary = simulation.summary(0);
  Outcome outcome;
  outcome.virtual_seconds = summary.virtual_seconds;
  outcome.events = static_cast<std::uint64_t>(summary.events);
  outcome.trace_hash = summary.trace_hash;
  outcome.decisions = summary.decisions;
  outcome.operations = static_cast<std::int64_t>(simulation.run().users_acknowledged());
  outcome.faults = static_cast<std::int64_t>(simulation.run().faults_struck());
  outcome.ran_in_full = simulation.ran_in_full();
  for (const auto& e : simulation.run().checks().evaluations()) {
    outcome.invariants.emplace_back(std::string(e.checker), e.count);
  }
  outcome.pairs = operation_fault_pairs(scenario, simulation.now() - TimePoint{});
  if (!summary.violations.empty()) {
    const ViolationReport& first = summary.violations.front();
    outcome.failure = first.invariant;
    outcome.text = first.text;
    outcome.at_seconds = first.at_seconds;
    return outcome;
  }
  const auto failed = failed_expectations(scenario, summary);
  if (failed.empty()) return outcome;
  for (const JudgedExpectation& e : failed) {
    outcome.failure += (outcome.failure.empty() ? "" : ", ") + e.text;
    outcome.text += (outcome.text.empty() ? "" : "; ") + e.text + " (seen: " + e.seen + ")";
  }
  return outcome;
}

std::vector<std::pair<std::string, std::string>> operation_fault_pairs(const Scenario& scenario,
                                                                       Duration until) {
  std::set<std::pair<std::string, std::string>> pairs;
  for (const ChangeSpec& change : scenario.workload.changes) {
    if (change.at > until) continue;
    for (const FaultLine& fault : scenario.faults) {
      if (fault.at.ns < 0 || change.at < fault.at) continue;
      const bool in_force = fault.lasts.ns < 0 || change.at <= fault.at + fault.lasts;
      if (in_force) pairs.emplace(change.op, fault.kind);
    }
  }
  return {pairs.begin(), pairs.end()};
}

std::string to_line(const Outcome& outcome) {
  json::array invariants;
  for (const auto& [name, count] : outcome.invariants) invariants.push_back({name, count});
  json::array pairs;
  for (const auto& [operation, fault] : outcome.pairs) pairs.push_back({operation, fault});
  return json::serialize(json::object{{"failure", outcome.failure},
                                      {"text", outcome.text},
                                      {"at_seconds", outcome.at_seconds},
                                      {"virtual_seconds", outcome.virtual_seconds},
                                      {"events", outcome.events},
                                      {"trace_hash", outcome.trace_hash},
                                      {"decisions", outcome.decisions},
                                      {"operations", outcome.operations},
                                      {"faults", outcome.faults},
                                      {"ran_in_full", outcome.ran_in_full},
                                      {"invariants", invariants},
                                      {"pairs", pairs}});
}

Expected<Outcome> outcome_of_line(const std::string& line) {
  const Status malformed = Status::invalid("a run gave no outcome");
  boost::system::error_code error;
  const json::value parsed = json::parse(line, error);
  if (error || !parsed.is_object()) return malformed;
  const json::object& o = parsed.as_object();
  if (!o.contains("pairs") || !o.contains("invariants")) return malformed;
  Outcome outcome;
  outcome.failure = std::string(o.at("failure").as_string());
  outcome.text = std::string(o.at("text").as_string());
  outcome.at_seconds = o.at("at_seconds").to_number<double>();
  outcome.virtual_seconds = o.at("virtual_seconds").to_number<double>();
  outcome.events = o.at("events").to_number<std::uint64_t>();
  outcome.trace_hash = std::string(o.at("trace_hash").as_string());
  outcome.decisions = o.at("decisions").to_number<std::int64_t>();
  outcome.operations = o.at("operations").to_number<std::int64_t>();
  outcome.faults = o.at("faults").to_number<std::int64_t>();
  outcome.ran_in_full = o.at("ran_in_full").as_bool();
  for (const json::value& entry : o.at("invariants").as_array()) {
    outcome.invariants.emplace_back(std::string(entry.at(0).as_string()),
                                    entry.at(1).to_number<std::uint64_t>());
  }
  for (const json::value& entry : o.at("pairs").as_array()) {
    outcome.pairs.emplace_back(std::string(entry.at(0).as_string()),
                               std::string(entry.at(1).as_string()));
  }
  return outcome;
}

Outcome outcome_of(const ChildRuns::Finished& finished) {
  Outcome outcome;
  outcome.failure = finished.failure;
  outcome.text = finished.text;
  if (!finished.failure.empty()) return outcome;
  if (auto read = outcome_of_line(finished.answer)) return std::move(*read);
  outcome.failure = "crash";
  outcome.text = "gave no outcome";
  return outcome;
}

Outcome run_in_child(const Scenario& scenario, double seconds) {
  ChildRuns runs(1, seconds);
  if (!runs.start(0, [&] { return to_line(run_to_outcome(scenario)); })) {
    Outcome outcome;
    outcome.failure = "crash";
    outcome.text = "no process could be started";
    return outcome;
  }
  for (;;) {
    const auto finished = runs.wait(1000);
    if (!finished.empty()) return outcome_of(finished.front());
  }
}

}  // namespace arcas::sim
