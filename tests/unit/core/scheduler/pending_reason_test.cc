#include "core/scheduler/pending_reason.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "core/scheduler/scheduler.h"
#include "core/scheduler/what_if.h"
#include "small_cluster.h"

namespace arcas::scheduler {
namespace {

constexpr std::int64_t kGibibyte = SmallCluster::kGibibyte;
const char* const kZone = "topology.kubernetes.io/zone";

/// A cluster put together by hand; preemption is off unless a test wants it, which keeps messages
/// short.
class PendingReasonTest : public testing::Test {
 protected:
  PendingReasonTest() {
    small_.profile = SchedulerProfile::arcas();
    small_.profile.post_filters.clear();
  }

  Uid pend(model::PodSpec spec) { return pod_ = small_.add_pod(std::move(spec)); }
  [[nodiscard]] Cycle cycle() {
    return {small_.cluster, small_.profile, *small_.cluster.pods().find(pod_), pod_};
  }
  PendingReason ask() { return pending_reason(cycle(), nominations_); }
  std::string message() { return ask().message(); }

  /// Does what a change says and asks the filters again, other than by the way it was tried.
  std::size_t nodes_after(const SingleChange& change) {
    PodEntry entry = *small_.cluster.pods().find(pod_);
    if (change.spec.valid()) entry.spec = change.spec;
    if (change.node) small_.cluster.upsert_node(*change.node);
    for (const Uid uid : change.leaving) {
      small_.cluster.lift(uid, *small_.cluster.pods().find(uid));
    }
    const Cycle changed{small_.cluster, small_.profile, entry, pod_};
    const Evaluation evaluation(changed);
    return evaluation.pre_enqueue().ok() ? evaluation.feasible().size() : 0;
  }

  /// The texts of all changes; each is checked by applying it to a pod that still has no node.
  std::vector<std::string> verified_changes() {
    const PendingReason reason = ask();
    std::vector<std::string> texts;
    for (const SingleChange& change : reason.changes) {
      texts.push_back(change.text);
      if (change.spec.valid()) {
        EXPECT_EQ(nodes_after(change), change.nodes) << change.text;
      }
    }
    EXPECT_EQ(ask().message(), reason.message()) << "asking changed the cluster";
    return texts;
  }
  [[nodiscard]] static bool holds(const std::vector<std::string>& texts, const std::string& text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
  }
  static std::string all(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts) out += "\n  " + text;
    return out;
  }

  SmallCluster small_;
  Nominations nominations_;
  Uid pod_;
};

TEST_F(PendingReasonTest, AnInsufficientResourceIsCutByTheLeastThatWillDo) {
  const NodeId first = small_.add_node("n1");
  const NodeId second = small_.add_node("n2");
  small_.add_pod(SmallCluster::spec(1500, 0), first);
  small_.add_pod(SmallCluster::spec(1300, 0), second);
  pend(SmallCluster::spec(3000, kGibibyte));
  EXPECT_EQ(message(), "0/2 nodes are available: 2 Insufficient cpu.");
  const auto texts = verified_changes();
  ASSERT_FALSE(texts.empty());
  EXPECT_EQ(texts.front(), "with 300m less cpu");
}

TEST_F(PendingReasonTest, OneUnitLessOfTheCutIsNotEnough) {
  const NodeId node = small_.add_node("n1");
  small_.add_pod(SmallCluster::spec(1300, 0), node);
  pend(SmallCluster::spec(3000, 0));
  EXPECT_FALSE(WhatIf(cycle(), nominations_).with(SmallCluster::spec(2701, 0)).any());
  EXPECT_TRUE(WhatIf(cycle(), nominations_).with(SmallCluster::spec(2700, 0)).any());
}

TEST_F(PendingReasonTest, ACutPassesNodesThatAnotherFilterRefusesAfterwards) {
  // n1 is short of 100m and then refused for the spread; n2 is short of 500m.
  const NodeId first = small_.add_node("n1", {{kZone, "a"}});
  const NodeId second = small_.add_node("n2", {{kZone, "b"}});
  model::PodSpec spec = SmallCluster::spec(3000, 0);
  model::TopologySpreadConstraint rule;
  rule.topology_key = small_.id(kZone);
  rule.selector = small_.catalog.selectors.intern(
      {{{small_.id("none"), model::SelectorOperator::does_not_exist, {}}}});
  spec.topology_spread.push_back(rule);
  small_.add_pod(SmallCluster::spec(550, 0), first);
  small_.add_pod(SmallCluster::spec(550, 0), first);
  small_.add_pod(SmallCluster::spec(1500, 0), second);
  pend(std::move(spec));
  const auto texts = verified_changes();
  EXPECT_TRUE(holds(texts, "with 500m less cpu")) << all(texts);
  EXPECT_FALSE(holds(texts, "with 100m less cpu")) << all(texts);
}

TEST_F(PendingReasonTest, SeveralShortResourcesAreCutTogether) {
  small_.add_node("n1");
  pend(SmallCluster::spec(5000, 9 * kGibibyte));
  EXPECT_EQ(message(), "0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory.");
  EXPECT_EQ(verified_changes().front(), "with 1 less cpu and 1Gi less memory");
}

TEST_F(PendingReasonTest, AFullNodeIsHelpedByAnotherNodeOnly) {
  model::Node full = small_.node("n1", {{kZone, "a"}});
  full.allocatable.set(model::kPods, 1);
  small_.add_pod(SmallCluster::spec(1, 0), small_.add(full));
  pend(SmallCluster::spec(1, 0));
  const PendingReason reason = ask();
  EXPECT_EQ(reason.message(), "0/1 nodes are available: 1 Too many pods.");
  ASSERT_EQ(reason.changes.size(), 1U);
  EXPECT_EQ(reason.changes[0].text, "if 1 node of 4 cpu, 8Gi memory were added in a");
  EXPECT_EQ(nodes_after(reason.changes[0]), 1U);
}

TEST_F(PendingReasonTest, APodLargerThanEveryNodeNeedsALargerOne) {
  small_.add_node("n1", {{kZone, "a"}});
  small_.add_node("n2", {{kZone, "b"}});
  pend(SmallCluster::spec(6000, 0));
  const PendingReason reason = ask();
  EXPECT_EQ(reason.changes.back().text, "if 1 node of 6 cpu, 8Gi memory were added in a or b");
  EXPECT_EQ(nodes_after(reason.changes.back()), 1U);
}

TEST_F(PendingReasonTest, ATaintIsNamedWithTheTolerationAndItsNodes) {
  for (const std::string name : {"n1", "n2"}) {
    model::Node node = small_.node(name);
    node.taints.push_back({small_.id("team"), small_.id("red"), model::TaintEffect::no_schedule});
    small_.add(node);
  }
  small_.add_pod(SmallCluster::spec(3900, 0), small_.add_node("n3"));
  pend(SmallCluster::spec(1000, 0));
  EXPECT_EQ(message(),
            "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint {team: "
            "red}.");
  const PendingReason reason = ask();
  const auto change = std::find_if(reason.changes.begin(), reason.changes.end(), [](auto& c) {
    return c.kind == SingleChange::Kind::toleration;
  });
  ASSERT_NE(change, reason.changes.end());
  EXPECT_EQ(change->text, "with a toleration of team=red:NoSchedule");
  EXPECT_EQ(change->nodes, 2U);
  EXPECT_EQ(nodes_after(*change), 2U);
}

TEST_F(PendingReasonTest, TwoTaintsOfANodeAreToleratedTogether) {
  model::Node node = small_.node("n1");
  node.taints.push_back({small_.id("team"), small_.id("red"), model::TaintEffect::no_schedule});
  node.taints.push_back({small_.id("gpu"), small_.id("yes"), model::TaintEffect::no_execute});
  small_.add(node);
  pend(SmallCluster::spec(1, 0));
  const auto texts = verified_changes();
  ASSERT_FALSE(texts.empty());
  EXPECT_EQ(texts.front(), "with a toleration of team=red:NoSchedule and of gpu=yes:NoExecute");
}

TEST_F(PendingReasonTest, ACordonedNodeWouldDoWereItSchedulable) {
  model::Node node = small_.node("n1");
  node.unschedulable = true;
  small_.add(node);
  pend(SmallCluster::spec(1, 0));
  EXPECT_EQ(message(), "0/1 nodes are available: 1 node(s) were unschedulable.");
  const PendingReason reason = ask();
  ASSERT_FALSE(reason.changes.empty());
  EXPECT_EQ(reason.changes.front().text, "if node n1 were schedulable again");
  EXPECT_EQ(nodes_after(reason.changes.front()), 1U);
}

TEST_F(PendingReasonTest, ANodeThatIsNotReadyIsNotToBeToleratedButRepaired) {
  model::Node node = small_.node("n1");
  node.taints.push_back(
      {small_.id("node.kubernetes.io/not-ready"), StringId{}, model::TaintEffect::no_execute});
  small_.add(node);
  pend(SmallCluster::spec(1, 0));
  EXPECT_EQ(message(),
            "0/1 nodes are available: 1 node(s) had untolerated taint "
            "{node.kubernetes.io/not-ready: }.");
  const PendingReason reason = ask();
  ASSERT_FALSE(reason.changes.empty());
  EXPECT_EQ(reason.changes.front().text, "if node n1 were ready again");
  EXPECT_EQ(nodes_after(reason.changes.front()), 1U);
}

TEST_F(PendingReasonTest, ALostZoneTakesNothingAndNothingHelpsThere) {
  model::Node node = small_.node("n1");
  node.zone = ZoneId{0};
  small_.add(node);
  small_.cluster.set_zone_lost(ZoneId{0}, true);
  pend(SmallCluster::spec(1, 0));
  EXPECT_EQ(message(),
            "0/1 nodes are available: 1 node(s) had untolerated taint "
            "{node.kubernetes.io/unreachable: }.");
  EXPECT_TRUE(ask().changes.empty());
}

TEST_F(PendingReasonTest, AVirtualMachineNeedsARuntimeThatIsReady) {
  model::Node node = small_.node("n1");
  node.vm_runtime_ready = model::ConditionStatus::unknown;
  small_.add(node);
  model::PodSpec spec;
  spec.workload = model::WorkloadType::vm;
  spec.vm.requests.set(model::kCpu, 100);
  pend(std::move(spec));
  EXPECT_EQ(message(), "0/1 nodes are available: 1 node(s) had a runtime that is not ready.");
  EXPECT_TRUE(holds(verified_changes(), "if node n1 were ready again"));
}

TEST_F(PendingReasonTest, ANodeSelectorIsLeftOutOrItsLabelGiven) {
  small_.add_node("n1");
  model::PodSpec spec = SmallCluster::spec(1, 0);
  spec.node_selector.emplace_back(small_.id("disk"), small_.id("ssd"));
  pend(std::move(spec));
  EXPECT_EQ(message(),
            "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.");
  const PendingReason reason = ask();
  const auto texts = verified_changes();
  EXPECT_TRUE(holds(texts, "without node selector disk=ssd")) << all(texts);
  ASSERT_EQ(reason.changes.size(), 2U) << all(texts);
  EXPECT_EQ(reason.changes[1].text, "if node n1 had the label disk=ssd");
  EXPECT_EQ(nodes_after(reason.changes[1]), 1U);
}

TEST_F(PendingReasonTest, RequiredAffinityThatNamesNodesNarrowsThem) {
  small_.add_pod(SmallCluster::spec(4000, 0), small_.add_node("n1"));
  small_.add_node("n2");
  model::PodSpec spec = SmallCluster::spec(1000, 0);
  spec.node_affinity.has_required = true;
  spec.node_affinity.required.push_back(
      {{}, {{small_.id("metadata.name"), model::SelectorOperator::in, {small_.id("n1")}}}});
  pend(std::move(spec));
  EXPECT_EQ(message(),
            "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) "
            "[NodeAffinity].");
  EXPECT_TRUE(holds(verified_changes(), "without its required node affinity"));
}

TEST_F(PendingReasonTest, ConflictingAffinityIsRefusedAsAWhole) {
  small_.add_node("n1");
  model::PodSpec spec = SmallCluster::spec(1, 0);
  spec.node_affinity.has_required = true;
  const auto named = [&](std::string_view name) {
    return model::Requirement{
        small_.id("metadata.name"), model::SelectorOperator::in, {small_.id(name)}};
  };
  spec.node_affinity.required.push_back({{}, {named("n1"), named("n2")}});
  pend(std::move(spec));
  EXPECT_EQ(message(), "0/1 nodes are available: pod affinity terms conflict.");
  EXPECT_TRUE(holds(verified_changes(), "without its required node affinity"));
}

TEST_F(PendingReasonTest, ATakenHostPortIsNamed) {
  model::PodSpec spec = SmallCluster::spec(1, 0);
  spec.host_ports.push_back({8080, model::HostPort::Protocol::tcp, StringId{}});
  small_.add_pod(spec, small_.add_node("n1"));
  pend(std::move(spec));
  EXPECT_EQ(message(),
            "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod "
            "ports.");
  EXPECT_TRUE(holds(verified_changes(), "without host port 8080"));
}

TEST_F(PendingReasonTest, TheLeastSkewThatWillDoIsFound) {
  small_.add_node("n1", {{kZone, "a"}});
  const NodeId second = small_.add_node("n2", {{kZone, "b"}});
  small_.add_pod(SmallCluster::spec(4000, 0), small_.add_node("n3", {{kZone, "a"}}));
  model::Node full = small_.node("n1", {{kZone, "a"}});
  full.allocatable.set(model::kPods, 0);
  small_.add(full);
  for (int i = 0; i < 4; ++i) small_.add_pod(SmallCluster::spec(10, 0), second);
  model::PodSpec spec = SmallCluster::spec(100, 0);
  model::TopologySpreadConstraint rule;
  rule.topology_key = small_.id(kZone);
  rule.selector = small_.catalog.selectors.intern(
      {{{small_.id("none"), model::SelectorOperator::does_not_exist, {}}}});
  spec.topology_spread.push_back(rule);
  pend(std::move(spec));
  EXPECT_EQ(message(),
            "0/3 nodes are available: 1 Insufficient cpu, 1 Too many pods, 1 node(s) didn't match "
            "pod topology spread constraints.");
  // 4 in b and 1 in a: one more in b is a skew of 4.
  const auto texts = verified_changes();
  EXPECT_TRUE(holds(texts, "if maxSkew over topology.kubernetes.io/zone were 4")) << all(texts);
}

TEST_F(PendingReasonTest, ATopologyKeyThatNobodyHasIsSaid) {
  small_.add_node("n1");
  model::PodSpec spec = SmallCluster::spec(100, 0);
  model::TopologySpreadConstraint rule;
  rule.topology_key = small_.id("nobody.has/this");
  spec.topology_spread.push_back(rule);
  pend(std::move(spec));
  EXPECT_EQ(message(),
            "0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints "
            "(missing required label).");
  EXPECT_TRUE(holds(verified_changes(), "without its spread constraint over nobody.has/this"));
}

TEST_F(PendingReasonTest, AffinityAndAntiAffinityBetweenPodsAreTold) {
  const NodeId node = small_.add_node("n1", {{kZone, "a"}});
  model::PodAffinityTerm term;
  term.topology_key = small_.id(kZone);
  term.selector = small_.catalog.selectors.intern(
      {{{small_.id("app"), model::SelectorOperator::in, {small_.id("db")}}}});
  model::PodSpec spec = SmallCluster::spec(1, 0);
  spec.pod_affinity.required.push_back(term);
  pend(spec);
  EXPECT_EQ(message(), "0/1 nodes are available: 1 node(s) didn't match pod affinity rules.");
  EXPECT_TRUE(holds(verified_changes(),
                    "without its required pod affinity over topology.kubernetes.io/zone"));

  term.selector = small_.catalog.selectors.intern({});
  small_.add_pod(SmallCluster::spec(1, 0), node);
  model::PodSpec apart = SmallCluster::spec(1, 0);
  apart.pod_affinity.required_anti.push_back(term);
  pend(apart);
  EXPECT_EQ(message(), "0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules.");
  EXPECT_TRUE(holds(verified_changes(),
                    "without its required pod anti-affinity over topology.kubernetes.io/zone"));

  small_.cluster.place(pod_, *small_.cluster.pods().find(pod_), node, PodState::bound);
  pend(SmallCluster::spec(1, 0));
  EXPECT_EQ(message(),
            "0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules.");
}

TEST_F(PendingReasonTest, SchedulingGatesKeepThePodOutOfTheQueue) {
  small_.add_node("n1");
  model::PodSpec spec = SmallCluster::spec(1, 0);
  spec.scheduling_gates.push_back(small_.id("example.com/quota"));
  pend(std::move(spec));
  EXPECT_EQ(message(), "waiting for scheduling gates: [example.com/quota]");
  EXPECT_EQ(verified_changes(), std::vector<std::string>{"without its scheduling gates"});
}

TEST_F(PendingReasonTest, ANodeNameThatNobodyHasIsSaid) {
  small_.add_node("n1");
  model::PodSpec spec = SmallCluster::spec(1, 0);
  spec.node_name = small_.id("elsewhere");
  pend(std::move(spec));
  EXPECT_EQ(message(), "0/1 nodes are available: 1 node(s) didn't match the requested node name.");
  EXPECT_TRUE(holds(verified_changes(), "without its node name elsewhere"));
}

TEST_F(PendingReasonTest, AMissingClaimIsToldAndItsVolumeCanBeLeftOut) {
  small_.add_node("n1");
  model::PodSpec spec = SmallCluster::spec(1, 0);
  model::Volume volume;
  volume.name = small_.id("data");
  volume.source = small_.id("gone");
  spec.volumes.push_back(volume);
  pend(std::move(spec));
  EXPECT_EQ(message(), "0/1 nodes are available: persistentvolumeclaim \"gone\" not found.");
  EXPECT_TRUE(holds(verified_changes(), "without volume data"));
}

TEST_F(PendingReasonTest, PodsOfLowerPriorityAreCountedAndNotNamed) {
  small_.profile = SchedulerProfile::arcas();
  const NodeId node = small_.add_node("n1");
  small_.add_pod(SmallCluster::spec(1500, 0), node);
  small_.add_pod(SmallCluster::spec(1500, 0), node);
  model::PodSpec spec = SmallCluster::spec(4000, 0);
  spec.priority = 10;
  spec.preemption = model::PreemptionPolicy::never;
  pend(std::move(spec));
  const PendingReason reason = ask();
  EXPECT_EQ(reason.message(),
            "0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible due to "
            "preemptionPolicy=Never.");
  const auto change = std::find_if(reason.changes.begin(), reason.changes.end(), [](auto& c) {
    return c.kind == SingleChange::Kind::pods_leave;
  });
  ASSERT_NE(change, reason.changes.end());
  EXPECT_EQ(change->text, "if the 2 pods of lower priority on node n1 left");
  EXPECT_EQ(nodes_after(*change), 1U);
}

TEST_F(PendingReasonTest, PreemptionThatCannotHelpSaysSoInKubernetessWords) {
  small_.profile = SchedulerProfile::arcas();
  model::Node tainted = small_.node("n1");
  tainted.taints.push_back({small_.id("team"), small_.id("red"), model::TaintEffect::no_schedule});
  small_.add(tainted);
  small_.add_node("n2");
  pend(SmallCluster::spec(5000, 0));
  EXPECT_EQ(message(),
            "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint {team: "
            "red}. preemption: 0/2 nodes are available: 1 No preemption victims found for incoming "
            "pod, 1 Preemption is not helpful for scheduling.");
}

TEST_F(PendingReasonTest, APodThatFitsNowNeedsNoChange) {
  small_.add_node("n1");
  pend(SmallCluster::spec(1, 0));
  const PendingReason reason = ask();
  EXPECT_EQ(reason.message(), "1/1 nodes are available.");
  EXPECT_TRUE(reason.changes.empty());
}

TEST_F(PendingReasonTest, ADaemonPodIsToldOfItsNodeOnly) {
  const NodeId first = small_.add_node("n1");
  small_.add_node("n2");
  small_.add_pod(SmallCluster::spec(4000, 0), first);
  pend(SmallCluster::spec(500, 0));
  small_.cluster.pods().find(pod_)->target = first;
  EXPECT_EQ(message(),
            "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match the requested "
            "node name.");
  EXPECT_EQ(verified_changes(), std::vector<std::string>{"with 500m less cpu"});
}

TEST(QuantityText, IsExact) {
  EXPECT_EQ(quantity_text(model::kCpu, 300), "300m");
  EXPECT_EQ(quantity_text(model::kCpu, 8000), "8");
  EXPECT_EQ(quantity_text(model::kMemory, kGibibyte), "1Gi");
  EXPECT_EQ(quantity_text(model::kMemory, kGibibyte + 1), "1073741825");
  EXPECT_EQ(quantity_text(model::kMemory, 0), "0");
  EXPECT_EQ(quantity_text(ResourceId{7}, 2048), "2048");
}

TEST(SchedulerExplain, RatingAPlacedPodLeavesEverythingAsItWas) {
  model::Catalog catalog;
  Scheduler scheduler(catalog, {});
  SmallCluster shapes;  // for the shape of nodes alone
  std::vector<NodeId> nodes;
  for (const std::string name : {"n1", "n2", "n3"}) {
    model::Node node = shapes.node(name);
    node.id = catalog.nodes.intern(name);
    node.meta.name.base = catalog.intern(name);
    node.meta.labels = catalog.label_sets.intern({});
    scheduler.upsert_node(node);
    nodes.push_back(node.id);
  }
  const LabelSetId labels = catalog.label_sets.intern({});
  const NamespaceId name_space = catalog.intern_namespace(TenantId{1}, "default");
  const SpecId spec = catalog.intern_spec(SmallCluster::spec(1000, 0));
  for (std::uint64_t i = 1; i <= 3; ++i) {
    scheduler.add_usage(Uid::make(1, i), spec, labels, name_space, nodes[0], true);
  }
  scheduler.add_usage(Uid::make(1, 9), spec, labels, name_space, nodes[1], true);
  const auto before = scheduler.cluster().nodes()[nodes[0]].pods;
  const Scheduler::Rating rating = scheduler.rate(Uid::make(1, 1));
  ASSERT_EQ(rating.nodes.size(), 3U);
  EXPECT_EQ(rating.nodes.front().node, nodes[2]) << "the empty one is the best for it now";
  EXPECT_EQ(scheduler.cluster().nodes()[nodes[0]].pods, before);
  EXPECT_TRUE(scheduler.rate(Uid::make(1, 77)).nodes.empty());
}

}  // namespace
}  // namespace arcas::scheduler
