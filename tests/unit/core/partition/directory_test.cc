#include "core/partition/directory.h"

#include <gtest/gtest.h>

#include "core/base/rng.h"

namespace arcas::partition {
namespace {

constexpr PartitionId kA{0};
constexpr PartitionId kB{1};
constexpr TenantId kTenant{5};

TEST(DirectoryTest, ATenantIsAssignedOnce) {
  TenantDirectory directory;
  EXPECT_EQ(directory.create(kTenant, directory.choose(kTenant)).code, StatusCode::unavailable);
  directory.open(kA);
  EXPECT_TRUE(directory.create(kTenant, directory.choose(kTenant)).ok());
  EXPECT_EQ(directory.create(kTenant, kA).code, StatusCode::already_exists);
  EXPECT_EQ(directory.find(kTenant)->epoch, 1U);
}

TEST(DirectoryTest, LoadIsEvenAndFollowsCapacity) {
  TenantDirectory directory;
  for (std::uint32_t p = 0; p < 4; ++p) directory.open(PartitionId{p});
  for (std::uint32_t t = 0; t < 10'000; ++t) {
    ASSERT_TRUE(directory.create(TenantId{t}, directory.choose(TenantId{t})).ok());
  }
  for (std::uint32_t p = 0; p < 4; ++p) {
    EXPECT_NEAR(static_cast<double>(directory.count(PartitionId{p})), 2500, 25);
  }
}

TEST(DirectoryTest, AClosedPartitionGetsNothingNew) {
  TenantDirectory directory;
  directory.open(kA);
  directory.open(kB);
  directory.close(kA);
  for (std::uint32_t t = 0; t < 100; ++t) EXPECT_EQ(directory.choose(TenantId{t}), kB);
}

TEST(DirectoryTest, AMoveHandsOverWithoutOverlap) {
  TenantDirectory directory;
  ASSERT_TRUE(directory.create(kTenant, kA).ok());
  const Placement* placement = directory.find(kTenant);
  EXPECT_TRUE(placement->takes_writes(kA));
  ASSERT_TRUE(directory.begin_move(kTenant, 1, kB).ok());
  EXPECT_FALSE(placement->takes_writes(kA));
  EXPECT_FALSE(placement->takes_writes(kB));
  EXPECT_TRUE(placement->answers_reads(kA));
  ASSERT_TRUE(directory.hand_over(kTenant, 2).ok());
  EXPECT_FALSE(placement->takes_writes(kA));
  EXPECT_TRUE(placement->takes_writes(kB));
  EXPECT_EQ(directory.count(kA), 0U);
  EXPECT_EQ(directory.count(kB), 1U);
  ASSERT_TRUE(directory.finish_move(kTenant, 3).ok());
  EXPECT_EQ(*placement, (Placement{kB, {}, 4, Placement::Phase::active}));
}

TEST(DirectoryTest, OfTwoMoversOneLosesAndAnAbortRestores) {
  TenantDirectory directory;
  ASSERT_TRUE(directory.create(kTenant, kA).ok());
  ASSERT_TRUE(directory.begin_move(kTenant, 1, kB).ok());
  EXPECT_EQ(directory.begin_move(kTenant, 1, PartitionId{2}).code, StatusCode::conflict);
  EXPECT_EQ(directory.finish_move(kTenant, 2).code, StatusCode::conflict);
  EXPECT_EQ(directory.erase(kTenant, 2).code, StatusCode::conflict);
  ASSERT_TRUE(directory.abort_move(kTenant, 2).ok());
  EXPECT_EQ(directory.hand_over(kTenant, 2).code, StatusCode::conflict);
  EXPECT_TRUE(directory.find(kTenant)->takes_writes(kA));
  EXPECT_EQ(directory.begin_move(kTenant, 3, kA).code, StatusCode::invalid);
  EXPECT_TRUE(directory.erase(kTenant, 3).ok());
  EXPECT_EQ(directory.begin_move(kTenant, 3, kB).code, StatusCode::not_found);
}

TEST(DirectoryTest, RandomMovesKeepCountsAndOneWriter) {
  NodeDirectory directory;
  RandomStream random(3);
  for (std::uint32_t n = 0; n < 50; ++n) {
    ASSERT_TRUE(directory.create(NodeId{n}, PartitionId{n % 3}).ok());
  }
  for (int i = 0; i < 20'000; ++i) {
    const NodeId node{static_cast<std::uint32_t>(random.below(50))};
    const Placement before = *directory.find(node);
    const std::uint64_t epoch = before.epoch - random.below(2);
    const PartitionId target{static_cast<std::uint32_t>(random.below(3))};
    Status status = Status::success();
    switch (random.below(4)) {
      case 0:
        status = directory.begin_move(node, epoch, target);
        break;
      case 1:
        status = directory.hand_over(node, epoch);
        break;
      case 2:
        status = directory.finish_move(node, epoch);
        break;
      default:
        status = directory.abort_move(node, epoch);
        break;
    }
    const Placement& after = *directory.find(node);
    EXPECT_EQ(after.epoch, before.epoch + (status.ok() ? 1 : 0));
    EXPECT_TRUE(!status.ok() || epoch == before.epoch);
    // The writer changes only through an epoch without one.
    for (std::uint32_t a = 0; a < 3; ++a) {
      for (std::uint32_t b = 0; b < 3; ++b) {
        EXPECT_FALSE(a != b && before.takes_writes(PartitionId{a}) &&
                     after.takes_writes(PartitionId{b}));
      }
    }
  }
  std::uint64_t total = 0;
  for (std::uint32_t p = 0; p < 3; ++p) total += directory.count(PartitionId{p});
  EXPECT_EQ(total, 50U);
}

}  // namespace
}  // namespace arcas::partition
