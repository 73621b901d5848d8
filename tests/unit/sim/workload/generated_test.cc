#include "sim/workload/generated.h"

#include <gtest/gtest.h>

#include <map>
#include <variant>

namespace arcas::sim {
namespace {

Scenario scenario() {
  Scenario s;
  s.name = "test";
  s.zones = {"a", "b", "c"};
  s.tenants = 7;
  s.workload.total_pods = 20'000;
  s.workload.smallest = 3;
  s.workload.largest = 500;
  s.workload.mean = 40;
  s.workload.spread_soft_percent = 60;
  s.workload.spread_hard_percent = 20;
  s.workload.budget_percent = 50;
  PodShapeSpec small;
  small.share = 9;
  small.cpu_milli = 250;
  PodShapeSpec vm;
  vm.share = 1;
  vm.cpu_milli = 1000;
  vm.vm = true;
  s.workload.pods = {small, vm};
  return s;
}

struct Drawn {
  std::int64_t tenants = 0;
  std::int64_t budgets = 0;
  std::int64_t pods = 0;
  std::int64_t vms = 0;
  std::int64_t soft = 0;
  std::int64_t hard = 0;
  std::int64_t deployments = 0;
  std::map<std::uint32_t, std::int64_t> by_tenant;
  std::vector<std::int32_t> replicas;
  std::vector<TimePoint> times;
};

void count(const model::Deployment& deployment, const model::Catalog& catalog, Drawn& drawn) {
  ++drawn.deployments;
  ++drawn.by_tenant[deployment.meta.tenant.index];
  drawn.pods += deployment.replicas;
  drawn.replicas.push_back(deployment.replicas);
  const model::PodSpec& spec = catalog.spec(deployment.pod_template.spec);
  if (spec.workload == model::WorkloadType::vm) {
    drawn.vms += deployment.replicas;
    EXPECT_TRUE(spec.containers.empty());
  }
  for (const auto& constraint : spec.topology_spread) {
    const bool hard = constraint.when_unsatisfiable ==
                      model::TopologySpreadConstraint::WhenUnsatisfiable::do_not_schedule;
    EXPECT_EQ(constraint.honor_node_taints, hard);
    ++(hard ? drawn.hard : drawn.soft);
  }
}

Drawn draw(const Scenario& s, model::Catalog& catalog) {
  Drawn drawn;
  const OperationSource source = generated_workload(s, catalog);
  TimePoint last;
  while (const auto operation = source()) {
    EXPECT_GE(operation->at, last);
    last = operation->at;
    drawn.times.push_back(last);
    drawn.tenants += std::holds_alternative<model::Tenant>(operation->object) ? 1 : 0;
    drawn.budgets += std::holds_alternative<model::PodDisruptionBudget>(operation->object) ? 1 : 0;
    if (const auto* deployment = std::get_if<model::Deployment>(&operation->object)) {
      count(*deployment, catalog, drawn);
    }
  }
  return drawn;
}

TEST(GeneratedWorkloadTest, PodsAddUpExactlyAndSizesKeepTheirBounds) {
  model::Catalog catalog;
  const Drawn drawn = draw(scenario(), catalog);
  EXPECT_EQ(drawn.tenants, 7);
  EXPECT_EQ(drawn.pods, 20'000);
  for (const std::int32_t replicas : drawn.replicas) {
    EXPECT_GE(replicas, 3);
    EXPECT_LE(replicas, 500 + 3);  // the last takes the rest
  }
  const double mean = 20'000.0 / static_cast<double>(drawn.deployments);
  EXPECT_GT(mean, 30);
  EXPECT_LT(mean, 50);
}

TEST(GeneratedWorkloadTest, SharesComeOutAboutAsAskedFor) {
  model::Catalog catalog;
  Scenario s = scenario();
  s.workload.total_pods = 200'000;
  const Drawn drawn = draw(s, catalog);
  const auto of = [&](std::int64_t part) {
    return 100.0 * static_cast<double>(part) / static_cast<double>(drawn.deployments);
  };
  EXPECT_NEAR(of(drawn.soft), 60, 4);
  EXPECT_NEAR(of(drawn.hard), 20, 4);
  EXPECT_NEAR(of(drawn.budgets), 50, 4);
  EXPECT_NEAR(100.0 * static_cast<double>(drawn.vms) / 200'000, 10, 4);
  ASSERT_EQ(drawn.by_tenant.size(), 7U);
  for (const auto& [tenant, deployments] : drawn.by_tenant) {
    EXPECT_NEAR(static_cast<double>(deployments), static_cast<double>(drawn.deployments) / 7, 1);
  }
}

TEST(GeneratedWorkloadTest, TheSeedDecidesEverything) {
  model::Catalog one;
  model::Catalog two;
  model::Catalog three;
  Scenario s = scenario();
  const Drawn first = draw(s, one);
  const Drawn again = draw(s, two);
  EXPECT_EQ(first.replicas, again.replicas);
  EXPECT_EQ(first.times, again.times);
  s.seed = 2;
  EXPECT_NE(first.replicas, draw(s, three).replicas);
}

TEST(GeneratedWorkloadTest, SpecsAreSharedByTheirShape) {
  model::Catalog catalog;
  Scenario s = scenario();
  s.workload.images = 1;
  s.workload.spread_soft_percent = 0;
  s.workload.spread_hard_percent = 0;
  const OperationSource source = generated_workload(s, catalog);
  std::map<std::uint32_t, int> specs;
  while (const auto operation = source()) {
    if (const auto* deployment = std::get_if<model::Deployment>(&operation->object)) {
      ++specs[deployment->pod_template.spec.index];
    }
  }
  EXPECT_EQ(specs.size(), 2U);
}

TEST(GeneratedWorkloadTest, NoPodsAndOnePodAreFine) {
  model::Catalog catalog;
  Scenario s = scenario();
  s.workload.total_pods = 0;
  EXPECT_EQ(draw(s, catalog).deployments, 0);
  s.workload.total_pods = 1;
  EXPECT_EQ(draw(s, catalog).pods, 1);
}

}  // namespace
}  // namespace arcas::sim
