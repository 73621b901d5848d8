// Invariants about evictions, and the figures of the report.
#include <gtest/gtest.h>

#include "tests/support/check_stream.h"

namespace arcas::sim {
namespace {

void set_ready(Stream& s, model::Node& node, bool ready) {
  node.ready = ready ? model::ConditionStatus::yes : model::ConditionStatus::unknown;
  s.update_object(node, Stream::kNodes);
}

TEST(AllZonesDark, AnEvictionWhileNoZoneHasAReadyNodeIsCaught) {
  Stream s;
  model::Node first = s.add_node(ZoneId{0});
  model::Node second = s.add_node(ZoneId{1});
  model::ReplicaSet set = s.replica_set(3);
  s.add_object(set);
  model::Pod a = s.running_pod(s.spec(), first.id, &set);
  model::Pod b = s.running_pod(s.spec(), first.id, &set);
  model::Pod c = s.running_pod(s.spec(), second.id, &set);
  set_ready(s, first, false);
  s.evict(a);  // one zone is fine: this is what eviction is for
  EXPECT_EQ(s.violated(), "");
  set_ready(s, second, false);
  s.now = s.now + seconds(1);
  s.evict(b);  // decided before the last zone went dark
  EXPECT_EQ(s.violated(), "");
  s.now = s.now + minutes(1);
  s.evict(c);
  EXPECT_EQ(s.violated(), "I49 all-zones-dark");
}

TEST(AllZonesDark, TheGraceBeginsAnewAfterwards) {
  CheckOptions options;
  options.grace_after_all_dark = seconds(40);
  Stream s(options);
  model::Node node = s.add_node();
  model::ReplicaSet set = s.replica_set(1);
  s.add_object(set);
  model::Pod pod = s.running_pod(s.spec(), node.id, &set);
  set_ready(s, node, false);
  s.now = s.now + hours(1);
  set_ready(s, node, true);
  s.now = s.now + seconds(10);
  s.evict(pod);
  EXPECT_EQ(s.violated(), "I49 all-zones-dark");
}

TEST(BlastRadius, TooManyEvictionsInAWindowAreCaught) {
  CheckOptions options;
  options.blast_floor = 2;
  Stream s(options);
  const model::Node node = s.add_node();
  model::ReplicaSet set = s.replica_set(8);
  s.add_object(set);
  std::vector<model::Pod> pods;
  for (int i = 0; i < 8; ++i) pods.push_back(s.running_pod(s.spec(100), node.id, &set));
  s.evict(pods[0]);
  s.evict(pods[1]);
  s.now = s.now + minutes(11);  // another window
  s.evict(pods[2]);
  s.evict(pods[3]);
  EXPECT_EQ(s.violated(), "");
  s.now = s.now + minutes(5);
  s.evict(pods[4]);
  EXPECT_EQ(s.violated(), "I50 blast-radius");
}

TEST(BlastRadius, ADarkZoneHasABudgetOfItsOwn) {
  CheckOptions options;
  options.blast_floor = 1;
  Stream s(options);
  s.add_node(ZoneId{1});
  model::Node node = s.add_node(ZoneId{0});
  model::ReplicaSet set = s.replica_set(4);
  s.add_object(set);
  std::vector<model::Pod> pods;
  for (int i = 0; i < 4; ++i) pods.push_back(s.running_pod(s.spec(100), node.id, &set));
  set_ready(s, node, false);
  for (model::Pod& pod : pods) s.evict(pod);
  EXPECT_EQ(s.violated(), "");
  EXPECT_EQ(s.outcome.figures().evictions, 4);
}

TEST(BlastRadius, AZoneWhoseOwnNodeManagerIsCutOffWithItHasItsBudgetToo) {
  CheckOptions options;
  options.blast_floor = 1;
  Stream s(options);
  const model::Node node = s.add_node(ZoneId{0});  // ready for ever, by the commits
  model::ReplicaSet set = s.replica_set(6);
  s.add_object(set);
  std::vector<model::Pod> pods;
  for (int i = 0; i < 6; ++i) pods.push_back(s.running_pod(s.spec(100), node.id, &set));
  s.outcome.on_fault(s.now);
  s.suite.on_zone_cut_off(ZoneId{0}, true, s.now);
  s.evict(pods[0]);
  s.evict(pods[1]);
  s.now = s.now + minutes(1);
  s.suite.on_zone_cut_off(ZoneId{0}, false, s.now);
  s.evict(pods[2]);  // ordered before the heal
  EXPECT_EQ(s.violated(), "");
  EXPECT_EQ(s.outcome.figures().pods_displaced, 2);
  s.now = s.now + minutes(20);
  s.evict(pods[3]);
  s.evict(pods[4]);
  EXPECT_EQ(s.violated(), "I50 blast-radius");
}

TEST(BlastRadius, AZoneWithoutPowerHasItsBudgetWhateverTheCommitsSay) {
  CheckOptions options;
  options.blast_floor = 1;
  Stream s(options);
  const model::Node node = s.add_node(ZoneId{0});
  model::ReplicaSet set = s.replica_set(3);
  s.add_object(set);
  std::vector<model::Pod> pods;
  for (int i = 0; i < 3; ++i) pods.push_back(s.running_pod(s.spec(100), node.id, &set));
  s.suite.on_host(node.id, false, s.now);
  for (model::Pod& pod : pods) s.evict(pod);
  EXPECT_EQ(s.violated(), "");
}

TEST(OutcomeTracker, AHostThatDiesDisplacesAndReplacementsRecover) {
  Stream s;
  model::Node dead = s.add_node(ZoneId{0});
  const model::Node alive = s.add_node(ZoneId{1});
  model::ReplicaSet set = s.replica_set(2);
  s.add_object(set);
  model::Pod a = s.running_pod(s.spec(), dead.id, &set);
  model::Pod b = s.running_pod(s.spec(), dead.id, &set);
  s.running_pod(s.spec(), alive.id);

  s.outcome.on_fault(s.now);
  s.suite.on_host(dead.id, false, s.now);
  s.suite.on_stopped(a.meta.uid, dead.id, true, s.now);
  s.suite.on_stopped(b.meta.uid, dead.id, true, s.now);
  OutcomeTracker::Figures figures = s.outcome.figures();
  EXPECT_EQ(figures.pods_running_before_fault, 3);
  EXPECT_EQ(figures.pods_running, 1);
  EXPECT_EQ(figures.pods_displaced, 2);
  EXPECT_EQ(figures.pods_lost, 2);

  s.now = s.now + seconds(5);
  set_ready(s, dead, false);
  s.now = s.now + seconds(2);
  s.evict(a);
  s.now = s.now + seconds(3);
  s.running_pod(s.spec(), alive.id, &set);  // the replacement of `a`
  s.now = s.now + seconds(50);
  set_ready(s, dead, true);
  s.suite.on_host(dead.id, true, s.now);
  s.suite.on_running(b.meta.uid, dead.id, s.now);  // `b` itself, back with its host
  figures = s.outcome.figures();
  EXPECT_EQ(figures.pods_recovered, 2);
  EXPECT_EQ(figures.pods_lost, 0);
  EXPECT_EQ(figures.evictions, 1);
  EXPECT_EQ(figures.first_not_ready, seconds(5));
  EXPECT_EQ(figures.detection, seconds(7));
  EXPECT_EQ(s.outcome.recovery_ms(), (std::vector<std::uint32_t>{10'000, 60'000}));
  EXPECT_EQ(s.outcome.recovery().p50, seconds(10));
  EXPECT_EQ(s.outcome.recovery().max, seconds(60));
  EXPECT_EQ(s.violated(), "");
}

TEST(OutcomeTracker, APodEvictedFromACutOffNodeIsDisplacedThoughItRuns) {
  Stream s;
  model::Node cut = s.add_node(ZoneId{0});
  const model::Node other = s.add_node(ZoneId{1});
  model::ReplicaSet set = s.replica_set(1);
  s.add_object(set);
  model::Pod pod = s.running_pod(s.spec(), cut.id, &set);
  s.outcome.on_fault(s.now);
  set_ready(s, cut, false);
  s.now = s.now + seconds(30);
  s.evict(pod);
  s.now = s.now + seconds(2);
  s.running_pod(s.spec(), other.id, &set);
  EXPECT_EQ(s.outcome.figures().pods_displaced, 1);
  EXPECT_EQ(s.outcome.figures().pods_recovered, 1);
  EXPECT_EQ(s.outcome.recovery_ms().at(0), 2000U);
}

TEST(OutcomeTracker, WhatNobodyWantsAnyMoreIsNotLost) {
  Stream s;
  const model::Node node = s.add_node();
  model::ReplicaSet set = s.replica_set(2);
  s.add_object(set);
  model::Pod a = s.running_pod(s.spec(), node.id, &set);
  model::Pod b = s.running_pod(s.spec(), node.id, &set);
  s.outcome.on_fault(s.now);
  s.suite.on_host(node.id, false, s.now);
  s.suite.on_stopped(a.meta.uid, node.id, true, s.now);
  s.suite.on_stopped(b.meta.uid, node.id, true, s.now);
  set.replicas = 1;
  s.update_object(set);
  EXPECT_EQ(s.outcome.figures().pods_lost, 1);
  s.remove(b);
  ports::ChangeBatch batch;
  batch.objects.push_back({ports::ChangeType::removed, set});
  s.send(Stream::kTenants, batch);
  EXPECT_EQ(s.outcome.figures().pods_lost, 0);
  EXPECT_EQ(s.outcome.figures().displaced_outstanding, 2);
}

TEST(OutcomeTracker, NothingCountsBeforeTheFirstFaultButEvictions) {
  Stream s;
  const model::Node node = s.add_node();
  model::ReplicaSet set = s.replica_set(1);
  s.add_object(set);
  model::Pod pod = s.running_pod(s.spec(), node.id, &set);
  s.evict(pod);
  s.suite.on_stopped(pod.meta.uid, node.id, true, s.now);
  EXPECT_EQ(s.outcome.figures().pods_displaced, 0);
  EXPECT_EQ(s.outcome.figures().evictions, 1);
  EXPECT_EQ(s.outcome.recovery().p50, Duration{-1});
}

}  // namespace
}  // namespace arcas::sim
