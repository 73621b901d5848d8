#pragma once

#include <string>
#include <vector>

#include "core/base/expected.h"
#include "sim/report/run_record.h"

namespace arcas::sim {

/// One HTML file that needs nothing else, no network either, and shows one run, or two side by
/// side. What comes out of the records is text to it, never markup. At most some 3 MB for each run,
/// whatever the region: rows and cells are thinned out to what a screen can show.
std::string html_report(const std::vector<RunRecord>& runs);

/// Writes it; the file appears complete or not at all.
Status write_report(const std::string& path, const std::vector<RunRecord>& runs);

}  // namespace arcas::sim
