// What every store must do, whatever it is made of.
#include "tests/support/store_contract.h"

#include <algorithm>

#include "core/base/rng.h"

namespace arcas::tests {
namespace {

using ports::Transaction;
using ports::Verb;

constexpr PartitionId kPartition{3};

model::Pod pod(std::uint32_t suffix) {
  model::Pod value;
  value.meta.tenant = TenantId{1};
  value.meta.name_space = NamespaceId{0};
  value.meta.name = {StringId{5}, suffix};
  value.spec = SpecId{0};
  return value;
}

Transaction pods(Verb verb, const model::Pod& value, Revision expected = 0) {
  Transaction transaction;
  transaction.pods.push_back({verb, expected, value});
  return transaction;
}

Transaction object(Verb verb, const model::Object& value, Revision expected = 0) {
  Transaction transaction;
  transaction.objects.push_back({verb, expected, value});
  return transaction;
}

model::Lease lease(std::uint64_t epoch) {
  model::Lease value;
  value.meta.name = {StringId{9}, 0};
  value.epoch = epoch;
  return value;
}

TEST_P(StoreContract, StartsEmptyAtRevisionZero) {
  EXPECT_EQ(subject->view().revision(), 0U);
  EXPECT_EQ(subject->view().pods.size(), 0U);
  EXPECT_EQ(subject->view().partition(), kPartition);
}

TEST_P(StoreContract, ACommittedWriteIsInTheView) {
  const auto result = commit(pods(Verb::create, pod(1)));
  ASSERT_EQ(result.code, StatusCode::ok);
  const model::Pod* stored = subject->view().pods.find(result.pods[0].uid);
  ASSERT_NE(stored, nullptr);
  EXPECT_EQ(stored->meta.resource_version, result.revision);
  EXPECT_EQ(result.pods[0].uid.partition(), kPartition.index);
}

TEST_P(StoreContract, RevisionsGrowByOneForEachCommitThatChangesSomething) {
  for (std::uint32_t i = 1; i <= 20; ++i) {
    EXPECT_EQ(commit(pods(Verb::create, pod(i))).revision, i);
  }
  model::Pod missing = pod(1);
  missing.meta.uid = Uid::make(kPartition.index, 999);
  const auto refused = commit(pods(Verb::update, missing, 1));
  EXPECT_EQ(refused.code, StatusCode::conflict);
  EXPECT_EQ(refused.pods[0].code, StatusCode::not_found);
  EXPECT_EQ(commit(pods(Verb::create, pod(21))).revision, 21U);
}

TEST_P(StoreContract, OfTwoUpdatesFromOneVersionExactlyOneCommits) {
  const auto created = commit(pods(Verb::create, pod(1)));
  model::Pod first = pod(1);
  first.meta.uid = created.pods[0].uid;
  model::Pod second = first;
  first.node = NodeId{1};
  second.node = NodeId{2};
  subject->commit(ActorId{1}, 100, pods(Verb::update, first, created.revision));
  subject->commit(ActorId{2}, 200, pods(Verb::update, second, created.revision));
  subject->settle();
  ASSERT_EQ(subject->answers.size(), 3U);
  const auto good = std::count_if(subject->answers.begin() + 1, subject->answers.end(),
                                  [](const auto& a) { return a.result.code == StatusCode::ok; });
  EXPECT_EQ(good, 1);
}

TEST_P(StoreContract, CommitsOfOneCallerTakeEffectInTheirOrder) {
  for (std::uint64_t token = 1; token <= 50; ++token) {
    subject->commit(ActorId{1}, token, pods(Verb::create, pod(static_cast<std::uint32_t>(token))));
  }
  subject->settle();
  ASSERT_EQ(subject->answers.size(), 50U);
  std::sort(subject->answers.begin(), subject->answers.end(),
            [](const auto& a, const auto& b) { return a.token < b.token; });
  for (std::size_t i = 1; i < 50; ++i) {
    EXPECT_LT(subject->answers[i - 1].result.revision, subject->answers[i].result.revision);
    EXPECT_LT(subject->answers[i - 1].result.pods[0].uid, subject->answers[i].result.pods[0].uid);
  }
}

TEST_P(StoreContract, AnswersNameTheirCallerAndToken) {
  subject->commit(ActorId{1}, 7, pods(Verb::create, pod(1)));
  subject->commit(ActorId{2}, 7, pods(Verb::create, pod(2)));
  subject->settle();
  ASSERT_EQ(subject->answers.size(), 2U);
  EXPECT_NE(subject->answers[0].caller, subject->answers[1].caller);
}

TEST_P(StoreContract, AnUpdateThatChangesNothingTakesNoRevision) {
  const auto created = commit(pods(Verb::create, pod(1)));
  model::Pod same = pod(1);
  same.meta.uid = created.pods[0].uid;
  const auto result = commit(pods(Verb::update, same, created.revision));
  EXPECT_EQ(result.code, StatusCode::ok);
  EXPECT_EQ(result.revision, created.revision);
  EXPECT_EQ(subject->changes.size(), 1U);
}

TEST_P(StoreContract, AllOrNothingIsOneRevisionOrNone) {
  Transaction transaction;
  transaction.pods.push_back({Verb::create, 0, pod(1)});
  transaction.objects.push_back({Verb::create, 0, lease(1)});
  EXPECT_EQ(commit(transaction).revision, 1U);
  ASSERT_EQ(subject->changes.size(), 1U);
  EXPECT_EQ(subject->changes[0].pods.size() + subject->changes[0].objects.size(), 2U);
  const auto again = commit(transaction);  // the lease's name is taken
  EXPECT_EQ(again.code, StatusCode::conflict);
  EXPECT_EQ(again.objects[0].code, StatusCode::already_exists);
  EXPECT_EQ(subject->view().pods.size(), 1U);
}

TEST_P(StoreContract, EachLeavesOutWhatFails) {
  Transaction transaction;
  transaction.mode = Transaction::Mode::each;
  transaction.objects.push_back({Verb::create, 0, lease(1)});
  transaction.objects.push_back({Verb::create, 0, lease(1)});
  transaction.pods.push_back({Verb::create, 0, pod(1)});
  const auto result = commit(transaction);
  EXPECT_EQ(result.code, StatusCode::ok);
  EXPECT_EQ(result.objects[1].code, StatusCode::already_exists);
  EXPECT_EQ(subject->view().leases.size(), 1U);
  EXPECT_EQ(subject->view().pods.size(), 1U);
}

TEST_P(StoreContract, AnOldFencingEpochIsRefused) {
  const auto created = commit(object(Verb::create, lease(1)));
  model::Lease next = lease(2);
  next.meta.uid = created.objects[0].uid;
  commit(object(Verb::update, next, created.revision));
  Transaction old = pods(Verb::create, pod(1));
  old.fence = {StringId{9}, 1};
  EXPECT_EQ(commit(old).code, StatusCode::forbidden);
  EXPECT_EQ(subject->view().pods.size(), 0U);
  old.fence.epoch = 2;
  EXPECT_EQ(commit(old).code, StatusCode::ok);
}

TEST_P(StoreContract, AUidIsNeverGivenTwice) {
  Uid last;
  for (std::uint32_t i = 0; i < 10; ++i) {
    const auto created = commit(pods(Verb::create, pod(0)));
    ASSERT_EQ(created.code, StatusCode::ok);
    EXPECT_GT(created.pods[0].uid, last);
    last = created.pods[0].uid;
    model::Pod gone;
    gone.meta.uid = last;
    EXPECT_EQ(commit(pods(Verb::remove, gone)).code, StatusCode::ok);
  }
}

TEST_P(StoreContract, AWatcherThatAppliesAllChangesHasTheView) {
  RandomStream random(11);
  for (int i = 0; i < 300; ++i) {
    const model::Pod* any = subject->view().pods.find(
        Uid::make(kPartition.index, random.below(subject->view().next_sequence()) + 1));
    if (any == nullptr || random.chance(1, 2)) {
      commit(pods(Verb::create, pod(static_cast<std::uint32_t>(i) + 1)));
    } else if (random.chance(1, 3)) {
      commit(pods(Verb::remove, *any, any->meta.resource_version));
    } else {
      model::Pod next = *any;
      next.node = NodeId{static_cast<std::uint32_t>(random.below(9))};
      commit(pods(Verb::update, next, any->meta.resource_version));
    }
  }
  state::Tables watcher(kPartition);
  Revision before = 0;
  for (const ports::ChangeBatch& batch : subject->changes) {
    EXPECT_EQ(batch.revision, before + 1);
    before = batch.revision;
    watcher.apply(batch);
  }
  EXPECT_EQ(watcher.revision(), subject->view().revision());
  std::vector<model::Pod> seen;
  std::vector<model::Pod> stored;
  watcher.pods.for_each([&](const model::Pod& p) { seen.push_back(p); });
  subject->view().pods.for_each([&](const model::Pod& p) { stored.push_back(p); });
  EXPECT_EQ(seen, stored);
}

}  // namespace
}  // namespace arcas::tests
