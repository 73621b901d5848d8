#pragma once

#include "core/base/expected.h"
#include "sim/cli/sim_run.h"
#include "sim/report/summary.h"
#include "sim/run/simulation.h"

namespace arcas::sim {

/// Refuses, before anything has run, outputs that could not be written after it.
Status check_outputs(const RunRequest& request);
/// What a run has to keep for them.
SimulationOptions options_for_outputs(const RunRequest& request);
/// The summary on standard output and in the files that were asked for: JSON, SQLite, HTML.
Status write_outputs(const RunRequest& request, const Scenario& scenario, const Summary& summary,
                     Simulation& simulation);

}  // namespace arcas::sim
