#include <gtest/gtest.h>

#include <iostream>

#include "tests/support/vectors.h"
#include "tests/support/verdicts.h"

// kube-scheduler 1.32.2's own answers (shared/vectors) against ours.

namespace arcas::tests {
namespace {

struct Tally {
  std::size_t cases = 0;
  std::size_t agree = 0;
  std::vector<std::string> first;  ///< the first differences
};

constexpr std::size_t kShown = 8;

template <class Compare>
Tally compare_family(const std::string& family, Compare compare) {
  Tally tally;
  tally.cases = for_each_case(family, [&](VectorCase& loaded) {
    const std::string id = loaded.id;
    const std::vector<std::string> found = compare(loaded);
    if (found.empty()) {
      ++tally.agree;
    } else if (tally.first.size() < kShown) {
      tally.first.push_back(id + ": " + found.front());
    }
  });
  std::cout << family << ": " << tally.agree << " of " << tally.cases << " agree\n";
  for (const std::string& difference : tally.first) std::cout << "  " << difference << "\n";
  return tally;
}

/// Cases with nominated pods are judged where preemption is: preemption_vectors_test.cc.
bool is_demanded(const std::string& family) { return family != "preemption"; }

class SchedulerVectors : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!vectors_folder()) {
      GTEST_SKIP() << "NOT RUN: no folder shared/vectors beside the project nor in ARCAS_SHARED";
    }
  }
};

TEST_P(SchedulerVectors, EveryVerdictAndScoreIsThatOfKubeScheduler) {
  const Tally tally =
      compare_family(GetParam(), [](VectorCase& loaded) { return differences(loaded); });
  EXPECT_GT(tally.cases, 0U);
  if (is_demanded(GetParam())) {
    EXPECT_EQ(tally.agree, tally.cases);
  }
}

INSTANTIATE_TEST_SUITE_P(Families, SchedulerVectors, testing::ValuesIn(cluster_families()),
                         [](const auto& family) { return family.param; });

TEST(SchedulerTrajectories, EveryStepIsThatOfKubeScheduler) {
  if (!vectors_folder()) {
    GTEST_SKIP() << "NOT RUN: no folder shared/vectors beside the project nor in ARCAS_SHARED";
  }
  const Tally tally = compare_family("trajectories", trajectory_differences);
  EXPECT_GT(tally.cases, 0U);
  EXPECT_EQ(tally.agree, tally.cases);
}

}  // namespace
}  // namespace arcas::tests
