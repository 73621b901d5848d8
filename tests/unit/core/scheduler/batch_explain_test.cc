#include <gtest/gtest.h>

#include "core/model/resources.h"
#include "core/scheduler/batch/bottleneck_text.h"
#include "core/scheduler/batch/explain.h"

namespace arcas::scheduler::batch {
namespace {

constexpr std::int64_t kGib = std::int64_t{1} << 30U;

struct BatchExplain : ::testing::Test {
  BatchInput input;

  BatchExplain() {
    input.resource_names = {"cpu", "memory", "ephemeral-storage", "pods"};
    input.domain_names = {"zone-a", "zone-b"};
    input.kind_names = {"plain", "local-disk"};
  }
  void nodes(std::uint32_t count, std::uint32_t domain, std::int64_t cpu, std::int64_t memory) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const NodeId id{static_cast<std::uint32_t>(input.nodes.size())};
      input.nodes.push_back({id, domain, 0, {cpu, memory, 0, 110}});
    }
  }
  PodClass& pods(const char* name, std::uint32_t count, std::int64_t cpu, std::int64_t memory) {
    PodClass added;
    added.name = name;
    added.tenant = TenantId{1};
    added.count = count;
    added.demand = {cpu, memory, 0, 1};
    input.classes.push_back(added);
    return input.classes.back();
  }
  std::vector<Bottleneck> ask(std::optional<TenantId> viewer = std::nullopt) {
    return explain(input, place_batch(input).value(), viewer);
  }
};

TEST_F(BatchExplain, NothingIsSaidWhenEverythingFits) {
  nodes(10, 0, 4'000, 8 * kGib);
  pods("web-*", 10, 1'000, kGib);
  EXPECT_TRUE(ask().empty());
}

TEST_F(BatchExplain, AResourceInTheZoneThatRunsOutIsNamedWithTheAmount) {
  nodes(10, 0, 100'000, 1'000 * kGib);
  nodes(10, 1, 100'000, 1'000 * kGib);
  pods("web-*", 560, 4'000, kGib).domain_limits = {0, kUnlimited};
  pods("batch-*", 200, 1'000, kGib);
  const std::vector<Bottleneck> found = ask();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, Bottleneck::Kind::resource);
  EXPECT_EQ(found[0].resource, model::kCpu);
  EXPECT_EQ(found[0].domains, std::vector<std::uint32_t>{1});
  EXPECT_EQ(found[0].pods, 310U);
  EXPECT_EQ(found[0].short_by, 1'240'000);
  EXPECT_EQ(found[0].text, "cpu in zone-b is short by 1,240 cores for 310 pods of web-*");
}

TEST_F(BatchExplain, MemoryIsToldInGib) {
  nodes(2, 0, 100'000, 10 * kGib);
  pods("cache-*", 15, 100, 2 * kGib);
  const std::vector<Bottleneck> found = ask();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].text, "memory in zone-a is short by 10 GiB for 5 pods of cache-*");
}

TEST_F(BatchExplain, LimitsPerDomainAreABottleneckOfTheirOwn) {
  nodes(10, 0, 4'000, 8 * kGib);
  nodes(10, 1, 4'000, 8 * kGib);
  pods("db-*", 30, 100, kGib).domain_limits = {10, 12};
  const std::vector<Bottleneck> found = ask();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, Bottleneck::Kind::limits);
  EXPECT_EQ(found[0].short_by, 8);
  EXPECT_EQ(found[0].text,
            "the limits on pods in a domain or on a node in zone-a and zone-b leave no place for 8 "
            "pods of db-*");
}

TEST_F(BatchExplain, APodLargerThanAnyNodeIsToldApart) {
  nodes(10, 0, 4'000, 8 * kGib);
  pods("huge", 2, 6'500, kGib);
  const std::vector<Bottleneck> found = ask();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, Bottleneck::Kind::node_size);
  EXPECT_EQ(
      found[0].text,
      "no allowed node in zone-a has 6.5 cores of cpu free (short by 2.5 cores) for 2 pods of "
      "huge");
}

TEST_F(BatchExplain, NoAllowedNodeAtAllIsToldApart) {
  nodes(10, 0, 4'000, 8 * kGib);
  pods("disk", 2, 500, kGib).node_kinds = {1};
  const std::vector<Bottleneck> found = ask();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].text,
            "there is no node of an allowed kind in an allowed domain for 2 pods of disk");
}

TEST_F(BatchExplain, ScatteredRoomIsCalledFragmentation) {
  nodes(3, 0, 1'500, 8 * kGib);
  pods("web-*", 4, 1'000, kGib);
  const std::vector<Bottleneck> found = ask();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, Bottleneck::Kind::fragmentation);
  EXPECT_EQ(found[0].pods, 1U);
}

TEST_F(BatchExplain, ATenantSeesItsOwnClassesAlone) {
  nodes(10, 0, 10'000, 100 * kGib);
  pods("secret-app", 50, 2'000, kGib).tenant = TenantId{2};
  pods("web-*", 30, 2'000, kGib);
  const std::vector<Bottleneck> own = ask(TenantId{1});
  ASSERT_EQ(own.size(), 1U);
  EXPECT_EQ(own[0].pods, 30U);
  EXPECT_EQ(own[0].short_by, 60'000);
  EXPECT_EQ(own[0].classes, std::vector<std::uint32_t>{1});
  EXPECT_EQ(own[0].text,
            "cpu in zone-a is short by 60 cores for 30 pods of web-* (other tenants' pods want the "
            "same room)");
  EXPECT_TRUE(ask(TenantId{3}).empty());
}

TEST_F(BatchExplain, SeparateShortagesAreSeparateBottlenecksTheLargestFirst) {
  nodes(1, 0, 1'000, 100 * kGib);
  nodes(1, 1, 1'000, 100 * kGib);
  pods("a-*", 12, 100, kGib).domain_limits = {kUnlimited, 0};
  pods("b-*", 15, 100, kGib).domain_limits = {0, kUnlimited};
  const std::vector<Bottleneck> found = ask();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].text, "cpu in zone-b is short by 0.5 cores for 5 pods of b-*");
  EXPECT_EQ(found[1].text, "cpu in zone-a is short by 0.2 cores for 2 pods of a-*");
}

TEST(AmountText, HasUnitsAndThousands) {
  EXPECT_EQ(amount_text(model::kCpu, 1'234'000), "1,234 cores");
  EXPECT_EQ(amount_text(model::kCpu, 1'000), "1 core");
  EXPECT_EQ(amount_text(model::kCpu, 1), "0.001 cores");
  EXPECT_EQ(amount_text(model::kMemory, kGib / 2), "0.5 GiB");
  EXPECT_EQ(amount_text(model::kMemory, 2'000 * kGib), "2,000 GiB");
  EXPECT_EQ(amount_text(model::kPods, 1'000'000), "1,000,000");
}

}  // namespace
}  // namespace arcas::scheduler::batch
