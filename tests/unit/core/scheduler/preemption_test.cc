#include "core/scheduler/preemption.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "core/scheduler/preemption_decider.h"

namespace arcas::scheduler {
namespace {

using Outcome = PreemptionResult::Outcome;

/// Nodes of 4 cpu and ten pods; pods ask for cpu alone.
class PreemptionTest : public ::testing::Test {
 protected:
  NodeId add_node(const std::string& zone = "z") {
    model::Node node;
    const std::string name = "n" + std::to_string(cluster_.nodes().known_count());
    node.id = catalog_.nodes.intern(name);
    node.meta.name = {catalog_.intern(name), 0};
    model::LabelSet labels;
    labels.set(catalog_.intern("zone"), catalog_.intern(zone));
    node.meta.labels = catalog_.label_sets.intern(labels);
    node.allocatable.set(model::kCpu, 4'000);
    node.allocatable.set(model::kPods, 10);
    node.container_runtime_ready = model::ConditionStatus::yes;
    cluster_.upsert_node(node);
    return node.id;
  }

  model::PodSpec spec(std::int64_t cpu, std::int32_t priority) {
    model::PodSpec spec;
    model::ResourceList requests;
    requests.set(model::kCpu, cpu);
    spec.containers.push_back(
        {catalog_.intern("c"), catalog_.intern("i"), requests, {}, false, false});
    spec.priority = priority;
    return spec;
  }

  Uid add_pod(const model::PodSpec& spec, std::int64_t started_s = -1) {
    const Uid uid = Uid::make(1, ++sequence_);
    PodEntry& entry = cluster_.pods().get(uid);
    entry.spec = catalog_.intern_spec(spec);
    entry.name_space = catalog_.intern_namespace(TenantId{0}, "n");
    model::LabelSet labels;
    labels.set(catalog_.intern("app"), catalog_.intern("a"));
    entry.labels = catalog_.label_sets.intern(labels);
    entry.state = PodState::active;
    entry.started_s = static_cast<std::int32_t>(started_s);
    return uid;
  }

  Uid run_on(NodeId node, std::int64_t cpu, std::int32_t priority, std::int64_t started_s = -1,
             PodState state = PodState::bound) {
    const Uid uid = add_pod(spec(cpu, priority), started_s);
    cluster_.place(uid, entry(uid), node, state);
    return uid;
  }

  PodEntry& entry(Uid uid) { return *cluster_.pods().find(uid); }

  SelectorId app_selector() {
    model::Selector selector;
    selector.requirements.push_back(
        {catalog_.intern("app"), model::SelectorOperator::in, {catalog_.intern("a")}});
    return catalog_.selectors.intern(std::move(selector));
  }

  /// By the definition, after checking that the decider says the same.
  PreemptionResult decide(Uid uid) {
    const Cycle cycle{cluster_, profile_, entry(uid), uid};
    details_ = {};
    PreemptionResult result = preempt(cycle, decider_.nominations(), {}, &details_);
    const PreemptionResult quick = decider_.decide(cycle);
    EXPECT_EQ(quick.outcome, result.outcome);
    EXPECT_EQ(quick.node, result.node);
    EXPECT_EQ(quick.victims, result.victims);
    EXPECT_EQ(quick.cleared, result.cleared);
    return result;
  }

  using Uids = std::vector<Uid>;
  model::Catalog catalog_;
  SchedulerProfile profile_ = SchedulerProfile::arcas();
  Cluster cluster_{catalog_};
  PreemptionDecider decider_{cluster_, profile_};
  PreemptionDetails details_;
  std::uint64_t sequence_ = 0;
};

TEST_F(PreemptionTest, SparesTheMoreImportantAndListsVictimsMostImportantFirst) {
  const NodeId node = add_node();
  const Uid young = run_on(node, 1'000, 1, 20);
  const Uid old = run_on(node, 1'000, 1, 10);
  const Uid middle = run_on(node, 1'000, 2, 30);
  run_on(node, 1'000, 3, 30);
  const PreemptionResult result = decide(add_pod(spec(3'000, 10)));
  EXPECT_EQ(result.outcome, Outcome::nominate);
  EXPECT_EQ(result.victims, (Uids{middle, old, young}));
  const PreemptionResult smaller = decide(add_pod(spec(1'000, 10)));
  EXPECT_EQ(smaller.victims, Uids{young});
}

TEST_F(PreemptionTest, AVictimWhoseBudgetIsSpentIsSparedBeforeAMoreImportantOne) {
  const NodeId node = add_node();
  const Uid important = run_on(node, 2'000, 5, 1);
  const Uid guarded = run_on(node, 2'000, 1, 1);
  entry(important).labels = catalog_.label_sets.intern({});
  cluster_.budgets.push_back({entry(guarded).name_space, app_selector(), 0, {}});
  EXPECT_EQ(decide(add_pod(spec(2'000, 10))).victims, Uids{important});
  EXPECT_EQ(details_.candidates.at(0).cost.violations, 0U);
  cluster_.budgets[0].disrupted = {guarded};  // its eviction is granted already
  EXPECT_EQ(decide(add_pod(spec(2'000, 10))).victims, Uids{guarded});
  cluster_.budgets[0].disrupted.clear();
  EXPECT_EQ(decide(add_pod(spec(4'000, 10))).victims, (Uids{important, guarded}));
  EXPECT_EQ(details_.candidates.at(0).cost.violations, 1U);
}

TEST_F(PreemptionTest, EachCriterionDecidesWhereThoseBeforeItAreEven) {
  const EvictionCost even{1, 5, 100, 2, 7};
  EXPECT_LT((EvictionCost{0, 9, 900, 9, 9}), even);
  EXPECT_LT((EvictionCost{1, 4, 900, 9, 9}), even);
  EXPECT_LT((EvictionCost{1, 5, 99, 9, 9}), even);
  EXPECT_LT((EvictionCost{1, 5, 100, 1, 9}), even);
  EXPECT_LT((EvictionCost{1, 5, 100, 2, 6}), even);
  EXPECT_LT(even, EvictionCost::impossible());
}

TEST_F(PreemptionTest, TheLatestStartAmongTopVictimsWinsAndTiesGoToTheLowestNode) {
  for (const std::int64_t started : {10, 30, 30}) run_on(add_node(), 4'000, 1, started);
  EXPECT_EQ(decide(add_pod(spec(4'000, 10))).node, NodeId{1});
  EXPECT_EQ(details_.best, (std::vector<NodeId>{NodeId{1}, NodeId{2}}));
  run_on(add_node(), 4'000, 1);  // not started: it counts as starting now
  EXPECT_EQ(decide(add_pod(spec(4'000, 10))).node, NodeId{3});
}

TEST_F(PreemptionTest, NegativePrioritiesDoNotMakeManyVictimsCheap) {
  const NodeId few = add_node();
  const NodeId many = add_node();
  run_on(few, 4'000, -10, 1);
  run_on(many, 2'000, -10, 1);
  run_on(many, 2'000, -10, 1);
  EXPECT_EQ(decide(add_pod(spec(4'000, 0))).node, few);
}

TEST_F(PreemptionTest, RoomMadeForANominatedPodIsNotGivenToAnother) {
  const NodeId node = add_node();
  const Uid low = run_on(node, 4'000, 0, 1);
  const Uid first = add_pod(spec(3'000, 10));
  decider_.nominations().add(first, node);
  entry(first).nominated = node;
  EXPECT_EQ(decide(add_pod(spec(3'000, 10))).outcome, Outcome::clear);
  EXPECT_EQ(decide(add_pod(spec(1'000, 10))).victims, Uids{low});
  // A pod is no rival of itself, and a more important one takes the nomination away.
  EXPECT_EQ(decide(first).victims, Uids{low});
  const PreemptionResult above = decide(add_pod(spec(3'000, 20)));
  EXPECT_EQ(above.victims, Uids{low});
  EXPECT_EQ(above.cleared, Uids{first});
}

TEST_F(PreemptionTest, APodWaitsForVictimsOfItsOwnPreemptionAlone) {
  const NodeId node = add_node();
  const Uid low = run_on(node, 4'000, 0, 1);
  const Uid pod = add_pod(spec(4'000, 10));
  entry(pod).nominated = node;
  cluster_.mark_terminating(entry(low));
  EXPECT_EQ(decide(pod).outcome, Outcome::nominate);
  entry(low).preempted = true;
  const PreemptionResult result = decide(pod);
  EXPECT_EQ(result.outcome, Outcome::unchanged);
  EXPECT_EQ(result.message,
            "preemption: not eligible due to a terminating pod on the nominated node.");
}

TEST_F(PreemptionTest, WhoMayNotPreemptAndWhomNobodyMayEvict) {
  const NodeId node = add_node();
  model::PodSpec never = spec(4'000, 10);
  never.preemption = model::PreemptionPolicy::never;
  EXPECT_EQ(decide(add_pod(never)).message,
            "preemption: not eligible due to preemptionPolicy=Never.");
  run_on(node, 4'000, 0, 1, PodState::foreign);  // of another tenant partition
  const PreemptionResult result = decide(add_pod(spec(4'000, 10)));
  EXPECT_EQ(result.outcome, Outcome::clear);
  EXPECT_EQ(result.message,
            "preemption: 0/1 nodes are available: 1 No preemption victims found for incoming "
            "pod.");
}

TEST_F(PreemptionTest, WithoutNodesThereIsAnError) {
  const PreemptionResult result = decide(add_pod(spec(1'000, 10)));
  EXPECT_EQ(result.code, Code::error);
  EXPECT_EQ(result.message, "preemption: no nodes available");
}

TEST_F(PreemptionTest, SamplingStopsWhenThereAreCandidatesEnough) {
  for (int i = 0; i < 20; ++i) run_on(add_node(), 4'000, 1, i);
  profile_.preemption = {.min_candidate_nodes_percentage = 10, .min_candidate_nodes_absolute = 1};
  const Uid uid = add_pod(spec(4'000, 10));
  const Cycle cycle{cluster_, profile_, entry(uid), uid};
  const PreemptionOptions options{.sample = true, .offset = 25};
  EXPECT_EQ(preempt(cycle, decider_.nominations(), options, &details_).node, NodeId{6});
  EXPECT_EQ(details_.candidates.size(), 2U);
}

/// As kube-scheduler's updateWithPod: a terminating pod is not counted for spreading, but taking it
/// away subtracts it.
TEST_F(PreemptionTest, TakingATerminatingPodAwaySubtractsItFromItsDomain) {
  const NodeId left = add_node("left");
  add_node("right");
  run_on(left, 1'000, 20, 1);  // counts, and stays
  const Uid leaving = run_on(left, 1'000, 0, 1);
  cluster_.mark_terminating(entry(leaving));
  run_on(NodeId{1}, 4'000, 20, 1);  // no room on the right; counts there
  run_on(left, 500, 20, 1);         // two on the left, one on the right
  model::PodSpec wanted = spec(500, 10);
  wanted.topology_spread.push_back({});
  wanted.topology_spread[0].topology_key = catalog_.intern("zone");
  wanted.topology_spread[0].selector = app_selector();
  const Uid pod = add_pod(wanted);
  // On the left 2 + 1 - 1 exceeds the skew of 1 until the terminating pod is subtracted.
  const PreemptionResult result = decide(pod);
  EXPECT_EQ(result.node, left);
  EXPECT_EQ(result.victims, Uids{leaving});
  EXPECT_TRUE(entry(leaving).terminating);
  EXPECT_EQ(decide(pod).victims, Uids{leaving});  // no trace of the dry run in the counters
}

TEST_F(PreemptionTest, TheDryRunPutsPodsBackInTheirOrder) {
  const NodeId node = add_node();
  for (int i = 0; i < 4; ++i) run_on(node, 1'000, (i * 7) % 4, i);
  const Uids before = cluster_.nodes()[node].pods;
  const Amounts used = cluster_.nodes()[node].used;
  decide(add_pod(spec(2'000, 10)));
  EXPECT_EQ(cluster_.nodes()[node].pods, before);
  EXPECT_EQ(cluster_.nodes()[node].used, used);
}

TEST_F(PreemptionTest, MoreShapesThanIndexesAreServedAllTheSame) {
  const NodeId node = add_node();
  const Uid low = run_on(node, 4'000, 0, 1);
  for (int round = 0; round < 2; ++round) {
    for (std::int64_t cpu = 1; cpu <= 12; ++cpu) {
      EXPECT_EQ(decide(add_pod(spec(cpu, 10))).victims, Uids{low});
    }
  }
  EXPECT_EQ(decider_.stats().by_index, 24U);
}

}  // namespace
}  // namespace arcas::scheduler
