#include "core/roles/workload_controllers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <variant>
#include <vector>

#include "core/state/tables.h"

namespace arcas::roles {
namespace {

/// The controllers of a leader that has just read everything there is.
class NewLeader : public testing::Test {
 protected:
  NewLeader() : controllers_(profile_, catalog_, PartitionId{1}) {}
  model::Metadata meta(Uid uid, std::string_view name) {
    model::Metadata meta;
    meta.uid = uid;
    meta.resource_version = 1;
    meta.name = {catalog_.intern(name), 0};
    return meta;
  }
  void learn(model::Object object) {
    ports::ChangeBatch batch;
    batch.objects.push_back({ports::ChangeType::added, std::move(object)});
    take(batch);
  }
  void learn_pod(Uid uid, model::OwnerReference owner, NodeId node = NodeId{0}) {
    model::Pod pod;
    pod.meta = meta(uid, "pod");
    pod.meta.name.suffix = static_cast<std::uint32_t>(uid.sequence());
    pod.meta.owner = owner;
    pod.node = node;
    pod.target = node;
    pod.phase = model::PodPhase::running;
    ports::ChangeBatch batch;
    batch.pods.push_back({ports::ChangeType::added, pod});
    take(batch);
  }
  void take(const ports::ChangeBatch& batch) {
    controllers_.absorb(TimePoint{0}, batch, [](const model::Pod*, const model::Pod*) {});
  }
  controllers::Effects sync() {
    controllers::Effects effects;
    controllers_.sync(TimePoint{0}, effects);
    return effects;
  }

  Profile profile_;
  model::Catalog catalog_;
  WorkloadControllers controllers_;
};

TEST_F(NewLeader, PodsWhoseOwnerWasDeletedBeforeItLedFollowIt) {
  for (const auto kind : {model::Kind::replica_set, model::Kind::daemon_set, model::Kind::job}) {
    const auto number = static_cast<std::uint64_t>(kind);
    learn_pod(Uid::make(1, 100 + number), {Uid::make(1, 50 + number), kind});
  }
  const controllers::Effects effects = sync();
  EXPECT_EQ(effects.pods.size(), 3U);
  for (const auto& operation : effects.pods) EXPECT_TRUE(operation.pod.meta.terminating());
}

TEST_F(NewLeader, ReplicaSetsWhoseDeploymentWasDeletedBeforeItLedFollowIt) {
  model::ReplicaSet set;
  set.meta = meta(Uid::make(1, 7), "web-1");
  set.meta.owner = {Uid::make(1, 6), model::Kind::deployment};
  learn(set);
  const controllers::Effects effects = sync();
  const auto removals =
      std::count_if(effects.objects.begin(), effects.objects.end(),
                    [](const auto& operation) { return operation.verb == ports::Verb::remove; });
  EXPECT_EQ(removals, 1);
}

TEST_F(NewLeader, PodsOfAnOwnerThatExistsStay) {
  model::Job job;
  job.meta = meta(Uid::make(1, 5), "batch");
  job.completions = 1;
  job.parallelism = 1;
  learn(job);
  learn_pod(Uid::make(1, 100), {job.meta.uid, model::Kind::job});
  EXPECT_TRUE(sync().pods.empty());
}

TEST_F(NewLeader, DaemonPodsOnNodesThatItHasNotHeardOfYetStay) {
  model::DaemonSet set;
  set.meta = meta(Uid::make(1, 5), "agent");
  set.pod_template = {catalog_.label_sets.intern({}), catalog_.intern_spec({})};
  learn(set);
  learn_pod(Uid::make(1, 100), {set.meta.uid, model::Kind::daemon_set}, NodeId{3});
  EXPECT_TRUE(sync().pods.empty());
  model::Node other;
  other.id = NodeId{1};
  controllers_.node_changed(TimePoint{0}, other);
  for (const auto& operation : sync().pods) EXPECT_EQ(operation.verb, ports::Verb::create);
  controllers_.nodes_synced(TimePoint{0});  // node 3 is really gone
  const controllers::Effects effects = sync();
  ASSERT_EQ(effects.pods.size(), 1U);
  EXPECT_EQ(effects.pods[0].pod.meta.uid, Uid::make(1, 100));
}

TEST_F(NewLeader, QuotasGetBackWhatPodsThatAreGoneWereCharged) {
  model::ResourceQuota quota;
  quota.meta = meta(Uid::make(1, 9), "few");
  quota.hard.set(model::kPods, 5);
  quota.used.set(model::kPods, 2);
  learn(quota);
  model::Pod pod;
  pod.meta = meta(Uid::make(1, 100), "pod");
  pod.spec = catalog_.intern_spec({});
  pod.phase = model::PodPhase::running;
  ports::ChangeBatch batch;
  batch.pods.push_back({ports::ChangeType::added, pod});
  take(batch);
  const auto recounts = [&](TimePoint now) {
    controllers::Effects effects;
    controllers_.sync(now, effects);
    std::vector<std::int64_t> used;
    for (const ports::ObjectOperation& operation : effects.objects) {
      const auto* update = std::get_if<model::ResourceQuota>(&operation.object);
      if (update != nullptr) used.push_back(update->used.get(model::kPods));
    }
    return used;
  };
  EXPECT_EQ(recounts(TimePoint{0}), (std::vector<std::int64_t>{1}));
  EXPECT_TRUE(recounts(TimePoint{0} + seconds(5)).empty());  // nothing has changed
  batch.pods[0].type = ports::ChangeType::removed;
  take(batch);
  EXPECT_LE(controllers_.next_tick(TimePoint{0} + seconds(5)), TimePoint{0} + seconds(5));
  EXPECT_EQ(recounts(TimePoint{0} + seconds(5)), (std::vector<std::int64_t>{0}));
}

}  // namespace
}  // namespace arcas::roles
