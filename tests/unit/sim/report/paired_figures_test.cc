#include "sim/report/paired_figures.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace arcas::sim {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

TEST(MeanWithInterval, IsAsComputedByHand) {
  const std::vector<double> values{1, 2, 3, 4};
  const MeanInterval found = mean_with_interval(values, 0.95);
  EXPECT_DOUBLE_EQ(found.mean, 2.5);
  EXPECT_NEAR(found.half_width, 3.182446305 * std::sqrt(5.0 / 3.0) / 2, 1e-8);
}

// Two values: the half width is t / sqrt(2) times their standard deviation. Quantiles as in tables.
TEST(MeanWithInterval, QuantilesAreThoseOfTheTables) {
  for (const auto& [confidence, quantile] : {std::pair{0.95, 12.7062047}, {0.99, 63.6567412}}) {
    const std::vector<double> values{0, 2};
    EXPECT_NEAR(mean_with_interval(values, confidence).half_width, quantile, 1e-6);
  }
  std::vector<double> values(30, 0.0);
  values[0] = 30;
  const double deviation = std::sqrt((29.0 * 29.0 + 29.0) / 29.0);
  EXPECT_NEAR(mean_with_interval(values, 0.95).half_width, 2.04522964 * deviation / std::sqrt(30.0),
              1e-6);
}

TEST(MeanWithInterval, WhatIsNotThereIsLeftOut) {
  const std::vector<double> values{kNone, 1, kNone, 3};
  EXPECT_DOUBLE_EQ(mean_with_interval(values, 0.95).mean, 2);
  const std::vector<double> one{kNone, 5};
  EXPECT_DOUBLE_EQ(mean_with_interval(one, 0.95).mean, 5);
  EXPECT_TRUE(std::isnan(mean_with_interval(one, 0.95).half_width));
  EXPECT_TRUE(std::isnan(mean_with_interval({}, 0.95).mean));
}

TEST(ComparePairs, PairingFindsWhatTheMeansAloneWouldNot) {
  // The seeds differ by hundreds, b is lower by one to three in every pair.
  const std::vector<double> a{100, 300, 500, 700};
  const std::vector<double> b{98, 299, 497, 698};
  const PairedFigure found = compare_pairs("pods_lost", a, b, 0.95);
  EXPECT_EQ(found.pairs, 4U);
  EXPECT_DOUBLE_EQ(found.difference, -2);
  EXPECT_EQ(found.verdict, "lower in b at 95% confidence: b is better");
  EXPECT_EQ(compare_pairs("evictions", b, a, 0.9).verdict, "higher in b at 90% confidence");
  EXPECT_EQ(compare_pairs("pods_running", b, a, 0.95).verdict,
            "higher in b at 95% confidence: b is better");
}

TEST(ComparePairs, SaysWhenNothingCanBeSaid) {
  const std::vector<double> a{1, 2, 3};
  const std::vector<double> apart{3, 1, 3};
  const std::vector<double> none{kNone, kNone, kNone};
  const std::vector<double> one{kNone, 4, kNone};
  EXPECT_EQ(compare_pairs("x", a, a, 0.95).verdict, "the same in every pair");
  EXPECT_EQ(compare_pairs("x", a, apart, 0.95).verdict, "no difference at 95% confidence");
  EXPECT_EQ(compare_pairs("x", a, none, 0.95).verdict, "no run has it in both");
  EXPECT_EQ(compare_pairs("x", a, one, 0.95).verdict, "one pair only: nothing can be said");
}

}  // namespace
}  // namespace arcas::sim
