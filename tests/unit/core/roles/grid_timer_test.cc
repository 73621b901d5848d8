#include "core/roles/grid_timer.h"

#include <gtest/gtest.h>

namespace arcas::roles {
namespace {

constexpr TimePoint at(std::int64_t s) { return TimePoint{} + seconds(s); }

TEST(GridTimer, ALookThatWasLeftOutComesBackAtATimeAtWhichItWouldHaveBeen) {
  GridTimer timer;
  timer.start(at(3), seconds(2));
  EXPECT_EQ(timer.arm(at(3)), at(5));
  EXPECT_TRUE(timer.fired(at(5)));
  // Nothing to see until 10: the looks at 7 and 9 are left out.
  EXPECT_EQ(timer.arm(at(10)), at(11));
}

TEST(GridTimer, AtATimeOfTheGridTheNextOneIsMeant) {
  GridTimer timer;
  timer.start(at(0), seconds(2));
  EXPECT_EQ(timer.arm(at(4)), at(6));
}

TEST(GridTimer, OneTimerIsUnderWayAtMost) {
  GridTimer timer;
  timer.start(at(0), seconds(1));
  EXPECT_TRUE(timer.arm(at(0)));
  EXPECT_FALSE(timer.arm(at(0)));
  EXPECT_TRUE(timer.fired(at(1)));
  EXPECT_FALSE(timer.fired(at(1)));
  EXPECT_TRUE(timer.arm(at(1)));
}

TEST(GridTimer, ATimerOfAnEarlierStartDoesNotCount) {
  GridTimer timer;
  timer.start(at(0), seconds(5));
  EXPECT_EQ(timer.arm(at(0)), at(5));
  timer.start(at(2), seconds(5));
  EXPECT_EQ(timer.arm(at(2)), at(7));
  EXPECT_FALSE(timer.fired(at(5)));
  EXPECT_TRUE(timer.fired(at(7)));
  EXPECT_EQ(timer.arm(at(7)), at(12));
  timer.stop();
  EXPECT_FALSE(timer.fired(at(12)));
}

}  // namespace
}  // namespace arcas::roles
