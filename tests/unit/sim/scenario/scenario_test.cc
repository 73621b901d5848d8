#include "sim/scenario/scenario.h"

#include <gtest/gtest.h>

#include <filesystem>
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

TEST(Scenario, AGoodOneIsTakenOver) {
  const auto scenario = parse_scenario(kGood + "seed: 9\nrun: {limit: 2h, until: limit}\n",
                                       "s.yaml", {});
  ASSERT_TRUE(scenario) << scenario.error().message;
  EXPECT_EQ(scenario->seed, 9U);
  EXPECT_EQ(scenario->node_count(), 10);
  EXPECT_EQ(scenario->nodes[0].cpu_milli, 16'000);
  EXPECT_EQ(scenario->nodes[0].memory_bytes, std::int64_t{64} << 30);
  EXPECT_EQ(scenario->nodes[0].extended[0].second, 2);
  EXPECT_EQ(scenario->workload.pods[0].cpu_milli, 500);
  EXPECT_EQ(scenario->limit, hours(2));
  EXPECT_FALSE(scenario->until_recovered);
}

TEST(Scenario, AllThatComeWithTheProjectAreValid) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(ARCAS_SOURCE_DIR "/scenarios")) {
    const auto scenario = load_scenario(entry.path().string(), {});
    EXPECT_TRUE(scenario) << (scenario ? "" : scenario.error().message);
    ++files;
  }
  EXPECT_GT(files, 0);
}

TEST(Scenario, UnknownKeysAreRefusedWithTheKnownOnes) {
  const std::string message = with("sed: 4\n");
  EXPECT_TRUE(says(message, "s.yaml:10:")) << message;
  EXPECT_TRUE(says(message, "sed:")) << message;
  EXPECT_TRUE(says(message, "allowed: ")) << message;
  EXPECT_TRUE(says(message, "seed")) << message;
  EXPECT_TRUE(says(set("region.network.speed=1"), "region.network.speed: "));
  EXPECT_TRUE(says(set("workload.pods.0.cpus=1"), "workload.pods[0].cpus: "));
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
  for (const char* text :
       {"seed=many", "seed=1.5", "seed=-1", "seed=[1]", "seed={a: 1}", "seed=99999999999999999999",
        "region=[a]", "region.zones=a", "region.zones=[[a]]", "region.zones=[]", "name=[a]",
        "region.node_shapes={a: b}", "region.node_shapes.0=a", "workload.pods=a", "faults=a",
        "expect={a: b}", "run=5", "profile=[arcas]", "parameters=[a]",
        "region.node_shapes.0.containers=maybe", "region.node_shapes.0.labels=[a]",
        "region.node_shapes.0.extended={gpu: 1}"}) {
    EXPECT_TRUE(says(set(text), "allowed: ")) << text << " → " << set(text);
  }
}

TEST(Scenario, WrongUnitsAndAbsurdNumbers) {
  for (const char* text :
       {"run.limit=10", "run.limit=-5s", "run.limit=5 weeks", "run.limit=999999999999999999d",
        "run.limit=1000000h", "region.node_shapes.0.cpu=-4", "region.node_shapes.0.cpu=16Gi",
        "region.node_shapes.0.memory=64GB", "region.node_shapes.0.memory=-1",
        "region.node_shapes.0.memory=999999999999999999Ti", "region.node_shapes.0.count=-1",
        "region.node_shapes.0.count=2000000", "region.node_shapes.0.pods=0",
        "workload.total_pods=-1", "workload.total_pods=10000000000", "workload.images=0",
        "workload.spread_hard_percent=101", "workload.budget_percent=-1", "tenants=0",
        "control_plane.store_members=0", "workload.mean=0"}) {
    EXPECT_TRUE(says(set(text), "allowed: ")) << text << " → " << set(text);
  }
}

TEST(Scenario, TooManyMachinesTogether) {
  std::string shapes = "region.node_shapes=[";
  for (int i = 0; i < 3; ++i) {
    shapes += "{name: m" + std::to_string(i) + ", count: 900000, cpu: 1, memory: 1Gi},";
  }
  EXPECT_TRUE(says(set(shapes + "]"), "region.node_shapes: ")) << set(shapes + "]");
}

TEST(Scenario, ThingsThatContradictEachOther) {
  EXPECT_TRUE(says(set("region.zones=[a, a]"), "stands twice"));
  EXPECT_TRUE(says(set("region.node_shapes=[{name: m, count: 1, cpu: 1, memory: 1Gi}, "
                       "{name: m, count: 1, cpu: 1, memory: 1Gi}]"),
                   "stands twice"));
  EXPECT_TRUE(says(set("workload.mean=5000"), "workload.mean"));
  EXPECT_TRUE(says(set("workload.smallest=500"), "workload.mean"));
  EXPECT_TRUE(says(problem_of(kGood, {"workload.spread_soft_percent=60",
                                      "workload.spread_hard_percent=60"}),
                   "100 together"));
  EXPECT_TRUE(says(set("workload.pods=[]"), "workload.pods"));
  EXPECT_TRUE(says(set("region.node_shapes=[]"), "region.node_shapes"));
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

TEST(Scenario, MissingParts) {
  EXPECT_TRUE(says(problem_of("seed: 1\n"), "name: is missing"));
  EXPECT_TRUE(says(problem_of("name: a\n"), "region.zones: is missing"));
  EXPECT_TRUE(says(set("region.node_shapes=[{count: 1, memory: 1Gi}]"), "cpu: is missing"));
  EXPECT_TRUE(says(problem_of("- a\n"), "is not a map"));
  EXPECT_TRUE(says(problem_of("text"), "is not a map"));
}

TEST(Scenario, Faults) {
  EXPECT_EQ(with("faults: [{kind: zone_power_loss, at: 5m, zone: zone-b, lasts: 10m}]\n"),
            "accepted");
  const std::string zone = with("faults: [{kind: zone_power_loss, at: 5m, zone: zone-z}]\n");
  EXPECT_TRUE(says(zone, "faults[0].zone: \"zone-z\"")) << zone;
  EXPECT_TRUE(says(zone, "allowed: zone-a, zone-b")) << zone;
  EXPECT_TRUE(says(with("faults: [{kind: meteor, at: 5m}]\n"), "allowed: zone_power_loss"));
  EXPECT_TRUE(says(with("faults: [{kind: node_crash}]\n"), "faults[0].at"));
  EXPECT_TRUE(says(with("faults: [{at: 5m}]\n"), "faults[0].kind"));
  EXPECT_TRUE(says(with("faults: [{kind: node_crash, at: 1s, after_settled: 1s}]\n"), "one of"));
  EXPECT_TRUE(says(with("faults: [{kind: node_crash, at: -1s}]\n"), "faults[0].at"));
}

TEST(Scenario, ProfilesAndParameters) {
  EXPECT_EQ(problem_of(kGood, {}, "arktos"), "accepted");
  EXPECT_TRUE(says(problem_of(kGood, {}, "nomad"), "allowed: arcas, kubernetes, arktos"));
  EXPECT_TRUE(says(set("profile=nomad"), "allowed: arcas, kubernetes, arktos"));
  EXPECT_EQ(set("parameters.node_grace=50s"), "accepted");
  EXPECT_TRUE(says(set("parameters.node_grace=50"), "parameters.node_grace"));
  EXPECT_TRUE(says(set("parameters.grace=50s"), "allowed: "));
  EXPECT_TRUE(says(set("parameters.fit_strategy=Random"), "LeastAllocated"));
  const auto scenario = parse_scenario(
      "parameters: {node_grace: 77s}\nprofile: kubernetes\n" + kGood, "s.yaml", {});
  ASSERT_TRUE(scenario) << scenario.error().message;
  EXPECT_EQ(scenario->profile.name, "kubernetes");
  EXPECT_EQ(scenario->profile.node_grace, seconds(77));
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
  for (const char* text : {"", "=", "=5", "seed", "region.node_shapes.7.cpu=1",
                           "region.node_shapes.x.cpu=1", "region.node_shapes..cpu=1",
                           "region.node_shapes.-1.cpu=1", ".seed=1", "seed.=1", "seed=",
                           "seed=[", "name.first=a", "region.node_shapes[0=1"}) {
    const std::string message = set(text);
    EXPECT_TRUE(says(message, "--set")) << text << " → " << message;
  }
}

TEST(Scenario, TheFormatIsExplainedInFull) {
  const std::string text = explain_format();
  for (const char* key : {"zones", "node_shapes", "total_pods", "after_settled", "sample_every",
                          "node_grace", "store_members", "expect", "extends"}) {
    EXPECT_TRUE(says(text, key)) << key;
  }
}

}  // namespace
}  // namespace arcas::sim
