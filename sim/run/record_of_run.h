#pragma once

#include "sim/report/run_record.h"
#include "sim/run/simulation.h"

namespace arcas::sim {

/// What a run that is over has to tell, but for `build`, `command` and `document`, which its caller
/// knows.
RunRecord record_of(Simulation& simulation, const Scenario& scenario, const Summary& summary);

}  // namespace arcas::sim
