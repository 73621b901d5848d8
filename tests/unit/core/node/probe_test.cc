#include "core/node/probe.h"

#include <gtest/gtest.h>

namespace arcas::node {
namespace {

TEST(Probe, TheVerdictChangesOnlyAfterAsManyEqualResultsInARowAsTheThreshold) {
  Probe probe(ProbeKind::readiness, {seconds(5), seconds(2), seconds(1), 2, 3}, TimePoint{0});
  EXPECT_EQ(probe.verdict(), Probe::Verdict::failure);
  EXPECT_EQ(probe.due(), TimePoint{0} + seconds(5));
  EXPECT_FALSE(probe.on_result(TimePoint{0} + seconds(5), true));
  EXPECT_TRUE(probe.on_result(TimePoint{0} + seconds(7), true));
  EXPECT_EQ(probe.verdict(), Probe::Verdict::success);
  EXPECT_FALSE(probe.on_result(TimePoint{0} + seconds(9), false));
  EXPECT_FALSE(probe.on_result(TimePoint{0} + seconds(11), false));
  EXPECT_FALSE(probe.on_result(TimePoint{0} + seconds(13), true)) << "the row is broken";
  EXPECT_FALSE(probe.on_result(TimePoint{0} + seconds(15), false));
  EXPECT_FALSE(probe.on_result(TimePoint{0} + seconds(17), false));
  EXPECT_TRUE(probe.on_result(TimePoint{0} + seconds(19), false));
  EXPECT_EQ(probe.verdict(), Probe::Verdict::failure);
}

TEST(Probe, ItIsNotDueWhileAResultIsAwaitedNorOnceStartupIsOver) {
  Probe probe(ProbeKind::startup, {}, TimePoint{0});
  EXPECT_EQ(probe.verdict(), Probe::Verdict::unknown);
  probe.on_sent();
  EXPECT_EQ(probe.due(), TimePoint::max());
  EXPECT_FALSE(probe.on_result(TimePoint{0} + seconds(1), false));
  EXPECT_EQ(probe.due(), TimePoint{0} + seconds(11));
  EXPECT_TRUE(probe.on_result(TimePoint{0} + seconds(11), true));
  EXPECT_EQ(probe.due(), TimePoint::max());
}

TEST(Probe, LivenessBeginsAsASuccess) {
  EXPECT_EQ(Probe(ProbeKind::liveness, {}, TimePoint{0}).verdict(), Probe::Verdict::success);
}

}  // namespace
}  // namespace arcas::node
