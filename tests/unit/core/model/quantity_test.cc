#include "core/model/quantity.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace arcas::model {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

Quantity read(const std::string& text) {
  const auto quantity = Quantity::parse(text);
  EXPECT_TRUE(quantity) << text;
  return quantity.value_or(Quantity{});
}

QuantityProblem problem_of(const std::string& text) {
  QuantityProblem problem{};
  EXPECT_FALSE(Quantity::parse(text, &problem)) << text;
  return problem;
}

TEST(QuantityTest, EverySuffixHasItsFactor) {
  EXPECT_EQ(read("1k").value(), 1'000);
  EXPECT_EQ(read("1M").value(), 1'000'000);
  EXPECT_EQ(read("1G").value(), 1'000'000'000);
  EXPECT_EQ(read("1T").value(), 1'000'000'000'000);
  EXPECT_EQ(read("1P").value(), 1'000'000'000'000'000);
  EXPECT_EQ(read("1E").value(), 1'000'000'000'000'000'000);
  EXPECT_EQ(read("1Ki").value(), 1LL << 10);
  EXPECT_EQ(read("1Mi").value(), 1LL << 20);
  EXPECT_EQ(read("1Gi").value(), 1LL << 30);
  EXPECT_EQ(read("1Ti").value(), 1LL << 40);
  EXPECT_EQ(read("1Pi").value(), 1LL << 50);
  EXPECT_EQ(read("1Ei").value(), 1LL << 60);
  EXPECT_EQ(read("250m").milli_value(), 250);
  EXPECT_EQ(read("1n").milli_value(), 1);
  EXPECT_EQ(read("1001u").milli_value(), 2);
}

TEST(QuantityTest, TheSmallestPartIsRoundedUp) {
  EXPECT_EQ(read("1.1").value(), 2);
  EXPECT_EQ(read("0.0001").milli_value(), 1);
  EXPECT_EQ(read("0.1n").text(), "1n");
  EXPECT_EQ(read("-0.1n").text(), "-1n");
}

TEST(QuantityTest, CanonicalFormsLoseNothing) {
  EXPECT_EQ(read("1.5").text(), "1500m");
  EXPECT_EQ(read("1.5Gi").text(), "1536Mi");
  EXPECT_EQ(read("1024Ki").text(), "1Mi");
  EXPECT_EQ(read("0.5Ki").text(), "512");
  EXPECT_EQ(read("3000e3").text(), "3e6");
  EXPECT_EQ(read("100000000000000000000000e0").text(), "100e21");
}

TEST(QuantityTest, ACheckedAmountIsNoneWhereKubernetesWraps) {
  EXPECT_EQ(read("9223372036854775807").amount(0), kMost);
  EXPECT_EQ(read("9223372036854775808").amount(0), std::nullopt);
  EXPECT_EQ(read("9223372036854775.807").amount(3), kMost);
  EXPECT_EQ(read("9223372036854775808m").amount(3), std::nullopt);
  EXPECT_EQ(read("1e100").amount(0), std::nullopt);
  EXPECT_EQ(read("1e-100").amount(3), 1);
  EXPECT_EQ(read("-1m").amount(3), std::nullopt);
  EXPECT_EQ(read("-0").amount(3), 0);
  EXPECT_EQ(read("1Ei").amount(3), std::nullopt);
  EXPECT_EQ(read("1Ei").amount(0), 1LL << 60);
  EXPECT_EQ(read("1.0000000001").amount(3), 1001);
}

TEST(QuantityTest, HostileTextsAreRefusedByKind) {
  for (const char* text : {"", " ", "1 ", " 1", "1.2.3", "1-1-1", "1Ki1Ki", "0x10", "1,5", "1e1e1",
                           "\xef\xbc\x91", "1\n", "1_000"}) {
    EXPECT_EQ(problem_of(text), QuantityProblem::format) << text;
  }
  EXPECT_EQ(problem_of(std::string("1\0", 2)), QuantityProblem::format);
  for (const char* text : {"1e", "1kk", "1ki", "1K", "1mi", "1e101", "1e-101", "1e+101",
                           "1e99999999999999999999", "1E+", "1-1", "--1", "1n1", "1Ei1"}) {
    EXPECT_EQ(problem_of(text), QuantityProblem::suffix) << text;
  }
  EXPECT_EQ(problem_of(std::string(1001, '9')), QuantityProblem::numeric);
  EXPECT_EQ(problem_of(std::string(1'000'000, '0')), QuantityProblem::numeric);
}

TEST(QuantityTest, EveryProblemSaysWhatIsAllowed) {
  for (const auto problem :
       {QuantityProblem::format, QuantityProblem::numeric, QuantityProblem::suffix}) {
    EXPECT_FALSE(describe(problem).empty());
  }
  EXPECT_NE(describe(QuantityProblem::suffix).find("Ki Mi Gi Ti Pi Ei"), std::string_view::npos);
}

TEST(QuantityTest, AThousandDigitsKeepTheirValue) {
  const std::string digits(999, '7');
  const Quantity quantity = read(digits);
  EXPECT_EQ(quantity.amount(0), std::nullopt);
  Quantity same = quantity;
  same.subtract(read(digits));
  EXPECT_TRUE(same.is_zero());
  EXPECT_EQ(quantity.compare(read("1e99")), 1);
}

TEST(QuantityTest, BinaryAmountsAreCappedAtTheLargestInt64) {
  EXPECT_EQ(read("8Ei").amount(0), kMost);
  EXPECT_EQ(read("9999999999999Ei").text(), "9223372036854775807");
}

TEST(QuantityTest, SumsThatOverflowInt64GoOnExactly) {
  Quantity sum = read("9223372036854775807");
  sum.add(read("1"));
  EXPECT_EQ(sum.compare(read("9223372036854775808")), 0);
  sum.subtract(read("9223372036854775808"));
  EXPECT_TRUE(sum.is_zero());
  EXPECT_EQ(sum.text(), "0");
}

TEST(QuantityTest, OnlyAZeroTakesTheFormatOfWhatIsAdded) {
  Quantity zero = read("0");
  zero.add(read("2Gi"));
  EXPECT_EQ(zero.format(), Quantity::Format::binary_si);
  Quantity one = read("1G");
  one.add(read("2Gi"));
  EXPECT_EQ(one.format(), Quantity::Format::decimal_si);
}

}  // namespace
}  // namespace arcas::model
