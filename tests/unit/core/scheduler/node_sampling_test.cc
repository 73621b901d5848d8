#include "core/scheduler/node_sampling.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

#include "small_cluster.h"

namespace arcas::scheduler {
namespace {

std::uint32_t to_find(std::int32_t percentage, std::uint32_t nodes, std::uint32_t most = 0) {
  return feasible_nodes_to_find({percentage, 100, most}, nodes);
}

// Expected values by hand from numFeasibleNodesToFind of kube-scheduler 1.32.
TEST(FeasibleNodesToFind, IsKubernetessFormula) {
  EXPECT_EQ(to_find(50, 99), 99U);
  EXPECT_EQ(to_find(50, 100), 100U);
  EXPECT_EQ(to_find(50, 1000), 500U);
  EXPECT_EQ(to_find(5, 1000), 100U);
  EXPECT_EQ(to_find(100, 1000), 1000U);
  EXPECT_EQ(to_find(0, 1000), 420U);     // 50 - 8 = 42 %
  EXPECT_EQ(to_find(0, 5000), 500U);     // 50 - 40 = 10 %
  EXPECT_EQ(to_find(0, 100000), 5000U);  // at least 5 %
}

// Expected values from arktos.md, capability 59.
TEST(FeasibleNodesToFind, IsAtMost500UnderArktos) {
  EXPECT_EQ(to_find(0, 1250, 500), 500U);
  EXPECT_EQ(to_find(0, 5625, 500), 281U);
  EXPECT_EQ(to_find(0, 10'000, 500), 500U);
  EXPECT_EQ(to_find(0, 100'000, 500), 500U);
  EXPECT_EQ(to_find(100, 100'000, 500), 100'000U);
}

class NodeSamplingTest : public testing::Test {
 protected:
  void add_nodes(int count) {
    for (int i = 0; i < count; ++i) {
      small_.add_node("n" + std::to_string(i),
                      {{"topology.kubernetes.io/zone", i < count / 2 ? "a" : "b"}});
    }
  }
  Selection select(model::PodSpec spec, std::int32_t percentage) {
    if (percentage != percentage_) sampling_.emplace(SampleSize{percentage});
    percentage_ = percentage;
    const Uid uid = small_.add_pod(std::move(spec));
    return sampling_->select(
        {small_.cluster, small_.profile, *small_.cluster.pods().find(uid), uid}, nominations_);
  }

  SmallCluster small_;
  std::optional<NodeSampling> sampling_;
  std::int32_t percentage_ = 0;
  Nominations nominations_;
};

TEST_F(NodeSamplingTest, OneDecisionStopsWhereEnoughAreFoundAndTheNextGoesOnThere) {
  add_nodes(300);
  EXPECT_EQ(select(SmallCluster::spec(100, 0), 40).node, NodeId{0});
  EXPECT_EQ(sampling_->start(), 120U);
  // Zones in turn: the first 120 looked at are 60 of each, so the next begin at 60 of zone a.
  EXPECT_EQ(select(SmallCluster::spec(100, 0), 40).node, NodeId{60});
  EXPECT_EQ(sampling_->start(), 240U);
  // Wraps around: 240..299, then 0..59, which has the lowest.
  EXPECT_EQ(select(SmallCluster::spec(100, 0), 40).node, NodeId{0});
  EXPECT_EQ(sampling_->start(), 60U);
}

TEST_F(NodeSamplingTest, ABetterNodeOutsideTheSampleIsNotSeen) {
  add_nodes(300);
  model::Node best = small_.node("best", {{"topology.kubernetes.io/zone", "b"}});
  best.allocatable.set(model::kCpu, 400000);
  best.allocatable.set(model::kMemory, 800 * SmallCluster::kGibibyte);
  small_.add(best);
  EXPECT_NE(select(SmallCluster::spec(100, 1), 40).node, best.id);
  EXPECT_EQ(select(SmallCluster::spec(100, 1), 100).node, best.id);
}

TEST_F(NodeSamplingTest, AllAreLookedAtWhenFewTakeThePod) {
  add_nodes(300);
  const NodeId only = NodeId{250};
  for (std::uint32_t i = 0; i < 300; ++i) {
    if (NodeId{i} != only) small_.add_pod(SmallCluster::spec(4000, 0), NodeId{i});
  }
  EXPECT_EQ(select(SmallCluster::spec(100, 0), 5).node, only);
  EXPECT_EQ(sampling_->start(), 0U);
}

}  // namespace
}  // namespace arcas::scheduler
