// The published table of placement policies on the openb trace, a fast part of it. The whole:
// arcas policy compare --trace FOLDER --check
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "sim/placement/paper.h"
#include "sim/placement/study.h"

namespace arcas::sim {
namespace {

/// traces/openb below ARCAS_SHARED or a folder `shared` beside the project; empty if absent.
std::string openb_folder() {
  namespace fs = std::filesystem;
  const char* shared = std::getenv("ARCAS_SHARED");
  for (const fs::path& root :
       {fs::path(shared == nullptr ? "" : shared), fs::path(ARCAS_SOURCE_DIR) / ".." / "shared"}) {
    std::error_code error;
    const fs::path folder = root / "traces" / "openb";
    if (!root.empty() && fs::is_directory(folder, error)) return folder.string();
  }
  return "";
}

TEST(OpenbPolicies, FgdAndBestFitGiveThePublishedTableAndArcasAllocatesMore) {
  StudyRequest request;
  request.folder = openb_folder();
  if (request.folder.empty()) {
    std::puts(
        "SKIPPED: the openb trace is not here (ARCAS_SHARED, or shared/traces/openb beside "
        "the project). ALL TESTS SKIPPED");
    GTEST_SKIP();
  }
  request.workloads = {"default", "gpuspec10"};
  request.policies = {"fgd", "best-fit", "arcas"};
  request.seeds = 4;
  const auto cells = run_study(request);
  ASSERT_TRUE(cells) << cells.error().message;
  for (std::size_t first = 0; first < cells->size(); first += 3) {
    for (std::size_t i = first; i < first + 2; ++i) {
      const StudyCell& cell = (*cells)[i];
      const auto paper = published_result(cell.workload, cell.policy);
      ASSERT_TRUE(paper);
      const auto mean = [&](PercentSeries PlacementResult::*series, std::size_t percent) {
        return spread_of(cell.at(series, percent)).mean;
      };
      const std::string what = cell.workload + " " + cell.policy;
      EXPECT_NEAR(mean(&PlacementResult::allocated, 100), paper->allocated_100,
                  paper->allocation_tolerance)
          << what;
      EXPECT_NEAR(mean(&PlacementResult::allocated, 130), paper->allocated_130,
                  paper->allocation_tolerance)
          << what;
      EXPECT_NEAR(mean(&PlacementResult::fragmented_of_free, 80), *paper->fragmented_of_free_80,
                  paper->fragmentation_tolerance)
          << what;
    }
    const StudyCell& fgd = (*cells)[first];
    const StudyCell& ours = (*cells)[first + 2];
    for (std::size_t seed = 0; seed < 4; ++seed) {
      for (const std::size_t percent : {100U, 130U}) {
        EXPECT_GT(ours.runs[seed].allocated[percent], fgd.runs[seed].allocated[percent])
            << ours.workload << " seed " << seed << " at " << percent;
      }
    }
  }
}

}  // namespace
}  // namespace arcas::sim
