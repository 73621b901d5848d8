#include "tests/support/vectors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace arcas::tests {
namespace {

class VectorsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!vectors_folder()) GTEST_SKIP() << "no folder shared/vectors beside the project";
  }
};

TEST_F(VectorsTest, EveryClusterCaseLoads) {
  std::size_t pods = 0;
  for (const std::string& family : cluster_families()) {
    const std::size_t cases = for_each_case(family, [&](VectorCase& loaded) {
      EXPECT_EQ(loaded.family, family);
      EXPECT_TRUE(loaded.pod.valid()) << loaded.id;
      EXPECT_NE(loaded.cluster->pods().find(loaded.pod), nullptr) << loaded.id;
      EXPECT_FALSE(loaded.expect.empty()) << loaded.id;
      pods += loaded.cluster->pods().size();
    });
    EXPECT_GE(cases, 160U) << family;
  }
  EXPECT_GT(pods, 100'000U);
}

TEST_F(VectorsTest, NodeIdsFollowTheNames) {
  for_each_case("mixed", [](const VectorCase& loaded) {
    for (std::size_t i = 1; i < loaded.nodes.size(); ++i) {
      const NodeId a = loaded.nodes[i - 1];
      const NodeId b = loaded.nodes[i];
      EXPECT_EQ(a < b, loaded.node_name(a) < loaded.node_name(b)) << loaded.id;
    }
  });
}

TEST_F(VectorsTest, TrajectoriesHaveAStepForEachPod) {
  std::size_t steps = 0;
  const std::size_t cases = for_each_case("trajectories", [&](const VectorCase& loaded) {
    EXPECT_EQ(loaded.expect.at("steps").as_array().size(), loaded.sequence.size());
    for (const auto& [step, leaving] : loaded.removals) EXPECT_LT(step, loaded.sequence.size());
    steps += loaded.sequence.size();
  });
  EXPECT_GE(cases, 80U);
  EXPECT_GT(steps, 5'000U);
}

/// Names of plugins as the answer lists them.
std::vector<std::string> names_at(const boost::json::object& object, const char* key) {
  std::vector<std::string> names;
  if (const boost::json::value* list = object.if_contains(key)) {
    for (const boost::json::value& name : list->as_array()) names.emplace_back(name.as_string());
  }
  return names;
}

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

TEST_F(VectorsTest, TheScoresOfAProfileAreThoseThatRanInTheirOrderWithTheirWeights) {
  std::size_t compared = 0;
  for (const std::string& family : cluster_families()) {
    for_each_case(family, [&](const VectorCase& loaded) {
      const boost::json::value* scores = loaded.expect.if_contains("scores");
      if (scores == nullptr) return;
      const auto skipped = names_at(scores->as_object(), "skippedPlugins");
      std::vector<std::string> plugins;
      std::vector<std::int64_t> weights;
      for (const scheduler::WeightedPlugin& entry : loaded.profile.scores) {
        if (holds(skipped, name(entry.plugin))) continue;
        plugins.emplace_back(name(entry.plugin));
        weights.push_back(entry.weight);
      }
      EXPECT_EQ(plugins, names_at(scores->as_object(), "plugins")) << loaded.id;
      EXPECT_EQ(weights,
                boost::json::value_to<std::vector<std::int64_t>>(scores->as_object().at("weights")))
          << loaded.id;
      for (const std::string& plugin : skipped) {
        const auto& known = loaded.profile.pre_scores;
        EXPECT_NE(std::find(known.begin(), known.end(), *scheduler::plugin_named(plugin)),
                  known.end())
            << loaded.id << " " << plugin;
      }
      ++compared;
    });
  }
  EXPECT_GT(compared, 4'000U);
}

TEST_F(VectorsTest, PluginsWhoseFilterIsSkippedPrepareInTheProfile) {
  std::size_t skipped = 0;
  for_each_case("weights", [&](const VectorCase& loaded) {
    const boost::json::object& pre_filter = loaded.expect.at("preFilter").as_object();
    for (const std::string& plugin : names_at(pre_filter, "skippedPlugins")) {
      const auto& known = loaded.profile.pre_filters;
      EXPECT_NE(std::find(known.begin(), known.end(), *scheduler::plugin_named(plugin)),
                known.end())
          << loaded.id << " " << plugin;
      ++skipped;
    }
  });
  EXPECT_GT(skipped, 240U);
}

}  // namespace
}  // namespace arcas::tests
