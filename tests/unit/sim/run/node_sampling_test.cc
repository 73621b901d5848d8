#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>

#include "core/roles/configs.h"
#include "sim/run/simulation.h"

namespace arcas::sim {
namespace {

/// Runs a Deployment of 30 pods on 150 small nodes and a large one, on which every decision that
/// sees it would place the pod; says how many pods the
/// fullest node has: the large one.
int pods_on_the_fullest_node(const std::string& profile, const std::string& parameters) {
  const auto scenario = parse_scenario(
      "name: test\n"
      "profile: " +
          profile + "\nparameters: {" + parameters +
          "}\n"
          "region: {zones: [a, b, c], racks_per_zone: 1,\n"
          "         node_shapes: [{name: small, count: 150, cpu: 4, memory: 16Gi},\n"
          "                       {name: large, count: 1, cpu: 400, memory: 1600Gi}]}\n"
          "tenants: 1\n"
          "workload:\n"
          "  total_pods: 30\n"
          "  smallest: 30\n  largest: 30\n  mean: 30\n"
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
  EXPECT_EQ(summary.pods_running, 30);
  std::map<std::uint32_t, int> on_node;
  (*simulation)->run().for_each_pod([&](const model::Pod& pod) { ++on_node[pod.node.index]; });
  int most = 0;
  for (const auto& [node, pods] : on_node) most = std::max(most, pods);
  return most;
}

// A sample of 151 nodes is 100 of them, from where the last one ended.
TEST(NodeSamplingInRuns, IsOnUnderProfileKubernetesWithoutAConfiguration) {
  const int pods = pods_on_the_fullest_node("kubernetes", "default_spread: false");
  EXPECT_GE(pods, 15);
  EXPECT_LE(pods, 25);
}

TEST(NodeSamplingInRuns, IsOffWhereAllNodesAreAskedFor) {
  EXPECT_EQ(pods_on_the_fullest_node("kubernetes",
                                     "default_spread: false, percentage_of_nodes_to_score: 100"),
            30);
  EXPECT_EQ(pods_on_the_fullest_node("arcas", ""), 30);
}

TEST(NodeSamplingInRuns, ProfilesHaveTheirDefaults) {
  const auto kubernetes = roles::scheduler_config(roles::Profile::kubernetes());
  EXPECT_EQ(kubernetes.profile.percentage_of_nodes_to_score, 0);
  EXPECT_EQ(kubernetes.most_nodes_to_score, 0U);
  const auto arktos = roles::scheduler_config(roles::Profile::arktos());
  EXPECT_EQ(arktos.profile.percentage_of_nodes_to_score, 0);
  EXPECT_EQ(arktos.most_nodes_to_score, 500U);
  const auto arcas = roles::scheduler_config(roles::Profile::arcas());
  EXPECT_EQ(arcas.profile.percentage_of_nodes_to_score, 100);
}

}  // namespace
}  // namespace arcas::sim
