#include "core/partition/hash_ring.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "core/base/rng.h"

namespace arcas::partition {
namespace {

constexpr std::uint64_t kKeys = 20'000;

std::vector<std::uint32_t> owners(const HashRing& ring) {
  std::vector<std::uint32_t> result;
  for (std::uint64_t key = 0; key < kKeys; ++key) result.push_back(ring.owner(key));
  return result;
}

TEST(HashRingTest, AnEmptyRingHasNoOwner) { EXPECT_EQ(HashRing().owner(1), HashRing::kNobody); }

TEST(HashRingTest, TheOrderOfArrivalDoesNotMatter) {
  HashRing one;
  HashRing two;
  for (std::uint32_t m = 0; m < 8; ++m) one.add(m);
  for (std::uint32_t m = 8; m > 0; --m) two.add(m - 1);
  two.add(3);
  EXPECT_EQ(owners(one), owners(two));
}

TEST(HashRingTest, SharesAreBalanced) {
  for (std::uint32_t size = 2; size <= 20; ++size) {
    HashRing ring;
    for (std::uint32_t m = 0; m < size; ++m) ring.add(m);
    std::vector<std::uint64_t> count(size, 0);
    for (const std::uint32_t owner : owners(ring)) ++count[owner];
    const auto [least, most] = std::minmax_element(count.begin(), count.end());
    EXPECT_LT(*most * size * 10, kKeys * 14) << size;
    EXPECT_GT(*least * size * 10, kKeys * 6) << size;
  }
}

TEST(HashRingTest, OnlyTheKeysOfWhoComesOrGoesMove) {
  HashRing ring;
  for (std::uint32_t m = 0; m < 10; ++m) ring.add(m);
  const auto before = owners(ring);
  ring.add(10);
  const auto with = owners(ring);
  std::uint64_t moved = 0;
  for (std::uint64_t key = 0; key < kKeys; ++key) {
    if (before[key] == with[key]) continue;
    ++moved;
    EXPECT_EQ(with[key], 10U);
  }
  EXPECT_LT(moved * 11 * 10, kKeys * 14);
  ring.remove(10);
  EXPECT_EQ(owners(ring), before);
}

TEST(KeyShareTest, TheGainerWaitsUntilTheLoserIsDrained) {
  KeyShare first(0);
  KeyShare second(1);
  first.on_ring(1, {0});
  EXPECT_TRUE(first.may_act(7));
  EXPECT_EQ(first.announcement(), 1U);
  std::uint64_t key = 0;  // one that moves to the second
  HashRing both;
  both.add(0);
  both.add(1);
  while (both.owner(key) != 1) ++key;
  ASSERT_TRUE(first.begin(key));
  first.on_ring(2, {0, 1});
  second.on_ring(2, {0, 1});
  EXPECT_FALSE(first.begin(key));
  EXPECT_FALSE(second.begin(key));
  EXPECT_EQ(first.announcement(), std::nullopt);  // still at work on a key it lost
  first.end(key);
  EXPECT_EQ(first.announcement(), 2U);
  second.on_drained(0, 2);
  EXPECT_TRUE(second.begin(key));
}

TEST(KeyShareTest, WhoIsGoneNeedNotBeWaitedFor) {
  KeyShare first(0);
  first.on_ring(1, {0, 1});
  std::uint64_t key = 0;
  while (first.ring().owner(key) != 1) ++key;
  first.on_ring(2, {0});
  EXPECT_TRUE(first.may_act(key));
}

/// Instances come, go and hear of it late; what they say arrives late.
class Sharing {
 public:
  explicit Sharing(std::uint64_t seed) : random_(seed) { change_members(); }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) step();
    // Let everything arrive: then every key must have somebody who may act.
    for (int i = 0; i < 5000; ++i) deliver();
    for (auto& [member, instance] : live_) finish(member, instance);
    for (int i = 0; i < 5000; ++i) deliver();
    for (std::uint64_t key = 0; key < 200; ++key) {
      int able = 0;
      for (const auto& [member, instance] : live_) able += instance.share.may_act(key) ? 1 : 0;
      EXPECT_EQ(able, 1);
    }
    EXPECT_GT(begun_, 1000U);
  }

 private:
  struct Instance {
    KeyShare share;
    std::vector<std::uint64_t> works;
  };
  struct Notice {
    std::uint32_t to = 0;
    std::uint32_t from = 0;  // for a drained version
    std::uint64_t version = 0;
    std::vector<std::uint32_t> members;  // empty: a drained version
  };

  void step() {
    const std::uint64_t dice = random_.below(1000);
    if (dice < 3) return change_members();
    if (dice < 300) return deliver();
    auto it = live_.begin();
    std::advance(it, static_cast<std::ptrdiff_t>(random_.below(live_.size())));
    auto& [member, instance] = *it;
    if (dice < 700) {
      const std::uint64_t key = random_.below(200);
      if (!instance.share.begin(key)) return;
      ++begun_;
      instance.works.push_back(key);
      for (const auto& [other, them] : live_) {
        if (other == member) continue;
        EXPECT_EQ(std::count(them.works.begin(), them.works.end(), key), 0) << "two on one key";
      }
    } else if (!instance.works.empty()) {
      const auto at = static_cast<std::ptrdiff_t>(random_.below(instance.works.size()));
      instance.share.end(instance.works[static_cast<std::size_t>(at)]);
      instance.works.erase(instance.works.begin() + at);
      announce(member, instance);
    }
  }

  void change_members() {
    if (live_.size() < 2 || (live_.size() < 6 && random_.chance(1, 2))) {
      live_.emplace(next_member_, Instance{KeyShare(next_member_, 16), {}});
      ++next_member_;
    } else {
      auto it = live_.begin();
      std::advance(it, static_cast<std::ptrdiff_t>(random_.below(live_.size())));
      live_.erase(it);  // its lease is over: it works no more
    }
    ++version_;
    std::vector<std::uint32_t> members;
    for (const auto& [member, instance] : live_) members.push_back(member);
    for (const std::uint32_t member : members) {
      if (!random_.chance(1, 5)) notices_.push_back({member, 0, version_, members});
    }
    latest_ = members;
  }

  void announce(std::uint32_t member, Instance& instance) {
    const auto version = instance.share.announcement();
    if (!version) return;
    for (const auto& [other, them] : live_) {
      if (other != member) notices_.push_back({other, member, *version, {}});
    }
  }

  void finish(std::uint32_t member, Instance& instance) {
    for (const std::uint64_t key : instance.works) instance.share.end(key);
    instance.works.clear();
    instance.share.on_ring(version_, latest_);  // those who missed it look again
    announce(member, instance);
    for (const auto& [other, them] : live_) {
      if (other != member) {
        notices_.push_back({other, member, instance.share.drained(), {}});
      }
    }
  }

  void deliver() {
    if (notices_.empty()) return;
    const auto at = static_cast<std::ptrdiff_t>(random_.below(notices_.size()));
    const Notice notice = notices_[static_cast<std::size_t>(at)];
    notices_.erase(notices_.begin() + at);
    const auto it = live_.find(notice.to);
    if (it == live_.end()) return;
    if (notice.members.empty()) {
      it->second.share.on_drained(notice.from, notice.version);
    } else {
      it->second.share.on_ring(notice.version, notice.members);
    }
    announce(it->first, it->second);
  }

  RandomStream random_;
  std::map<std::uint32_t, Instance> live_;
  std::vector<Notice> notices_;
  std::vector<std::uint32_t> latest_;
  std::uint32_t next_member_ = 0;
  std::uint64_t version_ = 0;
  std::uint64_t begun_ = 0;
};

TEST(KeyShareTest, NoKeyIsWorkedOnByTwoAndNoneIsForgotten) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    Sharing(seed).run(20'000);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace arcas::partition
