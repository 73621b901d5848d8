#pragma once

#include "sim/report/results_database.h"
#include "sim/run/simulation.h"

namespace arcas::sim {

/// The rows of the results file that come from the region itself. Valid while the simulation lives.
ResultRows result_rows(Simulation& simulation);

}  // namespace arcas::sim
