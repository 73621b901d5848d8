#include "sim/run/expectations.h"

#include <fmt/format.h>

#include <algorithm>

namespace arcas::sim {
namespace {

bool holds(const Expectation& e, double value) {
  if (e.op == "==") return value == e.value;
  if (e.op == "!=") return value != e.value;
  if (e.op == "<") return value < e.value;
  if (e.op == "<=") return value <= e.value;
  if (e.op == ">") return value > e.value;
  return value >= e.value;
}

}  // namespace

std::vector<JudgedExpectation> judge_expectations(const Scenario& scenario,
                                                  const Summary& summary) {
  std::vector<JudgedExpectation> judged;
  for (const Expectation& e : scenario.expectations) {
    const double value = summary.metric(e.metric).value_or(0);
    // Times below 0 stand for "there was none", which meets no expectation.
    const bool none = value < 0 && e.metric.find("_seconds") != std::string::npos;
    judged.push_back(
        {e.text, none ? "none" : fmt::format("{}", value), e.where, !none && holds(e, value)});
  }
  const bool waits = std::any_of(scenario.faults.begin(), scenario.faults.end(),
                                 [](const FaultLine& f) { return f.after_settled.ns >= 0; });
  if (waits && !summary.settled) {
    judged.push_back({"the workload runs in full, so that faults with after_settled strike",
                      "never", scenario.file, false});
  }
  return judged;
}

std::vector<JudgedExpectation> failed_expectations(const Scenario& scenario,
                                                   const Summary& summary) {
  std::vector<JudgedExpectation> judged = judge_expectations(scenario, summary);
  std::erase_if(judged, [](const JudgedExpectation& e) { return e.holds; });
  return judged;
}

}  // namespace arcas::sim
