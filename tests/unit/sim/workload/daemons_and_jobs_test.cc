#include "sim/workload/daemons_and_jobs.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <variant>
#include <vector>

namespace arcas::sim {
namespace {

Scenario scenario() {
  Scenario s;
  s.tenants = 3;
  s.workload.start = seconds(10);
  s.workload.over = seconds(20);
  s.workload.total_pods = 300;
  PodShapeSpec shape;
  shape.cpu_milli = 100;
  shape.memory_bytes = 1 << 20;
  s.workload.pods = {shape};
  DaemonSetSpec agent;
  agent.name = "agent";
  agent.pod = shape;
  DaemonSetSpec plugin = agent;
  plugin.name = "plugin";
  plugin.node_labels = {{"b", "2"}, {"a", "1"}};
  s.workload.daemon_sets = {agent, plugin};
  JobSpec batch;
  batch.name = "batch";
  batch.count = 4;
  batch.completions = 7;
  batch.parallelism = 2;
  batch.backoff_limit = 1;
  batch.runs_min = seconds(5);
  batch.runs_max = seconds(9);
  batch.pod = shape;
  JobSpec late = batch;
  late.name = "late";
  late.count = 1;
  late.start = seconds(100);
  s.workload.jobs = {batch, late};
  return s;
}

std::vector<UserOperation> all_of(const OperationSource& source) {
  std::vector<UserOperation> operations;
  while (auto operation = source()) operations.push_back(std::move(*operation));
  EXPECT_FALSE(source());
  return operations;
}

template <class T>
std::vector<T> objects(const std::vector<UserOperation>& operations) {
  std::vector<T> found;
  for (const UserOperation& operation : operations) {
    if (const T* object = std::get_if<T>(&operation.object)) found.push_back(*object);
  }
  return found;
}

TEST(DaemonsAndJobs, DaemonSetsBelongToTenantSystemAndCarryTheLabelsOfTheirNodes) {
  model::Catalog catalog;
  const auto operations = daemons_and_jobs(scenario(), catalog);
  const auto sets = objects<model::DaemonSet>(operations);
  ASSERT_EQ(sets.size(), 2U);
  ASSERT_EQ(objects<model::Tenant>(operations).size(), 1U);
  EXPECT_EQ(objects<model::Tenant>(operations).front().id, TenantId{0});
  for (const model::DaemonSet& set : sets) EXPECT_EQ(set.meta.tenant, TenantId{0});
  EXPECT_TRUE(catalog.spec(sets[0].pod_template.spec).node_selector.empty());
  const auto& selector = catalog.spec(sets[1].pod_template.spec).node_selector;
  ASSERT_EQ(selector.size(), 2U);
  EXPECT_LT(selector[0].first, selector[1].first);
}

TEST(DaemonsAndJobs, JobsAreDealtOverTheTenantsAndHaveTheirNumbers) {
  model::Catalog catalog;
  const auto jobs = objects<model::Job>(daemons_and_jobs(scenario(), catalog));
  ASSERT_EQ(jobs.size(), 5U);
  std::set<std::uint32_t> tenants;
  std::set<std::string> names;
  for (const model::Job& job : jobs) {
    tenants.insert(job.meta.tenant.index);
    names.insert(catalog.name_text(job.meta.name));
    EXPECT_EQ(job.completions, 7);
    EXPECT_EQ(job.parallelism, 2);
    EXPECT_EQ(job.backoff_limit, 1);
    const model::PodSpec& spec = catalog.spec(job.pod_template.spec);
    EXPECT_GE(spec.run_seconds, 5);
    EXPECT_LE(spec.run_seconds, 9);
    EXPECT_EQ(spec.restart, model::RestartPolicy::never);
  }
  EXPECT_EQ(tenants, (std::set<std::uint32_t>{1, 2, 3}));
  EXPECT_EQ(names, (std::set<std::string>{"batch-0", "batch-1", "batch-2", "batch-3", "late-0"}));
}

TEST(DaemonsAndJobs, AllOperationsComeInTheOrderOfTimeAndNoneIsLeftOut) {
  model::Catalog catalog;
  const auto operations = all_of(generated_workload(scenario(), catalog));
  TimePoint last;
  for (const UserOperation& operation : operations) {
    EXPECT_GE(operation.at, last);
    last = operation.at;
  }
  EXPECT_EQ(last, TimePoint{} + seconds(100));
  std::int64_t pods = 0;
  for (const auto& deployment : objects<model::Deployment>(operations)) pods += deployment.replicas;
  EXPECT_EQ(pods, 300);
  EXPECT_EQ(objects<model::Tenant>(operations).size(), 4U);
  EXPECT_EQ(objects<model::DaemonSet>(operations).size(), 2U);
  EXPECT_EQ(objects<model::Job>(operations).size(), 5U);
}

TEST(DaemonsAndJobs, TheyChangeNothingOfTheDeployments) {
  model::Catalog with;
  model::Catalog without;
  Scenario s = scenario();
  const auto some = objects<model::Deployment>(all_of(generated_workload(s, with)));
  s.workload.daemon_sets.clear();
  s.workload.jobs.clear();
  const auto others = objects<model::Deployment>(all_of(generated_workload(s, without)));
  ASSERT_EQ(some.size(), others.size());
  for (std::size_t i = 0; i < some.size(); ++i) EXPECT_EQ(some[i].replicas, others[i].replicas);
}

TEST(DaemonsAndJobs, TheSeedDecidesHowLongJobsWork) {
  const auto runs = [](std::uint64_t seed) {
    model::Catalog catalog;
    Scenario s = scenario();
    s.seed = seed;
    s.workload.jobs[0].count = 50;
    std::vector<std::int64_t> drawn;
    for (const auto& job : objects<model::Job>(daemons_and_jobs(s, catalog))) {
      drawn.push_back(catalog.spec(job.pod_template.spec).run_seconds);
    }
    return drawn;
  };
  EXPECT_EQ(runs(1), runs(1));
  EXPECT_NE(runs(1), runs(2));
}

}  // namespace
}  // namespace arcas::sim
