#pragma once

#include <string>
#include <vector>

#include "core/base/expected.h"
#include "sim/cli/sim_run.h"

namespace arcas::sim {

/// The options of `arcas sim run` that decide what happens in the run.
std::vector<std::string> options_of(const RunRequest& request);
/// A command that a shell takes and that repeats the run with this seed.
std::string command_of(const RunRequest& request, std::uint64_t seed);
/// The scenario as YAML with everything that it extends and that the options change.
Expected<std::string> document_of(const RunRequest& request);

}  // namespace arcas::sim
