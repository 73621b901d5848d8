#include "sim/scenario/scheduler_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace arcas::sim {
namespace {

using scheduler::PluginId;
using scheduler::SchedulerProfile;

const std::string kHead =
    "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n";

Expected<SchedulerProfile> parse(const std::string& text, bool honour = false) {
  static model::Catalog catalog;
  return parse_scheduler_file(text, "c.yaml", honour, catalog);
}

std::string error(const std::string& text) {
  const auto profile = parse(text);
  return profile ? "no error" : profile.error().message;
}

TEST(SchedulerFile, TheDefaultsAreThoseOfArcas) {
  const auto profile = parse(kHead);
  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_EQ(profile->filters, SchedulerProfile::arcas().filters);
  EXPECT_EQ(profile->scores, SchedulerProfile::arcas().scores);
  EXPECT_EQ(profile->percentage_of_nodes_to_score, 100);
}

TEST(SchedulerFile, YamlAndJsonSayTheSame) {
  const auto yaml = parse(kHead +
                          "profiles:\n- pluginConfig:\n  - name: NodeResourcesFit\n    args:\n"
                          "      scoringStrategy: {type: MostAllocated, resources: [{name: cpu, "
                          "weight: 1}]}\n");
  const auto json = parse(
      "{\t\"apiVersion\": \"kubescheduler.config.k8s.io/v1\", \"kind\": "
      "\"KubeSchedulerConfiguration\",\n\t\"profiles\": [{\"pluginConfig\": [{\"name\": "
      "\"NodeResourcesFit\", \"args\": {\"scoringStrategy\": {\"type\": \"MostAllocated\", "
      "\"resources\": [{\"name\": \"cpu\", \"weight\": 1}]}}}]}]}");
  ASSERT_TRUE(yaml) << yaml.error().message;
  ASSERT_TRUE(json) << json.error().message;
  EXPECT_EQ(yaml->fit.strategy, scheduler::ScoringStrategy::most_allocated);
  EXPECT_EQ(*yaml, *json);
}

TEST(SchedulerFile, TheProfileNamedDefaultSchedulerDrivesElseTheFirst) {
  const auto named = parse(kHead +
                               "profiles: [{schedulerName: batch}, {schedulerName: "
                               "default-scheduler, percentageOfNodesToScore: 7}]",
                           true);
  ASSERT_TRUE(named) << named.error().message;
  EXPECT_EQ(named->percentage_of_nodes_to_score, 7);
  const auto first = parse(kHead + "profiles: [{schedulerName: batch}, {schedulerName: other}]");
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->scheduler_name, "batch");
}

TEST(SchedulerFile, ThePercentageCountsOnlyWhereItIsHonoured) {
  EXPECT_EQ(parse(kHead + "percentageOfNodesToScore: 30", true)->percentage_of_nodes_to_score, 30);
  EXPECT_EQ(parse(kHead + "percentageOfNodesToScore: 30")->percentage_of_nodes_to_score, 100);
  EXPECT_EQ(parse(kHead, true)->percentage_of_nodes_to_score, 0) << "adaptive, as in Kubernetes";
}

TEST(SchedulerFile, RuntimeReadinessIsFilteredWhateverTheFileDisables) {
  const auto profile = parse(kHead + "profiles: [{plugins: {filter: {disabled: [{name: '*'}]}}}]");
  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_EQ(profile->filters, std::vector<PluginId>{PluginId::node_runtime_ready});
}

TEST(SchedulerFile, ErrorsNameFileLineAndField) {
  const auto score = [](const std::string& enabled) {
    return kHead + "profiles:\n- plugins:\n    score:\n      enabled:\n" + enabled;
  };
  EXPECT_EQ(error(score("      - {name: ImageLocality, weight: 0}\n")),
            "c.yaml:7:39: profiles[0].plugins.score.enabled[0].weight: 0 is out of range; allowed: "
            "1..2147483647");
  EXPECT_EQ(error(score("      - name: NodeSpread\n"))
                .rfind("c.yaml:7:15: profiles[0].plugins.score.enabled[0].name: \"NodeSpread\" is "
                       "no plugin; allowed: SchedulingGates, ",
                       0),
            0U);
  EXPECT_EQ(error(score("      - {name: ImageLocality}\n      - {name: ImageLocality}\n")),
            "c.yaml:8:16: profiles[0].plugins.score.enabled[1].name: is enabled twice");
  EXPECT_EQ(error("apiVersion: kubescheduler.config.k8s.io/v1\nkind: Pod\n"),
            "c.yaml:2:7: kind: \"Pod\" is unknown; allowed: KubeSchedulerConfiguration");
  EXPECT_EQ(error(kHead + "profiles: [{plugins: {queueSort: {disabled: [{name: '*'}]}}}]"),
            "c.yaml:3:34: profiles[0].plugins.queueSort: leaves no plugin; allowed: exactly one "
            "(PrioritySort)");
}

TEST(SchedulerFile, HostileTextIsRefused) {
  EXPECT_NE(error("").find("is empty"), std::string::npos);
  EXPECT_NE(error("- a\n").find("c.yaml:1:1"), std::string::npos);
  EXPECT_NE(error(std::string("a: \0", 4)).find("not a text file"), std::string::npos);
  EXPECT_NE(error(kHead + "kind: Pod\n").find("duplicate key"), std::string::npos);
  EXPECT_NE(error(kHead + "profiles: " + std::string(100, '[')).find("nested deeper"),
            std::string::npos);
  EXPECT_NE(error(kHead + "parallelism: '4'\n").find("c.yaml:3:14: parallelism"), std::string::npos)
      << "what stands in quotes is no number";
}

}  // namespace
}  // namespace arcas::sim
