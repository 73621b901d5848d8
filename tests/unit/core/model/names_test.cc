#include "core/model/names.h"

#include <gtest/gtest.h>

#include <string>

namespace arcas::model {
namespace {

TEST(NamesTest, LengthsAreCountedInBytesAtTheirLimits) {
  EXPECT_TRUE(problems_of_dns1123_label(std::string(63, 'a')).empty());
  EXPECT_EQ(problems_of_dns1123_label(std::string(64, 'a')).size(), 1U);
  EXPECT_TRUE(problems_of_dns1123_subdomain(std::string(253, 'a')).empty());
  EXPECT_EQ(problems_of_dns1123_subdomain(std::string(254, 'a')).size(), 1U);
  EXPECT_TRUE(problems_of_label_value(std::string(63, 'A')).empty());
  EXPECT_EQ(problems_of_label_value(std::string(64, 'A')).size(), 1U);
  EXPECT_TRUE(problems_of_port_name(std::string(15, 'a')).empty());
  EXPECT_EQ(problems_of_port_name(std::string(16, 'a')).size(), 1U);
  EXPECT_TRUE(problems_of_qualified_name("a.io/" + std::string(63, 'a')).empty());
  EXPECT_EQ(problems_of_qualified_name("a.io/" + std::string(64, 'a')).size(), 1U);
}

TEST(NamesTest, ZeroBytesControlCharactersAndHighBytesAreRefused) {
  for (const std::string& name :
       {std::string("a\0b", 3), std::string("a\nb"), std::string("a\x7f"), std::string("\xff\xfe"),
        std::string("na\xc3\xafve"), std::string(1'000'000, '\0')}) {
    EXPECT_FALSE(problems_of_dns1123_label(name).empty());
    EXPECT_FALSE(problems_of_dns1123_subdomain(name).empty());
    EXPECT_FALSE(problems_of_dns1035_label(name).empty());
    EXPECT_FALSE(problems_of_qualified_name(name).empty());
    EXPECT_FALSE(problems_of_label_value(name).empty());
    EXPECT_FALSE(problems_of_port_name(name).empty());
  }
}

TEST(NamesTest, DotsInALabelAreNamedAsSuch) {
  EXPECT_EQ(problems_of_dns1123_label("a.b"), std::vector<std::string>{"must not contain dots"});
  EXPECT_FALSE(problems_of_dns1123_subdomain("a..b").empty());
  EXPECT_FALSE(problems_of_dns1123_subdomain(".a").empty());
  EXPECT_FALSE(problems_of_dns1123_subdomain("a.").empty());
}

TEST(NamesTest, ALabelValueMayBeEmptyAndAKeyMayNot) {
  EXPECT_TRUE(problems_of_label_value("").empty());
  EXPECT_FALSE(problems_of_qualified_name("").empty());
  EXPECT_FALSE(problems_of_qualified_name("example.com/").empty());
}

}  // namespace
}  // namespace arcas::model
