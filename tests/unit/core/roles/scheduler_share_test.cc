#include "core/roles/scheduler_share.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/roles/scheduler_role.h"
#include "core/scheduler/gang_membership.h"
#include "tests/support/partition_world.h"

namespace arcas::roles {
namespace {

model::Pod pod_of(std::uint64_t uid, std::uint64_t owner) {
  model::Pod pod;
  pod.meta.uid = Uid{uid};
  if (owner != 0) pod.meta.owner = {Uid{owner}, model::Kind::replica_set};
  return pod;
}

/// Which of `count` shares owns the pod; fails unless exactly one does.
std::uint32_t owner_of(const model::Pod& pod, std::uint32_t count, const model::Catalog& catalog) {
  std::vector<std::uint32_t> owners;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (SchedulerShare(i, count).owns(pod, catalog)) owners.push_back(i);
  }
  EXPECT_EQ(owners.size(), 1U);
  return owners.empty() ? count : owners.front();
}

TEST(SchedulerShare, TheOnlyOneOwnsEveryPod) {
  const model::Catalog catalog;
  EXPECT_TRUE(SchedulerShare().owns(pod_of(5, 0), catalog));
  EXPECT_TRUE(SchedulerShare(0, 1).owns(pod_of(5, 7), catalog));
  EXPECT_EQ(SchedulerShare().lease_name(), "kube-scheduler");
  EXPECT_EQ(SchedulerShare(3, 4).lease_name(), "kube-scheduler-3");
}

TEST(SchedulerShare, EveryPodHasOneOwnerAndTheOwnersAboutAsMany) {
  const model::Catalog catalog;
  std::vector<std::uint32_t> pods(4, 0);
  for (std::uint64_t uid = 1; uid <= 2000; ++uid) ++pods.at(owner_of(pod_of(uid, 0), 4, catalog));
  for (const std::uint32_t count : pods) {
    EXPECT_GT(count, 300U);
    EXPECT_LT(count, 750U);
  }
}

TEST(SchedulerShare, PodsOfAWorkloadAndThoseOfAGangStayTogether) {
  model::Catalog catalog;
  const std::uint32_t of_workload = owner_of(pod_of(1, 77), 5, catalog);
  model::LabelSet labels;
  labels.set(catalog.intern(scheduler::kPodGroupName), catalog.intern("training"));
  const LabelSetId gang = catalog.label_sets.intern(std::move(labels));
  model::Pod member = pod_of(1, 0);
  member.meta.labels = gang;
  const std::uint32_t of_gang = owner_of(member, 5, catalog);
  for (std::uint64_t uid = 2; uid < 50; ++uid) {
    EXPECT_EQ(owner_of(pod_of(uid, 77), 5, catalog), of_workload);
    member = pod_of(uid, uid * 31);
    member.meta.labels = gang;
    EXPECT_EQ(owner_of(member, 5, catalog), of_gang);
  }
}

TEST(SchedulerShare, ASchedulerPlacesItsShareAndNoOther) {
  std::vector<Uid> placed;
  for (const std::uint32_t share : {0U, 1U}) {
    tests::PartitionWorld world;
    std::vector<Uid> pods;
    for (int i = 0; i < 6; ++i) pods.push_back(world.create_pod("p" + std::to_string(i), 100));
    SchedulerRole role(world.context(ActorId{30}), PartitionId{1}, SchedulerShare(share, 2));
    role.on_start();
    world.run(seconds(2), role);
    for (const ports::ClaimRequest& claim : world.claims) {
      EXPECT_EQ(claim.share, share);
      for (const ports::ClaimItem& item : claim.items) placed.push_back(item.pod);
    }
  }
  std::sort(placed.begin(), placed.end());
  EXPECT_EQ(placed.size(), 6U);
  EXPECT_EQ(std::adjacent_find(placed.begin(), placed.end()), placed.end());
}

}  // namespace
}  // namespace arcas::roles
