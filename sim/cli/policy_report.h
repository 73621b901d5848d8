#pragma once

#include <string>
#include <vector>

#include "sim/placement/study.h"

namespace arcas::sim {

/// The figures of a study beside the published ones, for a terminal.
std::string comparison_table(const StudyRequest& request, const std::vector<StudyCell>& cells);
/// The same with every seed, and the mean of each series by percent.
std::string comparison_json(const StudyRequest& request, const std::vector<StudyCell>& cells);
/// How many cells with a published result are outside its tolerances.
std::size_t rows_outside(const std::vector<StudyCell>& cells);

}  // namespace arcas::sim
