#include "core/access/pod_priority.h"

#include <gtest/gtest.h>

#include <vector>

namespace arcas::access {
namespace {

const std::vector<PriorityLevel> kLevels{
    {"high", 1000, false, false}, {"usual", 10, true, true}, {"other", 20, true, false}};

TEST(PodPriority, IsThatOfItsClass) {
  const auto high = priority_of_new_pod(kLevels, "high", {});
  ASSERT_TRUE(high.has_value());
  EXPECT_EQ(high->value, 1000);
  EXPECT_EQ(priority_of_new_pod({}, "system-node-critical", {})->value, 2'000'001'000);
}

TEST(PodPriority, WithoutAClassItIsTheLowestGlobalDefaultOrNothing) {
  const auto usual = priority_of_new_pod(kLevels, "", {});
  ASSERT_TRUE(usual.has_value());
  EXPECT_EQ(usual->name, "usual");
  EXPECT_TRUE(usual->never_preempts);
  const auto none = priority_of_new_pod({}, "", {});
  ASSERT_TRUE(none.has_value());
  EXPECT_EQ(none->name, "");
  EXPECT_EQ(none->value, 0);
}

TEST(PodPriority, AnUnknownClassAndAnotherNumberAreRefused) {
  const auto unknown = priority_of_new_pod(kLevels, "nope", {});
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().code, StatusCode::forbidden);
  EXPECT_EQ(unknown.error().message, "no PriorityClass with name nope was found");
  const auto other = priority_of_new_pod(kLevels, "high", 7);
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(
      other.error().message,
      "the integer value of priority (7) must not be provided in pod spec; priority admission "
      "controller computed 1000 from the given PriorityClass name");
  EXPECT_TRUE(priority_of_new_pod(kLevels, "high", 1000).has_value());
}

}  // namespace
}  // namespace arcas::access
