#include <gtest/gtest.h>

#include <set>
#include <string>

#include "core/scheduler/policies/registry.h"

namespace arcas::policies {
namespace {

NodeView node_with(std::initializer_list<int> free, std::int64_t cpu = 96'000) {
  NodeView node;
  node.cpu_free = cpu;
  node.cpu_capacity = 96'000;
  node.memory_free = node.memory_capacity = 393'216;
  node.pods_free = 1001;
  for (const int milli : free) node.free[node.device_count++] = static_cast<std::int16_t>(milli);
  return node;
}

PodView gpu_pod(std::int64_t cpu, std::int32_t devices, std::int32_t milli) {
  return {cpu, 1'024, devices, milli, kAnyModel};
}

Placement place(const std::string& name, const NodeView& node, const PodView& pod,
                const PolicySetup& setup = {}) {
  const auto policy = make_policy(name, setup);
  EXPECT_TRUE(policy) << policy.error().message;
  RandomStream random(1);
  return policy.value()->place(node, pod, random);
}

TEST(Policies, ScoresFollowTheFormulasOfThePaper) {
  // 100 (1 - (64/128 · 32/128 + 1.5/8 · 0.5/8) / 2), truncated.
  EXPECT_EQ(place("dot-product", node_with({1000, 500}, 64'000), gpu_pod(32'000, 1, 500)).score,
            93);
  // 100 (1 - 32/128/2 - 1/8/2), truncated.
  EXPECT_EQ(place("best-fit", node_with({1000, 500}, 64'000), gpu_pod(32'000, 1, 500)).score, 81);
  // 25 · 6500 / 8000 and nothing on the node yet.
  EXPECT_EQ(place("clustering", node_with({1000, 500}), gpu_pod(1, 1, 500)).score, 20 + 25);
  NodeView mixed = node_with({1000, 500});
  mixed.class_pods = {1, 1, 0, 0, 0, 0};
  EXPECT_EQ(place("clustering", mixed, gpu_pod(1, 1, 500)).score, 20 + 50);
  EXPECT_EQ(place("clustering", mixed, gpu_pod(1, 1, 1000)).score, 20 + 50);
  mixed.class_pods = {1, 0, 0, 0, 0, 0};
  EXPECT_EQ(place("clustering", mixed, gpu_pod(1, 1, 500)).score, 20 + 75);
  EXPECT_EQ(place("clustering", mixed, gpu_pod(1, 1, 1000)).score, 20);
  EXPECT_EQ(place("clustering", mixed, gpu_pod(1, 0, 0)).score, 0);
}

TEST(Policies, PackingPrefersSharedDevicesThenUsedNodesThenUnusedOnes) {
  EXPECT_EQ(place("packing", node_with({1000, 500}), gpu_pod(1, 1, 500)).score, 95);
  EXPECT_EQ(place("packing", node_with({1000, 500}), gpu_pod(1, 1, 600)).score, 49);
  EXPECT_EQ(place("packing", node_with({1000, 1000}), gpu_pod(1, 1, 600)).score, 31);
  EXPECT_EQ(place("packing", node_with({1000, 1000, 0}), gpu_pod(1, 2, 1000)).score, 48);
  EXPECT_EQ(place("packing", node_with({1000}), gpu_pod(1, 0, 0)).score, 0);
}

TEST(Policies, FgdScoresTheGrowthOfFragmentationOnASigmoid) {
  PolicySetup setup;
  setup.typical = {{gpu_pod(1'000, 1, 500), 3}, {gpu_pod(1'000, 1, 1000), 1}};
  // Before: the pod of 1000 finds nothing usable on the half device, 500 lost for a quarter: 125.
  // After: nothing is free, nothing lost. 100 / (1 + e^-0.125) = 53.1.
  EXPECT_EQ(place("fgd", node_with({500}), gpu_pod(1'000, 1, 500), setup).score, 53);
  // Breaking a whole device loses 500 for a quarter: 100 / (1 + e^0.125) = 46.8.
  EXPECT_EQ(place("fgd", node_with({1000}), gpu_pod(1'000, 1, 500), setup).score, 46);
  // Of the two the half device wins.
  EXPECT_EQ(place("fgd", node_with({1000, 500}), gpu_pod(1'000, 1, 500), setup).devices, 0b10);
  // Without change: exactly one half.
  EXPECT_EQ(place("fgd", node_with({1000}), gpu_pod(1'000, 0, 0), setup).score, 50);
  EXPECT_EQ(place("fgd", node_with({1000}), gpu_pod(1'000, 1, 1000)).score, 50);
}

TEST(Policies, TheBorgScoreLikesEqualSharesOfFreeCpuAndMemory) {
  NodeView even = node_with({}, 10'000);
  even.memory_free = 10'240;
  NodeView uneven = even;
  uneven.memory_free = 102'400;
  const PodView pod{1'000, 1'024, 0, 0, kAnyModel};
  // c = m = 1/10: -(0.1 + 0.1 + 1 + 1), in 2^-20.
  EXPECT_NEAR(static_cast<double>(place("alpha-evolve", even, pod).score) / (1 << 20), -2.2, 1e-4);
  EXPECT_GT(place("alpha-evolve", even, pod).score, place("alpha-evolve", uneven, pod).score);
  const PodView nothing{};
  EXPECT_LT(place("alpha-evolve", even, nothing).score, 0);
}

TEST(Policies, SimplePoliciesOrderNodesAsTheirNamesSay) {
  const NodeView fuller = node_with({500, 0}, 48'000);
  const NodeView emptier = node_with({1000, 1000}, 96'000);
  const PodView pod = gpu_pod(1'000, 1, 500);
  for (const char* name : {"best-fit", "least-waste"}) {
    EXPECT_GT(place(name, fuller, pod).score, place(name, emptier, pod).score) << name;
  }
  EXPECT_LT(place("worst-fit", fuller, pod).score, place("worst-fit", emptier, pod).score);
  EXPECT_EQ(place("first-fit", fuller, pod).score, place("first-fit", emptier, pod).score);
  EXPECT_EQ(place("worst-fit", node_with({600, 900, 900}), pod).devices, 0b010);
  EXPECT_EQ(place("first-fit", node_with({400, 900, 500}), pod).devices, 0b010);
}

TEST(Policies, RandomDrawsEveryDeviceThatFitsEquallyOften) {
  const auto policy = make_policy("random", {});
  ASSERT_TRUE(policy);
  EXPECT_TRUE(policy.value()->draws());
  const NodeView node = node_with({700, 100, 600, 500});
  RandomStream random(7);
  std::array<int, 16> seen{};
  for (int i = 0; i < 3'000; ++i) {
    ++seen[policy.value()->place(node, gpu_pod(1, 1, 500), random).devices];
  }
  for (const int mask : {0b0001, 0b0100, 0b1000}) {
    EXPECT_NEAR(seen[static_cast<std::size_t>(mask)], 1'000, 120) << mask;
  }
  const DeviceSet two = policy.value()->place(node, gpu_pod(1, 2, 600), random).devices;
  EXPECT_EQ(two, 0b0101);
}

TEST(Policies, EveryPolicyTakesAsManyFittingDevicesAsThePodWants) {
  PolicySetup setup;
  setup.typical = {{gpu_pod(4'000, 1, 500), 2}, {gpu_pod(9'000, 2, 1000), 1}};
  setup.shapes = {{node_with({1000, 1000}), 5}};
  RandomStream random(3);
  for (const PolicyInfo& info : all_policies()) {
    const auto policy = make_policy(info.name, setup);
    ASSERT_TRUE(policy);
    for (int i = 0; i < 300; ++i) {
      NodeView node = node_with({}, random.between(0, 96'000));
      node.device_count = static_cast<std::uint8_t>(random.below(9));
      for (std::size_t d = 0; d < node.device_count; ++d) {
        node.free[d] = static_cast<std::int16_t>(random.between(0, 10) * 100);
      }
      PodView pod = gpu_pod(random.between(0, 20'000), static_cast<int>(random.below(4)), 0);
      if (pod.devices > 0) pod.device_milli = static_cast<int>(random.between(1, 10)) * 100;
      if (!fits(node, pod)) continue;
      const Placement placement = policy.value()->place(node, pod, random);
      NodeView next = node;
      reserve(next, pod, placement.devices);  // ends the process if a device does not fit
      EXPECT_EQ(next.device_free(), node.device_free() - pod.total_milli()) << info.name;
    }
  }
}

TEST(Policies, AnUnknownNameIsRefusedWithTheNamesThatExist) {
  const auto policy = make_policy("bestfit", {});
  ASSERT_FALSE(policy);
  EXPECT_EQ(policy.error().message,
            "\"bestfit\" is not a placement policy; allowed: alpha-evolve, arcas, best-fit, "
            "clustering, dot-product, fgd, first-fit, least-waste, packing, random, worst-fit");
  EXPECT_FALSE(make_policy("", {}));
  std::set<std::string_view> names;
  for (const PolicyInfo& info : all_policies()) {
    EXPECT_TRUE(names.insert(info.name).second);
    EXPECT_FALSE(info.summary.empty());
    EXPECT_FALSE(info.source.empty());
  }
}

TEST(Policies, SetupsOutOfRangeAreRefused) {
  PolicySetup setup;
  setup.cpu_scale_milli = 0;
  EXPECT_FALSE(make_policy("best-fit", setup));
  setup = {};
  setup.typical = {{gpu_pod(1, 1, 0), 1}};
  EXPECT_FALSE(make_policy("fgd", setup));
  setup.typical = {{gpu_pod(1, 17, 1000), 1}};
  EXPECT_FALSE(make_policy("fgd", setup));
  setup.typical = {{gpu_pod(1, 1, 1000), 0}};
  EXPECT_FALSE(make_policy("arcas", setup));
  setup.typical = {{gpu_pod(-1, 1, 1000), 1}};
  EXPECT_FALSE(make_policy("arcas", setup));
  setup = {};
  setup.shapes = {{node_with({1000}), -1}};
  EXPECT_FALSE(make_policy("arcas", setup));
}

}  // namespace
}  // namespace arcas::policies
