// Invariants that concern single commits: each test plants one violation in a clean stream.
#include <gtest/gtest.h>

#include "tests/support/check_stream.h"

namespace arcas::sim {
namespace {

using model::PodPhase;

TEST(CheckSuite, ACleanLifeOfAPodBreaksNothingAndPutsTheRulesToTheTest) {
  Stream s;
  const model::Node node = s.add_node();
  model::ReplicaSet set = s.replica_set(1);
  s.add_object(set);
  model::Pod pod = s.running_pod(s.spec(), node.id, &set);
  pod.phase = PodPhase::running;
  s.update(pod);
  set.replicas = 0;
  s.update_object(set);
  s.evict(pod);
  s.suite.on_stopped(pod.meta.uid, node.id, false, s.now);
  s.remove(pod);
  s.suite.on_acknowledged(pod.meta.uid, s.now);
  s.suite.on_inventory(Stream::kTenants, {}, s.now);
  s.suite.on_quiescent(s.now);

  EXPECT_EQ(s.violated(), "");
  EXPECT_EQ(s.suite.facts().pods, 0);
  EXPECT_EQ(s.suite.facts().pods_running, 0);
  EXPECT_EQ(s.outcome.figures().evictions, 0);  // a scale-down is no eviction
  for (const char* rule :
       {"I01 revision-order", "I06 no-lost-update", "I07 uid-once", "I25 bound-once",
        "I26 commit-capacity", "I27 ground-truth-capacity", "I29 hard-predicates", "I34 runs-once",
        "I36 replica-bound", "I46 deletion-final", "I57 tenant-walls", "I03 nothing-lost"}) {
    EXPECT_GT(s.evaluations(rule), 0U) << rule;
  }
  EXPECT_EQ(s.evaluations("I41 daemon-once"), 0U);  // vacuous here, and seen to be
}

TEST(RevisionOrder, ASkippedRevisionIsCaught) {
  Stream s;
  model::Pod pod = s.pod(s.spec());
  s.add(pod);
  s.revision[1] += 1;
  pod.meta.resource_version = s.revision[1] + 1;
  s.update(pod);
  EXPECT_EQ(s.violated(), "I01 revision-order");
}

TEST(RevisionOrder, AVersionThatIsNotTheCommitsRevisionIsCaught) {
  Stream s;
  model::Pod pod = s.pod(s.spec());
  s.add(pod);
  ports::ChangeBatch batch;
  batch.pods.push_back({ports::ChangeType::modified, pod});
  s.send(Stream::kTenants, batch);
  EXPECT_EQ(s.violated(), "I01 revision-order");
}

TEST(RevisionOrder, ARemovalOfAnOldStateIsCaught) {
  Stream s;
  model::Pod pod = s.pod(s.spec());
  s.add(pod);
  const model::Pod old = pod;
  s.update(pod);
  model::Pod removed = old;
  s.remove(removed);
  EXPECT_EQ(s.violated(), "I01 revision-order");
}

TEST(NoLostUpdate, AFinishedPodThatRunsAgainIsCaught) {
  Stream s;
  model::Pod pod = s.pod(s.spec());
  s.add(pod);
  pod.phase = PodPhase::succeeded;
  s.update(pod);
  EXPECT_EQ(s.violated(), "");
  pod.phase = PodPhase::running;
  s.update(pod);
  EXPECT_EQ(s.violated(), "I06 no-lost-update");
}

TEST(NoLostUpdate, AGenerationThatGoesBackIsCaught) {
  Stream s;
  model::ReplicaSet set = s.replica_set(1);
  set.meta.generation = 3;
  s.add_object(set);
  set.meta.generation = 2;
  s.update_object(set);
  EXPECT_EQ(s.violated(), "I06 no-lost-update");
}

TEST(UidOnce, AUidGivenAgainAfterRemovalIsCaught) {
  Stream s;
  model::Pod pod = s.pod(s.spec());
  s.add(pod);
  s.remove(pod);
  EXPECT_EQ(s.violated(), "");
  s.add(pod);
  EXPECT_EQ(s.violated(), "I07 uid-once");
}

TEST(Fencing, ANewHolderWithTheOldEpochIsCaught) {
  Stream s;
  model::Lease lease;
  lease.meta = s.metadata(Stream::kTenants, "scheduler");
  lease.holder = ActorId{1};
  lease.epoch = 1;
  s.add_object(lease);
  lease.holder = ActorId{2};
  lease.epoch = 2;
  s.update_object(lease);
  EXPECT_EQ(s.violated(), "");
  lease.holder = ActorId{1};
  s.update_object(lease);
  EXPECT_EQ(s.violated(), "I23 fencing");
}

TEST(Fencing, AnAgentEpochThatGoesBackIsCaught) {
  Stream s;
  model::Node node = s.node();
  node.agent_epoch = 5;
  s.add_object(node, Stream::kNodes);
  node.agent_epoch = 4;
  s.update_object(node, Stream::kNodes);
  EXPECT_EQ(s.violated(), "I23 fencing");
}

TEST(BoundOnce, APodThatMovesToAnotherNodeIsCaught) {
  Stream s;
  const model::Node first = s.add_node();
  const model::Node second = s.add_node();
  model::Pod pod = s.pod(s.spec());
  s.add(pod);
  s.bind(pod, first.id);
  s.bind(pod, second.id);
  EXPECT_EQ(s.violated(), "I25 bound-once");
}

TEST(DeletionFinal, ADeletionTakenBackIsCaught) {
  Stream s;
  model::Pod pod = s.pod(s.spec());
  s.add(pod);
  s.evict(pod);
  pod.meta.deleted_at = TimePoint{-1};
  s.update(pod);
  EXPECT_EQ(s.violated(), "I46 deletion-final");
}

TEST(DeletionFinal, BindingAPodThatIsBeingDeletedIsCaught) {
  Stream s;
  const model::Node node = s.add_node();
  model::Pod pod = s.pod(s.spec());
  s.add(pod);
  s.evict(pod);
  s.bind(pod, node.id);
  EXPECT_EQ(s.violated(), "I46 deletion-final");
}

TEST(TenantWalls, AnObjectThatChangesTenantIsCaught) {
  Stream s;
  model::Pod pod = s.pod(s.spec());
  s.add(pod);
  pod.meta.tenant = s.catalog.tenants.intern("other");
  s.update(pod);
  EXPECT_EQ(s.violated(), "I57 tenant-walls");
}

TEST(TenantWalls, APodOwnedByAnotherTenantsObjectIsCaught) {
  Stream s;
  model::ReplicaSet set = s.replica_set(1);
  set.meta.tenant = s.catalog.tenants.intern("other");
  set.meta.name_space = s.catalog.intern_namespace(set.meta.tenant, "default");
  s.add_object(set);
  model::Pod pod = s.pod(s.spec(), &set);
  s.add(pod);
  EXPECT_EQ(s.violated(), "I57 tenant-walls");
}

TEST(TenantWalls, ANamespaceOfAnotherTenantIsCaught) {
  Stream s;
  model::Pod pod = s.pod(s.spec());
  pod.meta.tenant = s.catalog.tenants.intern("other");
  s.add(pod);
  EXPECT_EQ(s.violated(), "I57 tenant-walls");
}

TEST(NothingLost, AnAcknowledgedPodThatNoCommitCreatedIsCaught) {
  Stream s;
  model::Pod pod = s.pod(s.spec());
  s.add(pod);
  s.suite.on_acknowledged(pod.meta.uid, s.now);
  EXPECT_EQ(s.violated(), "");
  s.suite.on_acknowledged(Uid::make(1, 99), s.now);
  EXPECT_EQ(s.violated(), "I03 nothing-lost");
}

TEST(NothingLost, APodThatVanishesFromTheStoreIsCaught) {
  Stream s;
  model::Pod first = s.pod(s.spec());
  s.add(first);
  model::Pod second = s.pod(s.spec());
  s.add(second);
  const std::vector<Uid> all{first.meta.uid, second.meta.uid};
  s.suite.on_inventory(Stream::kTenants, all, s.now);
  EXPECT_EQ(s.violated(), "");
  s.suite.on_inventory(Stream::kTenants, std::span(all).first(1), s.now);
  EXPECT_EQ(s.violated(), "I03 nothing-lost");
}

TEST(NothingLost, APodInTheStoreThatWasRemovedIsCaught) {
  Stream s;
  model::Pod pod = s.pod(s.spec());
  s.add(pod);
  s.remove(pod);
  const std::vector<Uid> ghosts{pod.meta.uid};
  s.suite.on_inventory(Stream::kTenants, ghosts, s.now);
  EXPECT_EQ(s.violated(), "I03 nothing-lost");
}

TEST(CheckSuite, ADisabledRuleIsNotChecked) {
  CheckOptions options;
  options.disabled = {"I46 deletion-final"};
  Stream s(options);
  model::Pod pod = s.pod(s.spec());
  s.add(pod);
  s.evict(pod);
  pod.meta.deleted_at = TimePoint{-1};
  s.update(pod);
  EXPECT_EQ(s.violated(), "");
}

TEST(CheckSuite, NothingIsTakenInAfterTheFirstViolation) {
  Stream s;
  model::Pod pod = s.pod(s.spec());
  s.add(pod);
  s.add(pod);
  ASSERT_NE(s.suite.violation(), nullptr);
  const std::string text = s.suite.violation()->text;
  model::Pod late = s.pod(s.spec());
  s.add(late);
  EXPECT_EQ(s.suite.violation()->text, text);
  EXPECT_EQ(s.suite.facts().pods, 1);
}

}  // namespace
}  // namespace arcas::sim
