// I65: a tenant's move, and what may go wrong with it.
#include <gtest/gtest.h>

#include <utility>

#include "tests/support/check_stream.h"

namespace arcas::sim {
namespace {

using Phase = model::TenantMove::Phase;

constexpr PartitionId kTarget{3};

class TenantHomeTest : public testing::Test {
 protected:
  TenantHomeTest() {
    const model::Node node = s.add_node();
    set = s.replica_set(1);
    s.add_object(set);
    pod = s.running_pod(s.spec(), node.id, &set);
  }
  void record(PartitionId at, Phase phase, ports::ChangeBatch batch = {}) {
    const PartitionId other = at == kTarget ? Stream::kTenants : kTarget;
    batch.moves.push_back({s.tenant, other, 1, phase});
    s.send(at, std::move(batch));
  }
  /// Up to the decision.
  void decide() {
    record(Stream::kTenants, Phase::copying);
    record(kTarget, Phase::receiving);
    record(Stream::kTenants, Phase::sealed);
    record(Stream::kTenants, Phase::committed);
  }
  ports::ChangeBatch everything() {
    ports::ChangeBatch batch;
    batch.pods.push_back({ports::ChangeType::added, pod});
    batch.objects.push_back({ports::ChangeType::added, set});
    return batch;
  }

  Stream s;
  model::ReplicaSet set;
  model::Pod pod;
};

TEST_F(TenantHomeTest, AMoveThatLosesNothingIsFine) {
  decide();
  record(kTarget, Phase::here, everything());
  record(Stream::kTenants, Phase::cleaned);
  EXPECT_EQ(s.violated(), "");
  EXPECT_GT(s.evaluations("I65 tenant-home"), 5U);
  EXPECT_EQ(s.suite.facts().pods, 1);
}

TEST_F(TenantHomeTest, AMoveThatIsGivenUpIsFine) {
  record(Stream::kTenants, Phase::copying);
  record(kTarget, Phase::receiving);
  record(Stream::kTenants, Phase::sealed);
  record(Stream::kTenants, Phase::here);
  record(kTarget, Phase::cleaned);
  s.update(pod);
  EXPECT_EQ(s.violated(), "");
}

TEST_F(TenantHomeTest, APodThatDoesNotArriveIsMissed) {
  decide();
  ports::ChangeBatch batch = everything();
  batch.pods.clear();
  record(kTarget, Phase::here, std::move(batch));
  EXPECT_EQ(s.violated(), "I65 tenant-home");
}

TEST_F(TenantHomeTest, APodThatArrivesInAnOldStateIsSeen) {
  decide();
  pod.node = NodeId{};
  record(kTarget, Phase::here, everything());
  EXPECT_EQ(s.violated(), "I65 tenant-home");
}

TEST_F(TenantHomeTest, AWriteAfterTheDecisionIsSeen) {
  decide();
  s.update(pod);
  EXPECT_EQ(s.violated(), "I65 tenant-home");
}

TEST_F(TenantHomeTest, ASourceThatDropsItsCopiesTooEarlyIsSeen) {
  decide();
  record(Stream::kTenants, Phase::cleaned);
  EXPECT_EQ(s.violated(), "I65 tenant-home");
}

TEST_F(TenantHomeTest, ATargetThatTakesWhatItWasNotGivenIsSeen) {
  record(Stream::kTenants, Phase::copying);
  record(kTarget, Phase::here, everything());
  EXPECT_EQ(s.violated(), "I65 tenant-home");
}

}  // namespace
}  // namespace arcas::sim
