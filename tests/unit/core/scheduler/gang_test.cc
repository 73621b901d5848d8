#include "core/scheduler/gang.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/rng.h"

namespace arcas::scheduler {
namespace {

TimePoint at(std::int64_t s) { return TimePoint{} + seconds(s); }
Uid pod(std::uint64_t n) { return Uid::make(1, n); }

struct Fixture : ::testing::Test {
  GangTable table;
  std::vector<GangEffect> out;

  void make(std::uint32_t gang, std::uint32_t members, std::int32_t priority = 0) {
    table.upsert(at(0), GangId{gang}, {members, priority, at(gang), seconds(60)}, out);
    for (std::uint32_t i = 0; i < members; ++i) {
      table.arrive(at(0), GangId{gang}, pod(gang * 100 + i), out);
    }
  }
  void place(std::int64_t s, std::uint32_t gang, std::uint32_t member) {
    table.placed(at(s), GangId{gang}, pod(gang * 100 + member), NodeId{member}, out);
  }
  template <class Effect>
  std::vector<Effect> take() {
    std::vector<Effect> found;
    for (const GangEffect& effect : out) {
      if (const auto* match = std::get_if<Effect>(&effect)) found.push_back(*match);
    }
    return found;
  }
};
using Gang = Fixture;

TEST_F(Gang, MembersHoldUntilTheLastIsPlacedThenAllStart) {
  make(1, 3);
  place(1, 1, 0);
  place(1, 1, 1);
  EXPECT_EQ(take<HoldRoom>().size(), 2U);
  EXPECT_TRUE(take<StartPods>().empty());
  place(1, 1, 2);
  ASSERT_EQ(take<StartPods>().size(), 1U);
  EXPECT_EQ(take<StartPods>()[0].pods, (std::vector<Uid>{pod(100), pod(101), pod(102)}));
}

TEST_F(Gang, TooFewMembersHaveNoTurn) {
  table.upsert(at(0), GangId{1}, {3, 0, at(0), seconds(60)}, out);
  table.arrive(at(0), GangId{1}, pod(100), out);
  EXPECT_EQ(table.turn(at(0), GangId{1}), GangTable::Turn::not_now);
  EXPECT_EQ(table.missing(GangId{1}), 3U);
}

TEST_F(Gang, ATimeOutReturnsEveryRoomAndBacksOff) {
  make(1, 3);
  place(1, 1, 0);
  place(2, 1, 1);
  EXPECT_EQ(table.next_wakeup(at(2)), at(61));
  table.end_cycle(at(60), out);
  EXPECT_TRUE(take<ReturnRoom>().empty());
  table.end_cycle(at(61), out);
  EXPECT_EQ(take<ReturnRoom>().size(), 2U);
  EXPECT_EQ(table.holding(GangId{1}), 0U);
  EXPECT_EQ(table.turn(at(61), GangId{1}), GangTable::Turn::not_now);
  EXPECT_EQ(table.next_wakeup(at(61)), at(71));
  EXPECT_EQ(table.turn(at(71), GangId{1}), GangTable::Turn::collector);
}

TEST_F(Gang, TwoGangsNeverBothKeepAPart) {
  make(1, 2);
  make(2, 2);
  place(1, 1, 0);
  place(1, 2, 0);
  table.end_cycle(at(1), out);
  EXPECT_EQ(table.holding(GangId{1}), 1U);
  EXPECT_EQ(table.holding(GangId{2}), 0U);
}

TEST_F(Gang, ASmallerGangThatFitsWholeStartsWhileTheFirstWaits) {
  make(1, 3);
  make(2, 2);
  place(1, 1, 0);
  EXPECT_EQ(table.turn(at(1), GangId{2}), GangTable::Turn::trial);
  place(1, 2, 0);
  place(1, 2, 1);
  EXPECT_TRUE(table.has_started(GangId{2}));
  table.end_cycle(at(1), out);
  EXPECT_EQ(table.holding(GangId{1}), 1U);
}

TEST_F(Gang, ATrialEndsAtItsFirstFailureAndACollectorWaitsOn) {
  make(1, 3);
  make(2, 3);
  place(1, 1, 0);
  table.failed(at(1), GangId{1}, pod(101), out);
  EXPECT_EQ(table.holding(GangId{1}), 1U);
  place(1, 2, 0);
  table.failed(at(1), GangId{2}, pod(201), out);
  EXPECT_EQ(table.holding(GangId{2}), 0U);
  ASSERT_EQ(take<ReturnRoom>().size(), 1U);
  EXPECT_EQ(take<ReturnRoom>()[0].pod, pod(200));
}

TEST_F(Gang, AGangOfHigherPriorityTakesTheRightToHold) {
  make(1, 2);
  place(1, 1, 0);
  make(2, 2, /*priority=*/10);
  EXPECT_EQ(table.collector(at(1)), GangId{2});
  EXPECT_EQ(table.holding(GangId{1}), 0U);
  ASSERT_EQ(take<ReturnRoom>().size(), 1U);
}

TEST_F(Gang, LosingAMemberBeforeTheStartReturnsTheRest) {
  make(1, 3);
  place(1, 1, 0);
  place(1, 1, 1);
  table.leave(at(2), GangId{1}, pod(100), out);
  EXPECT_EQ(take<ReturnRoom>().size(), 2U);
  EXPECT_EQ(table.turn(at(2), GangId{1}), GangTable::Turn::not_now);
}

TEST_F(Gang, AfterTheStartMembersComeOneByOne) {
  make(1, 2);
  place(1, 1, 0);
  place(1, 1, 1);
  out.clear();
  table.arrive(at(2), GangId{1}, pod(150), out);
  EXPECT_EQ(table.turn(at(2), GangId{1}), GangTable::Turn::started);
  table.placed(at(2), GangId{1}, pod(150), NodeId{7}, out);
  ASSERT_EQ(take<StartPods>().size(), 1U);
  EXPECT_EQ(take<StartPods>()[0].pods, std::vector<Uid>{pod(150)});
}

TEST_F(Gang, APlacementThatComesTooLateIsGivenBack) {
  make(1, 2);
  place(1, 1, 0);
  table.end_cycle(at(61), out);
  out.clear();
  place(62, 1, 1);
  ASSERT_EQ(take<ReturnRoom>().size(), 1U);
  EXPECT_EQ(take<ReturnRoom>()[0].pod, pod(101));
  EXPECT_EQ(table.holding(GangId{1}), 0U);
}

TEST_F(Gang, RemovingAGroupReturnsItsRoom) {
  make(1, 2);
  place(1, 1, 0);
  table.remove(at(1), GangId{1}, out);
  EXPECT_EQ(take<ReturnRoom>().size(), 1U);
  EXPECT_EQ(table.collector(at(1)), std::nullopt);
}

/// A machine of slots: every effect is carried out and checked.
class World {
 public:
  explicit World(std::uint64_t seed) : random_(seed), free_(random_.between(4, 12)) {}

  void run() {
    for (now_ = at(0); now_ < at(2'000); now_ = now_ + seconds(1)) {
      arrivals();
      finish();
      cycle();
      check();
    }
    drain();
  }

 private:
  struct Job {
    std::uint32_t size = 0;
    std::vector<Uid> pods;
    std::set<Uid> running;
    TimePoint ends;
    bool done = false;
  };

  void arrivals() {
    if (jobs_.size() >= 40 || !random_.chance(1, 20)) return;
    const GangId id{static_cast<std::uint32_t>(jobs_.size())};
    Job job;
    job.size = static_cast<std::uint32_t>(random_.between(1, 4));
    table_.upsert(now_, id,
                  {job.size, static_cast<std::int32_t>(random_.below(3)), now_, seconds(30)}, out_);
    for (std::uint32_t i = 0; i < job.size; ++i) {
      job.pods.push_back(pod(++sequence_));
      table_.arrive(now_, id, job.pods.back(), out_);
    }
    jobs_.push_back(std::move(job));
    carry_out();
  }

  void finish() {
    for (std::uint32_t j = 0; j < jobs_.size(); ++j) {
      Job& job = jobs_[j];
      if (job.done || job.running.empty() || now_ < job.ends) continue;
      free_ += static_cast<std::int64_t>(job.running.size());
      job.done = true;
      table_.remove(now_, GangId{j}, out_);
      carry_out();
    }
  }

  void cycle() {
    for (std::uint32_t j = 0; j < jobs_.size(); ++j) {
      for (const Uid uid : jobs_[j].pods) try_place(j, uid);
    }
    table_.end_cycle(now_, out_);
    carry_out();
  }

  void try_place(std::uint32_t j, Uid uid) {
    if (jobs_[j].done || holds_.contains(uid) || jobs_[j].running.contains(uid)) return;
    if (table_.turn(now_, GangId{j}) == GangTable::Turn::not_now) return;
    if (free_ == 0) {
      table_.failed(now_, GangId{j}, uid, out_);
    } else {
      --free_;
      holds_.insert(uid);
      table_.placed(now_, GangId{j}, uid, NodeId{0}, out_);
    }
    carry_out();
  }

  void carry_out() {
    for (const GangEffect& effect : out_) {
      if (const auto* returned = std::get_if<ReturnRoom>(&effect)) {
        ASSERT_EQ(holds_.erase(returned->pod), 1U);
        ++free_;
      } else if (const auto* started = std::get_if<StartPods>(&effect)) {
        Job& job = jobs_[started->gang.index];
        for (const Uid uid : started->pods) {
          ASSERT_EQ(holds_.erase(uid), 1U);
          job.running.insert(uid);
        }
        job.ends = now_ + seconds(random_.between(1, 60));
      }
    }
    out_.clear();
  }

  void check() {
    std::uint32_t holders = 0;
    std::size_t held = 0;
    for (std::uint32_t j = 0; j < jobs_.size(); ++j) {
      if (jobs_[j].done) continue;
      const std::size_t running = jobs_[j].running.size();
      ASSERT_TRUE(running == 0 || running == jobs_[j].size) << "gang " << j << " runs in part";
      if (table_.holding(GangId{j}) > 0) ++holders;
      held += table_.holding(GangId{j});
    }
    ASSERT_LE(holders, 1U) << "two gangs hold room between cycles";
    ASSERT_EQ(held, holds_.size());
  }

  /// No more arrivals: every gang that fits the machine must come to run.
  void drain() {
    for (int i = 0; i < 40 * 400; ++i, now_ = now_ + seconds(1)) {
      finish();
      cycle();
      check();
    }
    for (const Job& job : jobs_) EXPECT_TRUE(job.done) << "a gang never ran";
    EXPECT_TRUE(holds_.empty());
  }

  RandomStream random_;
  GangTable table_;
  std::vector<GangEffect> out_;
  std::vector<Job> jobs_;
  std::set<Uid> holds_;
  std::int64_t free_;
  std::uint64_t sequence_ = 0;
  TimePoint now_;
};

TEST(GangProperty, GangsRunWholeNeverDeadlockAndReturnAllRoom) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    World(seed).run();
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace arcas::scheduler
