#include <gtest/gtest.h>

#include "core/scheduler/batch/placement.h"

namespace arcas::scheduler::batch {
namespace {

/// cpu, memory and pods; two zones, two kinds of nodes.
BatchInput empty_input() {
  BatchInput input;
  input.resource_names = {"cpu", "memory", "ephemeral-storage", "pods"};
  input.domain_names = {"zone-a", "zone-b"};
  input.kind_names = {"plain", "local-disk"};
  return input;
}

void add_nodes(BatchInput& input, std::uint32_t count, std::uint32_t domain, std::uint32_t kind,
               ResourceRow free) {
  for (std::uint32_t i = 0; i < count; ++i) {
    const NodeId id{static_cast<std::uint32_t>(input.nodes.size())};
    input.nodes.push_back({id, domain, kind, free});
  }
}

PodClass pods(std::uint32_t count, std::int64_t cpu, std::int64_t memory) {
  PodClass result;
  result.name = "app";
  result.count = count;
  result.demand = {cpu, memory, 0, 1};
  return result;
}

TEST(BatchPlacement, EverythingIsPlacedWhenThereIsRoom) {
  BatchInput input = empty_input();
  add_nodes(input, 10, 0, 0, {1'000, 1'000, 0, 10});
  input.classes = {pods(20, 100, 100), pods(5, 500, 100)};
  const BatchPlacement placement = place_batch(input).value();
  EXPECT_EQ(placement.placed, 25U);
  EXPECT_EQ(placement.gap(), 0U);
  EXPECT_EQ(placement.fall_back, (std::vector<std::uint32_t>{0, 0}));
}

TEST(BatchPlacement, FlexiblePodsLeaveAZoneToThoseThatMayGoNowhereElse) {
  BatchInput input = empty_input();
  add_nodes(input, 4, 0, 0, {1'000, 1'000, 0, 10});
  add_nodes(input, 4, 1, 0, {1'000, 1'000, 0, 10});
  PodClass pinned = pods(40, 100, 100);
  pinned.domain_limits = {kUnlimited, 0};
  input.classes = {pods(40, 100, 100), pinned};
  const BatchPlacement placement = place_batch(input).value();
  EXPECT_EQ(placement.placed, 80U);
  for (const Assignment& assignment : placement.assignments) {
    EXPECT_EQ(assignment.node.index < 4, assignment.pod_class == 1);
  }
}

TEST(BatchPlacement, CpuHeavyAndMemoryHeavyPodsShareNodes) {
  BatchInput input = empty_input();
  add_nodes(input, 10, 0, 0, {1'000, 1'000, 0, 100});
  input.classes = {pods(50, 150, 50), pods(50, 50, 150)};
  EXPECT_EQ(place_batch(input).value().placed, 100U);
}

TEST(BatchPlacement, DomainLimitsHold) {
  BatchInput input = empty_input();
  add_nodes(input, 5, 0, 0, {1'000, 1'000, 0, 10});
  add_nodes(input, 5, 1, 0, {1'000, 1'000, 0, 10});
  input.classes = {pods(30, 10, 10)};
  input.classes[0].domain_limits = {7, 11};
  const BatchPlacement placement = place_batch(input).value();
  EXPECT_EQ(placement.placed, 18U);
  EXPECT_EQ(placement.bound, 18U);
  EXPECT_EQ(placement.fall_back[0], 12U);
}

TEST(BatchPlacement, NodeLimitsHoldOverAllRounds) {
  BatchInput input = empty_input();
  add_nodes(input, 5, 0, 0, {1'000, 1'000, 0, 10});
  input.classes = {pods(30, 10, 10)};
  input.classes[0].max_per_node = 2;
  const BatchPlacement placement = place_batch(input).value();
  EXPECT_EQ(placement.placed, 10U);
  EXPECT_EQ(placement.gap(), 0U);
  for (const Assignment& assignment : placement.assignments) EXPECT_EQ(assignment.count, 2U);
}

TEST(BatchPlacement, ClassesKeepToTheirNodeKinds) {
  BatchInput input = empty_input();
  add_nodes(input, 5, 0, 0, {1'000, 1'000, 0, 10});
  add_nodes(input, 1, 0, 1, {1'000, 1'000, 0, 10});
  input.classes = {pods(20, 100, 100)};
  input.classes[0].node_kinds = {1};
  const BatchPlacement placement = place_batch(input).value();
  EXPECT_EQ(placement.placed, 10U);
  ASSERT_EQ(placement.assignments.size(), 1U);
  EXPECT_EQ(placement.assignments[0].node, NodeId{5});
}

TEST(BatchPlacement, HigherPriorityIsPlacedWhenNotAllFit) {
  BatchInput input = empty_input();
  add_nodes(input, 4, 0, 0, {1'000, 1'000, 0, 10});
  input.classes = {pods(40, 100, 10), pods(4, 1'000, 10)};
  input.classes[1].priority = 10;
  const BatchPlacement placement = place_batch(input).value();
  EXPECT_EQ(placement.fall_back, (std::vector<std::uint32_t>{40, 0}));
}

TEST(BatchPlacement, SmallPodsComeFirstAmongEqualsWhenNotAllFit) {
  BatchInput input = empty_input();
  add_nodes(input, 4, 0, 0, {1'000, 1'000, 0, 10});
  input.classes = {pods(4, 1'000, 10), pods(40, 100, 10)};
  const BatchPlacement placement = place_batch(input).value();
  EXPECT_EQ(placement.placed, 40U);
  EXPECT_EQ(placement.gap(), 0U);
}

TEST(BatchPlacement, WhileThereIsRoomNodesAreFilledAlike) {
  BatchInput input = empty_input();
  add_nodes(input, 10, 0, 0, {1'000, 1'000, 0, 100});
  input.classes = {pods(20, 100, 100)};
  const BatchPlacement placement = place_batch(input).value();
  ASSERT_EQ(placement.assignments.size(), 10U);
  for (const Assignment& assignment : placement.assignments) EXPECT_EQ(assignment.count, 2U);
}

TEST(BatchPlacement, OvercommittedNodesTakeNothing) {
  BatchInput input = empty_input();
  add_nodes(input, 2, 0, 0, {-500, 1'000, 0, 10});
  input.classes = {pods(3, 100, 100)};
  const BatchPlacement placement = place_batch(input).value();
  EXPECT_EQ(placement.placed, 0U);
  EXPECT_EQ(placement.bound, 0U);
}

TEST(BatchPlacement, PodsThatAskForNothingAtAllAreLeftToTheOrdinaryScheduler) {
  BatchInput input = empty_input();
  add_nodes(input, 1, 0, 0, {0, 0, 0, 0});
  input.classes = {pods(3, 0, 0)};
  input.classes[0].demand = {};
  EXPECT_EQ(place_batch(input).value().fall_back[0], 3U);
}

TEST(BatchPlacement, AShortageOfOneResourceDoesNotMisplaceThosePodsThatDoNotNeedIt) {
  BatchInput input = empty_input();
  add_nodes(input, 4, 0, 0, {1'000, 1'000, 0, 100});
  add_nodes(input, 4, 1, 0, {1'000, 1'000, 8, 100});
  input.classes = {pods(80, 100, 100), pods(40, 10, 10)};
  input.classes[1].demand[2] = 1;  // 40 wanted, 32 there are
  const BatchPlacement placement = place_batch(input).value();
  EXPECT_LE(placement.fall_back[0], 4U);
  EXPECT_LE(placement.fall_back[1], 16U);  // a perfect placement leaves 8
}

TEST(BatchPlacement, AnEmptyBatchAndAnEmptyClusterAreFine) {
  BatchInput input = empty_input();
  EXPECT_EQ(place_batch(input).value().placed, 0U);
  input.classes = {pods(3, 100, 100)};
  const BatchPlacement placement = place_batch(input).value();
  EXPECT_EQ(placement.placed, 0U);
  EXPECT_EQ(placement.gap(), 0U);
}

TEST(BatchPlacement, BoostsSolverPlacesTheSameNumber) {
  BatchInput input = empty_input();
  add_nodes(input, 6, 0, 0, {1'000, 900, 0, 10});
  add_nodes(input, 6, 1, 1, {800, 1'200, 0, 10});
  input.classes = {pods(20, 100, 100), pods(20, 200, 100), pods(10, 300, 400)};
  BatchConfig config;
  const std::uint64_t ours = place_batch(input, config).value().placed;
  config.solver = FlowSolver::boost_successive_shortest_path;
  EXPECT_EQ(place_batch(input, config).value().placed, ours);
}

std::string error_of(const BatchInput& input) { return place_batch(input).error().message; }

TEST(BatchInput, ErrorsNameTheFieldAndWhatIsAllowed) {
  BatchInput input = empty_input();
  add_nodes(input, 2, 0, 0, {1'000, 1'000, 0, 10});
  input.classes = {pods(3, 100, 100)};
  ASSERT_TRUE(validate(input));

  BatchInput bad = input;
  bad.classes[0].demand[1] = -1;
  EXPECT_EQ(error_of(bad), "classes[0].demand[1] is -1; allowed are 0 to 9007199254740992");
  bad = input;
  bad.classes[0].demand.resize(9);
  EXPECT_EQ(error_of(bad), "classes[0].demand has 9 amounts; resource_names has 4 kinds");
  bad = input;
  bad.classes[0].domain_limits = {1};
  EXPECT_EQ(error_of(bad),
            "classes[0].domain_limits has 1 entries; allowed are none or one for each of the 2 "
            "domains");
  bad = input;
  bad.classes[0].node_kinds = {1, 0};
  EXPECT_EQ(error_of(bad),
            "classes[0].node_kinds is not ascending at position 1; each kind is named once, lowest "
            "first");
  bad = input;
  bad.classes[0].node_kinds = {2};
  EXPECT_EQ(error_of(bad), "classes[0].node_kinds names kind 2; kind_names has 2");
  bad = input;
  bad.classes[0].max_per_node = 0;
  EXPECT_EQ(error_of(bad), "classes[0].max_per_node is 0; allowed are 1 and more");
  bad = input;
  bad.classes[0].count = 100'000'001;
  EXPECT_EQ(error_of(bad), "classes hold 100000001 pods; allowed are up to 100000000");
  bad = input;
  bad.nodes[1].node = NodeId{0};
  EXPECT_EQ(error_of(bad), "nodes[1].node is 0 after 0; nodes come in ascending order, each once");
  bad = input;
  bad.nodes[1].domain = 2;
  EXPECT_EQ(error_of(bad), "nodes[1].domain is 2; domain_names has 2");
  bad = input;
  bad.nodes[1].kind = 7;
  EXPECT_EQ(error_of(bad), "nodes[1].kind is 7; kind_names has 2");
  bad = input;
  bad.nodes[0].node = {};
  EXPECT_EQ(error_of(bad), "nodes[0].node is none");
  EXPECT_EQ(place_batch(input, {.rounds = 0}).error().message,
            "config.rounds is 0; allowed are 1 to 100");
}

}  // namespace
}  // namespace arcas::scheduler::batch
