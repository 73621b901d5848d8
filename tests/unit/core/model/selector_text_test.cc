#include "core/model/selector_text.h"

#include <gtest/gtest.h>

#include <string>

#include "core/model/catalog.h"

namespace arcas::model {
namespace {

std::string error_of(const std::string& text) {
  const auto selector = SelectorText::parse(text);
  return selector ? "no error" : selector.error().message;
}

TEST(SelectorTextTest, ErrorsNameTheByteAndWhatWasExpected) {
  EXPECT_EQ(error_of("a b"),
            "selector, byte 3: found 'b', expected one of in, notin, =, ==, !=, >, <");
  EXPECT_EQ(error_of("a,"), "selector, byte 3: found the end, expected a key or '!' after ','");
  EXPECT_EQ(error_of("a in (b"), "selector, byte 8: found the end, expected ',' or ')'");
  EXPECT_EQ(error_of("a in b"), "selector, byte 6: found 'b', expected '('");
  EXPECT_EQ(error_of("a=b,=c"), "selector, byte 5: found '=', expected a key or '!' after ','");
  EXPECT_EQ(error_of("a>x"),
            "selector, byte 1: value \"x\": for 'Gt', 'Lt' operators, the value must be an "
            "integer");
}

TEST(SelectorTextTest, AnEmptySelectorMatchesEverything) {
  Catalog catalog;
  for (const char* text : {"", "  ", "\t\n"}) {
    const auto selector = SelectorText::parse(text);
    ASSERT_TRUE(selector);
    EXPECT_TRUE(selector->empty());
    EXPECT_TRUE(matches(selector->interned(catalog), LabelSet{}, catalog));
  }
}

TEST(SelectorTextTest, WhatIsWrittenReadsBackTheSame) {
  for (const char* text : {"a", "!a", "a=b", "a==b", "a!=b", "a in (b,c)", "a notin (,b)", "a>1",
                           "a<1", "a=", "a in ()", "in notin (in)", "a,b,!c,d in (e)"}) {
    const auto selector = SelectorText::parse(text);
    ASSERT_TRUE(selector) << text;
    const auto again = SelectorText::parse(selector->text());
    ASSERT_TRUE(again) << selector->text();
    EXPECT_EQ(*again, *selector);
  }
}

TEST(SelectorTextTest, AnInternedSelectorCanBeWrittenAgain) {
  Catalog catalog;
  const auto selector = SelectorText::parse("b!=x,a==y,c>5,!d,e");
  ASSERT_TRUE(selector);
  const SelectorText text = SelectorText::of(selector->interned(catalog), catalog);
  EXPECT_EQ(text.text(), "a in (y),b notin (x),c>5,!d,e");
}

TEST(SelectorTextTest, AZeroByteEndsTheSelector) {
  const auto selector = SelectorText::parse(std::string("a=b\0,c=d", 8));
  ASSERT_TRUE(selector);
  EXPECT_EQ(selector->text(), "a=b");
}

TEST(SelectorTextTest, TenThousandTermsAndAMegabyteOfParenthesesEndInReasonableTime) {
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += (i > 0 ? ",k" : "k") + std::to_string(i) + " in (a,b)";
  const auto selector = SelectorText::parse(many);
  ASSERT_TRUE(selector);
  EXPECT_EQ(selector->requirements.size(), 10'000U);
  EXPECT_NE(error_of(std::string(1'000'000, '(')), "no error");
  EXPECT_NE(error_of("a in (" + std::string(1'000'000, ',')), "no error");
  EXPECT_NE(error_of(std::string(1'000'000, 'a')), "no error");
}

}  // namespace
}  // namespace arcas::model
