// Pods and profiles that nobody in his right mind writes: an answer, never a crash.
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "core/scheduler/scheduler.h"

namespace arcas::scheduler {
namespace {

class HostilePods : public testing::Test {
 protected:
  void add_nodes(Scheduler& scheduler, int count) {
    for (int i = 0; i < count; ++i) {
      const std::string name = "n" + std::to_string(i);
      model::Node node;
      node.id = catalog.nodes.intern(name);
      node.meta.name.base = catalog.intern(name);
      model::LabelSet labels;
      labels.set(catalog.intern("kubernetes.io/hostname"), catalog.intern(name));
      node.meta.labels = catalog.label_sets.intern(std::move(labels));
      node.allocatable.set(model::kCpu, 1000 * (i + 1));
      node.allocatable.set(model::kMemory, std::int64_t{8} << 30);
      node.allocatable.set(model::kPods, 10);
      node.container_runtime_ready = model::ConditionStatus::yes;
      scheduler.upsert_node(node);
    }
  }
  static model::PodSpec small() {
    model::PodSpec spec;
    spec.containers.emplace_back().requests.set(model::kCpu, 100);
    return spec;
  }
  PendingPod pod(model::PodSpec spec) {
    PendingPod pod;
    pod.uid = Uid::make(1, ++last_);
    pod.spec = catalog.intern_spec(std::move(spec));
    model::LabelSet labels;
    labels.set(catalog.intern("app"), catalog.intern("web"));
    pod.labels = catalog.label_sets.intern(std::move(labels));
    pod.name_space = catalog.intern_namespace(TenantId{0}, "default");
    return pod;
  }
  Scheduler::Decision decide(Scheduler& scheduler, const PendingPod& pod) {
    scheduler.enqueue(TimePoint{}, pod);
    std::vector<Scheduler::Decision> decisions;
    scheduler.schedule(TimePoint{}, 1, decisions);
    EXPECT_EQ(decisions.size(), 1U);
    return decisions.front();
  }
  model::Requirement wants(const char* key, model::SelectorOperator op, const char* value) {
    return {catalog.intern(key), op, {catalog.intern(value)}};
  }

  model::Catalog catalog;

 private:
  std::uint64_t last_ = 0;
};

TEST_F(HostilePods, NodeAffinityThatContradictsItselfIsAReasonToWait) {
  Scheduler scheduler(catalog, {});
  add_nodes(scheduler, 2);
  model::PodSpec spec = small();
  spec.node_affinity.has_required = true;
  spec.node_affinity.required.push_back(
      {{wants("kubernetes.io/hostname", model::SelectorOperator::in, "n0"),
        wants("kubernetes.io/hostname", model::SelectorOperator::not_in, "n0")},
       {}});
  const PendingPod contradictory = pod(std::move(spec));
  EXPECT_FALSE(decide(scheduler, contradictory).node.valid());
  EXPECT_EQ(scheduler.explain(contradictory),
            "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. "
            "preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.");
}

TEST_F(HostilePods, PodsThatAreDrawnAndRepelledByTheSameArePending) {
  Scheduler scheduler(catalog, {});
  add_nodes(scheduler, 2);
  ASSERT_TRUE(decide(scheduler, pod(small())).node.valid());
  model::PodAffinityTerm term;
  model::Selector web;
  web.requirements.push_back(wants("app", model::SelectorOperator::in, "web"));
  term.selector = catalog.selectors.intern(std::move(web));
  term.topology_key = catalog.intern("kubernetes.io/hostname");
  model::PodSpec spec = small();
  spec.pod_affinity.required.push_back(term);
  spec.pod_affinity.required_anti.push_back(term);
  const PendingPod contradictory = pod(std::move(spec));
  EXPECT_FALSE(decide(scheduler, contradictory).node.valid());
  EXPECT_EQ(scheduler.explain(contradictory),
            "0/2 nodes are available: 1 node(s) didn't match pod affinity rules, 1 node(s) didn't "
            "match pod anti-affinity rules. preemption: 0/2 nodes are available: 1 No preemption "
            "victims found for incoming pod, 1 Preemption is not helpful for scheduling.");
}

TEST_F(HostilePods, ASelectorOfTenThousandTermsIsAnswered) {
  Scheduler scheduler(catalog, {});
  add_nodes(scheduler, 3);
  model::Selector long_one;
  model::PodSpec spec = small();
  spec.node_affinity.has_required = true;
  for (int i = 0; i < 10'000; ++i) {
    const std::string key = "key-" + std::to_string(i);
    long_one.requirements.push_back(wants(key.c_str(), model::SelectorOperator::not_in, "x"));
    spec.node_affinity.required.push_back(
        {{wants(key.c_str(), model::SelectorOperator::in, "x")}, {}});
  }
  spec.node_affinity.required.push_back(
      {{wants("kubernetes.io/hostname", model::SelectorOperator::in, "n1")}, {}});
  model::TopologySpreadConstraint constraint;
  constraint.topology_key = catalog.intern("kubernetes.io/hostname");
  constraint.selector = catalog.selectors.intern(std::move(long_one));
  spec.topology_spread.push_back(constraint);
  EXPECT_EQ(decide(scheduler, pod(std::move(spec))).node, NodeId{1});
}

TEST_F(HostilePods, ASelectorOfTenThousandTermsThatFitsNowhereIsAReasonToWait) {
  Scheduler scheduler(catalog, {});
  add_nodes(scheduler, 3);
  model::PodSpec spec = small();
  spec.node_affinity.has_required = true;
  for (int i = 0; i < 10'000; ++i) {
    const std::string key = "key-" + std::to_string(i);
    spec.node_affinity.required.push_back(
        {{wants(key.c_str(), model::SelectorOperator::in, "x")}, {}});
  }
  const PendingPod waits = pod(std::move(spec));
  EXPECT_FALSE(decide(scheduler, waits).node.valid());
  EXPECT_EQ(scheduler.explain(waits),
            "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. "
            "preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.");
}

class TopologyKeyNobodyHas : public HostilePods {
 protected:
  model::PodAffinityTerm near_web() {
    model::PodAffinityTerm term;
    model::Selector web;
    web.requirements.push_back(wants("app", model::SelectorOperator::in, "web"));
    term.selector = catalog.selectors.intern(std::move(web));
    term.topology_key = catalog.intern("planet");
    return term;
  }
  model::PodSpec spread(model::TopologySpreadConstraint::WhenUnsatisfiable when) {
    model::PodSpec spec = small();
    model::TopologySpreadConstraint constraint;
    constraint.topology_key = catalog.intern("planet");
    constraint.selector = near_web().selector;
    constraint.when_unsatisfiable = when;
    spec.topology_spread.push_back(constraint);
    return spec;
  }
  using When = model::TopologySpreadConstraint::WhenUnsatisfiable;
};

TEST_F(TopologyKeyNobodyHas, IsAReasonToWaitWhereItIsDemanded) {
  Scheduler scheduler(catalog, {});
  add_nodes(scheduler, 2);
  const PendingPod spreads = pod(spread(When::do_not_schedule));
  EXPECT_FALSE(decide(scheduler, spreads).node.valid());
  EXPECT_EQ(scheduler.explain(spreads),
            "0/2 nodes are available: 2 node(s) didn't match pod topology spread constraints "
            "(missing required label). preemption: 0/2 nodes are available: 2 Preemption is not "
            "helpful for scheduling.");
  model::PodSpec spec = small();
  spec.pod_affinity.required.push_back(near_web());
  const PendingPod drawn = pod(std::move(spec));
  EXPECT_FALSE(decide(scheduler, drawn).node.valid());
  EXPECT_EQ(scheduler.explain(drawn),
            "0/2 nodes are available: 2 node(s) didn't match pod affinity rules. preemption: 0/2 "
            "nodes are available: 2 Preemption is not helpful for scheduling.");
}

TEST_F(TopologyKeyNobodyHas, MeansNothingWhereItIsOnlyPreferredOrRepelsFromNowhere) {
  Scheduler scheduler(catalog, {});
  add_nodes(scheduler, 2);
  model::PodSpec spec = spread(When::schedule_anyway);
  spec.pod_affinity.required_anti.push_back(near_web());
  spec.pod_affinity.preferred.push_back({100, near_web()});
  for (int i = 0; i < 3; ++i) {
    const PendingPod next = pod(spec);
    const Scheduler::Compared answers = scheduler.compare(next);
    EXPECT_EQ(answers.index.node, answers.scan.node);
    EXPECT_TRUE(decide(scheduler, next).node.valid());
  }
}

TEST_F(HostilePods, TheLowestPriorityIsEvictedByTheHighest) {
  Scheduler scheduler(catalog, {});
  add_nodes(scheduler, 1);
  model::PodSpec lowest = small();
  lowest.containers.front().requests.set(model::kCpu, 1000);
  lowest.priority = std::numeric_limits<std::int32_t>::min();
  model::PodSpec highest = lowest;
  highest.priority = std::numeric_limits<std::int32_t>::max();
  const PendingPod first = pod(std::move(lowest));
  ASSERT_TRUE(decide(scheduler, first).node.valid());
  scheduler.confirm(first.uid);
  EXPECT_EQ(decide(scheduler, pod(std::move(highest))).victims, std::vector<Uid>{first.uid});
}

// The largest weight that a configuration may give: sums that do not fit in 32 bits.
TEST_F(HostilePods, HugeWeightsAreAnsweredAsTheFullScanAnswersThem) {
  for (const std::int64_t weight : {std::int64_t{1'000'000}, std::int64_t{2'147'483'647}}) {
    Config config;
    for (WeightedPlugin& score : config.profile.scores) score.weight = weight;
    Scheduler scheduler(catalog, config);
    add_nodes(scheduler, 3);
    for (int i = 0; i < 20; ++i) {
      const PendingPod next = pod(small());
      const Scheduler::Compared answers = scheduler.compare(next);
      ASSERT_TRUE(answers.scan.node.valid());
      EXPECT_EQ(answers.index_applies, weight == 1'000'000);
      const Scheduler::Decision decision = decide(scheduler, next);
      EXPECT_EQ(decision.node, answers.scan.node);
    }
  }
}

}  // namespace
}  // namespace arcas::scheduler
