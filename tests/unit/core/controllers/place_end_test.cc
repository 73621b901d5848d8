#include "core/controllers/place_end.h"

#include <gtest/gtest.h>

namespace arcas::controllers {
namespace {

RemainingObject of(const std::string& resource, const std::string& name_space = "n") {
  return {{resource, "t", name_space, "x"}};
}
RemainingObject held(const std::string& resource, const std::string& name_space = "n") {
  return {{resource, "t", name_space, "x"}, true, {"example.com/hold"}};
}
using Indexes = std::vector<std::size_t>;

TEST(NamespaceEnd, EverythingGoesBeforeThePodsAndTheNamespaceIsLast) {
  const std::vector all{of("configmaps"), of("pods"), of("widgets.example.com")};
  const EndPlan first = plan_namespace_end(all, 100);
  EXPECT_EQ(first.remove, (Indexes{0, 2}));
  EXPECT_FALSE(first.finished);
  EXPECT_EQ(plan_namespace_end(std::vector{of("pods")}, 100).remove, Indexes{0});
  EXPECT_TRUE(plan_namespace_end({}, 100).finished);
}

TEST(NamespaceEnd, WhatIsHeldHoldsTheNamespaceButNotThePods) {
  const EndPlan plan = plan_namespace_end(std::vector{held("configmaps"), of("pods")}, 100);
  EXPECT_EQ(plan.remove, Indexes{1});
  EXPECT_FALSE(plan.finished);
  EXPECT_EQ(plan.resources.at("configmaps"), 1U);
  EXPECT_EQ(plan.finalizers.at("example.com/hold"), 1U);
  const EndPlan later = plan_namespace_end(std::vector{held("configmaps")}, 100);
  EXPECT_TRUE(later.remove.empty());
  EXPECT_FALSE(later.finished);
}

TEST(NamespaceEnd, NoMoreThanTheBurstGoesAtOnce) {
  const std::vector<RemainingObject> many(10, of("secrets"));
  EXPECT_EQ(plan_namespace_end(many, 4).remove.size(), 4U);
}

TEST(TenantEnd, ItsNamespacesGoFirstThenTheRestThenItself) {
  const std::vector all{of("clusterroles", ""), of("namespaces", ""), of("configmaps")};
  EXPECT_EQ(plan_tenant_end(all, 100).remove, Indexes{1});
  RemainingObject ending = of("namespaces", "");
  ending.deleting = true;
  EXPECT_TRUE(plan_tenant_end(std::vector{of("clusterroles", ""), ending}, 100).remove.empty())
      << "until the last namespace is gone";
  const std::vector rest{of("clusterroles", ""), held("networks", ""), of("strays", "gone")};
  const EndPlan plan = plan_tenant_end(rest, 100);
  EXPECT_EQ(plan.remove, (Indexes{0, 2}));
  EXPECT_FALSE(plan.finished);
  EXPECT_TRUE(plan_tenant_end({}, 100).finished);
}

}  // namespace
}  // namespace arcas::controllers
