#include "core/access/limit_range.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace arcas::access {
namespace {

using model::Quantity;
using Type = LimitRangeEntry::Type;
using Texts = std::vector<std::string>;

Amounts amounts(std::initializer_list<std::pair<const char*, const char*>> list) {
  Amounts out;
  for (const auto& [resource, text] : list) out.emplace(resource, *Quantity::parse(text));
  return out;
}
LimitRangeEntry bounds(Type type, Amounts least, Amounts most) {
  LimitRangeEntry entry;
  entry.type = type;
  entry.least = std::move(least);
  entry.most = std::move(most);
  return entry;
}

TEST(LimitRange, WhatIsLeftOutIsFilledInByTheFirstEntryThatHasIt) {
  LimitRangeEntry first;
  first.default_limits = amounts({{"cpu", "500m"}});
  first.default_requests = amounts({{"cpu", "100m"}});
  LimitRangeEntry second;
  second.default_limits = amounts({{"cpu", "2"}, {"memory", "1Gi"}});
  LimitRangeEntry of_pods;
  of_pods.type = Type::pod;
  of_pods.default_requests = amounts({{"storage", "1"}});
  ContainerDemand demand{false, amounts({{"cpu", "200m"}}), {}};
  fill_in_defaults({first, second, of_pods}, demand);
  EXPECT_EQ(demand.requests.at("cpu").text(), "200m");  // its own
  EXPECT_EQ(demand.requests.size(), 1U);
  EXPECT_EQ(demand.limits.at("cpu").text(), "500m");
  EXPECT_EQ(demand.limits.at("memory").text(), "1Gi");
}

TEST(LimitRange, EachContainerIsHeldToItsBounds) {
  const std::vector<LimitRangeEntry> entries{
      bounds(Type::container, amounts({{"cpu", "100m"}}), amounts({{"cpu", "1"}}))};
  EXPECT_EQ(
      limit_range_problems(entries, {{false, amounts({{"cpu", "100m"}}), amounts({{"cpu", "1"}})}}),
      Texts{});
  EXPECT_EQ(limit_range_problems(entries, {{false, {}, {}}}),
            (Texts{"minimum cpu usage per Container is 100m.  No request is specified",
                   "maximum cpu usage per Container is 1.  No limit is specified"}));
  EXPECT_EQ(limit_range_problems(entries,
                                 {{false, amounts({{"cpu", "50m"}}), amounts({{"cpu", "1500m"}})}}),
            (Texts{"minimum cpu usage per Container is 100m, but request is 50m",
                   "maximum cpu usage per Container is 1, but limit is 1500m"}));
  // Initial containers are containers, too.
  EXPECT_EQ(
      limit_range_problems(entries, {{false, amounts({{"cpu", "1"}}), amounts({{"cpu", "1"}})},
                                     {true, amounts({{"cpu", "2"}}), amounts({{"cpu", "1"}})}}),
      (Texts{"maximum cpu usage per Container is 1, but request is 2"}));
}

TEST(LimitRange, APodIsTheSumOfItsContainersOrItsLargestInitialOne) {
  const std::vector<LimitRangeEntry> entries{bounds(Type::pod, {}, amounts({{"memory", "1Gi"}}))};
  const auto container = [](bool initial, const char* memory) {
    return ContainerDemand{initial, amounts({{"memory", memory}}), amounts({{"memory", memory}})};
  };
  EXPECT_EQ(limit_range_problems(entries, {container(false, "512Mi"), container(false, "512Mi")}),
            Texts{});
  EXPECT_EQ(limit_range_problems(entries, {container(false, "512Mi"), container(false, "513Mi")}),
            (Texts{"maximum memory usage per Pod is 1Gi, but limit is 1025Mi"}));
  EXPECT_EQ(limit_range_problems(entries, {container(false, "1Mi"), container(true, "2Gi")}),
            (Texts{"maximum memory usage per Pod is 1Gi, but limit is 2Gi"}));
}

TEST(LimitRange, ALimitExceedsItsRequestBySoMuchAtMost) {
  LimitRangeEntry entry;
  entry.most_ratio = amounts({{"cpu", "2"}});
  const auto problems = [&](Amounts requests, Amounts limits) {
    return limit_range_problems({entry}, {{false, std::move(requests), std::move(limits)}});
  };
  EXPECT_EQ(problems(amounts({{"cpu", "100m"}}), amounts({{"cpu", "200m"}})), Texts{});
  EXPECT_EQ(
      problems(amounts({{"cpu", "100m"}}), amounts({{"cpu", "250m"}})),
      (Texts{"cpu max limit to request ratio per Container is 2, but provided ratio is 2.500000"}));
  EXPECT_EQ(
      problems({}, amounts({{"cpu", "1"}})),
      (Texts{"cpu max limit to request ratio per Container is 2, but no request is specified or "
             "request is 0"}));
  EXPECT_EQ(
      problems(amounts({{"cpu", "1"}}), {}),
      (Texts{"cpu max limit to request ratio per Container is 2, but no limit is specified or "
             "limit is 0"}));
}

}  // namespace
}  // namespace arcas::access
