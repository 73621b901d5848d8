#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>

#include "sim/run/simulation.h"

namespace arcas::sim {
namespace {

/// Runs one Deployment of 12 pods, which say nothing of spreading, on 11 small nodes and a large
/// one, and says how many pods the fullest node has.
int pods_on_the_fullest_node(const std::string& profile) {
  const auto scenario = parse_scenario(
      "name: test\n"
      "profile: " +
          profile +
          "\n"
          "region: {zones: [a, b, c], racks_per_zone: 1,\n"
          "         node_shapes: [{name: small, count: 11, cpu: 4, memory: 16Gi},\n"
          "                       {name: large, count: 1, cpu: 400, memory: 1600Gi}]}\n"
          "tenants: 1\n"
          "workload:\n"
          "  total_pods: 12\n"
          "  smallest: 12\n  largest: 12\n  mean: 12\n"
          "  pods: [{cpu: 100m, memory: 256Mi}]\n"
          "run: {limit: 20m, settle: 10s}\n",
      "s.yaml", {});
  EXPECT_TRUE(scenario) << scenario.error().message;
  auto simulation = Simulation::make(*scenario, {});
  EXPECT_TRUE(simulation) << simulation.error().message;
  while ((*simulation)->advance(10'000)) {
  }
  const Summary summary = (*simulation)->summary(0);
  EXPECT_EQ(summary.violations.size(), 0U);
  EXPECT_EQ(summary.pods_running, 12);
  std::map<std::uint32_t, int> on_node;
  (*simulation)->run().for_each_pod([&](const model::Pod& pod) { ++on_node[pod.node.index]; });
  int most = 0;
  for (const auto& [node, pods] : on_node) most = std::max(most, pods);
  return most;
}

// Kubernetes counts the pods of a pod's owner by host and zone where the pod says nothing itself.
TEST(DefaultSpread, IsFeltInWholeRunsUnderProfileKubernetes) {
  EXPECT_LE(pods_on_the_fullest_node("kubernetes"), 2);
}

TEST(DefaultSpread, IsLeftToPodsUnderProfileArcas) {
  EXPECT_EQ(pods_on_the_fullest_node("arcas"), 12);
}

}  // namespace
}  // namespace arcas::sim
