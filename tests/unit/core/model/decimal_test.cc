#include "core/model/decimal.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace arcas::model {
namespace {

Decimal number(const std::string& digits, std::int32_t places = 0) {
  const bool negative = digits[0] == '-';
  return {negative, negative ? digits.substr(1) : digits, places};
}

TEST(DecimalTest, SumsOfSmallNumbersAreThoseOfIntegers) {
  for (std::int64_t a = -130; a <= 130; a += 7) {
    for (std::int64_t b = -1100; b <= 1100; b += 13) {
      const Decimal sum = Decimal(a) + Decimal(b);
      EXPECT_EQ(sum.unscaled_text(), std::to_string(a + b)) << a << " + " << b;
      EXPECT_EQ(sum.sign(), a + b > 0 ? 1 : (a + b < 0 ? -1 : 0));
      EXPECT_EQ(Decimal::compare(Decimal(a), Decimal(b)), a < b ? -1 : (a > b ? 1 : 0));
    }
  }
}

TEST(DecimalTest, LeadingZerosAndTheSignOfZeroVanish) {
  EXPECT_EQ(number("-000").unscaled_text(), "0");
  EXPECT_EQ(number("00012", 3).unscaled_text(), "12");
  EXPECT_EQ(number("-5").negated().unscaled_text(), "5");
  EXPECT_EQ(Decimal().negated().unscaled_text(), "0");
}

TEST(DecimalTest, FewerPlacesRoundAwayFromZero) {
  EXPECT_EQ(number("1501", 3).with_places(0).unscaled_text(), "2");
  EXPECT_EQ(number("-1501", 3).with_places(0).unscaled_text(), "-2");
  EXPECT_EQ(number("2000", 3).with_places(0).unscaled_text(), "2");
  EXPECT_EQ(number("1", 50).with_places(0).unscaled_text(), "1");
  EXPECT_EQ(number("999", 1).with_places(-1).unscaled_text(), "10");
  EXPECT_EQ(number("15", 0).with_places(2).unscaled_text(), "1500");
}

TEST(DecimalTest, DivisionRoundsDownAndSaysWhetherAnythingFellOff) {
  bool rest = false;
  EXPECT_EQ(number("1234").unscaled_divided(2, rest).unscaled_text(), "12");
  EXPECT_TRUE(rest);
  EXPECT_EQ(number("-1234").unscaled_divided(2, rest).unscaled_text(), "-13");
  EXPECT_TRUE(rest);
  EXPECT_EQ(number("1200").unscaled_divided(2, rest).unscaled_text(), "12");
  EXPECT_FALSE(rest);
  EXPECT_EQ(number("7").unscaled_divided(25, rest).unscaled_text(), "0");
  EXPECT_TRUE(rest);
}

TEST(DecimalTest, PowersOfTwoAreExact) {
  EXPECT_EQ(number("1").times_two_to(60).unscaled_text(), "1152921504606846976");
  EXPECT_EQ(number("-999999999999").times_two_to(60).unscaled_text(),
            "-1152921504605694054495393153024");
  Decimal back = number("7").times_two_to(30);
  EXPECT_TRUE(back.divide_by_1024());
  EXPECT_TRUE(back.divide_by_1024());
  EXPECT_TRUE(back.divide_by_1024());
  EXPECT_EQ(back.unscaled_text(), "7");
  EXPECT_FALSE(back.divide_by_1024());
  EXPECT_FALSE(Decimal().divide_by_1024());
}

TEST(DecimalTest, LowBitsWrapAsTwosComplementOfTheMagnitude) {
  EXPECT_EQ(number("18446744073709551617").unscaled_low_bits(), 1);
  EXPECT_EQ(number("-18446744073709551617").unscaled_low_bits(), -1);
  EXPECT_EQ(number("9223372036854775808").unscaled_low_bits(),
            std::numeric_limits<std::int64_t>::min());
}

}  // namespace
}  // namespace arcas::model
