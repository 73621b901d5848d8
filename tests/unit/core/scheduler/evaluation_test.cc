#include <gtest/gtest.h>

#include "small_cluster.h"

namespace arcas::scheduler {
namespace {

using Reasons = std::vector<std::string>;

TEST(Evaluation, TheFirstFilterOfTheProfileThatFailsAnswers) {
  SmallCluster small;
  model::Node cordoned = small.node("n1");
  cordoned.unschedulable = true;
  const NodeId node = small.add(cordoned);
  model::PodSpec huge = SmallCluster::spec(9000, 0);
  const PluginStatus status = small.evaluate(huge).filter(node);
  EXPECT_EQ(status.code, Code::unresolvable);
  EXPECT_EQ(status.plugin, PluginId::node_unschedulable);
  EXPECT_EQ(status.reasons, Reasons{"node(s) were unschedulable"});
}

TEST(Evaluation, EveryResourceThatIsShortIsReported) {
  SmallCluster small;
  model::Node full = small.node("n1");
  full.allocatable.set(model::kPods, 0);
  const NodeId node = small.add(full);
  const PluginStatus status =
      small.evaluate(SmallCluster::spec(9000, 9 * SmallCluster::kGibibyte)).filter(node);
  EXPECT_EQ(status.code, Code::unschedulable);
  EXPECT_EQ(status.reasons, (Reasons{"Too many pods", "Insufficient cpu", "Insufficient memory"}));
}

TEST(Evaluation, PassesIsFilterWithoutTheReasons) {
  SmallCluster small;
  const NodeId node = small.add_node("n1");
  EXPECT_EQ(small.evaluate(SmallCluster::spec(100, 0)).passes(node), Code::success);
  EXPECT_EQ(small.evaluate(SmallCluster::spec(9000, 0)).passes(node), Code::unschedulable);
}

TEST(Evaluation, APreFilterThatRefusesStopsEverything) {
  SmallCluster small;
  const NodeId node = small.add_node("n1");
  model::PodSpec spec = SmallCluster::spec(100, 0);
  spec.node_affinity.has_required = true;
  const auto named = [&](std::string_view name) {
    return model::Requirement{
        small.id("metadata.name"), model::SelectorOperator::in, {small.id(name)}};
  };
  spec.node_affinity.required.push_back({{}, {named("n1"), named("n2")}});
  const Evaluation evaluation = small.evaluate(spec);
  EXPECT_EQ(evaluation.pre_filter().plugin, PluginId::node_affinity);
  EXPECT_EQ(evaluation.pre_filter().reasons, Reasons{"pod affinity terms conflict"});
  EXPECT_TRUE(evaluation.feasible().empty());
  EXPECT_EQ(evaluation.passes(node), Code::unresolvable);
}

TEST(Evaluation, TermsThatNameNodesNarrowToThoseThatExist) {
  SmallCluster small;
  const NodeId first = small.add_node("n1");
  small.add_node("n2");
  model::PodSpec spec = SmallCluster::spec(100, 0);
  spec.node_affinity.has_required = true;
  for (const std::string_view name : {"n1", "gone"}) {
    spec.node_affinity.required.push_back(
        {{}, {{small.id("metadata.name"), model::SelectorOperator::in, {small.id(name)}}}});
  }
  const Evaluation evaluation = small.evaluate(spec);
  ASSERT_TRUE(evaluation.only().has_value());
  EXPECT_EQ(*evaluation.only(), std::vector<NodeId>{first});
  EXPECT_EQ(evaluation.narrowed_by(), std::vector<PluginId>{PluginId::node_affinity});
  EXPECT_EQ(evaluation.feasible(), std::vector<NodeId>{first});
}

TEST(Evaluation, ANodeThatWasRemovedIsNotFeasible) {
  SmallCluster small;
  const NodeId node = small.add_node("n1");
  small.cluster.remove_node(node);
  EXPECT_TRUE(small.evaluate(SmallCluster::spec(100, 0)).feasible().empty());
}

TEST(Evaluation, AFilterThatIsOffStillNarrowsByItsPreFilter) {
  SmallCluster small;
  small.add_node("n1");
  small.add_node("n2");
  model::PodSpec spec = SmallCluster::spec(100, 0);
  spec.node_affinity.has_required = true;
  spec.node_affinity.required.push_back(
      {{}, {{small.id("metadata.name"), model::SelectorOperator::in, {small.id("n2")}}}});
  std::erase(small.profile.filters, PluginId::node_affinity);
  EXPECT_EQ(small.evaluate(spec).feasible().size(), 1U);
}

TEST(Evaluation, ATargetIsTheOnlyNodeThatWillDo) {
  SmallCluster small;
  const NodeId first = small.add_node("n1");
  const NodeId second = small.add_node("n2");
  const Uid uid = small.add_pod(SmallCluster::spec(100, 0));
  small.cluster.pods().find(uid)->target = second;
  const Evaluation evaluation = small.evaluate(uid);
  EXPECT_EQ(evaluation.feasible(), std::vector<NodeId>{second});
  EXPECT_EQ(evaluation.filter(first).plugin, PluginId::node_name);
}

TEST(Evaluation, ALostZoneTakesNoPodWhateverItTolerates) {
  SmallCluster small;
  model::Node there = small.node("n1");
  there.zone = small.catalog.zones.intern("z1");
  const NodeId node = small.add(there);
  small.cluster.set_zone_lost(there.zone, true);
  model::PodSpec spec = SmallCluster::spec(100, 0);
  model::Toleration everything;
  everything.op = model::Toleration::Operator::exists;
  spec.tolerations.push_back(everything);
  const PluginStatus status = small.evaluate(spec).filter(node);
  EXPECT_EQ(status.plugin, PluginId::taint_toleration);
  EXPECT_EQ(status.reasons,
            Reasons{"node(s) had untolerated taint {node.kubernetes.io/unreachable: }"});
  small.cluster.set_zone_lost(there.zone, false);
  EXPECT_TRUE(small.evaluate(spec).filter(node).ok());
}

TEST(Evaluation, AVirtualMachineNeedsTheVmRuntimeInOurProfile) {
  SmallCluster small;
  small.profile = SchedulerProfile::arcas();
  model::Node bare = small.node("n1");
  bare.vm_runtime_ready = model::ConditionStatus::no;
  const NodeId node = small.add(bare);
  EXPECT_TRUE(small.evaluate(SmallCluster::spec(100, 0)).filter(node).ok());
  model::PodSpec machine;
  machine.workload = model::WorkloadType::vm;
  EXPECT_EQ(small.evaluate(machine).filter(node).plugin, PluginId::node_runtime_ready);
  model::Toleration everything;
  everything.op = model::Toleration::Operator::exists;
  machine.tolerations.push_back(everything);
  EXPECT_TRUE(small.evaluate(machine).filter(node).ok());
}

TEST(Evaluation, TotalsAreWeightedSumsOfNormalisedScores) {
  SmallCluster small;
  const NodeId empty = small.add_node("n1");
  const NodeId used = small.add_node("n2");
  small.add_pod(SmallCluster::spec(2000, 4 * SmallCluster::kGibibyte), used);
  const Evaluation evaluation = small.evaluate(SmallCluster::spec(400, 0));
  const std::vector<NodeId> feasible = evaluation.feasible();
  ASSERT_EQ(feasible, (std::vector<NodeId>{empty, used}));
  const Evaluation::Scores scores = evaluation.score(feasible);
  for (std::size_t node = 0; node < feasible.size(); ++node) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < scores.plugins.size(); ++i) {
      sum += scores.normalized[i][node] * scores.plugins[i].weight;
    }
    EXPECT_EQ(scores.total[node], sum);
  }
  EXPECT_GT(scores.total[0], scores.total[1]);
}

TEST(Evaluation, GatesKeepAPodOutInTheOrderOfItsSpec) {
  SmallCluster small;
  model::PodSpec spec = SmallCluster::spec(100, 0);
  spec.scheduling_gates = {small.id("b"), small.id("a")};
  const Evaluation evaluation = small.evaluate(spec);
  EXPECT_EQ(evaluation.pre_enqueue().reasons, Reasons{"waiting for scheduling gates: [b a]"});
  small.profile.pre_enqueue.clear();
  EXPECT_TRUE(small.evaluate(spec).pre_enqueue().ok());
}

TEST(Evaluation, EveryPluginWithAnExtensionPointIsMade) {
  SmallCluster small;
  const Uid uid = small.add_pod(SmallCluster::spec(100, 0));
  const Cycle cycle{small.cluster, small.profile, *small.cluster.pods().find(uid), uid};
  for (const PluginId plugin : SchedulerProfile::arcas().filters) {
    EXPECT_NE(make_filter(plugin, cycle), nullptr) << name(plugin);
  }
  for (const WeightedPlugin& each : small.profile.scores) {
    EXPECT_NE(make_score(each.plugin, cycle), nullptr) << name(each.plugin);
  }
  EXPECT_EQ(make_filter(PluginId::image_locality, cycle), nullptr);
  EXPECT_EQ(make_score(PluginId::node_name, cycle), nullptr);
}

}  // namespace
}  // namespace arcas::scheduler
