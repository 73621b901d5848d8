// Every interleaving of small worlds: what may happen in which order, and who crashes when.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "tests/exhaustive/explorer.h"

namespace arcas::tests {
namespace {

using Holds = std::set<std::pair<Role, Role>>;

template <class M>
std::size_t kind_of() {
  return ports::Message(M{}).index();
}
/// How roles find each other again after a crash, without a choice.
std::set<std::size_t> finding_each_other() {
  return {kind_of<ports::WatchRequest>(),    kind_of<ports::NodeWatchRequest>(),
          kind_of<ports::RegisterNode>(),    kind_of<ports::NodeRegistered>(),
          kind_of<ports::PodOrdersSynced>(), kind_of<ports::PodReport>()};
}

TimePoint at(std::int64_t second) { return TimePoint{second * 1'000'000'000}; }

/// One bounded world and what its search must show.
struct Scope {
  const char* what = "";
  Shape shape;
  Adversity adversity;
  Planted planted = Planted::none;
  void (*begin)(SmallWorld&) = nullptr;  ///< what is asked when the choices begin
  CheckEnd check_end = [](SmallWorld&) { return std::string(); };
  bool (*settled)(const SmallWorld&) = nullptr;
};

Shape small_shape() {
  Shape shape;
  shape.profile.zone_evidence = false;
  shape.profile.status_batch_window = Duration{0};
  shape.profile.controller_batch_window = Duration{0};
  shape.profile.decision_cost = Duration{0};
  shape.profile.leader_retry = seconds(2);
  shape.profile.reconnect_period = seconds(2);
  shape.profile.node_monitor_period = seconds(1);
  shape.cycles_at_once = true;
  return shape;
}

MakeWorld world_of(const Scope& scope) {
  return [&scope] {
    auto world = std::make_unique<SmallWorld>(scope.shape, scope.planted);
    world->start(at(3));
    world->settled = scope.settled;
    world->allow(scope.adversity);
    scope.begin(*world);
    return world;
  };
}

Coverage search(const Scope& scope, std::uint64_t limit) {
  const Coverage found = explore(world_of(scope), scope.check_end, limit);
  const auto number = [](std::uint64_t n) { return static_cast<unsigned long long>(n); };
  std::printf(
      "%s: %llu states, %llu transitions (%llu crashes), %llu choices left out, %llu ends, "
      "%llu commits fenced off, depth %zu: %s\n",
      scope.what, number(found.states), number(found.transitions), number(found.crashes),
      number(found.asleep), number(found.ends), number(found.fenced_off), found.deepest,
      found.complete ? "complete" : "cut off");
  for (const std::string& line : found.story) std::printf("    %s\n", line.c_str());
  if (!found.violation.empty()) std::printf("    => %s\n", found.violation.c_str());
  std::fflush(stdout);
  return found;
}

ports::Transaction some_pods(SmallWorld& world, std::uint32_t count) {
  model::PodSpec spec;
  spec.containers.emplace_back().requests.set(model::kCpu, 1000);
  ports::Transaction transaction;
  transaction.mode = ports::Transaction::Mode::each;
  for (std::uint32_t i = 0; i < count; ++i) {
    model::Pod pod;
    pod.meta.tenant = TenantId{0};
    pod.meta.name_space = NamespaceId{0};
    pod.meta.labels = world.catalog.label_sets.intern({});
    pod.meta.name = {world.catalog.intern("p" + std::to_string(i)), 0};
    pod.spec = world.catalog.intern_spec(spec);
    transaction.pods.push_back({ports::Verb::create, 0, pod});
  }
  return transaction;
}

void one_pod(SmallWorld& world) { world.ask(0, some_pods(world, 1)); }
void one_pod_each(SmallWorld& world) {
  for (std::uint32_t t = 0; t < 2; ++t) world.ask(t, some_pods(world, 1));
}
void two_pods_each(SmallWorld& world) {
  for (std::uint32_t t = 0; t < 2; ++t) world.ask(t, some_pods(world, 2));
}

Scope bind_and_claim(void (*begin)(SmallWorld&), std::uint32_t nodes) {
  Scope scope;
  scope.shape = small_shape();
  scope.shape.nodes = nodes;
  scope.shape.tenant_partitions = 2;
  scope.shape.at_once = {kind_of<ports::PodReport>()};
  scope.adversity.horizon = at(4);
  scope.begin = begin;
  return scope;
}

Scope leases() {
  Scope scope;
  scope.shape = small_shape();
  scope.shape.nodes = 1;
  scope.shape.schedulers = 2;
  scope.shape.at_once = {kind_of<ports::PodReport>()};
  scope.adversity.horizon = at(14);
  scope.begin = one_pod;
  scope.settled = [](const SmallWorld& world) { return world.truth().running() == 1; };
  return scope;
}

/// A ReplicaSet with its pods running when the choices begin.
model::ReplicaSet replica_set(SmallWorld& world, std::int32_t replicas) {
  model::PodSpec spec;
  spec.containers.emplace_back().requests.set(model::kCpu, 1000);
  model::LabelSet labels;
  labels.set(world.catalog.intern("app"), world.catalog.intern("web"));
  model::ReplicaSet set;
  set.meta.tenant = TenantId{0};
  set.meta.name_space = NamespaceId{0};
  set.meta.labels = world.catalog.label_sets.intern({});
  set.meta.name = {world.catalog.intern("web"), 0};
  set.replicas = replicas;
  set.pod_template = {world.catalog.label_sets.intern(std::move(labels)),
                      world.catalog.intern_spec(spec)};
  return set;
}

void with_replica_set(SmallWorld& world) {
  ports::Transaction transaction;
  transaction.objects.push_back({ports::Verb::create, 0, replica_set(world, 1)});
  world.ask(0, std::move(transaction));
  world.run_until(at(5));
}

void lose_a_node(SmallWorld& world) {
  with_replica_set(world);
  std::uint32_t node = 0;
  world.tables(0).pods.for_each([&](const model::Pod& pod) { node = pod.node.index; });
  world.kill_node(node);
}

void delete_the_replica_set(SmallWorld& world) {
  with_replica_set(world);
  ports::Transaction transaction;
  world.tables(0).replica_sets.for_each([&](const model::ReplicaSet& set) {
    transaction.objects.push_back({ports::Verb::remove, 0, set});
  });
  world.ask(0, std::move(transaction));
}

Scope controlled(std::uint32_t nodes) {
  Scope scope;
  scope.shape = small_shape();
  scope.shape.nodes = nodes;
  scope.shape.controller_managers = 1;
  scope.shape.at_once = finding_each_other();
  return scope;
}

Scope eviction() {
  Scope scope = controlled(2);
  scope.shape.profile.heartbeat_period = seconds(1);
  scope.shape.profile.node_grace = seconds(2);
  scope.shape.profile.eviction_interval = seconds(1);
  scope.shape.profile.default_toleration_seconds = 1;
  scope.adversity.horizon = at(40);
  scope.begin = lose_a_node;
  scope.settled = [](const SmallWorld& world) { return world.truth().running() == 1; };
  scope.check_end = [](SmallWorld& world) -> std::string {
    return world.truth().running() == 1 ? "" : "no pod runs in place of the one that was lost";
  };
  return scope;
}

Scope garbage() {
  Scope scope = controlled(1);
  scope.adversity.horizon = at(30);
  scope.begin = delete_the_replica_set;
  scope.settled = [](const SmallWorld& world) {
    bool empty = world.truth().running() == 0;
    world.tables(0).pods.for_each([&](const model::Pod&) { empty = false; });
    return empty;
  };
  scope.check_end = [](SmallWorld& world) -> std::string {
    if (world.tables(0).replica_sets.size() != 0) return "";  // the request was lost in a crash
    if (world.truth().running() != 0) return "a pod without owner runs on";
    std::string left;
    world.tables(0).pods.for_each([&](const model::Pod&) { left = "a pod without owner is left"; });
    return left;
  };
  return scope;
}

/// The search must be complete and find nothing.
void expect_clean(Scope scope, const char* what, std::uint64_t limit = 200'000) {
  scope.what = what;
  const Coverage found = search(scope, limit);
  EXPECT_TRUE(found.complete) << what << ": cut off at " << found.states << " states";
  EXPECT_EQ(found.violation, "") << what;
  EXPECT_GT(found.ends, 0U) << what;
  EXPECT_EQ(found.crashes != 0, scope.adversity.crashes != 0) << what;
}

Scope with_crashes(Scope scope, std::uint32_t crashes, std::set<Role> who, bool one_order) {
  scope.shape.at_once = finding_each_other();
  scope.adversity.crashes = crashes;
  scope.adversity.may_crash = std::move(who);
  scope.adversity.one_order_after_a_crash = one_order;
  return scope;
}

Scope with_hold(Scope scope, Holds who) {
  scope.adversity.holds = 1;
  scope.adversity.may_hold = std::move(who);
  return scope;
}

TEST(SmallScope, TwoSchedulersBindFourPodsToThreeNodesWithoutOverCommit) {
  expect_clean(bind_and_claim(two_pods_each, 3), "bind, 2+2 pods on 3 nodes");
  expect_clean(bind_and_claim(two_pods_each, 2), "bind, 2+2 pods on 2 nodes");
}

TEST(SmallScope, AGrantThatComesAfterItsClaimExpiredBindsNothing) {
  Scope scope = with_hold(bind_and_claim(one_pod_each, 1), {{Role::node_manager, Role::scheduler}});
  scope.shape.profile.claim_lifetime = seconds(2);
  scope.adversity.horizon = at(7);
  expect_clean(scope, "bind, grants held beyond the claim's life");
}

TEST(SmallScope, ACrashAnywhereWhileTwoSchedulersWantOneNodeDoublesAndLosesNothing) {
  const Scope one_node = bind_and_claim(one_pod_each, 1);
  expect_clean(with_crashes(one_node, 1, {Role::scheduler}, false), "bind, scheduler crashes");
  expect_clean(with_crashes(one_node, 1, {Role::node_agent}, false), "bind, agent crashes");
  expect_clean(with_crashes(one_node, 1, {Role::node_manager}, true), "bind, node manager crashes");
  expect_clean(with_crashes(one_node, 1, {Role::api_server}, true), "bind, api server crashes");
}

TEST(SmallScope, TwoCrashesAnywhereWhileAPodIsBoundDoubleAndLoseNothing) {
  Scope scope = bind_and_claim(one_pod, 1);
  scope.shape.tenant_partitions = 1;
  const std::set<Role> all = {Role::scheduler, Role::node_manager, Role::api_server,
                              Role::node_agent};
  expect_clean(with_crashes(scope, 2, all, true), "bind, any two crash");
}

TEST(SmallScope, ALeaderThatIsCutOffAndComesBackLateCommitsNothing) {
  Scope scope = with_hold(
      leases(), {{Role::scheduler, Role::api_server}, {Role::scheduler, Role::node_manager}});
  scope.what = "leases, one way held";
  const Coverage found = search(scope, 200'000);
  EXPECT_TRUE(found.complete);
  EXPECT_EQ(found.violation, "");
  EXPECT_GT(found.fenced_off, 0U);  // it did try
}

TEST(SmallScope, TwoCrashesOfSchedulersHandTheLeaseOverWithoutDoubleBinding) {
  expect_clean(with_crashes(leases(), 2, {Role::scheduler}, false), "leases, two crashes");
}

TEST(SmallScope, ThePodOfALostNodeRunsElsewhereWhateverCrashes) {
  expect_clean(eviction(), "eviction");
  const std::set<Role> all = {Role::controller_manager, Role::scheduler, Role::node_manager,
                              Role::api_server};
  for (const Role role : all) {
    expect_clean(with_crashes(eviction(), 1, {role}, true), "eviction, one crashes");
  }
}

TEST(SmallScope, NothingOfADeletedReplicaSetIsLeftWhateverCrashes) {
  expect_clean(garbage(), "garbage");
  for (const Role role : {Role::controller_manager, Role::scheduler, Role::node_agent}) {
    expect_clean(with_crashes(garbage(), 1, {role}, false), "garbage, one crashes");
  }
  for (const Role role : {Role::node_manager, Role::api_server}) {
    expect_clean(with_crashes(garbage(), 1, {role}, true), "garbage, one crashes, one order");
  }
}

TEST(SmallScope, ANodeManagerThatGrantsEveryClaimIsCaught) {
  Scope scope = bind_and_claim(two_pods_each, 2);
  scope.planted = Planted::claims_always_granted;
  scope.what = "planted: every claim granted";
  EXPECT_NE(search(scope, 10'000).violation.find("over-committed"), std::string::npos);
}

TEST(SmallScope, SchedulersThatClaimNothingAreCaught) {
  Scope scope = bind_and_claim(two_pods_each, 2);
  scope.shape.profile.claims = false;
  scope.what = "planted: no claims";
  EXPECT_NE(search(scope, 10'000).violation.find("over-committed"), std::string::npos);
}

TEST(SmallScope, AStoreWithoutFencesIsCaught) {
  Scope scope = with_hold(leases(), {{Role::scheduler, Role::api_server}});
  scope.planted = Planted::stores_without_fences;
  scope.what = "planted: no fences";
  EXPECT_NE(search(scope, 10'000).violation.find("after epoch"), std::string::npos);
}

}  // namespace
}  // namespace arcas::tests
