// Invariants about nodes, capacity and workloads: each test plants one violation.
#include <gtest/gtest.h>

#include "tests/support/check_stream.h"

namespace arcas::sim {
namespace {

TEST(CommitCapacity, OneBindingTooManyIsCaught) {
  Stream s;
  const model::Node node = s.add_node();
  for (int i = 0; i < 4; ++i) {
    model::Pod pod = s.pod(s.spec(1000));
    s.add(pod);
    s.bind(pod, node.id);
  }
  EXPECT_EQ(s.violated(), "");
  model::Pod pod = s.pod(s.spec(1));
  s.add(pod);
  s.bind(pod, node.id);
  EXPECT_EQ(s.violated(), "I26 commit-capacity");
}

TEST(CommitCapacity, ATerminatingPodStillHoldsItsRoomAndAFinishedOneDoesNot) {
  Stream s;
  const model::Node node = s.add_node();
  model::Pod old = s.pod(s.spec(4000));
  s.add(old);
  s.bind(old, node.id);
  old.phase = model::PodPhase::succeeded;
  s.update(old);
  model::Pod second = s.pod(s.spec(4000));
  s.add(second);
  s.bind(second, node.id);
  EXPECT_EQ(s.violated(), "");
  s.evict(second);
  model::Pod third = s.pod(s.spec(1));
  s.add(third);
  s.bind(third, node.id);
  EXPECT_EQ(s.violated(), "I26 commit-capacity");
}

TEST(CommitCapacity, TheNumberOfPodsAndOtherKindsCount) {
  Stream s;
  const model::Node node = s.add_node();
  for (int i = 0; i < 11; ++i) {
    EXPECT_EQ(s.violated(), "") << i;
    model::Pod pod = s.pod(s.spec(1));
    s.add(pod);
    s.bind(pod, node.id);
  }
  EXPECT_EQ(s.violated(), "I26 commit-capacity");

  Stream gpu;
  const model::Node plain = gpu.add_node();
  model::PodSpec spec;
  spec.requests.set(gpu.catalog.resources.intern("example.com/gpu"), 1);
  model::Pod pod = gpu.pod(gpu.intern(spec));
  gpu.add(pod);
  gpu.bind(pod, plain.id);
  EXPECT_EQ(gpu.violated(), "I26 commit-capacity");
}

TEST(CommitCapacity, TwoTenantPartitionsShareANode) {
  Stream s;
  const model::Node node = s.add_node();
  model::Pod pod = s.pod(s.spec(3000));
  s.add(pod);
  s.bind(pod, node.id);
  model::Pod other = pod;
  other.meta.uid = Uid::make(3, 1);
  other.meta.resource_version = 1;
  ports::ChangeBatch batch;
  batch.pods.push_back({ports::ChangeType::added, other});
  s.send(PartitionId{3}, batch);
  EXPECT_EQ(s.violated(), "I26 commit-capacity");
}

TEST(CommitCapacity, ABindingToANodeThatWasNeverRegisteredIsCaught) {
  Stream s;
  model::Pod pod = s.pod(s.spec());
  s.add(pod);
  s.bind(pod, NodeId{7});
  EXPECT_EQ(s.violated(), "I26 commit-capacity");
}

TEST(GroundTruthCapacity, AForgottenPodThatStillRunsCounts) {
  CheckOptions options;
  options.disabled = {"I52 removed-when-stopped"};
  Stream s(options);
  const model::Node node = s.add_node();
  model::Pod zombie = s.running_pod(s.spec(3000), node.id);
  s.remove(zombie);  // the commits say that there is room now
  model::Pod pod = s.pod(s.spec(3000));
  s.add(pod);
  s.bind(pod, node.id);
  EXPECT_EQ(s.violated(), "");
  s.suite.on_running(pod.meta.uid, node.id, s.now);
  EXPECT_EQ(s.violated(), "I27 ground-truth-capacity");
}

TEST(RunsOnce, APodThatRunsOnTwoNodesIsCaughtAndCounted) {
  Stream s;
  const model::Node first = s.add_node();
  const model::Node second = s.add_node();
  const model::Pod pod = s.running_pod(s.spec(), first.id);
  s.suite.on_running(pod.meta.uid, second.id, s.now);
  EXPECT_EQ(s.violated(), "I34 runs-once");
  EXPECT_EQ(s.outcome.figures().pods_run_twice, 1);
}

TEST(RunsOnce, APodThatRunsElsewhereThanBoundIsCaught) {
  Stream s;
  const model::Node first = s.add_node();
  const model::Node second = s.add_node();
  model::Pod pod = s.pod(s.spec());
  s.add(pod);
  s.bind(pod, first.id);
  s.suite.on_running(pod.meta.uid, second.id, s.now);
  EXPECT_EQ(s.violated(), "I34 runs-once");
}

TEST(RunsOnce, APodThatNobodyCreatedIsCaught) {
  Stream s;
  const model::Node node = s.add_node();
  s.suite.on_running(Uid::make(1, 77), node.id, s.now);
  EXPECT_EQ(s.violated(), "I34 runs-once");
}

TEST(RunsOnce, AnAgentMayStartAPodWhoseRemovalItHasNotHeardOf) {
  Stream s;
  const model::Node node = s.add_node();
  model::Pod pod = s.pod(s.spec());
  s.add(pod);
  s.bind(pod, node.id);
  s.remove(pod);
  s.suite.on_running(pod.meta.uid, node.id, s.now);
  s.suite.on_stopped(pod.meta.uid, node.id, false, s.now);
  EXPECT_EQ(s.violated(), "");
}

TEST(RunsOnce, ARestartInTheSamePlaceIsRight) {
  Stream s;
  const model::Node node = s.add_node();
  const model::Pod pod = s.running_pod(s.spec(), node.id);
  s.suite.on_stopped(pod.meta.uid, node.id, true, s.now);
  s.suite.on_running(pod.meta.uid, node.id, s.now);
  EXPECT_EQ(s.violated(), "");
}

TEST(ReplicaBound, OnePodTooManyIsCaught) {
  Stream s;
  model::ReplicaSet set = s.replica_set(2);
  s.add_object(set);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(s.violated(), "") << i;
    model::Pod pod = s.pod(s.spec(), &set);
    s.add(pod);
  }
  EXPECT_EQ(s.violated(), "I36 replica-bound");
}

TEST(ReplicaBound, ATerminatingPodMayBeReplaced) {
  Stream s;
  model::ReplicaSet set = s.replica_set(1);
  s.add_object(set);
  model::Pod old = s.pod(s.spec(), &set);
  s.add(old);
  s.evict(old);
  model::Pod replacement = s.pod(s.spec(), &set);
  s.add(replacement);
  EXPECT_EQ(s.violated(), "");
}

TEST(ReplicaBound, AfterADecreaseTheOldNumberHoldsForAWhileOnly) {
  Stream s;
  model::ReplicaSet set = s.replica_set(2);
  s.add_object(set);
  model::Pod first = s.pod(s.spec(), &set);
  s.add(first);
  set.replicas = 1;
  s.update_object(set);
  model::Pod under_way = s.pod(s.spec(), &set);
  s.add(under_way);
  EXPECT_EQ(s.violated(), "");
  s.evict(under_way);
  s.now = s.now + minutes(1);
  model::Pod late = s.pod(s.spec(), &set);
  s.add(late);
  EXPECT_EQ(s.violated(), "I36 replica-bound");
}

TEST(DaemonOnce, ASecondPodOnANodeIsCaughtUnlessTheFirstIsOnItsWayOut) {
  Stream s;
  const model::Node node = s.add_node();
  model::DaemonSet set;
  set.meta = s.metadata(Stream::kTenants, "agent");
  s.add_object(set);
  const auto daemon = [&] {
    model::Pod pod = s.pod(s.spec(1));
    pod.meta.owner = {set.meta.uid, model::Kind::daemon_set};
    s.add(pod);
    s.bind(pod, node.id);
    return pod;
  };
  model::Pod first = daemon();
  s.evict(first);
  daemon();
  EXPECT_EQ(s.violated(), "");
  daemon();
  EXPECT_EQ(s.violated(), "I41 daemon-once");
}

class HardPredicatesTest : public ::testing::Test {
 protected:
  HardPredicatesTest() : node(s.node()) {
    model::LabelSet labels;
    labels.set(s.catalog.intern("disk"), s.catalog.intern("ssd"));
    labels.set(s.catalog.intern("cores"), s.catalog.intern("16"));
    node.meta.labels = s.catalog.label_sets.intern(labels);
  }
  /// What the suite says to binding such a pod to the node, an hour after it was registered.
  std::string bind(const model::PodSpec& spec) {
    s.add_object(node, Stream::kNodes);
    s.now = s.now + hours(1);
    model::Pod pod = s.pod(s.intern(spec));
    s.add(pod);
    s.bind(pod, node.id);
    return s.violated();
  }
  static constexpr const char* kRule = "I29 hard-predicates";
  Stream s;
  model::Node node;
};

TEST_F(HardPredicatesTest, AMatchingSelectorPasses) {
  model::PodSpec spec;
  spec.node_selector = {{s.catalog.intern("disk"), s.catalog.intern("ssd")}};
  spec.node_affinity.has_required = true;
  model::NodeSelectorTerm term;
  term.labels.push_back(
      {s.catalog.intern("cores"), model::SelectorOperator::gt, {s.catalog.intern("8")}});
  spec.node_affinity.required.push_back(term);
  EXPECT_EQ(bind(spec), "");
  EXPECT_EQ(s.evaluations(kRule), 1U);
}

TEST_F(HardPredicatesTest, AWrongNodeSelectorIsCaught) {
  model::PodSpec spec;
  spec.node_selector = {{s.catalog.intern("disk"), s.catalog.intern("hdd")}};
  EXPECT_EQ(bind(spec), kRule);
}

TEST_F(HardPredicatesTest, AWrongAffinityIsCaught) {
  model::PodSpec spec;
  spec.node_affinity.has_required = true;
  model::NodeSelectorTerm term;
  term.labels.push_back(
      {s.catalog.intern("cores"), model::SelectorOperator::lt, {s.catalog.intern("16")}});
  spec.node_affinity.required.push_back(term);
  EXPECT_EQ(bind(spec), kRule);
}

TEST_F(HardPredicatesTest, AnEmptyTermMatchesNothing) {
  model::PodSpec spec;
  spec.node_affinity.has_required = true;
  spec.node_affinity.required.emplace_back();
  EXPECT_EQ(bind(spec), kRule);
}

TEST_F(HardPredicatesTest, ADaemonPodOnAnotherNodeThanItsTargetIsCaught) {
  s.add_object(node, Stream::kNodes);
  model::Pod pod = s.pod(s.spec(1));
  pod.target = NodeId{99};
  s.add(pod);
  s.bind(pod, node.id);
  EXPECT_EQ(s.violated(), kRule);
}

TEST_F(HardPredicatesTest, AnotherNodesNameIsCaught) {
  model::PodSpec spec;
  spec.node_name = s.catalog.intern("elsewhere");
  EXPECT_EQ(bind(spec), kRule);
}

TEST_F(HardPredicatesTest, ATaintIsCaughtUnlessTolerated) {
  model::Taint taint;
  taint.key = s.catalog.intern("dedicated");
  taint.value = s.catalog.intern("gpu");
  node.taints.push_back(taint);
  model::Toleration toleration;
  toleration.key = taint.key;
  toleration.value = taint.value;
  model::PodSpec spec;
  spec.tolerations.push_back(toleration);
  EXPECT_EQ(bind(spec), "");

  model::Pod pod = s.pod(s.spec(1));
  s.add(pod);
  s.bind(pod, node.id);
  EXPECT_EQ(s.violated(), kRule);
}

TEST_F(HardPredicatesTest, AnUnschedulableNodeIsCaughtOnceTheNewsIsOld) {
  EXPECT_EQ(bind({}), "");
  node.unschedulable = true;
  s.update_object(node, Stream::kNodes);
  s.now = s.now + seconds(1);  // the scheduler may not have heard of it yet
  model::Pod early = s.pod(s.spec(1));
  s.add(early);
  s.bind(early, node.id);
  EXPECT_EQ(s.violated(), "");
  s.now = s.now + seconds(10);
  model::Pod late = s.pod(s.spec(1));
  s.add(late);
  s.bind(late, node.id);
  EXPECT_EQ(s.violated(), kRule);
}

/// A pod of gang "train" that starts with three.
model::Pod gang_pod(Stream& s) {
  model::LabelSet labels;
  labels.set(s.catalog.intern("pod-group.scheduling.sigs.k8s.io/name"), s.catalog.intern("train"));
  labels.set(s.catalog.intern("pod-group.scheduling.sigs.k8s.io/min-available"),
             s.catalog.intern("3"));
  model::Pod pod = s.pod(s.spec(100));
  pod.meta.labels = s.catalog.label_sets.intern(std::move(labels));
  s.add(pod);
  return pod;
}

TEST(GangWhole, AGangThatStaysBoundInPartIsCaught) {
  Stream s;
  const model::Node node = s.add_node();
  std::vector<model::Pod> pods = {gang_pod(s), gang_pod(s), gang_pod(s)};
  s.bind(pods[0], node.id);
  s.bind(pods[1], node.id);
  s.now = s.now + minutes(3);
  model::Pod other = s.pod(s.spec(100));
  s.add(other);
  s.bind(other, node.id);
  EXPECT_EQ(s.violated(), "I30 gang-whole");
}

TEST(GangWhole, AWholeGangMayLosePodsLater) {
  Stream s;
  const model::Node node = s.add_node();
  std::vector<model::Pod> pods = {gang_pod(s), gang_pod(s), gang_pod(s)};
  for (model::Pod& pod : pods) s.bind(pod, node.id);
  EXPECT_EQ(s.evaluations("I30 gang-whole"), 1U);
  s.evict(pods[0]);
  s.now = s.now + minutes(3);
  model::Pod other = s.pod(s.spec(100));
  s.add(other);
  s.bind(other, node.id);
  EXPECT_EQ(s.violated(), "");
}

}  // namespace
}  // namespace arcas::sim
