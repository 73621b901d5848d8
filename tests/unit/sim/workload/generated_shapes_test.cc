#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "sim/workload/generated.h"

namespace arcas::sim {
namespace {

Scenario scenario_of(std::int64_t pods) {
  Scenario scenario;
  scenario.seed = 11;
  scenario.tenants = 4;
  scenario.workload.total_pods = pods;
  PodShapeSpec container;
  container.share = 3;
  container.cpu_milli = 500;
  container.memory_bytes = 1 << 30;
  PodShapeSpec machine = container;
  machine.share = 1;
  machine.vm = true;
  scenario.workload.pods = {container, machine};
  return scenario;
}

std::vector<UserOperation> all_of(const Scenario& scenario, model::Catalog& catalog) {
  std::vector<UserOperation> operations;
  const OperationSource source = generated_workload(scenario, catalog);
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

std::int64_t pods_of(const std::vector<UserOperation>& operations) {
  std::int64_t pods = 0;
  for (const auto& deployment : objects<model::Deployment>(operations)) pods += deployment.replicas;
  return pods;
}

TEST(GeneratedShapes, PodsAddUpExactlyAndSizesStayInRange) {
  for (const std::int64_t pods : {0, 1, 2, 3, 99, 100, 101, 1'000, 12'345}) {
    model::Catalog catalog;
    const auto operations = all_of(scenario_of(pods), catalog);
    EXPECT_EQ(pods_of(operations), pods);
    const auto deployments = objects<model::Deployment>(operations);
    for (std::size_t i = 0; i < deployments.size(); ++i) {
      EXPECT_LE(deployments[i].replicas, 100);
      EXPECT_GE(deployments[i].replicas, i + 1 == deployments.size() ? 1 : 3);
    }
  }
}

TEST(GeneratedShapes, TheMeanComesOut) {
  for (const auto& [smallest, largest, mean] :
       std::vector<std::array<std::int64_t, 3>>{{3, 100, 30},
                                                {3, 100, 90},
                                                {3, 100, 3},
                                                {100, 100, 100},
                                                {1, 5'000, 30},
                                                {1, 100'000, 20}}) {
    Scenario scenario = scenario_of(600'000);
    scenario.workload.smallest = smallest;
    scenario.workload.largest = largest;
    scenario.workload.mean = mean;
    model::Catalog catalog;
    const auto operations = all_of(scenario, catalog);
    const auto count = static_cast<double>(objects<model::Deployment>(operations).size());
    const double seen = 600'000 / count;
    EXPECT_GT(seen, 0.75 * static_cast<double>(mean)) << largest << " " << mean;
    EXPECT_LT(seen, 1.35 * static_cast<double>(mean)) << largest << " " << mean;
  }
}

TEST(GeneratedShapes, EachDeploymentSelectsItsOwnPodsInItsOwnTenant) {
  model::Catalog catalog;
  const auto operations = all_of(scenario_of(3'000), catalog);
  std::set<std::uint32_t> selectors;
  std::set<std::uint32_t> tenants;
  for (const auto& deployment : objects<model::Deployment>(operations)) {
    EXPECT_TRUE(selectors.insert(deployment.selector.index).second);
    tenants.insert(deployment.meta.tenant.index);
    EXPECT_EQ(catalog.tenant_of(deployment.meta.name_space), deployment.meta.tenant);
    EXPECT_EQ(catalog.namespace_name(deployment.meta.name_space), "default");
    const auto& selector = catalog.selectors[deployment.selector];
    ASSERT_EQ(selector.requirements.size(), 1U);
    EXPECT_EQ(catalog.text(selector.requirements[0].key), "app");
    EXPECT_EQ(selector.requirements[0].values, std::vector{deployment.meta.name.base});
  }
  EXPECT_EQ(tenants, (std::set<std::uint32_t>{1, 2, 3, 4}));
}

TEST(GeneratedShapes, TolerationsComeWithTheShape) {
  Scenario scenario = scenario_of(30);
  for (PodShapeSpec& shape : scenario.workload.pods) {
    shape.tolerations = {{"gpu", true, "", "NoExecute", minutes(5)}, {"", true, "", "", {-1}}};
    shape.ephemeral_bytes = 4096;
  }
  model::Catalog catalog;
  for (const auto& deployment : objects<model::Deployment>(all_of(scenario, catalog))) {
    const model::PodSpec& spec = catalog.spec(deployment.pod_template.spec);
    ASSERT_EQ(spec.tolerations.size(), 2U);
    const model::Taint gpu{catalog.intern("gpu"), {}, model::TaintEffect::no_execute, 0};
    EXPECT_TRUE(model::tolerates(spec.tolerations[0], gpu));
    EXPECT_EQ(spec.tolerations[0].seconds, 300);
    const model::Taint other{catalog.intern("other"), {}, model::TaintEffect::no_schedule, 0};
    EXPECT_FALSE(model::tolerates(spec.tolerations[0], other));
    EXPECT_TRUE(model::tolerates(spec.tolerations[1], other));
    EXPECT_EQ(spec.requests.get(model::kEphemeralStorage), 4096);
  }
}

TEST(GeneratedShapes, SharesOfShapesConstraintsAndBudgets) {
  Scenario scenario = scenario_of(100'000);
  scenario.workload.spread_soft_percent = 50;
  scenario.workload.spread_hard_percent = 20;
  scenario.workload.budget_percent = 30;
  model::Catalog catalog;
  const auto operations = all_of(scenario, catalog);
  const auto deployments = objects<model::Deployment>(operations);
  double vms = 0;
  double soft = 0;
  double hard = 0;
  for (const auto& deployment : deployments) {
    const model::PodSpec& spec = catalog.spec(deployment.pod_template.spec);
    EXPECT_EQ(spec.requests.get(model::kCpu), 500);
    const bool vm = spec.workload == model::WorkloadType::vm;
    EXPECT_EQ(spec.containers.empty(), vm);
    vms += vm ? 1 : 0;
    if (spec.topology_spread.empty()) continue;
    const auto& constraint = spec.topology_spread[0];
    EXPECT_EQ(catalog.text(constraint.topology_key), "topology.kubernetes.io/zone");
    EXPECT_EQ(constraint.selector, deployment.selector);
    const bool insists = constraint.when_unsatisfiable ==
                         model::TopologySpreadConstraint::WhenUnsatisfiable::do_not_schedule;
    (insists ? hard : soft) += 1;
  }
  const auto count = static_cast<double>(deployments.size());
  EXPECT_NEAR(vms / count, 0.25, 0.04);
  EXPECT_NEAR(soft / count, 0.5, 0.04);
  EXPECT_NEAR(hard / count, 0.2, 0.04);
  const auto budgets = objects<model::PodDisruptionBudget>(operations);
  EXPECT_NEAR(static_cast<double>(budgets.size()) / count, 0.3, 0.04);
  EXPECT_TRUE(budgets[0].is_percent);
  EXPECT_EQ(budgets[0].min_available, -1);
}

}  // namespace
}  // namespace arcas::sim
