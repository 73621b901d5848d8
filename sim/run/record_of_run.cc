#include "sim/run/record_of_run.h"

#include "sim/run/expectations.h"

namespace arcas::sim {

RunRecord record_of(Simulation& simulation, const Scenario& scenario, const Summary& summary) {
  RunRecord record;
  record.scenario = summary.scenario;
  record.description = scenario.description;
  record.profile = summary.profile;
  record.seed = summary.seed;
  record.trace_hash = summary.trace_hash;
  for (const std::string& name : Summary::metric_names()) {
    record.figures.emplace_back(name, *summary.metric(name));
  }
  record.notes = summary.notes;
  record.violations = summary.violations;
  for (const JudgedExpectation& e : judge_expectations(scenario, summary)) {
    record.expectations.push_back({e.text, e.seen, e.holds});
  }
  for (const CheckSuite::Evaluations& e : simulation.run().checks().evaluations()) {
    record.invariants.push_back({std::string(e.checker), static_cast<std::int64_t>(e.count)});
  }
  record.series = simulation.series();
  return record;
}

}  // namespace arcas::sim
