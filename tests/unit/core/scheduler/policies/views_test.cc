#include "core/scheduler/policies/views.h"

#include <gtest/gtest.h>

namespace arcas::policies {
namespace {

NodeView node_with(std::initializer_list<int> free) {
  NodeView node;
  node.cpu_free = node.cpu_capacity = 96'000;
  node.memory_free = node.memory_capacity = 1'000;
  node.pods_free = 10;
  for (const int milli : free) {
    node.free[node.device_count++] = static_cast<std::int16_t>(milli);
  }
  return node;
}

PodView sharing(std::int32_t milli) { return {1'000, 1, 1, milli, kAnyModel}; }
PodView whole(std::int32_t devices) { return {1'000, 1, devices, kWholeDevice, kAnyModel}; }

TEST(PolicyViews, APodFitsOnlyWhereEachResourceAndEnoughDevicesSuffice) {
  const NodeView node = node_with({1000, 400, 1000});
  EXPECT_TRUE(fits(node, whole(2)));
  EXPECT_FALSE(fits(node, whole(3)));
  EXPECT_TRUE(fits(node, {0, 0, 3, 400, kAnyModel}));
  EXPECT_FALSE(fits(node, {0, 0, 3, 401, kAnyModel}));
  EXPECT_FALSE(fits(node, {96'001, 0, 0, 0, kAnyModel}));
  EXPECT_FALSE(fits(node, {0, 1'001, 0, 0, kAnyModel}));
  NodeView full = node;
  full.pods_free = 0;
  EXPECT_FALSE(fits(full, sharing(100)));
}

TEST(PolicyViews, AModelIsDemandedOnlyOfPodsWithDevices) {
  NodeView node = node_with({1000});
  node.model = 3;
  EXPECT_TRUE(fits(node, {0, 0, 1, 1000, ModelSet{1} << 3U}));
  EXPECT_FALSE(fits(node, {0, 0, 1, 1000, ModelSet{1} << 2U}));
  EXPECT_TRUE(fits(node, {0, 0, 0, 0, ModelSet{1} << 2U}));
  EXPECT_FALSE(fits(node_with({}), sharing(1)));
}

TEST(PolicyViews, TheTightestDeviceIsTakenAndTheLowerIndexOnTies) {
  const NodeView node = node_with({1000, 400, 300, 400, 1000});
  EXPECT_EQ(tightest_devices(node, sharing(300)), 0b00100);
  EXPECT_EQ(tightest_devices(node, sharing(301)), 0b00010);
  EXPECT_EQ(tightest_devices(node, sharing(500)), 0b00001);
  EXPECT_EQ(tightest_devices(node, whole(2)), 0b10001);
  EXPECT_EQ(tightest_devices(node, {0, 0, 0, 0, kAnyModel}), 0);
}

TEST(PolicyViews, ReleaseUndoesReserve) {
  const NodeView before = node_with({1000, 400, 1000});
  NodeView node = before;
  reserve(node, whole(2), 0b101);
  EXPECT_EQ(node.free[0], 0);
  EXPECT_EQ(node.free[2], 0);
  EXPECT_EQ(node.class_pods[2], 1);
  EXPECT_EQ(node.cpu_free, 95'000);
  reserve(node, sharing(150), 0b010);
  EXPECT_EQ(node.free[1], 250);
  EXPECT_EQ(node.class_pods[0], 1);
  release(node, sharing(150), 0b010);
  release(node, whole(2), 0b101);
  EXPECT_EQ(node, before);
}

TEST(PolicyViews, ClassesOfPodsAreSharingOneTwoFourAndEightDevices) {
  EXPECT_EQ(class_of(sharing(999)), 0U);
  EXPECT_EQ(class_of(whole(1)), 1U);
  EXPECT_EQ(class_of(whole(2)), 2U);
  EXPECT_EQ(class_of(whole(4)), 3U);
  EXPECT_EQ(class_of(whole(8)), 4U);
  EXPECT_EQ(class_of(whole(16)), 5U);
}

}  // namespace
}  // namespace arcas::policies
