#include "core/scheduler/node_table.h"

#include <gtest/gtest.h>

#include "small_cluster.h"

namespace arcas::scheduler {
namespace {

TEST(NodeTable, AnImageThatANodeListsTwiceIsOnOneNode) {
  SmallCluster small;
  model::Node node = small.node("n1");
  const StringId name = small.id("busybox:1");
  node.images = {{{name}, 10}, {{small.id("other:1"), name}, 20}};
  small.add(node);
  EXPECT_EQ(small.cluster.nodes().nodes_with_image(name), 1U);
  node.images.pop_back();
  small.add(node);
  EXPECT_EQ(small.cluster.nodes().nodes_with_image(name), 1U);
  EXPECT_EQ(small.cluster.nodes().nodes_with_image(small.id("other:1")), 0U);
  small.cluster.remove_node(node.id);
  EXPECT_EQ(small.cluster.nodes().nodes_with_image(name), 0U);
}

TEST(Demand, AContainerWithoutRequestsIsScoredByDefaults) {
  model::PodSpec spec;
  spec.containers.resize(2);
  spec.containers[1].requests.set(model::kCpu, 0);
  const Demand demand = demand_of(spec);
  EXPECT_EQ(demand.amounts[model::kCpu.index], 0);
  EXPECT_EQ(demand.amounts[model::kPods.index], 1);
  EXPECT_EQ(demand.scored_cpu, 100);
  EXPECT_EQ(demand.scored_memory, 400LL * 1024 * 1024);
}

TEST(Cluster, PodsOfOneShapeButOtherPodLevelRequestsAreCountedApart) {
  model::Catalog catalog;
  Cluster cluster(catalog, PodLevelResources::counted);
  model::PodSpec spec = SmallCluster::spec(100, 100);
  const ShapeId plain = cluster.shapes().of(catalog.intern_spec(spec));
  spec.has_pod_requests = true;
  spec.pod_requests.set(model::kCpu, 700);
  const ShapeId whole = cluster.shapes().of(catalog.intern_spec(spec));
  EXPECT_NE(plain, whole);
  EXPECT_EQ(cluster.shapes()[whole].demand.amounts[model::kCpu.index], 700);
  Cluster ignoring(catalog);
  EXPECT_EQ(ignoring.shapes()[ignoring.shapes().of(catalog.intern_spec(spec))]
                .demand.amounts[model::kCpu.index],
            100);
}

TEST(Cluster, UsersOfAClaimComeAndGoWithTheirPods) {
  SmallCluster small;
  const NodeId node = small.add_node("n1");
  model::PodSpec spec = SmallCluster::spec(100, 0);
  spec.volumes.emplace_back().source = small.id("claim");
  const Uid uid = small.add_pod(spec, node);
  EXPECT_EQ(small.cluster.claim_users(small.name_space, small.id("claim")), 1U);
  small.cluster.lift(uid, *small.cluster.pods().find(uid));
  EXPECT_EQ(small.cluster.claim_users(small.name_space, small.id("claim")), 0U);
}

}  // namespace
}  // namespace arcas::scheduler
