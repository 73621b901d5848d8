#include <gtest/gtest.h>

#include <string>

#include "sim/scenario/units.h"

namespace arcas::sim {
namespace {

TEST(UnitLimits, AmountsBeyondTheLimitAreRefusedAndDoNotWrapAround) {
  EXPECT_TRUE(parse_duration("36500d"));
  EXPECT_FALSE(parse_duration("36501d"));
  for (int digits = 1; digits < 60; ++digits) {
    const std::string nines(static_cast<std::size_t>(digits), '9');
    if (digits > 5) {
      EXPECT_FALSE(parse_duration(nines + "d")) << digits;
    }
    if (digits > 10) {
      EXPECT_FALSE(parse_cpu(nines)) << digits;
    }
    if (digits > 7) {
      EXPECT_FALSE(parse_bytes(nines + "Ti")) << digits;
    }
  }
  EXPECT_FALSE(parse_bytes(std::string(1'000'000, '9')));
  EXPECT_EQ(parse_duration("1." + std::string(100'000, '0') + "s"), seconds(1));
}

}  // namespace
}  // namespace arcas::sim
