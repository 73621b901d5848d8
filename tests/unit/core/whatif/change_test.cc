#include "core/whatif/change.h"

#include <gtest/gtest.h>

#include <tuple>

#include "tests/support/small_snapshot.h"

namespace arcas::whatif {
namespace {

class NamesTest : public testing::Test {
 protected:
  NamesTest() {
    world_.node("n1", "a");
    world_.node("n2", "b", 8000);
    world_.workload("web", "Deployment");
    world_.workload("web", "StatefulSet");
    world_.workload("api", "Deployment");
    world_.workload("agent", "DaemonSet");
  }
  template <class T>
  static std::string error(const Expected<T>& result) {
    return result ? "none" : result.error().message;
  }
  SmallSnapshot world_;
};

TEST_F(NamesTest, ZonesAndNodesAreFoundOrListed) {
  const auto& [snapshot, catalog] = std::tie(world_.snapshot, world_.catalog);
  EXPECT_EQ(zone_named("b", snapshot, catalog)->zone, snapshot.nodes[1].zone);
  EXPECT_EQ(error(zone_named("c", snapshot, catalog)),
            "\"c\" is no zone of any node; allowed: a, b");
  EXPECT_EQ(nodes_named({"n2", "n1", "n2"}, snapshot, catalog)->size(), 2U);
  EXPECT_EQ(error(nodes_named({"n3"}, snapshot, catalog)), "\"n3\" is no node; allowed: n1, n2");
  EXPECT_NE(error(zone_named("a", model::Snapshot{}, catalog)).find("no node has the label"),
            std::string::npos);
}

TEST_F(NamesTest, NodesAreSelectedByLabels) {
  const auto& [snapshot, catalog] = std::tie(world_.snapshot, world_.catalog);
  EXPECT_EQ(nodes_selected("topology.kubernetes.io/zone=a", snapshot, catalog)->size(), 1U);
  EXPECT_EQ(nodes_selected("topology.kubernetes.io/zone", snapshot, catalog)->size(), 2U);
  EXPECT_NE(error(nodes_selected("pool=x", snapshot, catalog)).find("selects no node"),
            std::string::npos);
  EXPECT_NE(error(nodes_selected("a in (", snapshot, catalog)), "none");
}

TEST_F(NamesTest, ShapesAreNodesTypesOrAmounts) {
  const auto& [snapshot, catalog] = std::tie(world_.snapshot, world_.catalog);
  const auto like = nodes_to_add("n2×3", snapshot, catalog);
  ASSERT_TRUE(like) << error(like);
  EXPECT_EQ(like->count, 3U);
  EXPECT_EQ(like->like.allocatable.get(model::kCpu), 8000);
  const auto amounts = nodes_to_add("500mcpu,2Gi,zone=bx2", snapshot, catalog);
  ASSERT_TRUE(amounts) << error(amounts);
  EXPECT_EQ(amounts->like.allocatable.get(model::kCpu), 500);
  EXPECT_EQ(amounts->like.allocatable.get(model::kMemory), std::int64_t{2} << 30);
  EXPECT_EQ(amounts->like.zone, snapshot.nodes[1].zone);
  for (const char* bad : {"", "n1", "n1x0", "n1x-1", "n1x100001", "nothingx2", "8cpux2", "2Gix2",
                          "-1cpu,2Gix2", "8cpu,2Gi,zone=nox2", "x3"}) {
    EXPECT_NE(error(nodes_to_add(bad, snapshot, catalog)).find("allowed:"), std::string::npos)
        << bad;
  }
}

TEST_F(NamesTest, TargetsAreFoundByNameKindAndNamespace) {
  const auto& [snapshot, catalog] = std::tie(world_.snapshot, world_.catalog);
  EXPECT_EQ(scale_of("api=5", snapshot, catalog)->workload, 2U);
  EXPECT_EQ(scale_of("deploy/web=5", snapshot, catalog)->workload, 0U);
  EXPECT_EQ(scale_of("sts/default/web=0", snapshot, catalog)->workload, 1U);
  EXPECT_EQ(scale_of("default/api=7", snapshot, catalog)->replicas, 7);
  EXPECT_NE(error(scale_of("web=5", snapshot, catalog)).find("could be several"),
            std::string::npos);
  EXPECT_NE(error(scale_of("agent=5", snapshot, catalog)).find("is no workload; allowed: "),
            std::string::npos);
  for (const char* bad : {"api", "api=", "api=x", "api=-1", "=3", "a/b/c/api=3", "api=1000001"}) {
    EXPECT_NE(error(scale_of(bad, snapshot, catalog)).find("allowed:"), std::string::npos) << bad;
  }
}

TEST_F(NamesTest, AnUpgradeGoesByZoneAndName) {
  SmallSnapshot world;
  world.node("n3", "b");
  world.node("n2", "a");
  world.node("n1", "b");
  EXPECT_EQ(upgrade_order(world.snapshot, world.catalog), (std::vector<std::size_t>{1, 2, 0}));
}

}  // namespace
}  // namespace arcas::whatif
