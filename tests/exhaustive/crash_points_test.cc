// Every controller with every plan: crashed at each of its writes, misled at each of its events.
// Where it ends must be where it ends undisturbed.
#include <gtest/gtest.h>

#include <cstdio>

#include "tests/exhaustive/end_state.h"

namespace arcas::tests {
namespace {

using Point = Plan::Point;
using Step = void (*)(SmallWorld&);

constexpr std::array kWritePoints = {Point::before_send, Point::after_commit, Point::after_reply};
constexpr std::array kEventPoints = {Point::held_view, Point::hidden_event};
constexpr const char* kPointNames[] = {"none",        "before send", "after commit",
                                       "after reply", "held view",   "hidden event"};

TimePoint at(std::int64_t second) { return TimePoint{second * 1'000'000'000}; }

/// What happens to one controller's objects, in steps at given seconds.
struct Story {
  const char* controller = "";
  std::vector<std::pair<std::int64_t, Step>> steps;
  std::int64_t end = 40;
  std::uint32_t nodes = 2;
};

std::unique_ptr<SmallWorld> run(const Story& story, const Plan& plan, Planted planted) {
  Shape shape;
  shape.nodes = story.nodes;
  shape.node_cpu_milli = 4000;
  shape.controller_managers = 1;
  shape.cycles_at_once = true;
  shape.profile.zone_evidence = false;
  shape.profile.status_batch_window = Duration{0};
  shape.profile.controller_batch_window = Duration{0};
  shape.profile.decision_cost = Duration{0};
  shape.profile.leader_retry = seconds(2);
  shape.profile.reconnect_period = seconds(2);
  shape.profile.node_monitor_period = seconds(1);
  shape.profile.heartbeat_period = seconds(1);
  shape.profile.node_grace = seconds(2);
  shape.profile.eviction_interval = seconds(1);
  shape.profile.default_toleration_seconds = 1;
  auto world = std::make_unique<SmallWorld>(shape, planted);
  world->start(at(4));
  world->follow(plan);
  for (const auto& [second, step] : story.steps) {
    world->run_until(at(second));
    step(*world);
  }
  world->run_until(at(story.end));
  return world;
}

// ---- what a user does ----

template <class T>
T named(SmallWorld& world, std::string_view name) {
  T object;
  object.meta.tenant = TenantId{0};
  object.meta.name_space = NamespaceId{0};
  object.meta.labels = world.catalog.label_sets.intern({});
  object.meta.name = {world.catalog.intern(name), 0};
  return object;
}

model::LabelSet labels(SmallWorld& world) {
  model::LabelSet set;
  set.set(world.catalog.intern("app"), world.catalog.intern("web"));
  return set;
}

model::PodTemplate pod_template(SmallWorld& world, std::int64_t cpu_milli,
                                std::int64_t run_seconds = -1) {
  model::PodSpec spec;
  spec.containers.emplace_back().requests.set(model::kCpu, cpu_milli);
  spec.run_seconds = run_seconds;
  if (run_seconds >= 0) spec.restart = model::RestartPolicy::never;
  return {world.catalog.label_sets.intern(labels(world)), world.catalog.intern_spec(spec)};
}

SelectorId selector(SmallWorld& world) {
  model::Selector selects;
  selects.requirements.push_back(
      {world.catalog.intern("app"), model::SelectorOperator::in, {world.catalog.intern("web")}});
  return world.catalog.selectors.intern(std::move(selects));
}

void create(SmallWorld& world, model::Object object) {
  ports::Transaction transaction;
  transaction.objects.push_back({ports::Verb::create, 0, std::move(object)});
  world.ask(0, std::move(transaction));
}

/// Changes, or with `verb` remove deletes, all objects of a table but what `change` says no to.
template <class T, class Change>
void change(SmallWorld& world, const state::ObjectTable<T>& table, ports::Verb verb,
            Change change_one) {
  ports::Transaction transaction;
  table.for_each([&](const T& stored) {
    T next = stored;
    if (!change_one(next)) return;
    transaction.objects.push_back({verb, stored.meta.resource_version, next});
  });
  world.ask(0, std::move(transaction));
}

void make_replica_set(SmallWorld& world) {
  auto set = named<model::ReplicaSet>(world, "web");
  set.replicas = 2;
  set.selector = selector(world);
  set.pod_template = pod_template(world, 1000);
  create(world, set);
}
void grow_replica_set(SmallWorld& world) {
  change(world, world.tables(0).replica_sets, ports::Verb::update,
         [](model::ReplicaSet& set) { return set.replicas = 3, true; });
}
void shrink_replica_set(SmallWorld& world) {
  change(world, world.tables(0).replica_sets, ports::Verb::update,
         [](model::ReplicaSet& set) { return set.replicas = 1, true; });
}
void delete_replica_set(SmallWorld& world) {
  change(world, world.tables(0).replica_sets, ports::Verb::remove,
         [](model::ReplicaSet&) { return true; });
}

void make_deployment(SmallWorld& world) {
  auto deployment = named<model::Deployment>(world, "web");
  deployment.replicas = 2;
  deployment.selector = selector(world);
  deployment.pod_template = pod_template(world, 1000);
  create(world, deployment);
}
void change_deployment(SmallWorld& world) {
  const model::PodTemplate next = pod_template(world, 500);
  change(world, world.tables(0).deployments, ports::Verb::update,
         [&](model::Deployment& deployment) { return deployment.pod_template = next, true; });
}
void delete_deployment(SmallWorld& world) {
  change(world, world.tables(0).deployments, ports::Verb::remove,
         [](model::Deployment&) { return true; });
}

void make_daemon_set(SmallWorld& world) {
  auto set = named<model::DaemonSet>(world, "agent");
  set.selector = selector(world);
  set.pod_template = pod_template(world, 100);
  create(world, set);
}
void change_daemon_set(SmallWorld& world) {
  const model::PodTemplate next = pod_template(world, 200);
  change(world, world.tables(0).daemon_sets, ports::Verb::update,
         [&](model::DaemonSet& set) { return set.pod_template = next, true; });
}

void make_job(SmallWorld& world) {
  auto job = named<model::Job>(world, "sum");
  job.parallelism = 2;
  job.completions = 3;
  job.pod_template = pod_template(world, 1000, 0);
  create(world, job);
}

void make_tenant(SmallWorld& world) {
  auto tenant = named<model::Tenant>(world, "acme");
  tenant.meta.tenant = {};
  tenant.meta.name_space = {};
  tenant.id = world.catalog.tenants.intern("acme");
  create(world, tenant);
}
void delete_tenant(SmallWorld& world) {
  change(world, world.tables(0).tenants, ports::Verb::remove, [](model::Tenant&) { return true; });
}

void make_budget(SmallWorld& world) {
  make_replica_set(world);
  auto budget = named<model::PodDisruptionBudget>(world, "web");
  budget.selector = selector(world);
  budget.min_available = 1;
  create(world, budget);
}

void lose_node_0(SmallWorld& world) { world.kill_node(0); }
void remove_node_0(SmallWorld& world) { world.remove_node(0); }

const Story kReplicaSet = {
    "ReplicaSet", {{4, make_replica_set}, {10, grow_replica_set}, {16, shrink_replica_set}}};
const Story kGarbage = {"garbage of a ReplicaSet",
                        {{4, make_replica_set}, {10, delete_replica_set}}};

// ---- the plans ----

struct Tally {
  std::uint32_t plans = 0;
  std::uint32_t writes = 0;
  std::uint32_t events = 0;
  std::vector<std::string> failures;
};

void try_plan(const Story& story, const Plan& plan, Planted planted,
              const std::vector<std::string>& expected, Tally& tally) {
  const auto world = run(story, plan, planted);
  ++tally.plans;
  std::string wrong = world->truth().violation();
  if (wrong.empty() && !world->happened()) wrong = "the plan's point was not reached";
  if (wrong.empty()) wrong = difference(expected, end_state(*world));
  if (wrong.empty()) return;
  tally.failures.push_back(std::string(story.controller) + ", " +
                           kPointNames[static_cast<std::size_t>(plan.point)] + " " +
                           std::to_string(plan.nth) + ": " + wrong);
}

/// Tries every plan; the counts of writes and events are those of the undisturbed run.
Tally try_all(const Story& story, Planted planted = Planted::none) {
  Tally tally;
  const auto undisturbed = run(story, {}, planted);
  EXPECT_EQ(undisturbed->truth().violation(), "");
  const std::vector<std::string> expected = end_state(*undisturbed);
  std::tie(tally.writes, tally.events) = undisturbed->counted();
  for (std::uint32_t n = 1; n <= tally.writes; ++n) {
    for (const Point point : kWritePoints) try_plan(story, {point, n}, planted, expected, tally);
  }
  for (std::uint32_t n = 1; n <= tally.events; ++n) {
    for (const Point point : kEventPoints) try_plan(story, {point, n}, planted, expected, tally);
  }
  std::printf("%s: %u writes, %u events, %u plans, %zu end elsewhere\n", story.controller,
              tally.writes, tally.events, tally.plans, tally.failures.size());
  for (const std::string& line : expected) std::printf("    %s\n", line.c_str());
  for (std::size_t i = 0; i < tally.failures.size() && i < 5; ++i) {
    std::printf("    => %s\n", tally.failures[i].c_str());
  }
  return tally;
}

class CrashPoints : public testing::TestWithParam<Story> {};

TEST_P(CrashPoints, EveryPlanEndsWhereTheUndisturbedRunEnds) {
  const Tally tally = try_all(GetParam());
  EXPECT_GT(tally.writes, 0U);
  EXPECT_GT(tally.events, 0U);
  EXPECT_TRUE(tally.failures.empty()) << tally.failures.front();
}

INSTANTIATE_TEST_SUITE_P(
    Controllers, CrashPoints,
    testing::Values(kReplicaSet, kGarbage,
                    Story{"Deployment", {{4, make_deployment}, {12, change_deployment}}},
                    Story{"garbage of a Deployment",
                          {{4, make_deployment}, {12, delete_deployment}}},
                    Story{"DaemonSet", {{4, make_daemon_set}, {12, change_daemon_set}}},
                    Story{"Job", {{4, make_job}}},
                    Story{"tenant and namespace", {{4, make_tenant}, {12, delete_tenant}}},
                    Story{"disruption budget", {{4, make_budget}, {12, shrink_replica_set}}},
                    Story{"evictor", {{4, make_replica_set}, {10, lose_node_0}}, 60},
                    Story{"pod GC", {{4, make_replica_set}, {10, remove_node_0}}, 200}),
    [](const auto& story) {
      std::string name = story.param.controller;
      std::erase(name, ' ');
      return name;
    });

TEST(CrashPointsPlanted, OrphansThatANewLeaderDoesNotSeeAreCaught) {
  EXPECT_FALSE(try_all(kGarbage, Planted::orphans_unseen).failures.empty());
}

}  // namespace
}  // namespace arcas::tests
