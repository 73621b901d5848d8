#include "core/model/resources.h"

#include <gtest/gtest.h>

#include <limits>

#include "core/model/pod_spec.h"

namespace arcas::model {
namespace {

constexpr std::uint32_t kHalf = ResourceList::kBillion / 2;

TEST(ResourceList, TwoHalvesAreOneUnitTogether) {
  ResourceList list;
  list.add(kCpu, 1, kHalf);  // 500u, rounded up to 1m
  EXPECT_EQ(list.get(kCpu), 1);
  list.add(kCpu, 1, kHalf);
  EXPECT_EQ(list.get(kCpu), 1);
  list.add(kCpu, 1, kHalf);
  EXPECT_EQ(list.get(kCpu), 2);
}

TEST(ResourceList, TheLargerAmountIsTheOneThatWasRoundedLess) {
  ResourceList half;
  half.set(kCpu, 1, kHalf);
  ResourceList whole;
  whole.set(kCpu, 1);
  ResourceList most = half;
  most.max_with(whole);
  EXPECT_EQ(most, whole);
  most.max_with(half);
  EXPECT_EQ(most, whole);
}

TEST(ResourceList, AnAbsentKindIsZeroButNotNamed) {
  ResourceList list;
  list.set(kMemory, 0);
  EXPECT_TRUE(list.has(kMemory));
  EXPECT_FALSE(list.has(kCpu));
  EXPECT_EQ(list.get(kCpu), 0);
}

TEST(ResourceList, SumsStopAtTheLargestAmount) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  ResourceList list;
  list.add(kMemory, kMost);
  list.add(kMemory, 1);
  EXPECT_EQ(list.get(kMemory), kMost);
}

Container container(std::int64_t milli_cpu, bool init = false, bool sidecar = false) {
  Container result;
  if (milli_cpu >= 0) result.requests.set(kCpu, milli_cpu);
  result.init = init;
  result.sidecar = sidecar;
  return result;
}

TEST(EffectiveRequests, AnInitContainerCountsWithTheSidecarsBeforeIt) {
  PodSpec spec;
  spec.containers = {container(300, true, true), container(500, true), container(100, true, true),
                     container(200)};
  // Together 200 + 300 + 100; the init container runs beside the first sidecar: 500 + 300.
  EXPECT_EQ(effective_requests(spec).get(kCpu), 800);
  spec.overhead.set(kCpu, 10);
  EXPECT_EQ(effective_requests(spec).get(kCpu), 810);
}

TEST(EffectiveRequests, WhatAContainerDoesNotNameCountsAsMissing) {
  PodSpec spec;
  spec.containers = {container(-1), container(0), container(30)};
  ResourceList missing;
  missing.set(kCpu, 100);
  EXPECT_EQ(effective_requests(spec, missing, false).get(kCpu), 130);
  EXPECT_EQ(effective_requests(spec).get(kCpu), 30);
}

TEST(EffectiveRequests, PodLevelRequestsTakeThePlaceOfTheContainersWhereTheyCount) {
  PodSpec spec;
  spec.containers = {container(300)};
  spec.containers.front().requests.set(kEphemeralStorage, 7);
  spec.overhead.set(kCpu, 10);
  spec.has_pod_requests = true;
  spec.pod_requests.set(kCpu, 1000);
  spec.pod_requests.set(kEphemeralStorage, 9);  // no kind that 1.32 takes there
  EXPECT_EQ(effective_requests(spec, {}, true).get(kCpu), 1010);
  EXPECT_EQ(effective_requests(spec, {}, true).get(kEphemeralStorage), 7);
  EXPECT_EQ(effective_requests(spec, {}, false).get(kCpu), 310);
}

}  // namespace
}  // namespace arcas::model
