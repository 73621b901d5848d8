// What must have happened when nothing is broken any more.
#include <gtest/gtest.h>

#include "tests/support/check_stream.h"

namespace arcas::sim {
namespace {

struct LeaseStream : Stream {
  LeaseStream() {
    suite.on_core(kTenants, true, now);
    lease.meta = metadata(kTenants, "controller-manager");
    lease.holder = ActorId{7};
    lease.epoch = 1;
    add_object(lease);
  }
  void renew(std::uint32_t holder) {
    if (lease.holder.index != holder) ++lease.epoch;
    lease.holder = ActorId{holder};
    lease.renewed_at = now;
    update_object(lease);
  }
  void pass(Duration time) { now = now + time; }
  model::Lease lease;
};

TEST(NothingWritten, OnlyLeasesMayChangeWhileItIsQuiet) {
  LeaseStream s;
  model::Pod pod = s.pod(s.spec());
  s.add(pod);
  s.suite.on_quiet(s.now);
  s.renew(7);
  EXPECT_EQ(s.violated(), "");
  s.suite.on_quiescent(s.now);
  EXPECT_EQ(s.evaluations("L02 nothing-written"), 1U);
  s.suite.on_quiet(s.now);
  pod.phase = model::PodPhase::running;
  s.update(pod);
  EXPECT_EQ(s.violated(), "L02 nothing-written");
}

TEST(LeaderBack, ASuccessorWithinTheBoundIsRight) {
  LeaseStream s;
  s.pass(seconds(19));
  s.renew(8);
  EXPECT_EQ(s.violated(), "");
  EXPECT_EQ(s.evaluations("L05 leader-back"), 1U);
}

TEST(LeaderBack, OneThatComesTooLateOrNeverIsCaught) {
  LeaseStream late;
  late.pass(seconds(21));
  late.renew(8);
  EXPECT_EQ(late.violated(), "L05 leader-back");
  LeaseStream never;
  never.pass(seconds(21));
  never.suite.on_quiescent(never.now);
  EXPECT_EQ(never.violated(), "L05 leader-back");
}

TEST(LeaderBack, TheTimeInWhichTheCoreWasBrokenDoesNotCount) {
  LeaseStream s;
  s.pass(seconds(10));
  s.suite.on_core(Stream::kTenants, false, s.now);
  s.pass(minutes(10));
  s.suite.on_core(Stream::kTenants, true, s.now);
  s.pass(seconds(15));
  s.renew(8);
  EXPECT_EQ(s.violated(), "");
  EXPECT_EQ(s.outcome.figures().leaderless, Duration{0});  // no fault has struck
}

TEST(LeaderBack, TheTimeWithoutARenewalIsMeasuredFromTheFirstFaultOn) {
  LeaseStream s;
  s.outcome.on_fault(s.now);
  s.pass(seconds(8));
  s.renew(8);
  s.pass(seconds(1));
  s.renew(8);
  EXPECT_EQ(s.outcome.figures().leaderless, seconds(8));
}

TEST(DeletionsEnd, WhatIsStillBeingDeletedIsCaught) {
  Stream s;
  const model::Node node = s.add_node();
  model::Pod pod = s.running_pod(s.spec(), node.id);
  s.suite.on_quiescent(s.now);
  EXPECT_EQ(s.violated(), "");
  EXPECT_GT(s.evaluations("L07 deletions-end"), 0U);
  s.evict(pod);
  s.suite.on_quiescent(s.now);
  EXPECT_EQ(s.violated(), "L07 deletions-end");
}

TEST(NoOrphans, APodThatRunsForNobodyIsCaught) {
  Stream s;
  const model::Node node = s.add_node();
  s.suite.on_running(Uid::make(1, 900), node.id, s.now);
  s.suite.on_quiescent(s.now);
  EXPECT_NE(s.violated(), "");
}

TEST(NoOrphans, APodOfAWorkloadThatIsGoneIsCaught) {
  Stream s;
  const model::Node node = s.add_node();
  model::ReplicaSet set = s.replica_set(1);
  s.add_object(set);
  s.running_pod(s.spec(), node.id, &set);
  s.suite.on_quiescent(s.now);
  EXPECT_EQ(s.violated(), "");
  EXPECT_GT(s.evaluations("L08 no-orphans"), 0U);
  ports::ChangeBatch batch;
  set.meta.resource_version = s.revision[1] + 1;
  batch.objects.push_back({ports::ChangeType::removed, set});
  s.send(Stream::kTenants, std::move(batch));
  s.suite.on_quiescent(s.now);
  EXPECT_EQ(s.violated(), "L08 no-orphans");
}

TEST(NodesBack, ANodeThatIsUpAndNotReadyOrStillTaintedIsCaught) {
  for (const bool tainted : {false, true}) {
    Stream s;
    model::Node node = s.add_node();
    s.suite.on_quiescent(s.now);
    EXPECT_EQ(s.violated(), "");
    EXPECT_EQ(s.evaluations("L09 nodes-back"), 1U);
    if (tainted) {
      node.taints.push_back({s.catalog.intern("node.kubernetes.io/unreachable"),
                             {},
                             model::TaintEffect::no_schedule,
                             0});
    } else {
      node.ready = model::ConditionStatus::unknown;
    }
    s.update_object(node, Stream::kNodes);
    s.suite.on_quiescent(s.now);
    EXPECT_EQ(s.violated(), "L09 nodes-back");
  }
}

TEST(NodesBack, AMachineThatIsDownIsNoFault) {
  Stream s;
  model::Node node = s.add_node();
  s.suite.on_host(node.id, false, s.now);
  node.ready = model::ConditionStatus::unknown;
  s.update_object(node, Stream::kNodes);
  s.suite.on_quiescent(s.now);
  EXPECT_EQ(s.violated(), "");
}

}  // namespace
}  // namespace arcas::sim
