#include "core/scheduler/plugins/allocation_scores.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "core/scheduler/plugins/normalization.h"

namespace arcas::scheduler {
namespace {

TEST(AllocationScores, LeastAllocatedIsTheFreeShareAndZeroWhenOvercommitted) {
  EXPECT_EQ(least_allocated_score(0, 8), 100);
  EXPECT_EQ(least_allocated_score(3, 8), 62);  // 62.5 truncated
  EXPECT_EQ(least_allocated_score(8, 8), 0);
  EXPECT_EQ(least_allocated_score(9, 8), 0);
}

TEST(AllocationScores, MostAllocatedIsTheUsedShareAndFullWhenOvercommitted) {
  EXPECT_EQ(most_allocated_score(0, 8), 0);
  EXPECT_EQ(most_allocated_score(3, 8), 37);
  EXPECT_EQ(most_allocated_score(9, 8), 100);
}

TEST(AllocationScores, TheLargestAmountsDoNotOverflow) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(least_allocated_score(kMost / 2, kMost), 50);
  EXPECT_EQ(most_allocated_score(kMost, kMost), 100);
}

TEST(AllocationScores, UtilizationFollowsTheBrokenLine) {
  constexpr std::array<UtilizationPoint, 3> kShape{{{20, 0}, {60, 10}, {80, 5}}};
  EXPECT_EQ(utilization_score(kShape, 10, 100), 0);    // before the first point
  EXPECT_EQ(utilization_score(kShape, 40, 100), 50);   // half-way up
  EXPECT_EQ(utilization_score(kShape, 60, 100), 100);  // on a point
  EXPECT_EQ(utilization_score(kShape, 61, 100), 98);   // 100 - 2.5 truncated towards zero
  EXPECT_EQ(utilization_score(kShape, 99, 100), 50);   // after the last point
  EXPECT_EQ(utilization_score(kShape, 500, 100), 50);  // over-committed counts as 100 %
  EXPECT_EQ(utilization_score({}, 50, 100), 0);
}

TEST(AllocationScores, EqualSharesAreBalancedAndOneShareAlwaysIs) {
  constexpr std::array<double, 3> kEqual{0.5, 0.5, 0.5};
  constexpr std::array<double, 1> kOne{0.9};
  constexpr std::array<double, 2> kApart{1.0, 0.0};
  EXPECT_EQ(balance_score(kEqual), 100);
  EXPECT_EQ(balance_score(kOne), 100);
  EXPECT_EQ(balance_score({}), 100);
  EXPECT_EQ(balance_score(kApart), 50);
}

TEST(AllocationScores, MoreThanTwoSharesTakeTheirStandardDeviation) {
  constexpr std::array<double, 4> kShares{0.0, 0.0, 1.0, 1.0};  // deviation 0.5
  constexpr std::array<double, 3> kThirds{0.0, 0.5, 1.0};       // deviation 0.408…
  EXPECT_EQ(balance_score(kShares), 50);
  EXPECT_EQ(balance_score(kThirds), 59);
}

TEST(Normalization, TheLargestBecomesHundredAndAllZeroStaysZero) {
  std::array<std::int64_t, 3> scores{0, 1, 3};
  normalize_by_largest(scores);
  EXPECT_EQ(scores, (std::array<std::int64_t, 3>{0, 33, 100}));
  std::array<std::int64_t, 2> zeros{0, 0};
  normalize_by_largest(zeros);
  EXPECT_EQ(zeros, (std::array<std::int64_t, 2>{0, 0}));
}

TEST(Normalization, ReversedTheSmallestIsBestAndAllZeroIsHundred) {
  std::array<std::int64_t, 3> scores{0, 1, 3};
  normalize_by_largest_reversed(scores);
  EXPECT_EQ(scores, (std::array<std::int64_t, 3>{100, 67, 0}));
  std::array<std::int64_t, 2> zeros{0, 0};
  normalize_by_largest_reversed(zeros);
  EXPECT_EQ(zeros, (std::array<std::int64_t, 2>{100, 100}));
}

}  // namespace
}  // namespace arcas::scheduler
