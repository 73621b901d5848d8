#include "core/partition/tenant_mover.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace arcas::partition {
namespace {

using ports::MoveOperation;
using ports::Verb;
using Phase = model::TenantMove::Phase;
using Step = MoveOperation::Step;
using Side = TenantMover::Side;

constexpr TenantId kTenant{3};

/// Two partitions and whoever moves a tenant from one to the other. The mover's view is the
/// source's store at once; requests may be lost, repeated and late as a test wants.
class Moving {
 public:
  Moving() {
    model::Tenant tenant;
    tenant.id = kTenant;
    tenant.meta.name = {StringId{40}, 0};
    ports::Transaction transaction;
    transaction.objects.push_back({Verb::create, 0, tenant});
    commit(source, transaction);
  }

  ports::TransactionResult commit(state::Tables& at, const ports::Transaction& transaction) {
    ports::ChangeBatch changes;
    auto result = at.commit(transaction, now, changes);
    if (&at != &source) return result;
    for (const auto& change : changes.pods) {
      if (mover) mover->on_changed(change.pod.meta.uid);
    }
    for (const auto& record : changes.moves) {
      if (mover) mover->on_record(now, record);
    }
    return result;
  }
  StatusCode step(state::Tables& at, MoveOperation operation) {
    ports::Transaction transaction;
    transaction.moves.push_back(std::move(operation));
    return commit(at, transaction).moves.front().code;
  }
  void begin() {
    MoveOperation operation;
    operation.tenant = kTenant;
    operation.other = target.partition();
    ASSERT_EQ(step(source, operation), StatusCode::ok);
    take_over(false);
  }
  /// A new leader, which knows what the store says.
  void take_over(bool inherited = true) {
    mover.emplace(config, now, *source.moves().find(kTenant), inherited);
  }
  Uid add_pod(state::Tables& at) {
    ports::Transaction transaction;
    ports::PodOperation operation;
    operation.pod.meta.tenant = kTenant;
    operation.pod.meta.name = {StringId{50}, ++names};
    transaction.pods.push_back(operation);
    return commit(at, transaction).pods.front().uid;
  }
  /// Asks once and has it answered.
  bool turn() {
    auto request = mover->next(now, source);
    if (!request) return false;
    asked.push_back(request->operation.step);
    const StatusCode code =
        step(request->side == Side::source ? source : target, std::move(request->operation));
    mover->answered(now, code);
    return true;
  }
  [[nodiscard]] Phase phase(const state::Tables& at) const {
    return at.moves().find(kTenant)->phase;
  }

  TenantMoverConfig config;
  TimePoint now{0};
  state::Tables source{PartitionId{1}};
  state::Tables target{PartitionId{2}};
  std::optional<TenantMover> mover;
  std::vector<Step> asked;
  std::uint32_t names = 0;
};

TEST(TenantMover, AMoveCopiesSealsCopiesTheTailCommitsShowsAndCleans) {
  Moving m;
  for (int i = 0; i < 5; ++i) m.add_pod(m.source);
  m.config.tail = 0;
  m.begin();
  while (m.turn()) {
  }
  EXPECT_EQ(m.asked, (std::vector<Step>{Step::receive, Step::stage, Step::seal, Step::commit,
                                        Step::arrive, Step::clean}));
  EXPECT_TRUE(m.mover->done());
  EXPECT_EQ(m.target.pods.size(), 5U);
  EXPECT_EQ(m.source.pods.size(), 0U);
}

TEST(TenantMover, WhatChangesWhileItIsCopiedIsCopiedAgainAfterTheSeal) {
  Moving m;
  const Uid gone = m.add_pod(m.source);
  const Uid kept = m.add_pod(m.source);
  m.config.tail = 0;
  m.begin();
  ASSERT_TRUE(m.turn());  // receive
  ASSERT_TRUE(m.turn());  // stage
  ports::Transaction removal;
  removal.pods.push_back({Verb::remove, 0, {}});
  removal.pods.back().pod.meta.uid = gone;
  m.commit(m.source, removal);
  const Uid late = m.add_pod(m.source);
  while (m.turn()) {
  }
  EXPECT_EQ(m.target.pods.find(gone), nullptr);
  EXPECT_NE(m.target.pods.find(kept), nullptr);
  EXPECT_NE(m.target.pods.find(late), nullptr);
}

TEST(TenantMover, ATargetThatDoesNotAnswerWhileTheTenantIsSealedGivesTheWritesBack) {
  Moving m;
  m.add_pod(m.source);
  m.begin();
  ASSERT_TRUE(m.turn());  // receive
  ASSERT_TRUE(m.turn());  // seal: few enough to copy after it
  ASSERT_EQ(m.phase(m.source), Phase::sealed);
  const TimePoint sealed = m.now;
  while (m.phase(m.source) == Phase::sealed && m.now < sealed + minutes(1)) {
    auto request = m.mover->next(m.now, m.source);
    if (request && request->side == Side::source) {
      m.mover->answered(m.now, m.step(m.source, std::move(request->operation)));
    }
    m.now = m.now + milliseconds(100);  // what goes to the target is lost
  }
  EXPECT_EQ(m.phase(m.source), Phase::here);
  EXPECT_LE(m.now - sealed, m.config.seal_patience + m.config.answer + seconds(1));
  EXPECT_TRUE(m.source.moves().takes_writes(kTenant));
}

TEST(TenantMover, ATargetThatRefusesEndsTheMove) {
  Moving m;
  model::Tenant tenant;  // it has a tenant of that number: a mistake of whoever asked
  tenant.id = kTenant;
  tenant.meta.name = {StringId{40}, 0};
  ports::Transaction transaction;
  transaction.objects.push_back({Verb::create, 0, tenant});
  m.commit(m.target, transaction);
  m.begin();
  for (int i = 0; i < 20; ++i) {
    while (m.turn()) {
    }
    m.now = m.now + seconds(1);
  }
  EXPECT_EQ(m.phase(m.source), Phase::here);
  EXPECT_TRUE(m.mover->done());
}

TEST(TenantMover, ANewLeaderBeginsAnewBeforeTheDecisionAndGoesOnAfterIt) {
  Moving m;
  m.add_pod(m.source);
  m.begin();
  ASSERT_TRUE(m.turn());  // receive
  ASSERT_TRUE(m.turn());  // seal
  m.take_over();
  m.asked.clear();
  while (m.phase(m.source) != Phase::committed) ASSERT_TRUE(m.turn());
  EXPECT_EQ(m.asked.front(), Step::begin);
  EXPECT_EQ(m.source.moves().find(kTenant)->epoch, 2U);
  m.take_over();
  m.asked.clear();
  while (m.turn()) {
  }
  EXPECT_EQ(m.asked, (std::vector<Step>{Step::arrive, Step::clean}));
  EXPECT_EQ(m.target.pods.size(), 1U);
}

/// Law: whatever is lost, repeated or late, and whoever leads, at every moment one partition at
/// most takes writes, and in the end one has all that was acknowledged.
class Chaos : public Moving {
 public:
  explicit Chaos(std::uint64_t seed) : random_(seed) {
    config.batch = 1 + below(6);
    config.tail = below(8);
  }

  void run() {
    for (std::uint64_t i = below(12); i > 0; --i) write(source);
    begin();
    for (int i = 0; i < 400; ++i) {
      now = now + milliseconds(static_cast<std::int64_t>(below(1500)));
      disturb();
      act();
      check();
    }
    calm_ = true;
    for (int i = 0; i < 300; ++i) {
      now = now + seconds(1);
      act();
      check();
    }
    in_flight_.clear();
    finish();
  }

 private:
  struct Letter {
    Side side;
    MoveOperation operation;
  };
  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  [[nodiscard]] state::Tables& at(Side side) { return side == Side::source ? source : target; }

  void act() {
    while (auto request = mover->next(now, source)) {
      Letter letter{request->side, std::move(request->operation)};
      const bool lost = !calm_ && below(4) == 0;
      if (!calm_ && below(4) == 0) in_flight_.push_back(letter);  // comes again, or late
      if (lost) break;
      const StatusCode code = step(at(letter.side), std::move(letter.operation));
      if (!calm_ && below(5) == 0) break;  // the answer is lost
      mover->answered(now, code);
    }
  }
  void disturb() {
    if (!in_flight_.empty() && below(3) == 0) {
      const std::size_t i = below(in_flight_.size());
      step(at(in_flight_[i].side), in_flight_[i].operation);
      if (below(2) == 0) in_flight_.erase(in_flight_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (below(25) == 0) take_over();
    if (below(2) == 0) write(source);
    if (below(4) == 0 && target.moves().find(kTenant) != nullptr) write(target);
  }
  /// Creates, changes or removes a pod; what is acknowledged is remembered.
  void write(state::Tables& where) {
    const auto kind = expected_.empty() ? 0 : below(3);
    if (kind == 0) {
      const Uid uid = add_pod(where);
      if (uid.valid()) expected_[uid] = model::PodPhase::pending;
      return;
    }
    auto it = expected_.begin();
    std::advance(it, static_cast<std::ptrdiff_t>(below(expected_.size())));
    const model::Pod* pod = where.pods.find(it->first);
    if (pod == nullptr) return;
    ports::Transaction transaction;
    transaction.pods.push_back(
        {kind == 1 ? Verb::update : Verb::remove, pod->meta.resource_version, *pod});
    transaction.pods.back().pod.phase = model::PodPhase::running;
    if (commit(where, transaction).pods.front().code != StatusCode::ok) return;
    if (kind == 1) {
      it->second = model::PodPhase::running;
    } else {
      expected_.erase(it);
    }
  }
  void check() {
    const bool here = source.moves().takes_writes(kTenant);
    const model::TenantMove* there = target.moves().find(kTenant);
    ASSERT_FALSE(here && there != nullptr && there->takes_writes());
  }
  void finish() {
    ASSERT_TRUE(mover->done()) << "phase " << static_cast<int>(phase(source));
    const bool moved = phase(source) == Phase::cleaned;
    const state::Tables& home = moved ? target : source;
    const state::Tables& other = moved ? source : target;
    EXPECT_EQ(home.pods.size(), expected_.size());
    EXPECT_EQ(other.pods.size(), 0U);
    EXPECT_EQ(home.tenants.size(), 1U);
    for (const auto& [uid, phase] : expected_) {
      const model::Pod* pod = home.pods.find(uid);
      ASSERT_NE(pod, nullptr);
      EXPECT_EQ(pod->phase, phase);
    }
  }

  std::mt19937_64 random_;
  std::vector<Letter> in_flight_;
  std::map<Uid, model::PodPhase> expected_;
  bool calm_ = false;
};

TEST(TenantMover, NothingIsLostOrDoubledWhateverHappensOnTheWay) {
  std::map<bool, int> moved;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Chaos chaos(seed);
    chaos.run();
    ++moved[chaos.phase(chaos.source) == Phase::cleaned];
    if (testing::Test::HasFailure()) break;
  }
  EXPECT_GT(moved[true], 250);
}

}  // namespace
}  // namespace arcas::partition
