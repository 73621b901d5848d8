#include "core/scheduler/policies/placement_index.h"

#include <gtest/gtest.h>

#include "core/scheduler/policies/registry.h"

namespace arcas::policies {
namespace {

NodeView random_node(RandomStream& random) {
  NodeView node;
  node.cpu_free = node.cpu_capacity = random.between(1, 3) * 32'000;
  node.memory_free = node.memory_capacity = 100'000;
  node.pods_free = static_cast<std::int32_t>(random.between(2, 30));
  node.device_count = static_cast<std::uint8_t>(random.below(9));
  node.model = static_cast<std::uint8_t>(random.below(3));
  for (std::size_t i = 0; i < node.device_count; ++i) node.free[i] = kWholeDevice;
  return node;
}

PodView random_pod(RandomStream& random) {
  PodView pod;
  pod.cpu_milli = random.between(0, 12) * 1'000;
  pod.memory_mib = random.between(0, 9) * 1'000;
  pod.devices = static_cast<std::int32_t>(random.below(3));
  if (pod.devices > 0)
    pod.device_milli =
        pod.devices > 1 ? kWholeDevice : static_cast<int>(random.between(1, 10)) * 100;
  if (random.chance(1, 4)) pod.models = random.between(1, 7);
  return pod;
}

struct Cluster {
  std::vector<NodeView> nodes;
  std::vector<PodView> kinds;
  PolicySetup setup;
};

Cluster random_cluster(RandomStream& random) {
  Cluster cluster;
  for (std::uint64_t i = 0, n = random.between(1, 40); i < n; ++i) {
    cluster.nodes.push_back(random_node(random));
    cluster.setup.shapes.push_back({cluster.nodes.back(), 1});
  }
  for (int i = 0; i < 12; ++i) {
    cluster.kinds.push_back(random_pod(random));
    cluster.setup.typical.push_back({cluster.kinds.back(), random.between(1, 20)});
  }
  return cluster;
}

TEST(PlacementIndex, AnswersAsRatingEveryNodeDoesWhilePodsComeAndGo) {
  for (const PolicyInfo& info : all_policies()) {
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
      RandomStream random = RandomStream(seed).stream(info.name);
      const Cluster cluster = random_cluster(random);
      const auto policy = make_policy(info.name, cluster.setup);
      ASSERT_TRUE(policy) << policy.error().message;
      PlacementIndex index(*policy.value(), cluster.nodes);
      for (const PodView& pod : cluster.kinds) (void)index.add_kind(pod);
      std::vector<std::pair<std::uint32_t, PlacementIndex::Choice>> running;
      for (int step = 0; step < 400; ++step) {
        if (!running.empty() && random.chance(1, 3)) {
          const auto at = static_cast<std::ptrdiff_t>(random.below(running.size()));
          const auto [kind, choice] = running[static_cast<std::size_t>(at)];
          index.release(kind, choice);
          running.erase(running.begin() + at);
          continue;
        }
        const auto kind = static_cast<std::uint32_t>(random.below(cluster.kinds.size()));
        RandomStream one(static_cast<std::uint64_t>(step));
        RandomStream other = one;
        const auto found = index.choose(kind, one);
        const auto expected = index.scan(kind, other);
        ASSERT_EQ(found.has_value(), expected.has_value()) << info.name << " seed " << seed;
        if (!found) continue;
        ASSERT_EQ(found->node, expected->node) << info.name << " seed " << seed << " step " << step;
        ASSERT_EQ(found->placement.score, expected->placement.score);
        ASSERT_EQ(found->placement.devices, expected->placement.devices);
        index.reserve(kind, *found);
        running.emplace_back(kind, *found);
      }
    }
  }
}

TEST(PlacementIndex, TheFirstOfEqualNodesIsChosenAndNoNodeIsNoChoice) {
  const auto policy = make_policy("first-fit", {});
  ASSERT_TRUE(policy);
  NodeView node;
  node.cpu_free = 1'000;
  node.pods_free = 1;
  PlacementIndex index(*policy.value(), {node, node, node});
  const std::uint32_t kind = index.add_kind({500, 0, 0, 0, kAnyModel});
  RandomStream random;
  for (std::uint32_t expected = 0; expected < 3; ++expected) {
    const auto choice = index.choose(kind, random);
    ASSERT_TRUE(choice);
    EXPECT_EQ(choice->node, expected);
    index.reserve(kind, *choice);
  }
  EXPECT_FALSE(index.choose(kind, random));
}

}  // namespace
}  // namespace arcas::policies
