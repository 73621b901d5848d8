#include "core/controllers/adoption.h"

#include <gtest/gtest.h>

#include <vector>

namespace arcas::controllers {
namespace {

TEST(Adoption, WhatFitsAndHasNoControllerIsTakenInByTheFirst) {
  const std::vector<Claimant> sets{{"a", false}, {"b", true, true}, {"c", true}, {"d", true}};
  const ClaimPlan plan = plan_claim({}, sets);
  EXPECT_EQ(plan.adopt, 2U) << "b is being deleted";
  EXPECT_FALSE(plan.release);
  EXPECT_FALSE(plan_claim({"x", false, false}, sets).adopt) << "it has another controller";
  EXPECT_FALSE(plan_claim({"", true, false}, sets).adopt) << "it is being deleted";
  EXPECT_FALSE(plan_claim({"", false, true}, sets).adopt) << "it has ended";
}

TEST(Adoption, WhatFitsNoLongerIsLetGo) {
  EXPECT_TRUE(plan_claim({"a"}, std::vector<Claimant>{{"a", false}, {"b", true}}).release);
  EXPECT_FALSE(plan_claim({"a"}, std::vector<Claimant>{{"a", true}}).release);
  EXPECT_FALSE(plan_claim({"a"}, std::vector<Claimant>{{"a", false, true}}).release)
      << "a controller that is being deleted does nothing";
  EXPECT_FALSE(plan_claim({"a", true}, std::vector<Claimant>{{"a", false}}).release);
}

}  // namespace
}  // namespace arcas::controllers
