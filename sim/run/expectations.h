#pragma once

#include <string>
#include <vector>

#include "sim/report/summary.h"
#include "sim/scenario/scenario.h"

namespace arcas::sim {

struct JudgedExpectation {
  std::string text;  ///< as in the file; for what every scenario expects, a sentence
  std::string seen;  ///< "12", or "none"
  std::string where;
  bool holds = false;
};

/// All expectations. A figure that the run does not have meets none. Faults that wait for the whole
/// workload and never struck are a failure of their own.
std::vector<JudgedExpectation> judge_expectations(const Scenario& scenario, const Summary& summary);
/// Those that do not hold.
std::vector<JudgedExpectation> failed_expectations(const Scenario& scenario,
                                                   const Summary& summary);

}  // namespace arcas::sim
