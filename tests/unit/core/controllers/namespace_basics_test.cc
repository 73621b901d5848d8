#include "core/controllers/namespace_basics.h"

#include <gtest/gtest.h>

namespace arcas::controllers {
namespace {

TEST(NamespaceBasics, AreMadeWhereTheyAreMissingAndSetRightWhereTheyAreWrong) {
  const BasicsPlan fresh = plan_namespace_basics({}, "pem");
  EXPECT_TRUE(fresh.create_account);
  EXPECT_TRUE(fresh.write_certificate);
  const BasicsPlan settled = plan_namespace_basics({false, true, "pem"}, "pem");
  EXPECT_FALSE(settled.create_account);
  EXPECT_FALSE(settled.write_certificate);
  EXPECT_TRUE(plan_namespace_basics({false, true, "other"}, "pem").write_certificate);
  EXPECT_FALSE(plan_namespace_basics({}, "").write_certificate) << "there is none to tell";
}

TEST(NamespaceBasics, NothingIsMadeInANamespaceThatEnds) {
  const BasicsPlan plan = plan_namespace_basics({true, false, std::nullopt}, "pem");
  EXPECT_FALSE(plan.create_account);
  EXPECT_FALSE(plan.write_certificate);
}

}  // namespace
}  // namespace arcas::controllers
