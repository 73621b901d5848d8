#include "core/scheduler/load_tree.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "core/base/rng.h"

namespace arcas::scheduler {
namespace {

constexpr std::int64_t kGi = std::int64_t{1} << 30U;

class LoadTreeTest : public ::testing::Test {
 protected:
  void add(std::uint32_t id, std::int64_t cpu, std::int64_t memory, std::int64_t pods = 110,
           const std::string& zone = "") {
    nodes_.upsert(node(id, cpu, memory, pods, zone));
  }

  model::Node node(std::uint32_t id, std::int64_t cpu, std::int64_t memory, std::int64_t pods,
                   const std::string& zone) {
    model::Node node;
    node.id = NodeId{id};
    node.zone = ZoneId{0};
    model::LabelSet labels;
    const StringId key = catalog_.intern("topology.kubernetes.io/zone");
    if (!zone.empty()) labels.set(key, catalog_.intern(zone));
    node.meta.labels = catalog_.label_sets.intern(labels);
    node.allocatable.set(model::kCpu, cpu);
    node.allocatable.set(model::kMemory, memory);
    node.allocatable.set(model::kPods, pods);
    node.container_runtime_ready = model::ConditionStatus::yes;
    return node;
  }

  static Demand pod(std::int64_t cpu, std::int64_t memory) {
    Demand demand;
    demand.amounts = {cpu, memory, 0, 1};
    demand.scored_cpu = cpu;
    demand.scored_memory = memory;
    return demand;
  }

  NodeId best(LoadTree& tree, const Demand& demand) {
    tree.refresh();
    std::optional<LoadTree::Best> best;
    for (std::uint32_t g = 0; g < tree.groups().size(); ++g) {
      tree.improve(
          g, demand, [](NodeId) { return true; }, best);
    }
    return best ? best->node : NodeId{};
  }

  model::Catalog catalog_;
  NodeTable nodes_{catalog_};
  LoadTree least_{nodes_, FitStrategy::least_allocated};
  LoadTree most_{nodes_, FitStrategy::most_allocated};
};

TEST_F(LoadTreeTest, WithoutNodesThereIsNoBest) {
  EXPECT_EQ(best(least_, pod(100, kGi)), NodeId{});
  EXPECT_TRUE(least_.groups().empty());
}

TEST_F(LoadTreeTest, TiesGoToTheLowestNodeOfAThousandEqualOnes) {
  for (std::uint32_t i = 1'000; i-- > 0;) add(i, 4'000, 8 * kGi);
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    ASSERT_EQ(best(least_, pod(500, kGi)), NodeId{i});
    nodes_.charge(NodeId{i}, pod(500, kGi), 1);
  }
  EXPECT_EQ(best(least_, pod(500, kGi)), NodeId{0});
  EXPECT_EQ(least_.rebuilds(), 1U);
}

TEST_F(LoadTreeTest, LeastAllocatedTakesTheEmptierNodeAndMostAllocatedTheFuller) {
  add(0, 4'000, 8 * kGi);
  add(1, 4'000, 8 * kGi);
  nodes_.charge(NodeId{0}, pod(1'000, 2 * kGi), 1);
  EXPECT_EQ(best(least_, pod(500, kGi)), NodeId{1});
  EXPECT_EQ(best(most_, pod(500, kGi)), NodeId{0});
}

TEST_F(LoadTreeTest, ANodeWithoutRoomForOneMorePodIsPassedOver) {
  add(0, 4'000, 8 * kGi, 1);
  add(1, 2'000, 4 * kGi, 1);
  EXPECT_EQ(best(least_, pod(500, kGi)), NodeId{0});
  nodes_.charge(NodeId{0}, pod(1, 1), 1);
  EXPECT_EQ(best(least_, pod(500, kGi)), NodeId{1});
  nodes_.charge(NodeId{0}, pod(1, 1), -1);
  EXPECT_EQ(best(least_, pod(500, kGi)), NodeId{0});
}

TEST_F(LoadTreeTest, AnExactFitIsTakenAndOneByteMoreIsNot) {
  add(0, 4'000, 8 * kGi);
  EXPECT_EQ(best(least_, pod(4'000, 8 * kGi)), NodeId{0});
  EXPECT_EQ(best(least_, pod(4'000, 8 * kGi + 1)), NodeId{});
  EXPECT_EQ(best(least_, pod(4'001, 8 * kGi)), NodeId{});
  EXPECT_EQ(best(most_, pod(4'000, 8 * kGi)), NodeId{0});
}

TEST_F(LoadTreeTest, APodThatAsksForNoCpuMayGoWhereCpuIsOvercommitted) {
  add(0, 4'000, 8 * kGi);
  nodes_.charge(NodeId{0}, pod(9'000, kGi), 1);
  EXPECT_EQ(best(least_, pod(0, kGi)), NodeId{0});
  EXPECT_EQ(best(least_, pod(1, kGi)), NodeId{});
}

TEST_F(LoadTreeTest, AKindThatIsUsedUpLeadsToTheNodeThatHasSomeLeft) {
  const ResourceId gpu = catalog_.resources.intern("x.io/gpu");
  for (std::uint32_t i = 0; i < 3; ++i) {
    model::Node with_gpus = node(i, 4'000, 8 * kGi, 110, "");
    with_gpus.allocatable.set(gpu, 4);
    nodes_.upsert(with_gpus);
  }
  Demand demand = pod(100, kGi);
  demand.amounts.resize(gpu.index + 1, 0);
  demand.amounts[gpu.index] = 3;
  for (std::uint32_t i = 0; i < 3; ++i) {
    ASSERT_EQ(best(least_, demand), NodeId{i});
    nodes_.charge(NodeId{i}, demand, 1);
  }
  EXPECT_EQ(best(least_, demand), NodeId{});  // one is left on each
  EXPECT_EQ(best(least_, pod(100, kGi)), NodeId{0});
}

TEST_F(LoadTreeTest, NodesOfDifferentZonesTaintsAndFlagsAreInDifferentGroups) {
  add(0, 4'000, 8 * kGi, 110, "zone-a");
  add(1, 4'000, 8 * kGi, 110, "zone-b");
  add(2, 9'000, 8 * kGi, 110, "zone-a");
  model::Node tainted = node(3, 4'000, 8 * kGi, 110, "zone-a");
  tainted.taints.push_back(
      {catalog_.intern("team"), catalog_.intern("red"), model::TaintEffect::no_schedule, 0});
  nodes_.upsert(tainted);
  model::Node cordoned = node(4, 4'000, 8 * kGi, 110, "zone-a");
  cordoned.unschedulable = true;
  nodes_.upsert(cordoned);
  least_.refresh();
  ASSERT_EQ(least_.groups().size(), 4U);
  EXPECT_EQ(least_.group_of(NodeId{0}), least_.group_of(NodeId{2}));
  EXPECT_EQ(least_.groups()[least_.group_of(NodeId{1})].zone, catalog_.strings.find("zone-b"));
  EXPECT_EQ(least_.groups()[least_.group_of(NodeId{3})].facts.object.taints.size(), 1U);
  EXPECT_TRUE(least_.groups()[least_.group_of(NodeId{4})].facts.object.unschedulable);
}

TEST_F(LoadTreeTest, ALostZoneMovesItsNodesToAGroupThatSaysSo) {
  add(0, 4'000, 8 * kGi);
  add(1, 4'000, 8 * kGi);
  least_.refresh();
  nodes_.set_zone_lost(ZoneId{0}, true);
  least_.refresh();
  EXPECT_TRUE(least_.groups()[least_.group_of(NodeId{1})].facts.zone_lost);
  EXPECT_EQ(least_.groups()[0].nodes, 0U);
  EXPECT_FALSE(least_.best(0, pod(100, kGi)).has_value());
}

TEST_F(LoadTreeTest, ARemovedNodeIsNotFoundUntilItComesBack) {
  add(0, 4'000, 8 * kGi);
  add(1, 4'000, 8 * kGi);
  EXPECT_EQ(best(least_, pod(100, kGi)), NodeId{0});
  nodes_.remove(NodeId{0});
  EXPECT_EQ(best(least_, pod(100, kGi)), NodeId{1});
  add(0, 4'000, 8 * kGi);
  EXPECT_EQ(best(least_, pod(100, kGi)), NodeId{0});
}

TEST_F(LoadTreeTest, ANodeThatIsNotAdmittedGivesWayToTheNextBest) {
  for (std::uint32_t i = 0; i < 200; ++i) add(i, 4'000, 8 * kGi);
  least_.refresh();
  const auto from_150 = [](NodeId node) { return node.index >= 150; };
  const auto answer = least_.best(0, pod(100, kGi), from_150);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->node, NodeId{150});
  EXPECT_FALSE(least_.best(0, pod(100, kGi), [](NodeId) { return false; }).has_value());
}

TEST_F(LoadTreeTest, NodesWithoutCpuOrWithHugeMemoryAreScoredAsTheIntegerCodeDoes) {
  add(0, 0, 8 * kGi);
  add(1, 4'000, std::int64_t{1} << 52U);
  const Demand demand = pod(0, kGi);
  least_.refresh();
  const auto only = [](std::uint32_t id) { return [id](NodeId node) { return node.index == id; }; };
  for (std::uint32_t i = 0; i < 2; ++i) {
    const auto answer = least_.best(0, demand, only(i));
    ASSERT_TRUE(answer.has_value());
    const NodeTable::Row& row = nodes_[NodeId{i}];
    EXPECT_EQ(answer->score,
              fit_score(FitStrategy::least_allocated, demand, row) + balanced_score(demand, row));
  }
}

// Law: at every load of one node the score is that of the integer code, also where a division has
// no remainder and at the largest capacities.
TEST_F(LoadTreeTest, ScoresAreThoseOfTheIntegerCodeAtTheEdgesOfEveryPercent) {
  RandomStream random(3);
  for (int i = 0; i < 20'000; ++i) {
    const std::int64_t cpu = random.between(1, 400'000);
    const std::int64_t memory = random.chance(1, 2)
                                    ? random.between(1, 200)
                                    : (std::int64_t{1} << 45U) - random.between(1, 9);
    add(0, cpu, memory);
    const std::int64_t percent = random.between(0, 100);
    Demand demand = pod(std::min(cpu, cpu * percent / 100 + random.between(0, 1)),
                        std::min(memory, memory / 100 * percent + random.between(0, 1)));
    for (LoadTree* tree : {&least_, &most_}) {
      tree->refresh();
      const auto answer = tree->best(tree->group_of(NodeId{0}), demand);
      ASSERT_TRUE(answer.has_value());
      const FitStrategy strategy =
          tree == &least_ ? FitStrategy::least_allocated : FitStrategy::most_allocated;
      ASSERT_EQ(answer->score, fit_score(strategy, demand, nodes_[NodeId{0}]) +
                                   balanced_score(demand, nodes_[NodeId{0}]))
          << "cpu " << demand.amounts[0] << " of " << cpu << ", memory " << demand.amounts[1]
          << " of " << memory;
    }
  }
}

}  // namespace
}  // namespace arcas::scheduler
