#include <gtest/gtest.h>

#include "core/base/rng.h"
#include "core/scheduler/policies/fluid_packing.h"
#include "core/scheduler/policies/fragmentation.h"
#include "core/scheduler/policies/node_worth.h"

namespace arcas::policies {
namespace {

PodView gpu_pod(std::int64_t cpu, std::int32_t devices, std::int32_t milli,
                ModelSet models = kAnyModel) {
  return {cpu, 0, devices, milli, models};
}

NodeView empty_node(std::uint8_t devices, std::int64_t cpu, std::uint8_t model = 0) {
  NodeView node;
  node.cpu_free = node.cpu_capacity = cpu;
  node.memory_free = node.memory_capacity = 1'000;
  node.pods_free = 1'000;
  node.device_count = devices;
  node.model = model;
  for (std::size_t i = 0; i < devices; ++i) node.free[i] = kWholeDevice;
  return node;
}

/// The definition in the paper, kind by kind.
std::int64_t fragmentation_by_definition(const NodeView& node,
                                         const std::vector<TypicalPod>& typical) {
  std::int64_t sum = 0;
  for (const TypicalPod& kind : typical) {
    std::int64_t too_small = 0;
    std::int32_t able = 0;
    for (std::size_t i = 0; i < node.device_count; ++i) {
      const bool enough = node.free[i] >= kind.pod.device_milli;
      able += enough;
      too_small += enough ? 0 : node.free[i];
    }
    const bool none = kind.pod.devices == 0 || kind.pod.cpu_milli > node.cpu_free ||
                      able < kind.pod.devices || ((kind.pod.models >> node.model) & 1U) == 0;
    sum += kind.weight * (none ? node.device_free() : too_small);
  }
  return sum;
}

TEST(Fragmentation, TheTablesGiveWhatTheDefinitionGives) {
  RandomStream random(11);
  for (int round = 0; round < 200; ++round) {
    std::vector<TypicalPod> typical;
    for (int i = 0; i < 12; ++i) {
      const auto devices = static_cast<std::int32_t>(random.below(4));
      const auto milli = devices == 0 ? 0 : static_cast<std::int32_t>(random.between(1, 1000));
      typical.push_back({gpu_pod(random.between(0, 20) * 1'000, devices, milli,
                                 random.chance(1, 2) ? kAnyModel : random.between(1, 7)),
                         random.between(1, 50)});
    }
    const Fragmentation fragmentation(typical);
    for (int i = 0; i < 20; ++i) {
      NodeView node =
          empty_node(static_cast<std::uint8_t>(random.below(17)), random.between(0, 25) * 1'000,
                     static_cast<std::uint8_t>(random.below(3)));
      for (std::size_t d = 0; d < node.device_count; ++d) {
        node.free[d] = static_cast<std::int16_t>(random.between(0, 1000));
      }
      ASSERT_EQ(fragmentation.of(node), fragmentation_by_definition(node, typical));
    }
  }
}

TEST(FluidPacking, PairsThatFitOneDeviceFillItAndSupplyLimitsThem) {
  const std::vector<NodeShape> shapes{{empty_node(4, 1'000'000), 10}};
  // 30 of 600 and 30 of 400: thirty devices full.
  const FluidPacking full = solve_fluid_packing(
      {{gpu_pod(1, 1, 600), 30}, {gpu_pod(1, 1, 400), 30}}, shapes, FluidLimits::devices);
  EXPECT_NEAR(full.allocated, 30, 1e-5);
  // 80 of 600: one on each of forty devices.
  const FluidPacking half =
      solve_fluid_packing({{gpu_pod(1, 1, 600), 80}}, shapes, FluidLimits::devices);
  EXPECT_NEAR(half.allocated, 24, 1e-5);
  EXPECT_NEAR(half.device_worth, 0.6, 1e-6);
  EXPECT_NEAR(half.gain[0], 0, 1e-6);
}

TEST(FluidPacking, CpuMemoryModelsAndPodsOfSeveralDevicesLimitToo) {
  const std::vector<NodeShape> shapes{{empty_node(4, 8'000), 10}, {empty_node(2, 8'000, 1), 5}};
  const std::vector<FluidSupply> supply{{gpu_pod(4'000, 1, 1000), 100}};
  EXPECT_NEAR(solve_fluid_packing(supply, shapes, FluidLimits::devices).allocated, 50, 1e-5);
  EXPECT_NEAR(solve_fluid_packing(supply, shapes, FluidLimits::devices_cpu_memory).allocated, 30,
              1e-5);
  EXPECT_NEAR(
      solve_fluid_packing({{gpu_pod(1, 1, 1000, 2), 100}}, shapes, FluidLimits::devices).allocated,
      10, 1e-5);
  EXPECT_NEAR(
      solve_fluid_packing({{gpu_pod(1, 4, 1000), 100}}, shapes, FluidLimits::devices).allocated, 40,
      1e-5);
  PodView hungry = gpu_pod(1, 1, 1000);
  hungry.memory_mib = 500;
  EXPECT_NEAR(
      solve_fluid_packing({{hungry, 100}}, shapes, FluidLimits::devices_cpu_memory).allocated, 30,
      1e-5);
}

TEST(FluidPacking, NothingToPackAndNowhereToPackAreFine) {
  EXPECT_EQ(solve_fluid_packing({}, {}, FluidLimits::devices).allocated, 0);
  EXPECT_EQ(solve_fluid_packing({}, {{empty_node(4, 1), 1}}, FluidLimits::devices).allocated, 0);
  EXPECT_EQ(
      solve_fluid_packing({{gpu_pod(1, 1, 500), 3}}, {}, FluidLimits::devices_cpu_memory).allocated,
      0);
}

PolicySetup setup_of(std::vector<TypicalPod> typical) {
  PolicySetup setup;
  setup.typical = std::move(typical);
  setup.shapes = {{empty_node(8, 96'000), 100}};
  return setup;
}

TEST(NodeWorth, APriceIsTheShareOfADeviceThatAPodCostsForGood) {
  // 810 leaves a hole that hardly any pod fits; the small one fits there and costs little.
  const auto prices = price_typical_pods(setup_of({{gpu_pod(1, 1, 810), 500},
                                                   {gpu_pod(1, 1, 1000), 400},
                                                   {gpu_pod(1, 1, 470), 200},
                                                   {gpu_pod(1, 1, 160), 10}}));
  const auto near = [&](std::size_t kind, double rent, double own) {
    EXPECT_NEAR(static_cast<double>(prices[kind]) / NodeWorth::kDevice, 0.7 * rent + 0.3 * own,
                1e-3);
  };
  near(0, 1, 0.81);
  near(1, 1, 1);
  near(2, 0.5, 0.47);
  near(3, 0, 0.16);
}

TEST(NodeWorth, AHoleIsWorthTheTypicalPodsThatFitItAndCpuShortageLessensIt) {
  const PolicySetup setup = setup_of({{gpu_pod(8'000, 1, 1000), 10}, {gpu_pod(4'000, 1, 500), 10}});
  const NodeWorth worth(setup);
  EXPECT_EQ(worth.of(empty_node(8, 96'000)), 8 * NodeWorth::kDevice);
  NodeView node = empty_node(1, 96'000);
  node.free[0] = 499;
  EXPECT_EQ(worth.of(node), 0);
  node.free[0] = 999;
  EXPECT_EQ(worth.of(node), NodeWorth::kDevice / 2);
  // No cpu is left: the tenth that hangs on cpu is gone; with half of it, half of that.
  EXPECT_EQ(worth.of(empty_node(1, 0)), NodeWorth::kDevice * 9 / 10);
  EXPECT_NEAR(static_cast<double>(worth.of(empty_node(1, 4'000))), 0.95 * NodeWorth::kDevice, 2);
  EXPECT_EQ(worth.of(empty_node(0, 4'000)), 0);
}

TEST(NodeWorth, MoreRoomIsNeverWorthLess) {
  RandomStream random(5);
  PolicySetup setup = setup_of({});
  for (int i = 0; i < 15; ++i) {
    setup.typical.push_back(
        {gpu_pod(random.between(1, 20) * 1'000, 1, static_cast<int>(random.between(10, 1000))),
         random.between(1, 9)});
  }
  const NodeWorth worth(setup);
  for (int i = 0; i < 500; ++i) {
    NodeView node = empty_node(4, random.between(0, 60'000));
    for (std::size_t d = 0; d < 4; ++d) node.free[d] = static_cast<std::int16_t>(random.below(900));
    NodeView more = node;
    more.cpu_free += 1'000;
    EXPECT_GE(worth.of(more), worth.of(node) - 1);
    more = node;
    more.free[2] = static_cast<std::int16_t>(more.free[2] + 100);
    EXPECT_GE(worth.of(more), worth.of(node) - 1);
  }
}

TEST(NodeWorth, WithoutTypicalPodsNothingIsWorthAnything) {
  EXPECT_EQ(NodeWorth(PolicySetup{}).of(empty_node(8, 96'000)), 0);
}

}  // namespace
}  // namespace arcas::policies
