#include "core/controllers/deployment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/base/rng.h"
#include "fixture.h"

namespace arcas::controllers {
namespace {

using Strategy = model::Deployment::Strategy;

/// A Deployment and its ReplicaSets, whose pods come and go as a test says.
class DeploymentTest : public testing::Test {
 protected:
  DeploymentTest() {
    deployment.meta.uid = Uid{5};
    deployment.meta.name = {world.catalog.intern("web"), 0};
    deployment.selector = world.selector("web");
    deployment.pod_template = {world.labels("web"), world.spec(1)};
    deployment.replicas = 10;
  }
  std::size_t sync() {
    std::vector<const model::ReplicaSet*> pointers;
    for (const model::ReplicaSet& set : sets) pointers.push_back(&set);
    Effects out;
    controller.sync(at(1), deployment, pointers, world.pods, out);
    for (const auto& operation : out.objects) apply(operation);
    return out.objects.size();
  }
  void apply(const ports::ObjectOperation& operation) {
    if (const auto* changed = std::get_if<model::Deployment>(&operation.object)) {
      deployment = *changed;
      return;
    }
    const auto& set = std::get<model::ReplicaSet>(operation.object);
    const auto it = std::find_if(sets.begin(), sets.end(), [&](const model::ReplicaSet& known) {
      return known.meta.uid == set.meta.uid;
    });
    if (operation.verb == ports::Verb::create) {
      sets.push_back(set);
      sets.back().meta.uid = Uid{100 + ++created};
      sets.back().meta.created_at = at(static_cast<std::int64_t>(created));
    } else if (operation.verb == ports::Verb::remove) {
      sets.erase(it);
    } else {
      *it = set;
    }
  }
  /// Every ReplicaSet has as many pods as it wants, all of them available.
  void pods_follow() {
    for (model::ReplicaSet& set : sets) {
      set.status_replicas = set.status_ready = set.status_available = set.replicas;
      set.observed_generation = set.meta.generation;
    }
  }
  void roll_out() {
    for (int i = 0; i < 200 && sync() > 0; ++i) pods_follow();
  }
  std::int32_t sum(std::int32_t model::ReplicaSet::*member) const {
    std::int32_t total = 0;
    for (const model::ReplicaSet& set : sets) total += set.*member;
    return total;
  }

  World world;
  model::Deployment deployment;
  std::vector<model::ReplicaSet> sets;
  std::uint64_t created = 0;
  DeploymentController controller{{}, world.catalog};
};

TEST_F(DeploymentTest, ANewDeploymentGetsOneReplicaSetThatItOwns) {
  sync();
  ASSERT_EQ(sets.size(), 1U);
  EXPECT_EQ(sets[0].replicas, 10);
  EXPECT_EQ(sets[0].meta.owner, (model::OwnerReference{Uid{5}, model::Kind::deployment}));
  EXPECT_EQ(sets[0].meta.name.base, deployment.meta.name.base);
  EXPECT_GT(sets[0].meta.name.suffix, 0U);
  EXPECT_EQ(sets[0].pod_template.spec, deployment.pod_template.spec);
  const auto& labels = world.catalog.label_sets[sets[0].pod_template.labels];
  const StringId hash = labels.get(world.catalog.intern("pod-template-hash"));
  ASSERT_TRUE(hash.valid());
  EXPECT_EQ("web-" + world.catalog.text(hash), world.catalog.name_text(sets[0].meta.name));
  pods_follow();
  sync();
  EXPECT_EQ(sync(), 0U);  // and then nothing more is written
  EXPECT_EQ(deployment.status_available, 10);
}

TEST_F(DeploymentTest, LimitsAreRoundedAsInKubernetes) {
  deployment.replicas = 10;
  EXPECT_EQ(rollout_limits(deployment).surge, 3);        // 2.5 up
  EXPECT_EQ(rollout_limits(deployment).unavailable, 2);  // 2.5 down
  deployment.replicas = 1;
  EXPECT_EQ(rollout_limits(deployment).surge, 1);
  EXPECT_EQ(rollout_limits(deployment).unavailable, 0);
  deployment.max_surge = 0;
  EXPECT_EQ(rollout_limits(deployment).unavailable, 1);  // both 0 would never move
  deployment.max_unavailable_is_percent = false;
  deployment.max_unavailable = 7;
  deployment.replicas = 3;
  EXPECT_EQ(rollout_limits(deployment).unavailable, 3);
}

TEST_F(DeploymentTest, ARollingUpdateKeepsToItsLimitsAndEnds) {
  roll_out();
  deployment.pod_template.spec = world.spec(2);
  for (int i = 0; i < 100; ++i) {
    sync();
    EXPECT_LE(sum(&model::ReplicaSet::replicas), 13);
    EXPECT_GE(sum(&model::ReplicaSet::status_available), 8);
    for (model::ReplicaSet& set : sets) {  // one pod comes, surplus ones go
      if (set.status_available < set.replicas) ++set.status_available;
      set.status_available = std::min(set.status_available, set.replicas);
      set.status_replicas = set.status_ready = set.status_available;
      set.observed_generation = set.meta.generation;
    }
  }
  ASSERT_EQ(sets.size(), 2U);
  EXPECT_EQ(sets[0].replicas, 0);
  EXPECT_EQ(sets[1].replicas, 10);
  EXPECT_EQ(deployment.status_updated, 10);
  EXPECT_EQ(sync(), 0U);
}

TEST_F(DeploymentTest, ARollOutWhosePodsNeverGetReadyStops) {
  roll_out();
  deployment.pod_template.spec = world.spec(2);
  for (int i = 0; i < 50; ++i) {
    sync();
    sets[0].status_replicas = sets[0].status_available = sets[0].replicas;
    if (sets.size() > 1) sets[1].status_replicas = sets[1].replicas;
  }
  EXPECT_EQ(sets[0].replicas, 8);  // maxUnavailable 2 are gone, no more
  EXPECT_EQ(sets[1].replicas, 5);
}

TEST_F(DeploymentTest, ARollBackTakesTheOldReplicaSetAgain) {
  roll_out();
  const SpecId original = deployment.pod_template.spec;
  deployment.pod_template.spec = world.spec(2);
  roll_out();
  deployment.pod_template.spec = original;
  roll_out();
  ASSERT_EQ(sets.size(), 2U);
  EXPECT_EQ(sets[0].replicas, 10);
  EXPECT_EQ(sets[1].replicas, 0);
  // Revisions tell the order of use: the old one is the newest again.
  EXPECT_EQ(sets[0].revision, 3);
  EXPECT_EQ(sets[1].revision, 2);
  EXPECT_EQ(deployment.revision, 3);
}

TEST_F(DeploymentTest, ScalingChangesTheOneReplicaSet) {
  roll_out();
  for (const std::int32_t size : {25, 3, 0, 7}) {
    deployment.replicas = size;
    roll_out();
    ASSERT_EQ(sets.size(), 1U);
    EXPECT_EQ(sets[0].replicas, size);
  }
}

TEST_F(DeploymentTest, RecreateWaitsUntilTheOldPodsAreGone) {
  deployment.strategy = Strategy::recreate;
  roll_out();
  const Uid pod = world.put(world.pod(sets[0].meta.uid, deployment.pod_template.spec, NodeId{1}));
  deployment.pod_template.spec = world.spec(2);
  sync();
  EXPECT_EQ(sets[0].replicas, 0);
  pods_follow();
  sync();
  EXPECT_EQ(sets.size(), 1U);
  model::Pod leaving = *world.pods.find(pod);
  leaving.meta.deleted_at = at(2);
  world.put(leaving);
  sync();
  EXPECT_EQ(sets.size(), 1U);  // it terminates, but is there
  world.pods.erase(pod);
  sync();
  ASSERT_EQ(sets.size(), 2U);
  EXPECT_EQ(sets[1].replicas, 10);
}

TEST_F(DeploymentTest, WhilePausedOnlyTheSizeFollows) {
  roll_out();
  deployment.paused = true;
  deployment.pod_template.spec = world.spec(2);
  deployment.replicas = 12;
  roll_out();
  ASSERT_EQ(sets.size(), 1U);
  EXPECT_EQ(sets[0].replicas, 12);
  deployment.paused = false;
  roll_out();
  EXPECT_EQ(sets.size(), 2U);
  EXPECT_EQ(sets[1].replicas, 12);
}

TEST_F(DeploymentTest, EmptyOldReplicaSetsAboveTheLimitGoOldestFirst) {
  for (int i = 1; i <= 14; ++i) {
    deployment.pod_template.spec = world.spec(i);
    roll_out();
  }
  EXPECT_EQ(sets.size(), 11U);  // the current one and ten of history
  EXPECT_EQ(sets.back().replicas, 10);
  EXPECT_EQ(sets.front().pod_template.spec, world.spec(4));
}

TEST_F(DeploymentTest, ADeploymentThatIsDeletedIsLeftAlone) {
  deployment.meta.deleted_at = at(1);
  EXPECT_EQ(sync(), 0U);
}

TEST_F(DeploymentTest, WhateverTheOrderOfEventsRolloutsKeepTheirLimitsAndEnd) {
  RandomStream rng(3);
  for (int round = 0; round < 300; ++round) {
    sets.clear();
    deployment.replicas = static_cast<std::int32_t>(rng.between(1, 20));
    deployment.max_surge = static_cast<std::int32_t>(rng.between(0, 100));
    deployment.max_unavailable = static_cast<std::int32_t>(rng.between(0, 100));
    deployment.pod_template.spec = world.spec(1);
    roll_out();
    const RolloutLimits limits = rollout_limits(deployment);
    std::int64_t next_spec = 2;
    for (int step = 0; step < 300; ++step) {
      if (step < 100 && rng.chance(1, 15)) deployment.pod_template.spec = world.spec(next_spec++);
      if (rng.chance(2, 3)) sync();
      ASSERT_LE(sum(&model::ReplicaSet::replicas), deployment.replicas + limits.surge);
      ASSERT_GE(sum(&model::ReplicaSet::status_available),
                deployment.replicas - limits.unavailable);
      for (model::ReplicaSet& set : sets) {
        if (!rng.chance(1, 2)) continue;
        if (set.status_available < set.replicas) ++set.status_available;
        set.status_available = std::min(set.status_available, set.replicas);
        set.status_replicas = set.status_available;
        set.observed_generation = set.meta.generation;
      }
    }
    roll_out();
    for (const model::ReplicaSet& set : sets) {
      const bool newest = set.pod_template.spec == deployment.pod_template.spec;
      EXPECT_EQ(set.replicas, newest ? deployment.replicas : 0);
    }
  }
}

}  // namespace
}  // namespace arcas::controllers
