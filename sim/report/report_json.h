#pragma once

#include <string>
#include <vector>

#include "sim/report/run_record.h"

namespace arcas::sim {

/// The records as sim/report/html/page.js wants them, to stand inside a script element: no "<", ">"
/// or "&" is left in it.
std::string report_json(const std::vector<RunRecord>& runs);

}  // namespace arcas::sim
