#include <gtest/gtest.h>

#include <string>

#include "sim/scenario/scenario.h"

namespace arcas::sim {
namespace {

Expected<Scenario> with_changes(const std::string& changes) {
  return parse_scenario(
      "name: test\n"
      "region: {zones: [a], node_shapes: [{name: n, count: 2, cpu: 4, memory: 8Gi}]}\n"
      "tenants: 3\n"
      "run: {limit: 1h}\n"
      "workload: {changes: [" +
          changes + "]}\n",
      "s.yaml", {});
}

std::string problem_of(const std::string& change) {
  const auto scenario = with_changes(change);
  return scenario ? "accepted" : scenario.error().message;
}

TEST(ChangeSchema, EveryOperationIsTakenOver) {
  const auto scenario = with_changes(
      "{op: create, at: 60s, deployment: extra, tenant: 2, replicas: 6, pod: {cpu: 1}},"
      "{op: scale, at: 70s, deployment: app-1, replicas: 30}, {op: drain, at: 90s, node: 1},"
      "{op: delete_pods, at: 95s, deployment: app-4, count: 3}");
  ASSERT_TRUE(scenario) << scenario.error().message;
  const auto& changes = scenario->workload.changes;
  ASSERT_EQ(changes.size(), 4U);
  EXPECT_EQ(changes[0].tenant, 2);
  EXPECT_EQ(changes[0].pod.cpu_milli, 1000);
  EXPECT_EQ(changes[1].replicas, 30);
  EXPECT_EQ(changes[1].at, seconds(70));
  EXPECT_EQ(changes[2].node, "1");
  EXPECT_EQ(changes[3].count, 3);
}

TEST(ChangeSchema, EachMistakeIsNamedWithItsPlaceAndWhatIsAllowed) {
  const auto says = [](const std::string& change, const std::string& part) {
    const std::string message = problem_of(change);
    return message.find("s.yaml:5:") == 0 && message.find(part) != std::string::npos ? std::string()
                                                                                     : message;
  };
  EXPECT_EQ(says("{op: explode, at: 1s}", "changes[0].op: \"explode\" is not an operation"), "");
  EXPECT_EQ(says("{at: 1s}", "changes[0].op: is missing"), "");
  EXPECT_EQ(says("{op: delete, deployment: x}", "changes[0].at: is missing"), "");
  EXPECT_EQ(says("{op: scale, at: 1s, deployment: x}", "changes[0].replicas: is missing"), "");
  EXPECT_EQ(says("{op: drain, at: 1s, node: 1, count: 2}",
                 "changes[0].count: \"2\" means nothing for a drain"),
            "");
  EXPECT_EQ(says("{op: delete, at: 2h, deployment: x}", "changes[0].at: 2h"), "");
  EXPECT_EQ(says("{op: create, at: 1s, deployment: x, tenant: 4, replicas: 1, pod: {cpu: 1}}",
                 "changes[0].tenant: 4 is out of range"),
            "");
  EXPECT_EQ(says("{op: create, at: 1s, deployment: x, replicas: 1, pod: {cpu: 99}}",
                 "fits on no machine"),
            "");
}

TEST(ChangeSchema, ParametersThatContradictEachOtherAreRefused) {
  const auto problem = [](const std::string& parameters) {
    const auto scenario = parse_scenario(
        "name: test\n"
        "region: {zones: [a], node_shapes: [{name: n, count: 2, cpu: 4, memory: 8Gi}]}\n"
        "parameters: " +
            parameters + "\n",
        "s.yaml", {});
    return scenario ? "accepted" : scenario.error().message;
  };
  EXPECT_NE(problem("{node_monitor_period: 1234ms}").find("multiples of 100ms"), std::string::npos);
  EXPECT_EQ(problem("{node_monitor_period: 1200ms}"), "accepted");
  EXPECT_NE(problem("{leader_lease: 3s}").find("parameters.leader_renew_deadline: 4s"),
            std::string::npos);
}

}  // namespace
}  // namespace arcas::sim
