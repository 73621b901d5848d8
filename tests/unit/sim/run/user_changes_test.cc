#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>

#include "sim/run/simulation.h"

namespace arcas::sim {
namespace {

/// A region of 6 nodes with 30 pods, and what users do to it.
Expected<Scenario> region_with(const std::string& changes, const std::string& more = "") {
  return parse_scenario(
      "name: test\n"
      "region: {zones: [a, b, c], racks_per_zone: 1,\n"
      "         node_shapes: [{name: n, count: 6, cpu: 16, memory: 64Gi}]}\n"
      "tenants: 2\n"
      "workload:\n"
      "  total_pods: 30\n"
      "  smallest: 5\n  largest: 5\n  mean: 5\n"
      "  pods: [{cpu: 250m, memory: 1Gi}]\n"
      "  changes: [" +
          changes + "]\n" + more + "run: {limit: 20m, settle: 10s}\n",
      "s.yaml", {});
}

class UserChanges : public testing::Test {
 protected:
  /// Runs to the end, which must come by itself and without a violation.
  void run(const std::string& changes, const std::string& more = "") {
    const auto scenario = region_with(changes, more);
    ASSERT_TRUE(scenario) << scenario.error().message;
    auto made = Simulation::make(*scenario, {});
    ASSERT_TRUE(made) << made.error().message;
    simulation = std::move(*made);
    while (simulation->advance(10'000)) {
    }
    summary = simulation->summary(0);
    EXPECT_EQ(summary.violations.size(), 0U);
    EXPECT_TRUE(summary.converged);
    simulation->run().for_each_pod([&](const model::Pod& pod) {
      ++on_node[pod.node.index];
      ++of_image[image_of(pod)];
    });
  }
  std::string image_of(const model::Pod& pod) const {
    const model::Catalog& catalog = simulation->run().catalog();
    return catalog.text(catalog.spec(pod.spec).containers.front().image);
  }

  std::unique_ptr<Simulation> simulation;
  Summary summary;
  std::map<std::uint32_t, int> on_node;
  std::map<std::string, int> of_image;
};

TEST_F(UserChanges, ADrainedNodeIsEmptyAndItsPodsRunElsewhere) {
  run("{op: drain, at: 60s, node: 3}");
  EXPECT_EQ(on_node[3], 0);
  EXPECT_EQ(summary.pods_running, 30);
}

TEST_F(UserChanges, ACordonedNodeKeepsItsPodsAndGetsNoNewOnes) {
  run("{op: cordon, at: 30s, node: b-node-2}, {op: scale, at: 60s, deployment: app-0, "
      "replicas: 65}");
  EXPECT_EQ(summary.pods_running, 90);
  EXPECT_LE(on_node[2], 6);
  EXPECT_GE(on_node[3], 10);
}

TEST_F(UserChanges, AnUncordonedNodeGetsPodsAgain) {
  run("{op: drain, at: 30s, node: 2}, {op: uncordon, at: 60s, node: 2}, "
      "{op: scale, at: 90s, deployment: app-0, replicas: 65}");
  EXPECT_GE(on_node[2], 8);
}

TEST_F(UserChanges, WhatIsDeletedIsGoneAndWhatIsCreatedRuns) {
  run("{op: delete, at: 60s, deployment: app-1}, "
      "{op: create, at: 60s, deployment: extra, replicas: 7, pod: {cpu: 1}}");
  EXPECT_EQ(summary.pods_running, 32);
  EXPECT_EQ(of_image["image-extra"], 7);
}

TEST_F(UserChanges, AnUpdateReplacesEveryPod) {
  run("{op: update, at: 60s, deployment: app-2}");
  EXPECT_EQ(of_image["image-app-2-v1"], 5);
  EXPECT_EQ(summary.pods_running, 30);
}

TEST_F(UserChanges, DeletedPodsAreReplacedAndAreNoEvictions) {
  run("{op: delete_pods, at: 60s, deployment: app-2, count: 3}");
  EXPECT_EQ(summary.pods_running, 30);
  EXPECT_EQ(summary.evictions, 0);
}

TEST_F(UserChanges, UsersWhoseZoneLosesPowerAskAgain) {
  run("{op: scale, at: 61s, deployment: app-0, replicas: 9}",
      "faults: [{kind: zone_power_loss, at: 60s, zone: a, lasts: 30s}]\n");
  EXPECT_EQ(summary.pods_running, 34);
}

TEST_F(UserChanges, WaitingForAQuorumTakesOneTryAtATime) {
  run("{op: scale, at: 61s, deployment: app-0, replicas: 9}",
      "faults:\n"
      "  - {kind: zone_power_loss, at: 60s, zone: b, lasts: 5m}\n"
      "  - {kind: zone_power_loss, at: 60s, zone: c, lasts: 5m}\n");
  EXPECT_EQ(summary.pods_running, 34);
  EXPECT_LT(summary.events, 100'000);  // with tries that double it would be millions
}

TEST_F(UserChanges, ATargetThatIsNotThereIsRefusedBeforeTheRun) {
  const auto problem = [](const std::string& changes) {
    const auto scenario = region_with(changes);
    auto made = Simulation::make(*scenario, {});
    return made ? "accepted" : made.error().message;
  };
  EXPECT_EQ(
      problem("{op: drain, at: 60s, node: 6}"),
      "s.yaml:11:13: workload.changes[0].node: \"6\" is not a node of this region; allowed: a "
      "number below 6 or a name such as a-node-0");
  EXPECT_NE(problem("{op: scale, at: 1s, deployment: app-6, replicas: 1}").find("\"app-6\" is not"),
            std::string::npos);
  EXPECT_NE(problem("{op: delete, at: 1s, deployment: app-1}, "
                    "{op: update, at: 2s, deployment: app-1}")
                .find("workload.changes[1].deployment"),
            std::string::npos);
  EXPECT_NE(problem("{op: create, at: 1s, deployment: app-1, replicas: 1, pod: {cpu: 1}}")
                .find("is there already"),
            std::string::npos);
}

}  // namespace
}  // namespace arcas::sim
