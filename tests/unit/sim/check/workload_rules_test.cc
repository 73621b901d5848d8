// Invariants about Jobs, owners, preemption, taints and removals.
#include <gtest/gtest.h>

#include "tests/support/check_stream.h"

namespace arcas::sim {
namespace {

SpecId priority_spec(Stream& s, std::int32_t priority) {
  model::PodSpec value;
  value.requests.set(model::kCpu, 100);
  value.priority = priority;
  return s.intern(std::move(value));
}

void preempt(Stream& s, model::Pod& victim) {
  victim.reason = s.catalog.intern("Preempted");
  s.evict(victim);
}

TEST(PreemptionLower, AVictimOfLowerPriorityIsRight) {
  Stream s;
  const model::Node node = s.add_node();
  model::Pod low = s.running_pod(priority_spec(s, 5), node.id);
  model::Pod high = s.pod(priority_spec(s, 6));
  s.add(high);
  high.nominated = node.id;
  s.update(high);
  preempt(s, low);
  EXPECT_EQ(s.violated(), "");
  EXPECT_GT(s.evaluations("I31 preemption-lower"), 0U);
}

TEST(PreemptionLower, AVictimOfTheSamePriorityIsCaught) {
  Stream s;
  const model::Node node = s.add_node();
  model::Pod victim = s.running_pod(priority_spec(s, 6), node.id);
  model::Pod high = s.pod(priority_spec(s, 6));
  high.nominated = node.id;
  s.add(high);
  preempt(s, victim);
  EXPECT_EQ(s.violated(), "I31 preemption-lower");
}

TEST(PreemptionLower, AVictimOnAnotherNodeAndOneLongAfterTheNeedAreCaught) {
  for (const bool late : {false, true}) {
    Stream s;
    const model::Node node = s.add_node();
    const model::Node other = s.add_node();
    model::Pod victim = s.running_pod(priority_spec(s, 1), late ? node.id : other.id);
    model::Pod high = s.pod(priority_spec(s, 6));
    high.nominated = node.id;
    s.add(high);
    if (late) s.bind(high, node.id);
    s.now = s.now + seconds(late ? 6 : 0);
    preempt(s, victim);
    EXPECT_EQ(s.violated(), "I31 preemption-lower") << late;
  }
}

struct JobStream : Stream {
  JobStream() {
    job.meta = metadata(kTenants, "batch");
    job.completions = 2;
    add_object(job);
    for (int i = 0; i < 3; ++i) {
      model::Pod member = pod(spec(100));
      member.meta.owner = {job.meta.uid, model::Kind::job};
      add(member);
      member.phase = model::PodPhase::succeeded;
      update(member);
      pods.push_back(member);
    }
  }
  /// One commit that counts the first `marked` pods and says `succeeded`.
  void count(std::size_t marked, std::int32_t succeeded) {
    ports::ChangeBatch batch;
    for (std::size_t i = 0; i < marked; ++i) {
      pods[i].counted = true;
      pods[i].meta.resource_version = revision[1] + 1;
      batch.pods.push_back({ports::ChangeType::modified, pods[i]});
    }
    job.status_succeeded = succeeded;
    job.meta.resource_version = revision[1] + 1;
    batch.objects.push_back({ports::ChangeType::modified, job});
    send(kTenants, std::move(batch));
  }
  model::Job job;
  std::vector<model::Pod> pods;
};

TEST(JobCounted, StatusAndMarksThatAgreeAreRight) {
  JobStream s;
  s.count(2, 2);
  s.remove(s.pods[0]);
  EXPECT_EQ(s.violated(), "");
  EXPECT_GT(s.evaluations("I39 job-counted"), 0U);
}

TEST(JobCounted, MoreSuccessesThanMarksAreCaught) {
  JobStream s;
  s.count(1, 2);
  EXPECT_EQ(s.violated(), "I39 job-counted");
}

TEST(JobCounted, MoreSuccessesThanCompletionsAreCaught) {
  JobStream s;
  s.count(3, 3);
  EXPECT_EQ(s.violated(), "I39 job-counted");
}

TEST(JobCounted, AFinishedPodThatGoesUncountedIsCaught) {
  JobStream s;
  s.remove(s.pods[0]);
  EXPECT_EQ(s.violated(), "I39 job-counted");
}

TEST(OwnerGone, AReplicaSetGoesOnlyWithItsDeploymentOrEmpty) {
  for (const bool gone : {false, true}) {
    Stream s;
    model::Deployment deployment;
    deployment.meta = s.metadata(Stream::kTenants, "web");
    s.add_object(deployment);
    model::ReplicaSet set = s.replica_set(2);
    set.meta.owner = {deployment.meta.uid, model::Kind::deployment};
    s.add_object(set);
    ports::ChangeBatch batch;
    if (gone) {
      batch.objects.push_back({ports::ChangeType::removed, deployment});
      model::metadata_of(batch.objects.back().object).resource_version = s.revision[1] + 1;
      s.send(Stream::kTenants, std::move(batch));
      batch = {};
    }
    set.meta.resource_version = s.revision[1] + 1;
    batch.objects.push_back({ports::ChangeType::removed, set});
    s.send(Stream::kTenants, std::move(batch));
    EXPECT_EQ(s.violated(), gone ? "" : "I45 owner-gone");
  }
}

struct TaintStream : Stream {
  TaintStream() : node(add_node()), set(replica_set(2)) {
    add_object(set);
    victim = running_pod(spec(), node.id, &set);
  }
  void taint(bool on) {
    node.taints.clear();
    if (on) {
      node.taints.push_back({catalog.intern("node.kubernetes.io/unreachable"),
                             {},
                             model::TaintEffect::no_execute,
                             now.ns});
    }
    update_object(node, kNodes);
  }
  void evict_for_taint() {
    victim.reason = catalog.intern("DeletionByTaintManager");
    evict(victim);
  }
  model::Node node;
  model::ReplicaSet set;
  model::Pod victim;
};

TEST(TaintTolerated, AnEvictionAfterTheToleratedTimeIsRight) {
  TaintStream s;
  s.taint(true);
  s.now = s.now + seconds(300);
  s.evict_for_taint();
  EXPECT_EQ(s.violated(), "");
  EXPECT_GT(s.evaluations("I51 taint-tolerated"), 0U);
}

TEST(TaintTolerated, OneBeforeThatOneWithoutATaintAndOneAfterAFlapAreCaught) {
  {
    TaintStream s;
    s.taint(true);
    s.now = s.now + seconds(290);
    s.evict_for_taint();
    EXPECT_EQ(s.violated(), "I51 taint-tolerated");
  }
  {
    TaintStream s;
    s.evict_for_taint();
    EXPECT_EQ(s.violated(), "I51 taint-tolerated");
  }
  TaintStream s;
  s.taint(true);
  s.now = s.now + seconds(200);
  s.taint(false);
  s.now = s.now + seconds(20);
  s.taint(true);
  s.now = s.now + seconds(200);
  s.evict_for_taint();
  EXPECT_EQ(s.violated(), "I51 taint-tolerated");
}

TEST(RemovedWhenStopped, APodThatStillRunsIsNotRemoved) {
  Stream s;
  const model::Node node = s.add_node();
  model::Pod pod = s.running_pod(s.spec(), node.id);
  s.evict(pod);
  s.remove(pod);
  EXPECT_EQ(s.violated(), "I52 removed-when-stopped");
}

TEST(MajorityCommits, TheSmallerSideThatCommitsIsCaught) {
  Stream s;
  s.suite.on_committed_by(Stream::kTenants, 2, 3, s.now);
  EXPECT_EQ(s.violated(), "");
  s.suite.on_committed_by(Stream::kTenants, 2, 4, s.now);
  EXPECT_EQ(s.violated(), "I56 majority-commits");
}

}  // namespace
}  // namespace arcas::sim
