#include "sim/whatif/recovery.h"

#include <gtest/gtest.h>

#include <string>

#include "core/manifest/snapshot_reader.h"
#include "sim/whatif/answer.h"
#include "sim/whatif/snapshot_region.h"

namespace arcas::sim {
namespace {

std::string node_text(const std::string& name, const std::string& zone) {
  return R"({"apiVersion":"v1","kind":"Node","metadata":{"name":")" + name +
         R"(","labels":{"kubernetes.io/hostname":")" + name +
         R"(","topology.kubernetes.io/zone":")" + zone +
         R"("}},"status":{"allocatable":{"cpu":"4","memory":"8Gi","pods":"20"},)"
         R"("conditions":[{"type":"Ready","status":"True"}]}})";
}

std::string pod_text(const std::string& name, const std::string& node, const std::string& owner) {
  return R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":")" + name +
         R"(","labels":{"app":")" + name.substr(0, 3) + R"("},"ownerReferences":[{"kind":")" +
         owner + R"(","name":"web","controller":true}]},"spec":{"nodeName":")" + node +
         R"(","containers":[{"name":"c","resources":{"requests":{"cpu":"500m"}}}]},)"
         R"("status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}})";
}

/// Three zones of four nodes; every node has a pod of a ReplicaSet and one of a DaemonSet.
LoadedSnapshot cluster_of(const std::string& more = "") {
  std::string text = "[";
  for (int i = 0; i < 12; ++i) {
    const std::string name = "n" + std::to_string(i);
    text += (i == 0 ? "" : ",") + node_text(name, std::string(1, static_cast<char>('a' + i / 4)));
    text += "," + pod_text("web-" + std::to_string(i), name, "ReplicaSet");
    text += "," + pod_text("log-" + std::to_string(i), name, "DaemonSet");
  }
  LoadedSnapshot loaded;
  loaded.catalog = std::make_unique<model::Catalog>();
  manifest::SnapshotReader reader(*loaded.catalog);
  reader.begin_file("f");
  EXPECT_TRUE(reader.write(text + more + "]").ok());
  EXPECT_TRUE(reader.end_file().ok());
  loaded.report = reader.finish(loaded.snapshot);
  EXPECT_EQ(loaded.report.problem_count, 0U);
  return loaded;
}

std::string budget_text(int min_available) {
  return R"(,{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"b",)"
         R"("namespace":"default"},"spec":{"minAvailable":)" +
         std::to_string(min_available) + R"(,"selector":{"matchLabels":{"app":"web"}}}})";
}

Recovery recovery_of(LoadedSnapshot& cluster, const Question& question) {
  auto found = answer(cluster, question);
  EXPECT_TRUE(found) << found.error().message;
  return found ? found->recovery : Recovery{};
}

TEST(Recovery, KubernetesTakesMinutesForAZoneAndArcasSeconds) {
  LoadedSnapshot cluster = cluster_of();
  const Recovery kubernetes = recovery_of(cluster, {"az-fail", {"b"}, "kubernetes"});
  EXPECT_EQ(kubernetes.displaced, 4U);
  EXPECT_EQ(kubernetes.recovered, 4U);
  // Its grace is 40 s and its pods tolerate 300 s; then one node each 10 s.
  EXPECT_GT(kubernetes.p50, seconds(340));
  EXPECT_GT(kubernetes.max, kubernetes.p50 + seconds(10));
  EXPECT_EQ(kubernetes.max, kubernetes.over);
  const Recovery arcas = recovery_of(cluster, {"az-fail", {"b"}, "arcas"});
  EXPECT_EQ(arcas.recovered, 4U);
  EXPECT_LT(arcas.max, seconds(60));
}

TEST(Recovery, TheSameQuestionHasTheSameAnswer) {
  LoadedSnapshot first = cluster_of();
  LoadedSnapshot second = cluster_of();
  const Recovery a = recovery_of(first, {"az-fail", {"a"}, "kubernetes"});
  // One that has been asked before has a larger catalog.
  recovery_of(second, {"drain", {"n5"}, "arcas"});
  const Recovery b = recovery_of(second, {"az-fail", {"a"}, "kubernetes"});
  EXPECT_EQ(a.p50, b.p50);
  EXPECT_EQ(a.max, b.max);
  EXPECT_EQ(a.simulated, b.simulated);
}

TEST(Recovery, ADrainedNodesPodsRunElsewhereInSeconds) {
  LoadedSnapshot cluster = cluster_of();
  const Recovery drained = recovery_of(cluster, {"drain", {"n5", "n6"}, "kubernetes"});
  EXPECT_EQ(drained.displaced, 2U);
  EXPECT_EQ(drained.recovered, 2U);
  EXPECT_EQ(drained.refused, 0U);
  EXPECT_LT(drained.over, seconds(30));
}

TEST(Recovery, ABudgetLetsPodsGoOneAfterAnother) {
  LoadedSnapshot loose = cluster_of();
  LoadedSnapshot tight = cluster_of(budget_text(11));
  const Question question{"drain", {"n0", "n1", "n2", "n3"}, "kubernetes"};
  const Recovery at_once = recovery_of(loose, question);
  const Recovery in_turn = recovery_of(tight, question);
  EXPECT_EQ(in_turn.recovered, 4U);
  EXPECT_EQ(in_turn.refused, 0U);
  EXPECT_GT(in_turn.over, at_once.over + seconds(10));  // asked again every 5 s
}

TEST(Recovery, ABudgetThatAllowsNothingRefusesForEver) {
  LoadedSnapshot cluster = cluster_of(budget_text(12));
  const Recovery refused = recovery_of(cluster, {"drain", {"n0", "n1"}, "kubernetes"});
  EXPECT_EQ(refused.displaced, 0U);
  EXPECT_EQ(refused.refused, 2U);
}

TEST(Recovery, AnUpgradeGoesBatchByBatch) {
  LoadedSnapshot cluster = cluster_of();
  const Recovery upgraded = recovery_of(cluster, {"upgrade", {"3"}, "kubernetes"});
  EXPECT_GE(upgraded.displaced, 12U);  // some move more than once
  EXPECT_EQ(upgraded.recovered, upgraded.displaced);
  EXPECT_GT(upgraded.over, upgraded.max);
}

TEST(Recovery, PodsThatFindNoRoomWait) {
  LoadedSnapshot cluster = cluster_of();
  for (model::Node& node : cluster.snapshot.nodes) {
    node.allocatable.set(model::kPods, 2);
  }
  const Recovery full = recovery_of(cluster, {"az-fail", {"c"}, "arcas"});
  EXPECT_EQ(full.displaced, 4U);
  EXPECT_EQ(full.recovered, 0U);
  EXPECT_EQ(full.waiting, 4U);
  EXPECT_LT(full.p50, Duration{0});
}

TEST(Recovery, ChangesThatMoveNothingAreNotSimulated) {
  LoadedSnapshot cluster = cluster_of();
  EXPECT_FALSE(recovery_of(cluster, {"add-nodes", {"n0x2"}}).why_not.empty());
  EXPECT_FALSE(recovery_of(cluster, {"scale", {"web=14"}}).why_not.empty());
}

TEST(SnapshotRegion, EverythingRunsWhereTheSnapshotHasIt) {
  LoadedSnapshot cluster = cluster_of();
  SnapshotRegion region =
      region_of(cluster.snapshot, *cluster.catalog, roles::Profile::kubernetes());
  EXPECT_EQ(region.pods, 24U);
  while (region.run->now() < TimePoint{} + seconds(60)) ASSERT_TRUE(region.run->step());
  EXPECT_EQ(region.run->counts().pods_running, 24U);
  std::size_t pods = 0;
  region.run->for_each_pod([&](const model::Pod& pod) {
    const auto& was = cluster.snapshot.pods[pods++].pod;
    EXPECT_EQ(pod.node, region.node_of[was.node.index]);
  });
  EXPECT_EQ(pods, 24U);
}

}  // namespace
}  // namespace arcas::sim
