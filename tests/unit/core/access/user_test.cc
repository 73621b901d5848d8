#include "core/access/user.h"

#include <gtest/gtest.h>

namespace arcas::access {
namespace {

std::string refusal_of(const CertificateSubject& subject) {
  const auto user = user_of(subject);
  return user ? "" : user.error().message;
}

TEST(User, OrganizationNamesTheTenantAndUnitsAreTheGroups) {
  const auto user = user_of({"alice", {"tenant:blue"}, {"developers", "testers"}});
  ASSERT_TRUE(user.has_value());
  EXPECT_EQ(*user, (User{"alice", "blue", {"developers", "testers"}}));
}

TEST(User, CommonNameNamesTheTenantAndOrganizationsAreTheGroups) {
  const auto user = user_of({"system:admin", {"system:masters"}, {"ignored"}});
  ASSERT_TRUE(user.has_value());
  EXPECT_EQ(*user, (User{"system:admin", "system", {"system:masters"}}));
}

TEST(User, NodesAreOfTheSystemTenant) {
  const auto user = user_of({"system:node:n1", {"system:nodes"}, {}});
  ASSERT_TRUE(user.has_value());
  EXPECT_EQ(user->tenant, "system");
  EXPECT_TRUE(is_in_group(*user, "system:nodes"));
  EXPECT_FALSE(is_in_group(*user, "system:masters"));
}

TEST(User, WhoNamesNoTenantIsNobody) {
  EXPECT_NE(refusal_of({"alice", {"system:masters"}, {}}), "");
  EXPECT_NE(refusal_of({"alice", {"tenant:"}, {}}), "");
  EXPECT_NE(refusal_of({"alice", {"tenant"}, {}}), "");
  EXPECT_NE(refusal_of({":alice", {}, {}}), "");
}

TEST(User, OneTenantAlone) {
  EXPECT_NE(refusal_of({"alice", {"tenant:blue", "tenant:red"}, {}}), "");
  EXPECT_NE(refusal_of({"alice", {"tenant:blue", "system:masters"}, {}}), "");
  // Also where the tenant does not stand first.
  EXPECT_NE(refusal_of({"system:alice", {"developers", "tenant:blue"}, {}}), "");
  EXPECT_NE(refusal_of({"alice", {"tenant:blue:red"}, {}}), "");
}

TEST(User, TenantsHaveNamesOfTenants) {
  EXPECT_NE(refusal_of({"alice", {"tenant:all"}, {}}), "");
  EXPECT_NE(refusal_of({"all:alice", {}, {}}), "");
  EXPECT_NE(refusal_of({"alice", {"tenant:Blue"}, {}}), "");
  EXPECT_NE(refusal_of({"alice", {"tenant:blue/../red"}, {}}), "");
}

TEST(User, HostileNames) {
  EXPECT_NE(refusal_of({"", {"tenant:blue"}, {}}), "");
  EXPECT_NE(refusal_of({std::string("ali\0ce", 6), {"tenant:blue"}, {}}), "");
  EXPECT_NE(refusal_of({"alice\nadmin", {"tenant:blue"}, {}}), "");
  EXPECT_NE(refusal_of({std::string(1025, 'a'), {"tenant:blue"}, {}}), "");
  EXPECT_NE(refusal_of({"alice", {"tenant:blue"}, {""}}), "");
  EXPECT_NE(refusal_of({"alice", {"tenant:blue"}, {"a\rb"}}), "");
  EXPECT_EQ(refusal_of({"alice", {"tenant:blue"}, std::vector<std::string>(256, "g")}), "");
  EXPECT_NE(refusal_of({"alice", {"tenant:blue"}, std::vector<std::string>(10'000, "g")}), "");
}

}  // namespace
}  // namespace arcas::access
