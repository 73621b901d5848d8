#include "core/state/tables.h"

#include <gtest/gtest.h>

#include <utility>

namespace arcas::state {
namespace {

using model::Lease;
using model::ReplicaSet;
using ports::ChangeBatch;
using ports::ChangeType;
using ports::Transaction;
using ports::Verb;

constexpr StringId kName{7};
constexpr TimePoint kNow{1'000};

class TablesTest : public testing::Test {
 protected:
  ports::TransactionResult commit(const Transaction& transaction) {
    changes = {};
    return tables.commit(transaction, kNow, changes);
  }
  ports::TransactionResult commit(Verb verb, const model::Object& object, Revision expected = 0) {
    Transaction transaction;
    transaction.objects.push_back({verb, expected, object});
    return commit(transaction);
  }
  ports::TransactionResult commit(Verb verb, const model::Pod& pod, Revision expected = 0) {
    Transaction transaction;
    transaction.pods.push_back({verb, expected, pod});
    return commit(transaction);
  }
  static ReplicaSet replica_set(std::uint32_t name) {
    ReplicaSet set;
    set.meta.tenant = TenantId{1};
    set.meta.name_space = NamespaceId{2};
    set.meta.name = {StringId{name}, 0};
    return set;
  }
  static model::Pod pod(std::uint32_t suffix) {
    model::Pod value;
    value.meta.tenant = TenantId{1};
    value.meta.name_space = NamespaceId{2};
    value.meta.name = {kName, suffix};
    value.spec = SpecId{0};
    return value;
  }

  Tables tables{PartitionId{3}};
  ChangeBatch changes;
};

TEST_F(TablesTest, CreateGivesUidRevisionTimeAndGeneration) {
  model::Pod value = pod(1);
  value.meta.generation = 99;
  const auto result = commit(Verb::create, value);
  ASSERT_EQ(result.code, StatusCode::ok);
  EXPECT_EQ(result.revision, 1U);
  EXPECT_EQ(result.pods[0].uid, Uid::make(3, 1));
  const model::Pod* stored = tables.pods.find(result.pods[0].uid);
  ASSERT_NE(stored, nullptr);
  EXPECT_EQ(stored->meta.resource_version, 1U);
  EXPECT_EQ(stored->meta.created_at, kNow);
  EXPECT_EQ(stored->meta.generation, 1U);
  ASSERT_EQ(changes.pods.size(), 1U);
  EXPECT_EQ(changes.pods[0].type, ChangeType::added);
  EXPECT_EQ(changes.revision, 1U);
}

TEST_F(TablesTest, OfTwoUpdatesFromOneVersionOnlyTheFirstCommits) {
  const Uid uid = commit(Verb::create, replica_set(1)).objects[0].uid;
  ReplicaSet next = replica_set(1);
  next.meta.uid = uid;
  next.replicas = 5;
  EXPECT_EQ(commit(Verb::update, next, 1).code, StatusCode::ok);
  next.replicas = 6;
  EXPECT_EQ(commit(Verb::update, next, 1).code, StatusCode::conflict);
  EXPECT_TRUE(changes.objects.empty());
  EXPECT_EQ(tables.replica_sets.find(uid)->replicas, 5);
  EXPECT_EQ(tables.revision(), 2U);
}

TEST_F(TablesTest, UpdateWithoutExpectedVersionIsAConflict) {
  const Uid uid = commit(Verb::create, pod(1)).pods[0].uid;
  model::Pod next = pod(1);
  next.meta.uid = uid;
  next.node = NodeId{4};
  EXPECT_EQ(commit(Verb::update, next, 0).pods[0].code, StatusCode::conflict);
}

TEST_F(TablesTest, AnUpdateThatChangesNothingTakesNoRevision) {
  const Uid uid = commit(Verb::create, pod(1)).pods[0].uid;
  model::Pod same = pod(1);
  same.meta.uid = uid;
  const auto result = commit(Verb::update, same, 1);
  EXPECT_EQ(result.code, StatusCode::ok);
  EXPECT_EQ(result.revision, 1U);
  EXPECT_TRUE(changes.pods.empty());
  EXPECT_EQ(tables.pods.find(uid)->meta.resource_version, 1U);
}

TEST_F(TablesTest, GenerationCountsChangesOfTheSpecOnly) {
  const Uid uid = commit(Verb::create, replica_set(1)).objects[0].uid;
  ReplicaSet next = *tables.replica_sets.find(uid);
  next.status_ready = 3;
  next.meta.generation = 40;
  commit(Verb::update, next, 1);
  EXPECT_EQ(tables.replica_sets.find(uid)->meta.generation, 1U);
  next.replicas = 3;
  commit(Verb::update, next, 2);
  EXPECT_EQ(tables.replica_sets.find(uid)->meta.generation, 2U);
}

TEST_F(TablesTest, NameCreationAndDeletionTimeCannotBeChanged) {
  const Uid uid = commit(Verb::create, replica_set(1)).objects[0].uid;
  ReplicaSet next = *tables.replica_sets.find(uid);
  next.meta.name.base = StringId{2};
  EXPECT_EQ(commit(Verb::update, next, 1).objects[0].code, StatusCode::invalid);
  next.meta.name.base = StringId{1};
  next.meta.created_at = TimePoint{5};
  next.meta.deleted_at = TimePoint{6};
  EXPECT_EQ(commit(Verb::update, next, 1).code, StatusCode::ok);
  EXPECT_EQ(tables.replica_sets.find(uid)->meta.created_at, kNow);
  next.meta.deleted_at = TimePoint{-1};
  next.replicas = 2;
  EXPECT_EQ(commit(Verb::update, next, 2).code, StatusCode::ok);
  EXPECT_EQ(tables.replica_sets.find(uid)->meta.deleted_at, TimePoint{6});
}

TEST_F(TablesTest, ATakenNameIsRefusedAndFreeAgainAfterRemoval) {
  const Uid first = commit(Verb::create, pod(0)).pods[0].uid;
  EXPECT_EQ(commit(Verb::create, pod(0)).pods[0].code, StatusCode::already_exists);
  EXPECT_EQ(tables.pods.find_named(TenantId{1}, NamespaceId{2}, kName)->meta.uid, first);
  model::Pod gone;
  gone.meta.uid = first;
  EXPECT_EQ(commit(Verb::remove, gone).code, StatusCode::ok);
  EXPECT_EQ(changes.pods[0].type, ChangeType::removed);
  EXPECT_EQ(changes.pods[0].pod.meta.name.base, kName);
  const auto again = commit(Verb::create, pod(0));
  EXPECT_EQ(again.code, StatusCode::ok);
  EXPECT_NE(again.pods[0].uid, first);
}

TEST_F(TablesTest, GeneratedPodNamesAreNotChecked) {
  EXPECT_EQ(commit(Verb::create, pod(9)).code, StatusCode::ok);
  EXPECT_EQ(commit(Verb::create, pod(9)).code, StatusCode::ok);
}

TEST_F(TablesTest, AllOrNothingLeavesEverythingAloneWhenOneFails) {
  const Uid uid = commit(Verb::create, pod(1)).pods[0].uid;
  Transaction transaction;
  model::Pod bound = pod(1);
  bound.meta.uid = uid;
  bound.node = NodeId{1};
  transaction.pods.push_back({Verb::update, 1, bound});
  transaction.pods.push_back({Verb::update, 99, bound});
  const auto result = commit(transaction);
  EXPECT_EQ(result.code, StatusCode::conflict);
  EXPECT_EQ(result.pods[0].code, StatusCode::ok);
  EXPECT_EQ(result.pods[1].code, StatusCode::conflict);
  EXPECT_FALSE(tables.pods.find(uid)->node.valid());
  EXPECT_TRUE(changes.pods.empty());
  EXPECT_EQ(tables.revision(), 1U);
}

TEST_F(TablesTest, AllOrNothingRefusesTwoOperationsOnOneThing) {
  Transaction twice;
  twice.objects.push_back({Verb::create, 0, replica_set(1)});
  twice.objects.push_back({Verb::create, 0, replica_set(1)});
  EXPECT_EQ(commit(twice).code, StatusCode::conflict);
  EXPECT_EQ(tables.replica_sets.size(), 0U);
  twice.objects[1].object = replica_set(2);
  EXPECT_EQ(commit(twice).code, StatusCode::ok);
}

TEST_F(TablesTest, EachCommitsWhatItCanAtOneRevision) {
  Transaction transaction;
  transaction.mode = Transaction::Mode::each;
  transaction.objects.push_back({Verb::create, 0, replica_set(1)});
  transaction.objects.push_back({Verb::create, 0, replica_set(1)});
  transaction.objects.push_back({Verb::create, 0, replica_set(2)});
  const auto result = commit(transaction);
  EXPECT_EQ(result.code, StatusCode::ok);
  EXPECT_EQ(result.objects[1].code, StatusCode::already_exists);
  EXPECT_EQ(tables.replica_sets.size(), 2U);
  EXPECT_EQ(tables.revision(), 1U);
  EXPECT_EQ(changes.objects.size(), 2U);
}

TEST_F(TablesTest, AnOldFenceRefusesEverything) {
  Lease lease;
  lease.meta.name = {kName, 0};
  lease.epoch = 4;
  commit(Verb::create, lease);
  Transaction transaction;
  transaction.pods.push_back({Verb::create, 0, pod(1)});
  transaction.fence = {kName, 3};
  EXPECT_EQ(commit(transaction).code, StatusCode::forbidden);
  transaction.fence = {StringId{8}, 4};
  EXPECT_EQ(commit(transaction).code, StatusCode::forbidden);
  EXPECT_EQ(tables.pods.size(), 0U);
  transaction.fence = {kName, 4};
  EXPECT_EQ(commit(transaction).code, StatusCode::ok);
}

TEST_F(TablesTest, AWatcherThatAppliesEveryChangeHasTheSameState) {
  Tables watcher(PartitionId{3});
  Uid last;
  for (std::uint32_t i = 0; i < 50; ++i) {
    last = commit(Verb::create, pod(i + 1)).pods[0].uid;
    watcher.apply(changes);
    watcher.apply(changes);  // repeated: no harm
  }
  model::Pod gone;
  gone.meta.uid = last;
  commit(Verb::remove, gone);
  watcher.apply(changes);
  EXPECT_EQ(watcher.revision(), tables.revision());
  EXPECT_EQ(watcher.next_sequence(), tables.next_sequence());
  std::vector<model::Pod> ours;
  std::vector<model::Pod> theirs;
  tables.pods.for_each([&](const model::Pod& p) { ours.push_back(p); });
  watcher.pods.for_each([&](const model::Pod& p) { theirs.push_back(p); });
  EXPECT_EQ(ours, theirs);
}

TEST_F(TablesTest, RestoredTablesNeverGiveAUidTwice) {
  Tables copy(PartitionId{3});
  const Uid gone = commit(Verb::create, pod(1)).pods[0].uid;
  model::Pod removed;
  removed.meta.uid = gone;
  commit(Verb::remove, removed);
  copy.restore(tables.revision(), tables.next_sequence());
  Transaction transaction;
  transaction.pods.push_back({Verb::create, 0, pod(2)});
  ChangeBatch batch;
  const auto result = copy.commit(transaction, kNow, batch);
  EXPECT_GT(result.pods[0].uid, gone);
  EXPECT_EQ(result.revision, 3U);
}

TEST_F(TablesTest, ObjectsAreWalkedInTheOrderOfCreationEvenAfterErasures) {
  for (std::uint32_t i = 0; i < 20; ++i) commit(Verb::create, replica_set(100 - i));
  for (std::uint64_t i = 1; i <= 20; i += 3) {
    ReplicaSet gone;
    gone.meta.uid = Uid::make(3, i);
    commit(Verb::remove, gone);
  }
  commit(Verb::create, replica_set(500));
  Uid before;
  std::size_t seen = 0;
  tables.for_each_object([&](const model::Object& object) {
    const Uid uid = model::metadata_of(object).uid;
    EXPECT_LT(before, uid);
    before = uid;
    ++seen;
  });
  EXPECT_EQ(seen, 14U);
  EXPECT_EQ(before, Uid::make(3, 21));
}

}  // namespace
}  // namespace arcas::state
