#include "core/access/pod_quota.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace arcas::access {
namespace {

Amounts amounts(std::initializer_list<std::pair<const char*, const char*>> list) {
  Amounts out;
  for (const auto& [word, text] : list) out.emplace(word, *model::Quantity::parse(text));
  return out;
}
ContainerDemand asks(const char* name, Amounts requests) {
  ContainerDemand demand;
  demand.name = name;
  demand.requests = std::move(requests);
  return demand;
}

TEST(PodQuota, APodIsChargedForItselfAndItsRequests) {
  const QuotaAmounts quota{
      "q", amounts({{"pods", "3"}, {"cpu", "2"}, {"requests.memory", "4Gi"}, {"secrets", "1"}}),
      amounts({{"pods", "1"}, {"cpu", "500m"}, {"secrets", "1"}})};
  const auto used = charged(quota, {asks("a", amounts({{"cpu", "1"}, {"memory", "1Gi"}})),
                                    asks("b", amounts({{"cpu", "250m"}, {"memory", "1Gi"}}))});
  ASSERT_TRUE(used.has_value()) << used.error().message;
  EXPECT_EQ(used->at("pods").text(), "2");
  EXPECT_EQ(used->at("cpu").text(), "1750m");
  EXPECT_EQ(used->at("requests.memory").text(), "2Gi");
  EXPECT_EQ(used->at("secrets").text(), "1");
}

TEST(PodQuota, WhatExceedsItIsNamedWithAllThatDoes) {
  const QuotaAmounts quota{"tight", amounts({{"pods", "1"}, {"cpu", "1"}, {"memory", "8Gi"}}),
                           amounts({{"pods", "1"}, {"cpu", "600m"}})};
  const auto used = charged(quota, {asks("a", amounts({{"cpu", "500m"}, {"memory", "1Gi"}}))});
  ASSERT_FALSE(used.has_value());
  EXPECT_EQ(used.error().code, StatusCode::forbidden);
  EXPECT_EQ(used.error().message,
            "exceeded quota: tight, requested: cpu=500m,pods=1, used: cpu=600m,pods=1, limited: "
            "cpu=1,pods=1");
  // To the last bit is not too much.
  EXPECT_TRUE(charged({"q", amounts({{"cpu", "1"}}), amounts({{"cpu", "600m"}})},
                      {asks("a", amounts({{"cpu", "400m"}}))})
                  .has_value());
}

TEST(PodQuota, WhatIsBoundedMustBeSaid) {
  const auto used = charged({"q", amounts({{"cpu", "1"}, {"requests.memory", "1Gi"}}), {}},
                            {asks("a", {}), asks("b", amounts({{"memory", "1Mi"}}))});
  ASSERT_FALSE(used.has_value());
  EXPECT_EQ(used.error().message,
            "failed quota: q: must specify cpu for: a,b; requests.memory for: a");
}

}  // namespace
}  // namespace arcas::access
