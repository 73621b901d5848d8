#include <gtest/gtest.h>

#include <string>

#include "sim/scenario/scenario.h"

namespace arcas::sim {
namespace {

std::string problem_of(const std::string& workload) {
  const std::string text =
      "name: test\n"
      "region:\n"
      "  zones: [a]\n"
      "  node_shapes:\n"
      "    - {name: plain, count: 3, cpu: 4, memory: 8Gi}\n"
      "    - {name: gpu, count: 1, cpu: 4, memory: 8Gi, labels: {kind: gpu},\n"
      "       extended: {example.com/gpu: 1}}\n"
      "workload:\n" +
      workload;
  const auto scenario = parse_scenario(text, "s.yaml", {});
  return scenario ? "accepted" : scenario.error().message;
}

bool says(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos;
}

TEST(WorkloadSchema, DaemonSetsAndJobsAreTakenOver) {
  const auto scenario = parse_scenario(
      "name: test\n"
      "region: {zones: [a], node_shapes: [{name: n, count: 1, cpu: 4, memory: 8Gi,\n"
      "                                    labels: {kind: gpu}}]}\n"
      "workload:\n"
      "  daemon_sets: [{name: agent, node_labels: {kind: gpu}, pod: {cpu: 100m, memory: 64Mi}}]\n"
      "  jobs: [{name: batch, count: 2, completions: 30, parallelism: 4, backoff_limit: 0,\n"
      "          runs: [5s, 1m], start: 1m, over: 2m, pod: {cpu: 1, priority: 7}}]\n",
      "s.yaml", {});
  ASSERT_TRUE(scenario) << scenario.error().message;
  ASSERT_EQ(scenario->workload.daemon_sets.size(), 1U);
  const DaemonSetSpec& set = scenario->workload.daemon_sets.front();
  EXPECT_EQ(set.name, "agent");
  EXPECT_EQ(set.pod.cpu_milli, 100);
  EXPECT_EQ(set.node_labels.front().second, "gpu");
  ASSERT_EQ(scenario->workload.jobs.size(), 1U);
  const JobSpec& job = scenario->workload.jobs.front();
  EXPECT_EQ(job.count, 2);
  EXPECT_EQ(job.completions, 30);
  EXPECT_EQ(job.parallelism, 4);
  EXPECT_EQ(job.backoff_limit, 0);
  EXPECT_EQ(job.runs_min, seconds(5));
  EXPECT_EQ(job.runs_max, minutes(1));
  EXPECT_EQ(job.start, minutes(1));
  EXPECT_EQ(job.over, minutes(2));
  EXPECT_EQ(job.pod.priority, 7);
}

TEST(WorkloadSchema, EachMistakeIsNamedWithItsPlace) {
  const auto job = [](const std::string& more) {
    return problem_of("  jobs: [{name: j, pod: {cpu: 1}, " + more + "}]\n");
  };
  EXPECT_TRUE(says(job("count: 0"), "s.yaml:9:")) << job("count: 0");
  EXPECT_TRUE(says(job("count: 0"), "workload.jobs[0].count"));
  EXPECT_TRUE(says(job("runs: 5s"), "is not a range"));
  EXPECT_TRUE(says(job("runs: [2m, 1m]"), "ends before it begins"));
  EXPECT_TRUE(says(job("runs: [1500ms, 2s]"), "workload.jobs[0].runs[0]"));
  EXPECT_TRUE(says(job("runs: [1500ms, 2s]"), "whole seconds"));
  EXPECT_TRUE(says(job("share: 3"), "workload.jobs[0].share"));
  EXPECT_TRUE(says(job("completons: 3"), "completions"));
  EXPECT_TRUE(says(job("start: 99h"), "workload.jobs[0].start"));
  EXPECT_TRUE(says(job("parallelism: -1"), "out of range"));
  EXPECT_EQ(job("parallelism: 3"), "accepted");
}

TEST(WorkloadSchema, NamesAreThereAndDiffer) {
  EXPECT_TRUE(says(problem_of("  jobs: [{pod: {cpu: 1}}]\n"), "workload.jobs[0].name"));
  EXPECT_TRUE(says(problem_of("  jobs: [{name: a, pod: {cpu: 1}}, {name: a, pod: {cpu: 1}}]\n"),
                   "workload.jobs[1].name: \"a\" stands twice"));
  EXPECT_TRUE(says(problem_of("  daemon_sets: [{name: a}, {name: a}]\n"), "stands twice"));
}

TEST(WorkloadSchema, APodThatFitsNowhereItIsMeantForIsRefused) {
  EXPECT_TRUE(says(problem_of("  jobs: [{name: a, pod: {cpu: 5}}]\n"), "fits on no machine"));
  const std::string gpu = "extended: {example.com/gpu: 1}";
  EXPECT_EQ(
      problem_of("  daemon_sets: [{name: a, node_labels: {kind: gpu}, pod: {" + gpu + "}}]\n"),
      "accepted");
  EXPECT_TRUE(says(problem_of("  daemon_sets: [{name: a, node_labels: {kind: none}}]\n"),
                   "workload.daemon_sets[0].pod: fits on no machine"));
}

TEST(WorkloadSchema, ATraceHasItsOwnPods) {
  const auto scenario = parse_scenario(
      "name: test\nregion: {zones: [a]}\ntrace: {kind: openb}\n"
      "workload: {jobs: [{name: j, pod: {cpu: 1}}]}\n",
      "s.yaml", {});
  ASSERT_FALSE(scenario);
  EXPECT_TRUE(says(scenario.error().message, "stands beside trace"));
}

TEST(WorkloadSchema, TheFormatIsExplained) {
  const std::string text = explain_format();
  for (const char* key : {"daemon_sets", "jobs", "completions", "parallelism", "node_labels"}) {
    EXPECT_TRUE(says(text, key)) << key;
  }
}

}  // namespace
}  // namespace arcas::sim
