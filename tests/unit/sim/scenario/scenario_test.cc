#include "sim/scenario/scenario.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace arcas::sim {
namespace {

const std::string kGood =
    "name: test\n"
    "region:\n"
    "  zones: [zone-a, zone-b]\n"
    "  node_shapes:\n"
    "    - {name: general, count: 10, cpu: 16, memory: 64Gi, labels: {disk: ssd},\n"
    "       extended: {example.com/gpu: 2}}\n"
    "workload:\n"
    "  total_pods: 100\n"
    "  pods: [{cpu: 500m, memory: 1Gi}]\n";

std::string problem_of(const std::string& text, const std::vector<std::string>& overrides = {},
                       const std::string& profile = {}) {
  const auto scenario = parse_scenario(text, "s.yaml", {overrides, profile});
  if (scenario) return "accepted";
  const std::string& message = scenario.error().message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  return message;
}

std::string with(const std::string& more) { return problem_of(kGood + more); }

/// One override of the good scenario.
std::string set(const std::string& assignment) { return problem_of(kGood, {assignment}); }

bool says(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos;
}

TEST(Scenario, AnUnknownSectionIsReportedAtItsKey) {
  EXPECT_TRUE(says(with("worklod:\n    total_pods: 3\n"), "s.yaml:10:1: worklod: "));
}

TEST(Scenario, UnknownKeysWithLineBreaksStayOnOneLine) {
  EXPECT_NE(with("\"a\\nb\": 1\n"), "accepted");
  EXPECT_NE(with("profile: \"a\\nb\"\n"), "accepted");
  EXPECT_NE(with("expect: [\"a\\nb\"]\n"), "accepted");
}

TEST(Scenario, WrongTypes) {
  for (const char* text : {"seed=many",
                           "seed=1.5",
                           "seed=-1",
                           "seed=[1]",
                           "seed={a: 1}",
                           "seed=99999999999999999999",
                           "region=[a]",
                           "region.zones=a",
                           "region.zones=[[a]]",
                           "region.zones=[]",
                           "name=[a]",
                           "region.node_shapes={a: b}",
                           "region.node_shapes.0=a",
                           "workload.pods=a",
                           "faults=a",
                           "expect={a: b}",
                           "run=5",
                           "profile=[arcas]",
                           "parameters=[a]",
                           "region.node_shapes.0.containers=maybe",
                           "region.node_shapes.0.labels=[a]",
                           "region.node_shapes.0.extended={gpu: 1}"}) {
    EXPECT_TRUE(says(set(text), "allowed: ")) << text << " → " << set(text);
  }
}

TEST(Scenario, WrongUnitsAndAbsurdNumbers) {
  for (const char* text : {"run.limit=10",
                           "run.limit=-5s",
                           "run.limit=5 weeks",
                           "run.limit=999999999999999999d",
                           "run.limit=1000000h",
                           "region.node_shapes.0.cpu=-4",
                           "region.node_shapes.0.cpu=16Gi",
                           "region.node_shapes.0.memory=64GB",
                           "region.node_shapes.0.memory=-1",
                           "region.node_shapes.0.memory=999999999999999999Ti",
                           "region.node_shapes.0.count=-1",
                           "region.node_shapes.0.count=2000000",
                           "region.node_shapes.0.pods=0",
                           "workload.total_pods=-1",
                           "workload.total_pods=10000000000",
                           "workload.images=0",
                           "workload.spread_hard_percent=101",
                           "workload.budget_percent=-1",
                           "tenants=0",
                           "control_plane.store_members=0",
                           "workload.mean=0"}) {
    EXPECT_TRUE(says(set(text), "allowed: ")) << text << " → " << set(text);
  }
}

TEST(Scenario, TaintsAndTolerations) {
  const std::string taints = "region.node_shapes.0.taints=";
  const std::string tolerations = "workload.pods.0.tolerations=";
  const auto scenario = parse_scenario(
      kGood, "s.yaml",
      {{taints + "[{key: gpu, value: yes, effect: NoExecute}]",
        tolerations + "[{key: gpu, operator: Exists, effect: NoExecute, stays: 5m}]"},
       ""});
  ASSERT_TRUE(scenario) << scenario.error().message;
  EXPECT_EQ(scenario->nodes[0].taints[0].effect, "NoExecute");
  EXPECT_EQ(scenario->workload.pods[0].tolerations[0].stays, minutes(5));
  for (const char* bad : {"a", "[a]", "[{value: a}]", "[{key: a, effect: Never}]", "[{key: [a]}]",
                          "[{key: a, colour: red}]"}) {
    EXPECT_TRUE(says(set(taints + bad), "allowed: ")) << bad;
  }
  for (const char* bad : {"[{}]", "[{key: a, operator: Like}]", "[{operator: Exists, value: b}]",
                          "[{key: a, stays: 1.5s}]", "[{key: a, effect: NoSchedule, stays: 5s}]"}) {
    EXPECT_TRUE(says(set(tolerations + bad), "allowed: ")) << bad;
  }
}

TEST(Scenario, ProfilesAndParameters) {
  EXPECT_EQ(problem_of(kGood, {}, "arktos"), "accepted");
  EXPECT_TRUE(says(problem_of(kGood, {}, "nomad"), "allowed: arcas, kubernetes, arktos"));
  EXPECT_TRUE(says(set("profile=nomad"), "allowed: arcas, kubernetes, arktos"));
  EXPECT_EQ(set("parameters.node_grace=50s"), "accepted");
  EXPECT_TRUE(says(set("parameters.node_grace=50"), "parameters.node_grace"));
  EXPECT_TRUE(says(set("parameters.grace=50s"), "allowed: "));
  EXPECT_TRUE(says(set("parameters.fit_strategy=Random"), "LeastAllocated"));
  EXPECT_TRUE(says(set("parameters.percentage_of_nodes_to_score=101"),
                   "parameters.percentage_of_nodes_to_score: \"101\" is out of range; allowed: a "
                   "whole number from 0 to 100"))
      << set("parameters.percentage_of_nodes_to_score=101");
  const auto scenario =
      parse_scenario("parameters: {node_grace: 77s}\nprofile: kubernetes\n" + kGood, "s.yaml", {});
  ASSERT_TRUE(scenario) << scenario.error().message;
  EXPECT_EQ(scenario->profile.name, "kubernetes");
  EXPECT_EQ(scenario->profile.node_grace, seconds(77));
}

TEST(Scenario, PlacementPolicyAndQueueAreChosenByName) {
  EXPECT_EQ(set("scheduler.policy=none"), "accepted");
  EXPECT_EQ(set("scheduler.queue=fair-share"), "accepted");
  EXPECT_TRUE(says(set("scheduler.policy=tetris"), "scheduler.policy"));
  EXPECT_TRUE(says(set("scheduler.policy=tetris"), "allowed: none, alpha-evolve, arcas, best-fit"));
  EXPECT_TRUE(says(set("scheduler.queue=lottery"), "allowed: priority, fair-share"));
  EXPECT_TRUE(says(set("scheduler.police=fgd"), "allowed: "));
  const std::string text = kGood + "scheduler:\n  policy: fog\n";
  EXPECT_TRUE(says(problem_of(text), "scheduler.policy")) << problem_of(text);
  const auto scenario =
      parse_scenario("scheduler: {policy: fgd}\nprofile: kubernetes\n" + kGood, "s.yaml", {});
  ASSERT_TRUE(scenario) << scenario.error().message;
  EXPECT_EQ(scenario->scheduler.policy, "fgd");
}

TEST(Scenario, Expectations) {
  EXPECT_EQ(with("expect: [pods_lost == 0, recovery_seconds.p99 <= 120.5]\n"), "accepted");
  for (const char* text : {"pods_lost", "pods_lost ==", "pods_lost == none", "pods_lost = 0",
                           "pods_lost ~ 0", "pods_lost == nan", "pods_lost < inf", "a < 1 2"}) {
    EXPECT_TRUE(says(with("expect: [\"" + std::string(text) + "\"]\n"), "allowed: ")) << text;
  }
}

TEST(Scenario, Overrides) {
  const auto scenario = parse_scenario(
      kGood, "s.yaml",
      {{"workload.total_pods=7", "region.node_shapes[0].count=3", "region.node_shapes.0.cpu=2"},
       ""});
  ASSERT_TRUE(scenario) << scenario.error().message;
  EXPECT_EQ(scenario->workload.total_pods, 7);
  EXPECT_EQ(scenario->node_count(), 3);
  EXPECT_EQ(scenario->nodes[0].cpu_milli, 2000);
  for (const char* text :
       {"", "=", "=5", "seed", "region.node_shapes.7.cpu=1", "region.node_shapes.x.cpu=1",
        "region.node_shapes..cpu=1", "region.node_shapes.-1.cpu=1", ".seed=1", "seed.=1",
        "seed=", "seed=[", "name.first=a", "region.node_shapes[0=1"}) {
    const std::string message = set(text);
    EXPECT_TRUE(says(message, "--set")) << text << " → " << message;
  }
}

}  // namespace
}  // namespace arcas::sim
