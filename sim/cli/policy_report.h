#pragma once

#include <string>
#include <vector>

#include "sim/placement/bound.h"
#include "sim/placement/study.h"

namespace arcas::sim {

/// The figures of a study beside the published ones, for a terminal. `bounds`: none, or one for
/// each workload of the request.
std::string comparison_table(const StudyRequest& request, const std::vector<StudyCell>& cells,
                             const std::vector<AllocationBound>& bounds);
/// The same with every seed, and the mean of each series by percent.
std::string comparison_json(const StudyRequest& request, const std::vector<StudyCell>& cells,
                            const std::vector<AllocationBound>& bounds);
/// How many cells with a published result are outside its tolerances.
std::size_t rows_outside(const std::vector<StudyCell>& cells);

}  // namespace arcas::sim
