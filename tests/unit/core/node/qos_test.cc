#include "core/node/qos.h"

#include <gtest/gtest.h>

namespace arcas::node {
namespace {

model::PodSpec pod(std::initializer_list<std::pair<std::int64_t, std::int64_t>> cpu_and_memory,
                   bool limited) {
  model::PodSpec spec;
  for (const auto& [cpu, memory] : cpu_and_memory) {
    model::Container container;
    if (cpu > 0) container.requests.set(model::kCpu, cpu);
    if (memory > 0) container.requests.set(model::kMemory, memory);
    if (limited) container.limits = container.requests;
    spec.containers.push_back(container);
  }
  return spec;
}

TEST(Qos, TheClassFollowsFromRequestsAndLimitsOfEveryContainer) {
  EXPECT_EQ(qos_class(pod({{0, 0}}, true)), QosClass::best_effort);
  EXPECT_EQ(qos_class(pod({{100, 1000}}, true)), QosClass::guaranteed);
  EXPECT_EQ(qos_class(pod({{100, 1000}}, false)), QosClass::burstable);
  EXPECT_EQ(qos_class(pod({{100, 1000}, {0, 0}}, true)), QosClass::burstable);
  EXPECT_EQ(qos_class(pod({{100, 0}}, true)), QosClass::burstable) << "memory has no limit";
}

TEST(Qos, AVirtualMachineIsJudgedByItsOwnResources) {
  model::PodSpec spec;
  spec.workload = model::WorkloadType::vm;
  EXPECT_EQ(qos_class(spec), QosClass::best_effort);
  spec.vm.requests.set(model::kCpu, 1000);
  spec.vm.requests.set(model::kMemory, 1 << 28);
  spec.vm.limits = spec.vm.requests;
  EXPECT_EQ(qos_class(spec), QosClass::guaranteed);
}

TEST(Qos, TheMoreMemoryABurstablePodAskedForTheLaterItIsKilled) {
  EXPECT_EQ(oom_score_adjustment(QosClass::guaranteed, 0, 1000), -997);
  EXPECT_EQ(oom_score_adjustment(QosClass::best_effort, 0, 1000), 1000);
  EXPECT_EQ(oom_score_adjustment(QosClass::burstable, 250, 1000), 750);
  EXPECT_EQ(oom_score_adjustment(QosClass::burstable, 0, 1000), 999);
  EXPECT_EQ(oom_score_adjustment(QosClass::burstable, 5000, 1000), 3);
}

TEST(Qos, CpuBecomesSharesAndQuotaWithinTheKernelsBounds) {
  EXPECT_EQ(cpu_shares(0), 2);
  EXPECT_EQ(cpu_shares(1000), 1024);
  EXPECT_EQ(cpu_shares(1'000'000'000'000), 262'144);
  EXPECT_EQ(cpu_quota_us(0), 0);
  EXPECT_EQ(cpu_quota_us(1), 1000);
  EXPECT_EQ(cpu_quota_us(500), 50'000);
  EXPECT_EQ(cpu_quota_us(2500), 250'000);
}

}  // namespace
}  // namespace arcas::node
