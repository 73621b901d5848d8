#include "core/partition/claim_ledger.h"

#include <gtest/gtest.h>

namespace arcas::partition {
namespace {

constexpr ResourceId kGpu{4};
constexpr TimePoint kNow{0};

class ClaimLedgerTest : public testing::Test {
 protected:
  ClaimLedgerTest() {
    catalog.resources.intern("example.com/gpu");
    small = spec(1000, 100, 0);
    gpu = spec(1000, 100, 1);
    ledger.set_node(NodeId{0}, node(4000, 1000, 10));
  }
  SpecId spec(std::int64_t cpu, std::int64_t memory, std::int64_t gpus) {
    model::PodSpec value;
    model::Container container;
    container.requests.set(model::kCpu, cpu);
    container.requests.set(model::kMemory, memory);
    if (gpus > 0) container.requests.set(kGpu, gpus);
    value.containers.push_back(container);
    return catalog.intern_spec(value);
  }
  static model::ResourceList node(std::int64_t cpu, std::int64_t memory, std::int64_t pods,
                                  std::int64_t gpus = 0) {
    model::ResourceList list;
    list.set(model::kCpu, cpu);
    list.set(model::kMemory, memory);
    list.set(model::kPods, pods);
    if (gpus > 0) list.set(kGpu, gpus);
    return list;
  }
  static Uid pod(std::uint64_t n, std::uint32_t partition = 1) { return Uid::make(partition, n); }
  ClaimOutcome claim(std::uint64_t n, SpecId s, NodeId where = NodeId{0}, std::uint64_t epoch = 1,
                     TimePoint now = kNow) {
    return ledger.claim(now, 0, epoch, pod(n), s, where);
  }

  model::Catalog catalog;
  SpecId small;
  SpecId gpu;
  ClaimLedger ledger{ClaimConfig{}, catalog};
};

TEST_F(ClaimLedgerTest, GrantsUntilTheNodeIsFull) {
  for (std::uint64_t n = 1; n <= 4; ++n) EXPECT_EQ(claim(n, small), ClaimOutcome::granted);
  EXPECT_EQ(claim(5, small), ClaimOutcome::no_room);
  EXPECT_EQ(ledger.free(NodeId{0}, model::kCpu), 0);
  EXPECT_EQ(ledger.free(NodeId{0}, model::kPods), 6);
  EXPECT_EQ(ledger.free_cpu_milli(), 0);
  EXPECT_EQ(ledger.free_memory_bytes(), 600);
}

TEST_F(ClaimLedgerTest, AClaimRepeatedIsGrantedOnceMoreAndCountsOnce) {
  EXPECT_EQ(claim(1, small), ClaimOutcome::granted);
  EXPECT_EQ(claim(1, small), ClaimOutcome::granted);
  EXPECT_EQ(ledger.size(), 1U);
  EXPECT_EQ(ledger.free_cpu_milli(), 3000);
}

TEST_F(ClaimLedgerTest, AnUnconfirmedClaimExpiresAndABoundOneDoesNot) {
  claim(1, small);
  claim(2, small);
  EXPECT_FALSE(ledger.bound(pod(2), small, NodeId{0}));
  EXPECT_EQ(ledger.next_expiry(), kNow + seconds(30));
  std::vector<ClaimLedger::Expired> expired;
  ledger.expire(kNow + seconds(29), expired);
  EXPECT_TRUE(expired.empty());
  ledger.expire(kNow + seconds(30), expired);
  ASSERT_EQ(expired.size(), 1U);
  EXPECT_EQ(expired.front().pod, pod(1));
  EXPECT_EQ(ledger.next_expiry(), TimePoint::max());
  EXPECT_EQ(ledger.size(), 1U);
}

TEST_F(ClaimLedgerTest, AskingAgainRenewsTheLifetime) {
  claim(1, small);
  claim(1, small, NodeId{0}, 1, kNow + seconds(20));
  std::vector<ClaimLedger::Expired> expired;
  ledger.expire(kNow + seconds(49), expired);
  EXPECT_TRUE(expired.empty());
  ledger.expire(kNow + seconds(50), expired);
  EXPECT_EQ(expired.size(), 1U);
}

TEST_F(ClaimLedgerTest, AnOldEpochIsFencedPerTenantPartition) {
  EXPECT_EQ(claim(1, small, NodeId{0}, 5), ClaimOutcome::granted);
  EXPECT_EQ(claim(2, small, NodeId{0}, 4), ClaimOutcome::fenced);
  EXPECT_FALSE(ledger.give_up(0, 4, pod(1)));
  EXPECT_TRUE(ledger.give_up(0, 5, pod(1)));
  EXPECT_EQ(ledger.claim(kNow, 1, 1, pod(3, 2), small, NodeId{0}), ClaimOutcome::granted);
}

TEST_F(ClaimLedgerTest, ABindingCannotBeGivenUpNorMovedByAClaim) {
  ledger.set_node(NodeId{1}, node(4000, 1000, 10));
  claim(1, small);
  ledger.bound(pod(1), small, NodeId{0});
  EXPECT_FALSE(ledger.give_up(0, 1, pod(1)));
  EXPECT_EQ(claim(1, small, NodeId{1}), ClaimOutcome::no_room);
  EXPECT_EQ(claim(1, small, NodeId{0}), ClaimOutcome::granted);
  EXPECT_TRUE(ledger.release(pod(1)));
  EXPECT_FALSE(ledger.release(pod(1)));
}

TEST_F(ClaimLedgerTest, PodsFoundBoundAreCountedEvenWithoutRoom) {
  for (std::uint64_t n = 1; n <= 6; ++n) EXPECT_TRUE(ledger.bound(pod(n), small, NodeId{0}));
  EXPECT_EQ(ledger.overcommitted(), 2U);
  EXPECT_EQ(ledger.free(NodeId{0}, model::kCpu), -2000);
  ledger.release(pod(1));
  ledger.release(pod(2));
  EXPECT_EQ(claim(9, small), ClaimOutcome::no_room);
  ledger.release(pod(3));
  EXPECT_EQ(claim(9, small), ClaimOutcome::granted);
}

TEST_F(ClaimLedgerTest, PodsBoundBeforeTheirNodeIsKnownAreCountedOnIt) {
  ledger.bound(pod(1), gpu, NodeId{7});
  ledger.bound(pod(2), small, NodeId{7});
  EXPECT_EQ(claim(3, small, NodeId{7}), ClaimOutcome::node_gone);
  ledger.set_node(NodeId{7}, node(2500, 1000, 10, 1));
  EXPECT_EQ(ledger.free(NodeId{7}, model::kCpu), 500);
  EXPECT_EQ(ledger.free(NodeId{7}, kGpu), 0);
  ledger.release(pod(1));
  EXPECT_EQ(ledger.free(NodeId{7}, kGpu), 1);
}

TEST_F(ClaimLedgerTest, AKindThatComesAndGoesKeepsItsCount) {
  ledger.set_node(NodeId{0}, node(4000, 1000, 10, 1));
  EXPECT_EQ(claim(1, gpu), ClaimOutcome::granted);
  ledger.set_node(NodeId{0}, node(4000, 1000, 10));
  EXPECT_EQ(claim(2, gpu), ClaimOutcome::no_room);
  ledger.set_node(NodeId{0}, node(4000, 1000, 10, 1));
  EXPECT_EQ(claim(2, gpu), ClaimOutcome::no_room);
  ledger.release(pod(1));
  EXPECT_EQ(claim(2, gpu), ClaimOutcome::granted);
}

TEST_F(ClaimLedgerTest, TotalsCountUsableNodesOnly) {
  claim(1, small);
  ledger.set_usable(NodeId{0}, false);
  EXPECT_EQ(ledger.free_cpu_milli(), 0);
  ledger.release(pod(1));
  ledger.set_usable(NodeId{0}, true);
  EXPECT_EQ(ledger.free_cpu_milli(), 4000);
  ledger.remove_node(NodeId{0});
  EXPECT_EQ(ledger.free_cpu_milli(), 0);
  EXPECT_EQ(claim(2, small), ClaimOutcome::node_gone);
}

TEST_F(ClaimLedgerTest, NothingIsGrantedUntilEveryTenantPartitionWasHeard) {
  ledger.expect(0);
  ledger.expect(1);
  EXPECT_EQ(claim(1, small), ClaimOutcome::not_ready);
  ledger.heard(0);
  EXPECT_EQ(claim(1, small), ClaimOutcome::not_ready);
  ledger.heard(1);
  EXPECT_EQ(claim(1, small), ClaimOutcome::granted);
}

TEST_F(ClaimLedgerTest, ASyncReleasesBoundPodsThatAreNotNamedAgain) {
  claim(1, small);
  ledger.bound(pod(2), small, NodeId{0});
  ledger.bound(pod(3), small, NodeId{0});
  ledger.bound(pod(4, 2), small, NodeId{0});  // of another tenant partition
  ledger.begin_sync(1);
  ledger.bound(pod(3), small, NodeId{0});
  std::vector<Uid> lost;
  ledger.end_sync(1, lost);
  EXPECT_EQ(lost, std::vector<Uid>{pod(2)});
  EXPECT_EQ(ledger.size(), 3U);
  EXPECT_EQ(ledger.free_cpu_milli(), 1000);
}

TEST_F(ClaimLedgerTest, NonsenseFromOutsideIsRefused) {
  EXPECT_EQ(ledger.claim(kNow, 0, 1, Uid{}, small, NodeId{0}), ClaimOutcome::no_room);
  EXPECT_EQ(ledger.claim(kNow, 0, 1, Uid{~std::uint64_t{0}}, small, NodeId{0}),
            ClaimOutcome::no_room);
  EXPECT_EQ(claim(1, SpecId{12345}), ClaimOutcome::no_room);
  EXPECT_EQ(claim(1, SpecId{}), ClaimOutcome::no_room);
  EXPECT_EQ(claim(1, small, NodeId{}), ClaimOutcome::node_gone);
  EXPECT_EQ(claim(1, spec(std::int64_t{1} << 62, 1, 0)), ClaimOutcome::no_room);
}

TEST_F(ClaimLedgerTest, ATenantsNewPartitionSpeaksForItsPods) {
  const PartitionId old{1};
  const PartitionId now{2};
  ledger.bound(pod(1), small, NodeId{0}, old);
  ledger.bound(pod(2), small, NodeId{0}, old);
  EXPECT_FALSE(ledger.bound(pod(1), small, NodeId{0}, now));  // counted already
  EXPECT_EQ(ledger.spokesman(pod(1)), 2U);
  std::vector<Uid> lost;
  ledger.begin_sync(1);
  ledger.bound(pod(2), small, NodeId{0}, old);
  ledger.end_sync(1, lost);
  EXPECT_TRUE(lost.empty());
  ledger.begin_sync(2);
  ledger.end_sync(2, lost);
  EXPECT_EQ(lost, std::vector<Uid>{pod(1)});
  EXPECT_EQ(ledger.spokesman(pod(1)), 1U);
}

TEST_F(ClaimLedgerTest, PodsThatMayHaveLeftWithTheirTenantHoldTheirRoomUntilThatIsKnown) {
  for (std::uint64_t n = 1; n <= 3; ++n) ledger.bound(pod(n), small, NodeId{0});
  std::vector<Uid> lost;
  ledger.begin_sync(1);
  ledger.bound(pod(3), small, NodeId{0});
  ledger.end_sync(1, lost, true);
  EXPECT_TRUE(lost.empty());
  EXPECT_EQ(ledger.in_doubt(), 2U);
  EXPECT_EQ(ledger.free(NodeId{0}, model::kCpu), 1000);
  ledger.bound(pod(1), small, NodeId{0}, PartitionId{2});
  EXPECT_EQ(ledger.in_doubt(), 1U);
  ledger.settle_doubts(lost);
  EXPECT_EQ(lost, std::vector<Uid>{pod(2)});
  EXPECT_EQ(ledger.free(NodeId{0}, model::kCpu), 2000);
}

TEST_F(ClaimLedgerTest, TheOldPartitionsSchedulerNeitherTakesNorGivesBackTheNewOnesClaim) {
  const auto by = [&](std::uint32_t partition, NodeId node) {
    return ledger.claim(kNow, partition, 1, pod(1), small, node, PartitionId{partition});
  };
  ledger.set_node(NodeId{1}, node(4000, 1000, 10));
  EXPECT_EQ(by(2, NodeId{0}), ClaimOutcome::granted);
  EXPECT_EQ(by(1, NodeId{1}), ClaimOutcome::no_room);
  EXPECT_FALSE(ledger.give_up(1, 1, pod(1), PartitionId{1}));
  EXPECT_EQ(ledger.free(NodeId{0}, model::kCpu), 3000);
  std::vector<ClaimLedger::Expired> expired;
  ledger.expire(kNow + seconds(31), expired);
  ASSERT_EQ(expired.size(), 1U);
  EXPECT_EQ(expired.front().partition, 2U);
  EXPECT_EQ(by(1, NodeId{1}), ClaimOutcome::granted);
}

}  // namespace
}  // namespace arcas::partition
