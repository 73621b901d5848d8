// The index must answer as the full scan does, whatever nodes and pods come and go.
#include <gtest/gtest.h>

#include <vector>

#include "core/base/rng.h"
#include "tests/support/random_cluster.h"

namespace arcas::scheduler {
namespace {

struct Tally {
  std::uint64_t compared = 0;
  std::uint64_t by_index = 0;
  std::uint64_t by_load_tree = 0;
  std::uint64_t found = 0;
  std::uint64_t placed = 0;
  std::uint64_t victims = 0;
};

void compare(RandomCluster& cluster, Tally& tally) {
  const auto answers = cluster.scheduler().compare(cluster.pod());
  ++tally.compared;
  if (answers.scan.node.valid()) ++tally.found;
  if (answers.load_tree_applies) {
    ++tally.by_load_tree;
    ASSERT_EQ(answers.load_tree.node, answers.scan.node);
    if (answers.scan.node.valid()) {
      ASSERT_EQ(answers.load_tree.score, answers.scan.score);
    }
  }
  if (!answers.index_applies) return;
  ++tally.by_index;
  ASSERT_EQ(answers.index.node, answers.scan.node);
  ASSERT_TRUE(answers.same_sample);
  if (answers.scan.node.valid()) {
    ASSERT_EQ(answers.index.score, answers.scan.score);
  }
}

Tally run(std::uint64_t first_seed, std::uint64_t seeds, int steps, int per_step,
          const RandomCluster::Options& options) {
  Tally tally;
  for (std::uint64_t seed = first_seed; seed < first_seed + seeds; ++seed) {
    SCOPED_TRACE(::testing::Message() << "rerun with seed=" << seed);
    RandomCluster cluster(seed, options);
    for (int i = 0; i < steps; ++i) {
      cluster.step(i);
      for (int j = 0; j < per_step; ++j) {
        compare(cluster, tally);
        if (::testing::Test::HasFatalFailure()) return tally;
      }
    }
    tally.placed += cluster.placed();
    tally.victims += cluster.victims();
  }
  return tally;
}

RandomCluster::Options options(std::uint32_t dense_domains) {
  RandomCluster::Options result;
  result.config.dense_domains = dense_domains;
  return result;
}

// Law: index = scan, node and score. With a limit of 6 dense domains host names and racks are
// counted sparsely and nodes move between groups, as they do in a large region.
TEST(SchedulerIndex, AnswersAsTheFullScanDoesWithSparseDomains) {
  const Tally tally = run(0, 500, 400, 3, options(6));
  EXPECT_GE(tally.compared, 600'000U);
  EXPECT_GE(tally.by_index, tally.compared / 2);  // scans: rules between pods beside nominated ones
  EXPECT_GE(tally.victims, 1'000U);
  EXPECT_GE(tally.found, tally.compared / 4);  // the clusters were not all full
  EXPECT_GE(tally.placed, 20'000U);            // nor all empty
}

TEST(SchedulerIndex, AnswersAsTheFullScanDoesWithDenseDomains) {
  const Tally tally = run(10'000, 170, 400, 3, options(1000));
  EXPECT_GE(tally.by_index, tally.compared / 2);
}

TEST(SchedulerIndex, AnswersAsTheFullScanDoesWithZoneRulesAlone) {
  RandomCluster::Options zones = options(1000);
  zones.host_rules = false;
  zones.priorities = false;
  const Tally tally = run(20'000, 170, 400, 3, zones);
  EXPECT_EQ(tally.by_index, tally.compared);
  EXPECT_GE(tally.by_load_tree, tally.compared / 10);
}

/// Pods of workloads, whose default constraints count host by host. Few other rules, so that the
/// hosts with pods of a workload are looked at one by one.
Tally run_with_owners(std::uint64_t first_seed, std::uint32_t dense_domains, bool other_rules) {
  RandomCluster::Options owners = options(dense_domains);
  owners.config.default_spread = true;
  owners.owners = true;
  owners.host_rules = other_rules;
  owners.priorities = other_rules;
  return run(first_seed, 60, 400, 3, owners);
}

TEST(SchedulerIndex, AnswersAsTheFullScanDoesForDefaultSpread) {
  for (const std::uint32_t dense_domains : {6U, 1000U}) {
    const Tally tally = run_with_owners(30'000 + dense_domains, dense_domains, false);
    EXPECT_EQ(tally.by_index, tally.compared);
    EXPECT_GE(tally.found, tally.compared / 4);
  }
}

TEST(SchedulerIndex, AnswersAsTheFullScanDoesForDefaultSpreadBesideOtherRules) {
  for (const std::uint32_t dense_domains : {6U, 1000U}) {
    const Tally tally = run_with_owners(40'000 + dense_domains, dense_domains, true);
    EXPECT_GE(tally.by_index, tally.compared / 2);
    EXPECT_GE(tally.victims, 100U);
  }
}

/// A profile as a configuration could make it: filters and scores left out, weights, arguments.
SchedulerProfile some_profile(std::uint64_t seed) {
  RandomStream random(seed);
  SchedulerProfile profile = SchedulerProfile::arcas();
  std::erase_if(profile.filters, [&](PluginId plugin) {
    return plugin != PluginId::node_resources_fit && random.chance(1, 5);
  });
  std::erase_if(profile.scores, [&](const WeightedPlugin&) { return random.chance(1, 4); });
  for (WeightedPlugin& score : profile.scores) {
    score.weight = random.between(1, random.chance(1, 2) ? 5 : 1000);
  }
  profile.fit.strategy = static_cast<ScoringStrategy>(random.below(3));
  profile.fit.shape = {{0, random.between(0, 10)}, {60, random.between(0, 10)}, {100, 3}};
  for (ScoredResource& scored : profile.fit.resources) scored.weight = random.between(1, 100);
  if (random.chance(1, 3)) profile.fit.resources.pop_back();
  if (random.chance(1, 4)) profile.balanced.resources.pop_back();
  profile.inter_pod_affinity.hard_pod_affinity_weight = random.between(0, 100);
  profile.inter_pod_affinity.ignore_preferred_terms_of_existing_pods = random.chance(1, 3);
  return profile;
}

TEST(SchedulerIndex, AnswersAsTheFullScanDoesWhateverPluginsAProfileHas) {
  Tally all;
  for (std::uint64_t seed = 50'000; seed < 50'160; ++seed) {
    RandomCluster::Options some = options(seed % 2 == 0 ? 6 : 1000);
    some.config.profile = some_profile(seed);
    some.config.default_spread = some.owners = seed % 3 == 0;
    const Tally tally = run(seed, 1, 400, 3, some);
    if (HasFatalFailure()) return;
    all.compared += tally.compared;
    all.by_index += tally.by_index;
    all.found += tally.found;
  }
  EXPECT_GE(all.by_index, all.compared / 3);
  EXPECT_GE(all.found, all.compared / 4);
}

// Law: a sample found by the index is the sample found by looking, and so is its best node.
TEST(SchedulerIndex, SamplesAsTheScanDoes) {
  Tally all;
  for (std::uint64_t seed = 60'000; seed < 60'120; ++seed) {
    RandomCluster::Options sampled = options(seed % 2 == 0 ? 6 : 1000);
    sampled.config.profile.percentage_of_nodes_to_score = static_cast<std::int32_t>(seed % 5) * 15;
    sampled.config.fewest_nodes_to_score = 1 + static_cast<std::uint32_t>(seed % 7);
    sampled.config.most_nodes_to_score = seed % 11 == 0 ? 9 : 0;
    sampled.config.default_spread = sampled.owners = seed % 3 == 0;
    sampled.host_rules = sampled.priorities = seed % 4 != 0;
    const Tally tally = run(seed, 1, 400, 3, sampled);
    if (HasFatalFailure()) return;
    all.compared += tally.compared;
    all.by_index += tally.by_index;
    all.found += tally.found;
  }
  EXPECT_GE(all.by_index, all.compared / 2);
  EXPECT_GE(all.found, all.compared / 4);
}

}  // namespace
}  // namespace arcas::scheduler
