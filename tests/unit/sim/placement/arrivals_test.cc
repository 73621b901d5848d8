#include "sim/placement/arrivals.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace arcas::sim {
namespace {

PlacementTrace::Pod pod(const std::string& name, std::int64_t cpu, std::int32_t devices,
                        std::int32_t milli, const std::string& models = "") {
  return {name, {cpu, 0, devices, milli, policies::kAnyModel}, models};
}

/// Ten nodes of four devices, and pods that ask for `share` thousandths each.
PlacementTrace trace_of(int pods, std::int32_t share) {
  PlacementTrace trace;
  for (int i = 0; i < 10; ++i) {
    PlacementTrace::Node node;
    node.name = "n" + std::to_string(i);
    node.view.device_count = 4;
    node.view.cpu_capacity = i < 3 ? 1'000 : 2'000;
    trace.nodes.push_back(node);
  }
  for (int i = 0; i < pods; ++i) {
    trace.pods.push_back(pod("p" + std::to_string(1'000 + i), 100, 1, share));
  }
  return trace;
}

std::int64_t asked(const PlacementTrace& trace, const Arrivals& arrivals) {
  std::int64_t sum = 0;
  for (const std::uint32_t at : arrivals.pods) sum += trace.pods[at].view.total_milli();
  return sum;
}

TEST(Arrivals, TypicalPodsAreTheMostFrequentGroupsUpToNineteenTwentieths) {
  PlacementTrace trace = trace_of(0, 0);
  for (int i = 0; i < 60; ++i) trace.pods.push_back(pod("a" + std::to_string(i), 100, 1, 500));
  for (int i = 0; i < 20; ++i) trace.pods.push_back(pod("b" + std::to_string(i), 100, 0, 0));
  for (int i = 0; i < 15; ++i)
    trace.pods.push_back(pod("c" + std::to_string(i), 100, 1, 500, "T4"));
  for (int i = 0; i < 5; ++i) trace.pods.push_back(pod("d" + std::to_string(i), 100, 2, 1000));
  const auto typical = typical_pods(trace);
  ASSERT_EQ(typical.size(), 3U);  // 95 of 100 pods: the rest is left out
  EXPECT_EQ(typical[0].weight, 60);
  EXPECT_EQ(typical[1].weight, 20);
  EXPECT_EQ(typical[1].pod.devices, 0);
  EXPECT_EQ(typical[2].weight, 15);
}

TEST(Arrivals, OfEquallyFrequentGroupsTheLargerComesFirst) {
  PlacementTrace trace = trace_of(0, 0);
  for (int i = 0; i < 10; ++i) trace.pods.push_back(pod("a" + std::to_string(i), 100, 1, 500));
  for (int i = 0; i < 10; ++i) trace.pods.push_back(pod("b" + std::to_string(i), 200, 1, 100));
  const auto typical = typical_pods(trace);
  ASSERT_EQ(typical.size(), 2U);
  EXPECT_EQ(typical[0].pod.cpu_milli, 200);
}

TEST(Arrivals, EveryPodComesOnceBeforeTheDrawnOnesThatFillUpTo130Percent) {
  const PlacementTrace trace = trace_of(30, 1000);
  const Arrivals arrivals = draw_arrivals(trace, 1, 130);
  std::set<std::uint32_t> first(arrivals.pods.begin(), arrivals.pods.begin() + 30);
  EXPECT_EQ(first.size(), 30U);
  EXPECT_EQ(asked(trace, arrivals), 52'000);  // 1.3 times 40 devices
  EXPECT_FALSE(std::is_sorted(arrivals.pods.begin(), arrivals.pods.begin() + 30));
}

TEST(Arrivals, TheStoppingDrawIsMeasuredByOneDevice) {
  // 51,000 of 52,000 are asked for; the draw of two whole devices adds 2,000 though 1,000 are left.
  PlacementTrace trace = trace_of(0, 0);
  for (int i = 0; i < 25; ++i) trace.pods.push_back(pod("p" + std::to_string(i), 1, 2, 1000));
  trace.pods.push_back(pod("q", 1, 1, 999));
  const Arrivals arrivals = draw_arrivals(trace, 3, 130);
  EXPECT_GT(asked(trace, arrivals), 52'000);
}

TEST(Arrivals, IfTheTraceAsksForMorePodsAreLeftOutUntilItDoesNot) {
  const PlacementTrace trace = trace_of(90, 900);  // 81,000 of 52,000
  const Arrivals arrivals = draw_arrivals(trace, 5, 130);
  EXPECT_EQ(arrivals.pods.size(), 57U);  // 51,300
  EXPECT_EQ(std::set<std::uint32_t>(arrivals.pods.begin(), arrivals.pods.end()).size(), 57U);
}

TEST(Arrivals, TheSeedDecidesAndNodesArePermuted) {
  const PlacementTrace trace = trace_of(30, 700);
  const Arrivals one = draw_arrivals(trace, 1, 130);
  EXPECT_EQ(one.pods, draw_arrivals(trace, 1, 130).pods);
  EXPECT_NE(one.pods, draw_arrivals(trace, 2, 130).pods);
  EXPECT_NE(one.nodes, draw_arrivals(trace, 2, 130).nodes);
  std::vector<std::uint32_t> nodes = one.nodes;
  std::sort(nodes.begin(), nodes.end());
  std::vector<std::uint32_t> all(10);
  std::iota(all.begin(), all.end(), 0U);
  EXPECT_EQ(nodes, all);
}

TEST(Arrivals, NodesThatLookAlikeAreOneShape) {
  const auto shapes = node_shapes(trace_of(0, 0));
  ASSERT_EQ(shapes.size(), 2U);
  EXPECT_EQ(shapes[0].count, 3);
  EXPECT_EQ(shapes[1].count, 7);
}

}  // namespace
}  // namespace arcas::sim
