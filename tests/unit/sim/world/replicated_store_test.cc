#include "sim/world/replicated_store.h"

#include <gtest/gtest.h>

#include "tests/support/store_world.h"

namespace arcas::sim {
namespace {

using tests::StoreWorld;

ports::Transaction create(std::uint32_t suffix) {
  model::Pod pod;
  pod.meta.name = {StringId{5}, suffix};
  pod.spec = SpecId{0};
  ports::Transaction transaction;
  transaction.pods.push_back({ports::Verb::create, 0, pod});
  return transaction;
}

HostId other_than(HostId host, std::uint32_t offset = 1) { return {(host.index + offset) % 3}; }

void isolate(StoreWorld& world, HostId host, std::uint32_t members) {
  for (std::uint32_t i = 0; i < members; ++i) {
    if (i != host.index) world.cut(host.index, i);
  }
}

TEST(ReplicatedStoreTest, ACommitCostsTheMedianRoundTripAndALogWrite) {
  StoreWorld world(3);
  world.run_for(seconds(1));
  const TimePoint start = world.now();
  world.submit(1, create(1));
  world.run_for(seconds(1));
  ASSERT_NE(world.answer(1), nullptr);
  EXPECT_EQ(world.answer(1)->result.code, StatusCode::ok);
  const Duration took = world.answer(1)->at - start;
  EXPECT_GE(took, world.hop * 4 + world.config.fsync);  // caller, member, and both ways back
  EXPECT_LE(took, world.hop * 4 + world.config.fsync + world.config.fsync_jitter +
                      world.config.operation_cost);
}

TEST(ReplicatedStoreTest, CommitsThatArriveDuringALogWriteShareTheNextOne) {
  StoreWorld world(3);
  world.run_for(seconds(1));
  const std::uint64_t before = world.store->committed_index();
  world.submit(1, create(1));
  world.run_for(world.hop + microseconds(10));  // the first is being written now
  for (std::uint32_t i = 2; i <= 40; ++i) world.submit(i, create(i));
  world.run_for(seconds(1));
  EXPECT_EQ(world.answers.size(), 40U);
  EXPECT_EQ(world.store->committed_index() - before, 2U);
  EXPECT_EQ(world.store->tables().revision(), 40U);
}

TEST(ReplicatedStoreTest, AcknowledgedCommitsSurviveTheLeader) {
  StoreWorld world(3);
  for (std::uint32_t i = 1; i <= 10; ++i) world.submit(i, create(i));
  world.run_for(seconds(1));
  const HostId old = world.store->leader();
  world.kill(old);
  EXPECT_FALSE(world.store->has_quorum());
  world.run_for(seconds(3));
  ASSERT_TRUE(world.store->has_quorum());
  EXPECT_NE(world.store->leader(), old);
  EXPECT_EQ(world.store->tables().pods.size(), 10U);
  world.submit(11, create(11));
  world.run_for(seconds(1));
  EXPECT_EQ(world.answer(11)->result.revision, 11U);
}

/// Kills a member and wipes its disk.
void lose(StoreWorld& world, HostId member) {
  world.kill(member);
  world.store->lose_disk(member.index);
}

TEST(ReplicatedStoreTest, AMemberThatLostItsDiskGetsTheWholeLogWhenItIsBack) {
  StoreWorld world(3);
  for (std::uint32_t i = 1; i <= 10; ++i) world.submit(i, create(i));
  world.run_for(seconds(1));
  const HostId leader = world.store->leader();
  const HostId lost = other_than(leader);
  lose(world, lost);
  EXPECT_EQ(world.store->durable_index(lost.index), 0U);
  world.run_for(seconds(1));
  world.revive(lost);
  world.run_for(seconds(1));
  EXPECT_EQ(world.store->durable_index(lost.index), world.store->committed_index());
  world.kill(other_than(leader, 2));  // now the two of them are the majority
  world.kill(leader);
  world.revive(leader);
  world.run_for(seconds(3));
  ASSERT_TRUE(world.store->has_quorum());
  EXPECT_EQ(world.store->tables().pods.size(), 10U);
}

TEST(ReplicatedStoreTest, AMemberWithAnEmptyDiskHelpsNobodyToBeElected) {
  StoreWorld world(3);
  for (std::uint32_t i = 1; i <= 10; ++i) world.submit(i, create(i));
  world.run_for(seconds(1));
  const HostId leader = world.store->leader();
  const HostId lost = other_than(leader);
  const HostId third = other_than(leader, 2);
  world.kill(third);
  world.submit(11, create(11));  // on two disks
  world.run_for(seconds(1));
  ASSERT_NE(world.answer(11), nullptr);
  lose(world, lost);
  world.kill(leader);
  world.revive(lost);
  world.revive(third);  // would be a majority, and would have lost the last commit
  world.run_for(seconds(60));
  EXPECT_FALSE(world.store->has_quorum());
  world.revive(leader);
  world.run_for(seconds(5));
  ASSERT_TRUE(world.store->has_quorum());
  EXPECT_EQ(world.store->tables().pods.size(), 11U);
  EXPECT_EQ(world.store->durable_index(lost.index), world.store->committed_index());
}

TEST(ReplicatedStoreTest, AnElectionTakesOneToTwoSeconds) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    StoreWorld world(5, seed);
    world.run_for(seconds(1));
    const TimePoint lost = world.now();
    world.kill(world.store->leader());
    const TimePoint bound = lost + world.config.election_max;
    while (!world.store->has_quorum() && world.now() <= bound) world.run_for(milliseconds(1));
    EXPECT_TRUE(world.store->has_quorum());
    EXPECT_GE(world.now() - lost, world.config.election_min);
  }
}

TEST(ReplicatedStoreTest, WithoutAMajorityCallersHearUnavailableAfterTheTimeout) {
  StoreWorld world(3);
  world.run_for(seconds(1));
  const HostId leader = world.store->leader();
  world.kill(other_than(leader, 1));
  world.kill(other_than(leader, 2));
  EXPECT_FALSE(world.store->has_quorum());
  const TimePoint start = world.now();
  world.submit(1, create(1));
  world.run_for(seconds(60));
  ASSERT_NE(world.answer(1), nullptr);
  EXPECT_EQ(world.answer(1)->result.code, StatusCode::unavailable);
  EXPECT_EQ(world.answer(1)->at, start + world.config.timeout);
  EXPECT_EQ(world.store->tables().revision(), 0U);
  world.revive(other_than(leader, 1));
  world.submit(2, create(2));
  world.run_for(seconds(3));
  EXPECT_EQ(world.answer(2)->result.code, StatusCode::ok);
  EXPECT_EQ(world.answer(2)->result.revision, 1U);  // what timed out was in no log
}

TEST(ReplicatedStoreTest, TheMinoritySideCommitsNothing) {
  StoreWorld world(3);
  world.run_for(seconds(1));
  const HostId old = world.store->leader();
  isolate(world, old, 3);
  for (std::uint32_t i = 0; i < 3; ++i) {
    if (i != old.index) world.cut(20, i);  // this caller is on the old leader's side
  }
  world.submit(1, create(1), HostId{20});
  world.run_for(seconds(3));
  ASSERT_TRUE(world.store->has_quorum());
  EXPECT_NE(world.store->leader(), old);
  world.submit(2, create(2), HostId{20});
  world.submit(3, create(3), HostId{21});
  world.run_for(seconds(10));
  EXPECT_EQ(world.answer(1)->result.code, StatusCode::unavailable);
  EXPECT_EQ(world.answer(2)->result.code, StatusCode::unavailable);
  EXPECT_EQ(world.answer(3)->result.code, StatusCode::ok);
  EXPECT_EQ(world.store->tables().pods.size(), 1U);
}

TEST(ReplicatedStoreTest, AShortCutKeepsTheLeaderAndLosesNothing) {
  StoreWorld world(3);
  world.run_for(seconds(1));
  const HostId leader = world.store->leader();
  world.submit(1, create(1));
  world.run_for(world.hop + microseconds(100));
  isolate(world, leader, 3);
  world.run_for(milliseconds(300));
  EXPECT_EQ(world.answer(1), nullptr);
  world.heal();
  world.run_for(milliseconds(100));
  EXPECT_EQ(world.store->leader(), leader);
  EXPECT_EQ(world.answer(1)->result.code, StatusCode::ok);
  EXPECT_EQ(world.elections, 1U);
}

TEST(ReplicatedStoreTest, WhatAMajorityHasOnDiskIsCommittedByTheNextLeader) {
  StoreWorld world(3);
  world.run_for(seconds(1));
  world.submit(1, create(1));
  // Long enough for the members to write it, too short for the leader to hear of it.
  world.run_for(world.hop * 2 + world.config.fsync + world.config.fsync_jitter);
  ASSERT_EQ(world.store->tables().revision(), 0U);
  world.kill(world.store->leader());
  world.run_for(seconds(3));
  EXPECT_EQ(world.answer(1)->result.code, StatusCode::unavailable);
  EXPECT_EQ(world.store->tables().revision(), 1U);
}

TEST(ReplicatedStoreTest, WhatWasNotSentDiesWithTheLeader) {
  StoreWorld world(3);
  world.config.operation_cost = milliseconds(10);
  world.remake(1);
  world.run_for(seconds(1));
  world.submit(1, create(1));
  world.run_for(world.hop + milliseconds(1));
  world.kill(world.store->leader());
  world.run_for(seconds(3));
  EXPECT_EQ(world.answer(1)->result.code, StatusCode::unavailable);
  EXPECT_EQ(world.store->tables().revision(), 0U);
}

TEST(ReplicatedStoreTest, AMemberThatWasAwayCatchesUp) {
  StoreWorld world(3);
  world.run_for(seconds(1));
  const HostId away = other_than(world.store->leader());
  world.kill(away);
  for (std::uint32_t i = 1; i <= 5; ++i) {
    world.submit(i, create(i));
    world.run_for(milliseconds(100));
  }
  EXPECT_LT(world.store->durable_index(away.index), world.store->committed_index());
  world.revive(away);
  world.run_for(seconds(1));
  EXPECT_EQ(world.store->durable_index(away.index), world.store->committed_index());
}

TEST(ReplicatedStoreTest, AHangingDiskOfTheMajorityGivesUnavailable) {
  StoreWorld world(3);
  world.run_for(seconds(1));
  for (std::size_t m = 0; m < 3; ++m) world.store->set_fsync(m, minutes(10));
  const TimePoint start = world.now();
  world.submit(1, create(1));
  world.run_for(seconds(20));
  ASSERT_NE(world.answer(1), nullptr);
  EXPECT_EQ(world.answer(1)->result.code, StatusCode::unavailable);
  EXPECT_EQ(world.answer(1)->at, start + world.config.timeout);
}

TEST(ReplicatedStoreTest, AQuietStoreHasNoEvents) {
  StoreWorld world(3);
  world.submit(1, create(1));
  world.run_for(seconds(10));
  const std::uint64_t before = world.wakes;
  world.run_for(hours(10));
  EXPECT_EQ(world.wakes, before);
}

/// Random deaths, returns, cuts and heals under load. What was acknowledged is there at its
/// revision; revisions grow one by one; every submit is answered once.
class Storm {
 public:
  explicit Storm(std::uint64_t seed) : random_(seed), world_(seed % 2 == 0 ? 3 : 5, seed) {}

  std::vector<std::uint64_t> run() {
    const auto members = static_cast<std::uint32_t>(world_.config.members.size());
    for (int step = 0; step < 2000; ++step) {
      world_.run_for(microseconds(random_.between(0, 3000)));
      for (std::uint64_t n = random_.below(4); n > 0; --n) {
        ++submitted_;
        world_.submit(submitted_, create(static_cast<std::uint32_t>(submitted_)),
                      HostId{static_cast<std::uint32_t>(random_.below(members))});
      }
      const HostId any{static_cast<std::uint32_t>(random_.below(members))};
      switch (random_.below(60)) {
        case 0:
          world_.kill(any);
          break;
        case 1:
        case 2:
          world_.revive(any);
          break;
        case 3:
          world_.cut(any.index, static_cast<std::uint32_t>(random_.below(members)));
          break;
        case 4:
          world_.heal();
          break;
        case 5:
          world_.run_for(seconds(2));
          break;
        default:
          break;
      }
    }
    for (std::uint32_t m = 0; m < members; ++m) world_.revive(HostId{m});
    world_.heal();
    world_.run_for(seconds(30));
    return check();
  }

 private:
  std::vector<std::uint64_t> check() {
    std::vector<std::uint64_t> trace;
    EXPECT_TRUE(world_.store->has_quorum());
    EXPECT_EQ(world_.answers.size(), submitted_);
    Revision before = 0;
    std::map<Revision, std::uint32_t> history;
    for (const auto& batch : world_.changes) {
      EXPECT_EQ(batch.revision, before + 1);
      before = batch.revision;
      history[batch.revision] = batch.pods[0].pod.meta.name.suffix;
    }
    std::set<std::uint64_t> answered;
    for (const auto& answer : world_.answers) {
      EXPECT_TRUE(answered.insert(answer.token).second);
      trace.push_back(answer.token);
      trace.push_back(static_cast<std::uint64_t>(answer.at.ns));
      if (answer.result.code != StatusCode::ok) continue;
      EXPECT_EQ(history[answer.result.revision], answer.token);
      ++good_;
    }
    EXPECT_EQ(world_.store->tables().pods.size(), history.size());
    EXPECT_GE(history.size(), good_);
    EXPECT_GT(good_, 100U);
    return trace;
  }

  RandomStream random_;
  StoreWorld world_;
  std::uint64_t submitted_ = 0;
  std::size_t good_ = 0;
};

TEST(ReplicatedStoreTest, StormsLoseNothingAcknowledgedAndRepeatExactly) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    const auto first = Storm(seed).run();
    EXPECT_EQ(first, Storm(seed).run());
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace arcas::sim
