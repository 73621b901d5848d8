#include "sim/scenario/units.h"

#include <gtest/gtest.h>

#include <string>

namespace arcas::sim {
namespace {

TEST(Units, Durations) {
  EXPECT_EQ(parse_duration("0"), Duration{0});
  EXPECT_EQ(parse_duration("250us"), microseconds(250));
  EXPECT_EQ(parse_duration("500ms"), milliseconds(500));
  EXPECT_EQ(parse_duration("1.5s"), milliseconds(1500));
  EXPECT_EQ(parse_duration("10m"), minutes(10));
  EXPECT_EQ(parse_duration("2h"), hours(2));
  EXPECT_EQ(parse_duration("3d"), hours(72));
}

TEST(Units, DurationsThatAreNone) {
  for (const char* text : {"", "s", "10", "-1s", "+1s", "1 s", "1e3s", "1.2.3s", "1.s", ".5s",
                           "1week", "0x10s", "nan", "inf", "1S"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Units, AmountsBeyondTheLimitAreRefusedAndDoNotWrapAround) {
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

TEST(Units, Cpu) {
  EXPECT_EQ(parse_cpu("500m"), 500);
  EXPECT_EQ(parse_cpu("4"), 4000);
  EXPECT_EQ(parse_cpu("0.5"), 500);
  for (const char* text : {"", "m", "-1", "4Gi", "1 ", "one", "1..5"}) {
    EXPECT_FALSE(parse_cpu(text)) << text;
  }
}

TEST(Units, Bytes) {
  EXPECT_EQ(parse_bytes("16Gi"), std::int64_t{16} << 30);
  EXPECT_EQ(parse_bytes("1.5Ki"), 1536);
  EXPECT_EQ(parse_bytes("2G"), 2'000'000'000);
  EXPECT_EQ(parse_bytes("1000"), 1000);
  for (const char* text : {"", "Gi", "-1Gi", "16gb", "16 Gi", "500m", "1Pi"}) {
    EXPECT_FALSE(parse_bytes(text)) << text;
  }
}

}  // namespace
}  // namespace arcas::sim
