#include "core/partition/leader_election.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <vector>

#include "core/base/rng.h"
#include "core/state/tables.h"

namespace arcas::partition {
namespace {

constexpr StringId kLease{4};

class LeaderElectionTest : public testing::Test {
 protected:
  const model::Lease* lease() const {
    return tables.leases.find(model::ObjectKey{model::Kind::lease, {}, {}, {kLease, 0}});
  }
  ports::TransactionResult commit(const ports::Transaction& transaction, TimePoint now) {
    ports::ChangeBatch changes;
    return tables.commit(transaction, now, changes);
  }
  /// One step with an immediate store.
  void turn(LeaderElection& candidate, TimePoint now) {
    const auto step = candidate.step(now, lease());
    if (step.transaction) candidate.answered(now, commit(*step.transaction, now));
  }

  state::Tables tables{PartitionId{0}};
  LeaderElection a{LeaderElectionConfig{}, ActorId{1}, kLease};
  LeaderElection b{LeaderElectionConfig{}, ActorId{2}, kLease};
};

TEST_F(LeaderElectionTest, TheFirstToAskLeadsAndTheOtherWaits) {
  turn(a, TimePoint{});
  turn(b, TimePoint{});
  EXPECT_TRUE(a.leading(TimePoint{}));
  EXPECT_FALSE(b.leading(TimePoint{}));
  EXPECT_EQ(a.epoch(), 1U);
}

TEST_F(LeaderElectionTest, AHolderThatRenewsKeepsTheLeaseAndItsEpoch) {
  for (std::int64_t s = 0; s < 100; ++s) {
    turn(a, TimePoint{} + seconds(s));
    turn(b, TimePoint{} + seconds(s));
    EXPECT_TRUE(a.leading(TimePoint{} + seconds(s)));
  }
  EXPECT_EQ(a.epoch(), 1U);
}

TEST_F(LeaderElectionTest, AHolderStopsBeforeAnotherStarts) {
  turn(a, TimePoint{});
  turn(b, TimePoint{});
  std::optional<std::int64_t> stopped;
  std::optional<std::int64_t> started;
  for (std::int64_t s = 0; s <= 20; ++s) {
    const TimePoint now = TimePoint{} + seconds(s);
    turn(b, now);  // a is cut off from the store
    if (!a.leading(now) && !stopped) stopped = s;
    if (b.leading(now) && !started) started = s;
  }
  EXPECT_EQ(stopped, 10);
  EXPECT_EQ(started, 15);
  EXPECT_EQ(b.epoch(), 2U);
}

TEST_F(LeaderElectionTest, WhatALeaderHasSpentStaysInTheLeaseForTheNext) {
  const TimePoint late = TimePoint{} + seconds(40);
  turn(a, TimePoint{});
  EXPECT_LT(lease()->spent.as_of.ns, 0);
  a.leave({{{seconds(3), 12}}, 240, TimePoint{} + seconds(9)});
  turn(a, TimePoint{} + seconds(9));
  turn(b, TimePoint{} + seconds(9));
  const model::SpentEvictions left = lease()->spent;
  ASSERT_EQ(left.parts.size(), 1U);
  EXPECT_EQ(left.parts[0].count, 12);
  b.leave({{}, 0, TimePoint{}});  // of a leadership that b had long ago
  turn(b, late);
  ASSERT_TRUE(b.leading(late));
  EXPECT_EQ(lease()->spent, left);
  turn(b, late + seconds(9));
  EXPECT_TRUE(lease()->spent.parts.empty());
}

TEST_F(LeaderElectionTest, ExpiryCountsFromTheLastChangeSeenNotFromTheTimeInTheLease) {
  turn(a, TimePoint{} + hours(5));  // a's clock is far ahead
  const TimePoint late = TimePoint{} + seconds(100);
  turn(b, late);
  turn(b, late + seconds(14));
  EXPECT_FALSE(b.leading(late + seconds(14)));
  turn(b, late + seconds(15));
  EXPECT_TRUE(b.leading(late + seconds(15)));
}

TEST_F(LeaderElectionTest, ALeaseWithoutAHolderIsFreeAtOnceAndKeepsItsEpochs) {
  model::Lease lease;
  lease.meta.resource_version = 7;
  lease.epoch = 4;
  const auto step = b.step(TimePoint{}, &lease);
  ASSERT_TRUE(step.transaction);
  const auto& wanted = std::get<model::Lease>(step.transaction->objects.at(0).object);
  EXPECT_EQ(wanted.epoch, 5U);
  EXPECT_EQ(wanted.holder, ActorId{2});
  lease.holder = ActorId{1};
  LeaderElection waiting{LeaderElectionConfig{}, ActorId{3}, kLease};
  EXPECT_FALSE(waiting.step(TimePoint{}, &lease).transaction);
}

TEST_F(LeaderElectionTest, AnUnknownOutcomeThatWasCommittedIsFoundOut) {
  const auto step = a.step(TimePoint{}, lease());
  ASSERT_TRUE(step.transaction.has_value());
  commit(*step.transaction, TimePoint{});
  ports::TransactionResult unknown;
  unknown.code = StatusCode::unavailable;
  a.answered(TimePoint{} + seconds(5), unknown);
  EXPECT_FALSE(a.leading(TimePoint{} + seconds(5)));
  turn(a, TimePoint{} + seconds(6));
  EXPECT_TRUE(a.leading(TimePoint{} + seconds(6)));
  EXPECT_EQ(a.epoch(), 1U);
}

TEST_F(LeaderElectionTest, ARestartedHolderTakesANewEpoch) {
  turn(a, TimePoint{});
  LeaderElection again(LeaderElectionConfig{}, ActorId{1}, kLease);
  turn(again, TimePoint{} + seconds(1));
  EXPECT_FALSE(again.leading(TimePoint{} + seconds(1)));
  turn(again, TimePoint{} + seconds(16));
  EXPECT_TRUE(again.leading(TimePoint{} + seconds(16)));
  EXPECT_EQ(again.epoch(), 2U);
}

/// Three candidates whose views lag and whose commits are slow, refused or answered by "unknown".
TEST_F(LeaderElectionTest, AHolderThatBeginsAnewHasItsLeaseAtOnceUnderTheNextEpoch) {
  turn(a, TimePoint{});
  const std::uint64_t before = a.epoch();
  model::SpentEvictions spent;
  spent.active_at_first = 3;
  a.leave(spent);
  a.begin_anew();
  EXPECT_FALSE(a.leading(TimePoint{} + seconds(1)));
  turn(a, TimePoint{} + seconds(1));
  EXPECT_TRUE(a.leading(TimePoint{} + seconds(1)));
  EXPECT_EQ(a.epoch(), before + 1);
  EXPECT_EQ(a.inherited(), spent);
}

TEST_F(LeaderElectionTest, ARenewalThatLandsAfterAHolderBeganAnewDoesNotGiveItTheOldEpochBack) {
  turn(a, TimePoint{});
  const auto late = a.step(TimePoint{} + seconds(3), lease());
  ASSERT_TRUE(late.transaction.has_value());
  a.begin_anew();
  const auto answer = commit(*late.transaction, TimePoint{} + seconds(3));
  a.answered(TimePoint{} + seconds(3), answer);
  EXPECT_FALSE(a.leading(TimePoint{} + seconds(3)));
  turn(a, TimePoint{} + seconds(4));
  EXPECT_TRUE(a.leading(TimePoint{} + seconds(4)));
  EXPECT_EQ(a.epoch(), 2U);
}

TEST_F(LeaderElectionTest, NeverTwoLeadersAndEpochsOnlyGrow) {
  struct Candidate {
    LeaderElection election;
    std::optional<ports::Transaction> sent;
    TimePoint executes;
    std::optional<ports::TransactionResult> answer;
    TimePoint answered;
    std::optional<model::Lease> seen;
  };
  RandomStream random(5);
  std::vector<Candidate> all;
  for (std::uint32_t i = 0; i < 3; ++i) {
    all.push_back({{LeaderElectionConfig{}, ActorId{i}, kLease}, {}, {}, {}, {}, {}});
  }
  std::uint64_t newest = 0;
  std::uint64_t changes = 0;
  for (std::int64_t tick = 0; tick < 200'000; ++tick) {
    const TimePoint now = TimePoint{} + milliseconds(tick * 20);
    std::uint64_t leading = 0;
    for (Candidate& c : all) {
      if (c.sent && c.executes <= now) {
        auto result = commit(*c.sent, now);
        c.sent.reset();
        if (random.chance(1, 4)) result.code = StatusCode::unavailable;
        c.answer = std::move(result);
        c.answered = now + milliseconds(random.between(0, 3000));
      }
      if (c.answer && c.answered <= now) {
        if (!random.chance(1, 5)) c.election.answered(now, *c.answer);  // else lost on the way
        c.answer.reset();
      }
      if (random.chance(1, 30) && lease() != nullptr) c.seen = *lease();
      if (!c.sent && !c.answer && random.chance(1, 50) && !random.chance(1, 5)) {
        auto step = c.election.step(now, c.seen ? &*c.seen : nullptr);
        c.sent = std::move(step.transaction);
        c.executes = now + milliseconds(random.chance(1, 20) ? 12'000 : random.between(0, 500));
      }
      leading += c.election.leading(now) ? 1U : 0U;
    }
    ASSERT_LE(leading, 1U) << "at " << to_string(now - TimePoint{});
    if (lease() == nullptr) continue;
    ASSERT_GE(lease()->epoch, newest);
    changes += lease()->epoch != newest ? 1U : 0U;
    newest = lease()->epoch;
  }
  EXPECT_GT(changes, 5U);
}

}  // namespace
}  // namespace arcas::partition
