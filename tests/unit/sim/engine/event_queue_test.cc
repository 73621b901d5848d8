#include "sim/engine/event_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <queue>
#include <utility>
#include <vector>

#include "core/base/rng.h"

namespace arcas::sim {
namespace {

TimePoint at(std::int64_t ns) { return TimePoint{ns}; }

TEST(EventQueueTest, EventsOfOneTimeComeInTheOrderOfInsertion) {
  EventQueue queue;
  for (std::uint32_t i = 0; i < 5000; ++i) queue.push(at(7), {i, 0, 0});
  for (std::uint32_t i = 0; i < 5000; ++i) EXPECT_EQ(queue.pop().event.kind, i);
  EXPECT_TRUE(queue.empty());
}

TEST(EventQueueTest, AnEventPushedForNowComesAfterThoseThatAreDue) {
  EventQueue queue;
  queue.push(at(10), {1, 0, 0});
  queue.push(at(10), {2, 0, 0});
  queue.push(at(11), {4, 0, 0});
  EXPECT_EQ(queue.pop().event.kind, 1U);
  queue.push(at(10), {3, 0, 0});
  EXPECT_EQ(queue.pop().event.kind, 2U);
  EXPECT_EQ(queue.pop().event.kind, 3U);
  EXPECT_EQ(queue.pop().event.kind, 4U);
}

TEST(EventQueueTest, ReachesTheEndOfTime) {
  EventQueue queue;
  queue.push(TimePoint::max(), {3, 0, 0});
  queue.push(at(0), {1, 0, 0});
  queue.push(TimePoint{} + hours(24 * 365 * 100), {2, 0, 0});
  EXPECT_EQ(queue.pop().event.kind, 1U);
  EXPECT_EQ(queue.pop().event.kind, 2U);
  EXPECT_EQ(queue.next_time(), TimePoint::max());
  EXPECT_EQ(queue.pop().event.kind, 3U);
}

TEST(EventQueueTest, ACancelledEventDoesNotComeOutAndItsHandleIsVoid) {
  EventQueue queue;
  const EventHandle first = queue.push_cancellable(at(1), {1, 0, 0});
  const EventHandle second = queue.push_cancellable(at(2), {2, 0, 0});
  EXPECT_TRUE(queue.cancel(first));
  EXPECT_FALSE(queue.cancel(first));
  EXPECT_EQ(queue.size(), 1U);
  EXPECT_EQ(queue.pop().event.kind, 2U);
  EXPECT_FALSE(queue.cancel(second));
  EXPECT_FALSE(queue.cancel(EventHandle{}));
  EXPECT_FALSE(queue.cancel(EventHandle{77, 0}));
  EXPECT_TRUE(queue.empty());
}

TEST(EventQueueTest, AHandleDoesNotReachTheEventThatTookItsPlace) {
  EventQueue queue;
  const EventHandle old = queue.push_cancellable(at(1), {1, 0, 0});
  queue.pop();
  const EventHandle fresh = queue.push_cancellable(at(2), {2, 0, 0});
  ASSERT_EQ(fresh.ticket, old.ticket);
  EXPECT_FALSE(queue.cancel(old));
  EXPECT_EQ(queue.size(), 1U);
  EXPECT_TRUE(queue.cancel(fresh));
}

TEST(EventQueueTest, MemoryStaysBoundedWhenTimersAreArmedAndCalledOffForEver) {
  EventQueue queue;
  std::vector<EventHandle> timers(1000);
  std::int64_t now = 0;
  for (std::uint32_t round = 0; round < 2'000'000; ++round) {
    EventHandle& timer = timers[round % timers.size()];
    queue.cancel(timer);
    timer = queue.push_cancellable(at(now + 30'000'000'000), {1, 0, 0});
    now += 1000;
  }
  EXPECT_EQ(queue.size(), timers.size());
  EXPECT_LT(queue.memory_bytes(), std::uint64_t{4} << 20U);
}

TEST(EventQueueTest, MemoryIsUsedAgainInALongHold) {
  EventQueue queue;
  RandomStream random(5);
  for (std::uint32_t i = 0; i < 10'000; ++i) queue.push(at(random.between(0, 1'000'000)), {});
  for (int i = 0; i < 2'000'000; ++i) {
    const auto entry = queue.pop();
    queue.push(entry.at + random.between(Duration{0}, seconds(random.chance(1, 50) ? 10 : 0)), {});
  }
  EXPECT_LT(queue.memory_bytes(), std::uint64_t{8} << 20U);
}

/// How far ahead of now an event of the property test lies: everything that the queue treats in a
/// way of its own.
Duration draw_delay(RandomStream& random) {
  switch (random.below(8)) {
    case 0:
      return Duration{0};
    case 1:
      return Duration{random.between(1, 300)};
    case 2:
      return seconds(random.between(1, 3));
    case 3:
      return hours(random.between(1, 100'000));
    case 4:
      return Duration{(std::int64_t{1} << random.below(50)) - random.between(0, 1)};
    default:
      return random.exponential(microseconds(200));
  }
}

/// Runs the same random program on the queue and on a multimap, whose equal keys keep the order of
/// insertion.
void compare_with_multimap(std::uint64_t seed, int steps, std::uint64_t aim) {
  EventQueue queue;
  using Oracle = std::multimap<std::int64_t, std::uint64_t>;
  Oracle oracle;
  struct Live {
    EventHandle handle;
    Oracle::iterator place;
  };
  std::map<std::uint64_t, Live> cancellable;
  std::vector<EventHandle> dead;
  RandomStream random(seed);
  std::int64_t now = 0;
  std::uint64_t next = 1;
  for (int step = 0; step < steps; ++step) {
    const bool grow = random.below(2 * aim) >= oracle.size();
    const auto choice = random.below(10);
    if (oracle.empty() || (grow && choice < 8)) {
      const std::int64_t time = now + draw_delay(random).ns;
      const std::uint64_t id = next++;
      const auto place = oracle.emplace(time, id);
      if (random.chance(1, 2)) {
        cancellable[id] = {queue.push_cancellable(at(time), {0, 0, id}), place};
      } else {
        queue.push(at(time), {0, 0, id});
      }
    } else if (choice == 9 && !cancellable.empty()) {
      auto it = cancellable.lower_bound(random.below(next));
      if (it == cancellable.end()) it = cancellable.begin();
      ASSERT_TRUE(queue.cancel(it->second.handle));
      dead.push_back(it->second.handle);
      oracle.erase(it->second.place);
      cancellable.erase(it);
    } else {
      ASSERT_EQ(queue.next_time().ns, oracle.begin()->first);
      const auto entry = queue.pop();
      ASSERT_EQ(entry.at.ns, oracle.begin()->first);
      ASSERT_EQ(entry.event.payload, oracle.begin()->second) << "seed " << seed;
      now = entry.at.ns > std::int64_t{1} << 61U ? now : entry.at.ns;
      if (const auto it = cancellable.find(entry.event.payload); it != cancellable.end()) {
        dead.push_back(it->second.handle);
        cancellable.erase(it);
      }
      oracle.erase(oracle.begin());
    }
    ASSERT_EQ(queue.size(), oracle.size());
    if (!dead.empty() && random.chance(1, 20)) {
      ASSERT_FALSE(queue.cancel(dead[random.below(dead.size())]));
    }
  }
  while (!oracle.empty()) {
    ASSERT_EQ(queue.pop().event.payload, oracle.begin()->second);
    oracle.erase(oracle.begin());
  }
  ASSERT_TRUE(queue.empty());
}

TEST(EventQueuePropertyTest, AgreesWithAMultimapWhateverIsPushedPoppedAndCancelled) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) compare_with_multimap(seed, 4'000, 100);
  for (std::uint64_t seed = 100; seed < 104; ++seed) compare_with_multimap(seed, 200'000, 20'000);
}

TEST(EventQueuePropertyTest, AgreesWithAPriorityQueueInALongHold) {
  struct After {
    bool operator()(const std::pair<std::int64_t, std::uint64_t>& a,
                    const std::pair<std::int64_t, std::uint64_t>& b) const {
      return a > b;
    }
  };
  EventQueue queue;
  std::priority_queue<std::pair<std::int64_t, std::uint64_t>,
                      std::vector<std::pair<std::int64_t, std::uint64_t>>, After>
      oracle;
  RandomStream random(9);
  std::uint64_t next = 0;
  const auto push = [&](std::int64_t now) {
    const Duration delay =
        random.chance(9, 10) ? random.exponential(microseconds(100)) : seconds(10);
    queue.push(at(now) + delay, {0, 0, next});
    oracle.emplace(now + delay.ns, next++);
  };
  for (int i = 0; i < 50'000; ++i) push(0);
  for (int i = 0; i < 1'000'000; ++i) {
    const auto entry = queue.pop();
    ASSERT_EQ(std::make_pair(entry.at.ns, entry.event.payload), oracle.top());
    oracle.pop();
    push(entry.at.ns);
  }
}

}  // namespace
}  // namespace arcas::sim
