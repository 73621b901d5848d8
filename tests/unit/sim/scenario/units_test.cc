#include "sim/scenario/units.h"

#include <gtest/gtest.h>

#include <string>

namespace arcas::sim {
namespace {

TEST(UnitsTest, DurationsNeedAUnitAndKeepEveryNanosecond) {
  EXPECT_EQ(parse_duration("250us"), microseconds(250));
  EXPECT_EQ(parse_duration("1.5h"), minutes(90));
  EXPECT_EQ(parse_duration("0.000000001s"), nanoseconds(1));
  EXPECT_EQ(parse_duration("3d"), hours(72));
  EXPECT_EQ(parse_duration("0"), Duration{0});
  for (const char* wrong : {"", "5", "s", "-1s", "+1s", "1 s", "1S", "1e3s", "1.2.3s", ".s", "1ss",
                            "inf", "nans", "0x10s", "99999999d", "999999999999999999999999ns"}) {
    EXPECT_FALSE(parse_duration(wrong)) << wrong;
  }
}

TEST(UnitsTest, CpuIsInThousandthsAndRoundsUp) {
  EXPECT_EQ(parse_cpu("2"), 2000);
  EXPECT_EQ(parse_cpu("250m"), 250);
  EXPECT_EQ(parse_cpu("0.1"), 100);
  EXPECT_EQ(parse_cpu("0.0001"), 1);
  for (const char* wrong : {"", "m", "-1", "2 cores", "1k", "99999999999999999999"}) {
    EXPECT_FALSE(parse_cpu(wrong)) << wrong;
  }
}

TEST(UnitsTest, BytesKnowBothFamiliesOfUnits) {
  EXPECT_EQ(parse_bytes("512Mi"), 512 << 20);
  EXPECT_EQ(parse_bytes("1.5Gi"), 1536LL << 20);
  EXPECT_EQ(parse_bytes("2G"), 2'000'000'000);
  EXPECT_EQ(parse_bytes("1000"), 1000);
  for (const char* wrong : {"", "Gi", "16GB", "16gi", "-1Gi", "99999999999999Ti"}) {
    EXPECT_FALSE(parse_bytes(wrong)) << wrong;
  }
}

TEST(UnitsTest, LongRunsOfDigitsDoNotOverflow) {
  for (std::size_t digits = 1; digits < 64; ++digits) {
    for (const char* unit : {"d", "Ti", "ns", "m", ""}) {
      const std::string text = std::string(digits, '9') + unit;
      const std::string fraction = "9." + std::string(digits, '9') + unit;
      (void)parse_duration(text);
      (void)parse_bytes(text);
      (void)parse_cpu(text);
      (void)parse_duration(fraction);
      (void)parse_bytes(fraction);
    }
  }
}

}  // namespace
}  // namespace arcas::sim
