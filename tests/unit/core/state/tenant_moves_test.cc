#include "core/state/tenant_moves.h"

#include <gtest/gtest.h>

#include "core/state/tables.h"

namespace arcas::state {
namespace {

using ports::MoveOperation;
using ports::Verb;
using Phase = model::TenantMove::Phase;
using Step = MoveOperation::Step;

constexpr TenantId kTenant{3};
constexpr PartitionId kSource{1};
constexpr PartitionId kTarget{2};

class TenantMovesTest : public testing::Test {
 protected:
  TenantMovesTest() {
    model::Tenant tenant;
    tenant.id = kTenant;
    tenant.meta.name = {StringId{40}, 0};
    write(source, Verb::create, tenant);
    model::ReplicaSet set;
    set.meta.tenant = kTenant;
    set.meta.name = {StringId{41}, 0};
    write(source, Verb::create, set);
  }
  StatusCode write(Tables& at, Verb verb, const model::Object& object, Revision expected = 0) {
    ports::Transaction transaction;
    transaction.objects.push_back({verb, expected, object});
    changes = {};
    return at.commit(transaction, TimePoint{}, changes).objects.front().code;
  }
  StatusCode write(Tables& at, Verb verb, const model::Pod& pod, Revision expected = 0) {
    ports::Transaction transaction;
    transaction.pods.push_back({verb, expected, pod});
    changes = {};
    const auto result = at.commit(transaction, TimePoint{}, changes);
    if (verb == Verb::create) last = result.pods.front().uid;
    return result.pods.front().code;
  }
  Uid add_pod(Tables& at, std::uint32_t suffix) {
    model::Pod pod;
    pod.meta.tenant = kTenant;
    pod.meta.name = {StringId{50}, suffix};
    pod.node = NodeId{suffix % 4};
    EXPECT_EQ(write(at, Verb::create, pod), StatusCode::ok);
    return last;
  }
  StatusCode step(Tables& at, Step what, std::uint64_t epoch, MoveOperation operation = {}) {
    operation.step = what;
    operation.tenant = kTenant;
    operation.epoch = epoch;
    if (what == Step::begin || what == Step::receive) {
      operation.other = &at == &source ? kTarget : kSource;
    }
    ports::Transaction transaction;
    transaction.moves.push_back(std::move(operation));
    changes = {};
    return at.commit(transaction, TimePoint{}, changes).moves.front().code;
  }
  /// Everything of the tenant, as one copy.
  MoveOperation everything(const Tables& at, std::uint64_t sequence = 1) {
    MoveOperation copy;
    copy.sequence = sequence;
    at.pods.for_each([&](const model::Pod& pod) { copy.pods.push_back(pod); });
    at.for_each_object([&](const model::Object& object) { copy.objects.push_back(object); });
    return copy;
  }
  void move_to_target(std::uint64_t epoch = 1) {
    ASSERT_EQ(step(source, Step::begin, epoch), StatusCode::ok);
    ASSERT_EQ(step(target, Step::receive, epoch), StatusCode::ok);
    ASSERT_EQ(step(source, Step::seal, epoch), StatusCode::ok);
    ASSERT_EQ(step(target, Step::stage, epoch, everything(source)), StatusCode::ok);
    ASSERT_EQ(step(source, Step::commit, epoch), StatusCode::ok);
  }
  Phase phase(const Tables& at) const { return at.moves().find(kTenant)->phase; }

  Tables source{kSource};
  Tables target{kTarget};
  ports::ChangeBatch changes;
  Uid last;
};

TEST_F(TenantMovesTest, ATenantComesAsItWentWithItsUids) {
  const Uid first = add_pod(source, 1);
  const Uid second = add_pod(source, 2);
  move_to_target();
  EXPECT_EQ(target.pods.size(), 0U);  // not shown yet
  ASSERT_EQ(step(target, Step::arrive, 1), StatusCode::ok);
  EXPECT_EQ(changes.pods.size(), 2U);
  EXPECT_EQ(changes.objects.size(), 2U);
  EXPECT_EQ(changes.moves.size(), 1U);
  for (const Uid uid : {first, second}) {
    const model::Pod* pod = target.pods.find(uid);
    ASSERT_NE(pod, nullptr);
    EXPECT_EQ(pod->node, source.pods.find(uid)->node);
    EXPECT_EQ(pod->meta.resource_version, target.revision());
  }
  ASSERT_EQ(step(source, Step::clean, 1), StatusCode::ok);
  EXPECT_EQ(changes.left.pods.size(), 2U);
  EXPECT_TRUE(changes.pods.empty());
  EXPECT_EQ(source.pods.size(), 0U);
  EXPECT_EQ(source.replica_sets.size(), 0U);
}

TEST_F(TenantMovesTest, WritesAreTakenByOneSideOrByNone) {
  const Uid uid = add_pod(source, 1);
  const auto writable = [&](Tables& at) {
    model::Pod pod;
    pod.meta.tenant = kTenant;
    pod.meta.name = {StringId{60}, static_cast<std::uint32_t>(at.revision()) + 1};
    return write(at, Verb::create, pod) == StatusCode::ok;
  };
  EXPECT_EQ(step(source, Step::begin, 1), StatusCode::ok);
  EXPECT_EQ(step(target, Step::receive, 1), StatusCode::ok);
  EXPECT_TRUE(writable(source));
  EXPECT_FALSE(writable(target));
  EXPECT_EQ(step(source, Step::seal, 1), StatusCode::ok);
  EXPECT_FALSE(writable(source));
  EXPECT_FALSE(writable(target));
  model::Pod removal;
  removal.meta.uid = uid;
  EXPECT_EQ(write(source, Verb::remove, removal), StatusCode::unavailable);
  EXPECT_EQ(step(target, Step::stage, 1, everything(source)), StatusCode::ok);
  EXPECT_EQ(step(source, Step::commit, 1), StatusCode::ok);
  EXPECT_FALSE(writable(source));
  EXPECT_FALSE(writable(target));
  EXPECT_EQ(step(target, Step::arrive, 1), StatusCode::ok);
  EXPECT_FALSE(writable(source));
  EXPECT_TRUE(writable(target));
}

TEST_F(TenantMovesTest, OfReopenAndCommitOneWins) {
  ASSERT_EQ(step(source, Step::begin, 1), StatusCode::ok);
  ASSERT_EQ(step(source, Step::seal, 1), StatusCode::ok);
  EXPECT_EQ(step(source, Step::reopen, 1), StatusCode::ok);
  EXPECT_EQ(step(source, Step::commit, 1), StatusCode::conflict);
  EXPECT_EQ(phase(source), Phase::here);
  ASSERT_EQ(step(source, Step::begin, 2), StatusCode::ok);
  ASSERT_EQ(step(source, Step::seal, 2), StatusCode::ok);
  EXPECT_EQ(step(source, Step::commit, 2), StatusCode::ok);
  EXPECT_EQ(step(source, Step::reopen, 2), StatusCode::conflict);
}

TEST_F(TenantMovesTest, AnOldAttemptCannotTouchANewOne) {
  ASSERT_EQ(step(source, Step::begin, 1), StatusCode::ok);
  ASSERT_EQ(step(target, Step::receive, 1), StatusCode::ok);
  ASSERT_EQ(step(source, Step::begin, 2), StatusCode::ok);  // another mover takes over
  ASSERT_EQ(step(target, Step::receive, 2), StatusCode::ok);
  EXPECT_EQ(step(source, Step::seal, 1), StatusCode::conflict);
  EXPECT_EQ(step(target, Step::stage, 1, everything(source)), StatusCode::conflict);
  EXPECT_EQ(step(target, Step::receive, 1), StatusCode::conflict);
  EXPECT_EQ(step(target, Step::arrive, 1), StatusCode::conflict);
  EXPECT_EQ(step(target, Step::discard, 1), StatusCode::conflict);
}

TEST_F(TenantMovesTest, ACopyThatComesLateDoesNotUndoALaterOne) {
  const Uid uid = add_pod(source, 1);
  ASSERT_EQ(step(source, Step::begin, 1), StatusCode::ok);
  ASSERT_EQ(step(target, Step::receive, 1), StatusCode::ok);
  const MoveOperation late = everything(source, 1);
  model::Pod pod = *source.pods.find(uid);
  pod.phase = model::PodPhase::running;
  ASSERT_EQ(write(source, Verb::update, pod, pod.meta.resource_version), StatusCode::ok);
  ASSERT_EQ(step(source, Step::seal, 1), StatusCode::ok);
  ASSERT_EQ(step(target, Step::stage, 1, everything(source, 2)), StatusCode::ok);
  ASSERT_EQ(step(target, Step::stage, 1, late), StatusCode::ok);
  ASSERT_EQ(step(source, Step::commit, 1), StatusCode::ok);
  ASSERT_EQ(step(target, Step::arrive, 1), StatusCode::ok);
  EXPECT_EQ(target.pods.find(uid)->phase, model::PodPhase::running);
}

TEST_F(TenantMovesTest, StepsMayBeRepeatedAndTakeNoRevisionThen) {
  move_to_target();
  ASSERT_EQ(step(target, Step::arrive, 1), StatusCode::ok);
  const Revision before = target.revision();
  EXPECT_EQ(step(target, Step::arrive, 1), StatusCode::ok);
  EXPECT_EQ(step(source, Step::commit, 1), StatusCode::ok);
  EXPECT_TRUE(changes.empty());
  EXPECT_EQ(target.revision(), before);
}

TEST_F(TenantMovesTest, ATenantThatMovedMayComeBackAndNewUidsStayNew) {
  const Uid old = add_pod(source, 1);
  move_to_target();
  ASSERT_EQ(step(target, Step::arrive, 1), StatusCode::ok);
  // The target cannot give it away to a source that has not dropped its copies.
  ASSERT_EQ(step(target, Step::begin, 2), StatusCode::ok);
  EXPECT_EQ(step(source, Step::receive, 2), StatusCode::conflict);
  ASSERT_EQ(step(source, Step::clean, 1), StatusCode::ok);
  EXPECT_EQ(step(source, Step::receive, 2), StatusCode::ok);
  const Uid born_there = add_pod(target, 9);
  EXPECT_EQ(born_there.partition(), kTarget.index);
  ASSERT_EQ(step(target, Step::seal, 2), StatusCode::ok);
  ASSERT_EQ(step(source, Step::stage, 2, everything(target)), StatusCode::ok);
  ASSERT_EQ(step(target, Step::commit, 2), StatusCode::ok);
  ASSERT_EQ(step(source, Step::arrive, 2), StatusCode::ok);
  EXPECT_NE(source.pods.find(old), nullptr);
  EXPECT_NE(source.pods.find(born_there), nullptr);
  const Uid next = add_pod(source, 10);
  EXPECT_EQ(next.partition(), kSource.index);
  EXPECT_GT(next.sequence(), old.sequence());
}

TEST_F(TenantMovesTest, PodsOfOtherPartitionsAreListedByNodeAndOwnerAmongTheOwn) {
  for (std::uint32_t i = 1; i <= 8; ++i) add_pod(source, i);
  const Uid own = [&] {
    model::Pod pod;
    pod.meta.tenant = TenantId{1};
    pod.node = NodeId{1};
    EXPECT_EQ(write(target, Verb::create, pod), StatusCode::ok);
    return last;
  }();
  move_to_target();
  ASSERT_EQ(step(target, Step::arrive, 1), StatusCode::ok);
  std::size_t on_node = 0;
  target.pods.for_each_on_node(NodeId{1}, [&](const model::Pod&) { ++on_node; });
  EXPECT_EQ(on_node, 3U);  // 1 and 5, and the own one
  EXPECT_EQ(target.pods.counts(Uid{}).total, 9);
  std::vector<Uid> all;
  target.pods.for_each([&](const model::Pod& pod) { all.push_back(pod.meta.uid); });
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
  EXPECT_EQ(all.size(), 9U);
  EXPECT_EQ(all.back(), own);
  const Uid removed = all.front();
  model::Pod removal;
  removal.meta.uid = removed;
  ASSERT_EQ(write(target, Verb::remove, removal), StatusCode::ok);
  EXPECT_EQ(target.pods.find(removed), nullptr);
  EXPECT_EQ(target.pods.size(), 8U);
}

TEST_F(TenantMovesTest, WhatIsNotThereCannotMove) {
  EXPECT_EQ(step(target, Step::begin, 1), StatusCode::not_found);
  EXPECT_EQ(step(source, Step::receive, 1), StatusCode::conflict);
  EXPECT_EQ(step(source, Step::seal, 1), StatusCode::not_found);
  MoveOperation to_itself;
  to_itself.tenant = kTenant;
  to_itself.other = kSource;
  ports::Transaction transaction;
  transaction.moves.push_back(to_itself);
  ports::ChangeBatch ignored;
  EXPECT_EQ(source.commit(transaction, TimePoint{}, ignored).moves.front().code,
            StatusCode::invalid);
}

}  // namespace
}  // namespace arcas::state
