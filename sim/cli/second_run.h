#pragma once

#include <string>

#include "sim/cli/sim_run.h"
#include "sim/report/summary.h"

namespace arcas::sim {

/// Runs the same request in a fresh process and compares hashes: kOk, kDivergence with the first
/// checkpoint that differs, or kRuntimeError.
int compare_with_second_run(const RunRequest& request, const std::string& self,
                            const Summary& first);

}  // namespace arcas::sim
