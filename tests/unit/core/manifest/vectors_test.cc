#include "tests/support/vectors.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace arcas::tests
