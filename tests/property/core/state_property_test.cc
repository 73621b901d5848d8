// The tables against a naive model: a sorted map and counting by hand.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

#include "core/base/rng.h"
#include "core/state/tables.h"

namespace arcas::state {
namespace {

using ports::Transaction;
using ports::Verb;

constexpr std::uint32_t kOwners = 40;
constexpr std::uint32_t kNodes = 60;

/// What a pod is for the naive model: whole values by uid, nothing else.
class NaivePods {
 public:
  std::map<std::uint64_t, model::Pod> pods;

  [[nodiscard]] OwnerCounts counts(Uid owner) const {
    OwnerCounts c;
    for (const auto& [uid, pod] : pods) {
      if (pod.meta.owner.uid != owner) continue;
      ++c.total;
      if (pod.phase == model::PodPhase::succeeded) {
        ++c.succeeded;
      } else if (pod.phase == model::PodPhase::failed) {
        ++c.failed;
      } else if (pod.meta.terminating()) {
        ++c.terminating;
      } else {
        ++c.active;
        c.ready += pod.ready ? 1 : 0;
      }
    }
    return c;
  }
};

class StateProperty : public testing::Test {
 protected:
  void step() {
    const std::uint64_t dice = random.below(100);
    const std::uint64_t creates = (now / 50'000) % 2 == 0 ? 50 : 20;  // growing and shrinking
    if (naive.pods.size() < 200 || (dice < creates && naive.pods.size() < 6000)) return create();
    const std::uint64_t any = random.below(tables.next_sequence()) + 1;
    const auto it = naive.pods.lower_bound(Uid::make(2, any).value);
    if (it == naive.pods.end()) return;
    if (dice < 70) return update(it->second);
    return remove(it->second);
  }

  void run(Transaction transaction) {
    ports::ChangeBatch changes;
    result = tables.commit(transaction, TimePoint{now++}, changes);
    watcher.apply(changes);
    ASSERT_EQ(result.code, StatusCode::ok);
  }

  void create() {
    model::Pod pod;
    pod.meta.owner.uid = Uid{random.below(kOwners)};
    pod.meta.name = {StringId{1}, static_cast<std::uint32_t>(now) + 1};
    pod.spec = SpecId{0};
    Transaction transaction;
    transaction.pods.push_back({Verb::create, 0, pod});
    run(transaction);
    const Uid uid = result.pods[0].uid;
    ASSERT_FALSE(naive.pods.contains(uid.value));
    ASSERT_TRUE(used.insert(uid.value).second);
    naive.pods[uid.value] = *tables.pods.find(uid);
  }

  void update(model::Pod& pod) {
    model::Pod next = pod;
    switch (random.below(5)) {
      case 0:
        next.node = NodeId{static_cast<std::uint32_t>(random.below(kNodes))};
        break;
      case 1:
        next.ready = !next.ready;
        break;
      case 2:
        next.phase = static_cast<model::PodPhase>(random.below(5));
        break;
      case 3:
        next.meta.deleted_at = TimePoint{now};
        break;
      default:
        next.meta.owner.uid = Uid{random.below(kOwners)};
        break;
    }
    Transaction transaction;
    transaction.pods.push_back({Verb::update, pod.meta.resource_version, next});
    run(transaction);
    if (pod.meta.terminating()) next.meta.deleted_at = pod.meta.deleted_at;
    if (next != pod) next.meta.resource_version = result.revision;
    pod = next;
    ASSERT_EQ(*tables.pods.find(pod.meta.uid), pod);
  }

  void remove(const model::Pod& pod) {
    Transaction transaction;
    transaction.pods.push_back({Verb::remove, pod.meta.resource_version, pod});
    const std::uint64_t uid = pod.meta.uid.value;
    run(transaction);
    naive.pods.erase(uid);
    ASSERT_EQ(tables.pods.find(Uid{uid}), nullptr);
  }

  void compare(const Tables& seen) {
    ASSERT_EQ(seen.pods.size(), naive.pods.size());
    auto expected = naive.pods.begin();
    seen.pods.for_each([&](const model::Pod& pod) {
      ASSERT_EQ(pod, expected->second);
      ++expected;
    });
    std::set<std::uint64_t> on_nodes;
    for (std::uint32_t n = 0; n < kNodes; ++n) {
      seen.pods.for_each_on_node(NodeId{n}, [&](const model::Pod& pod) {
        ASSERT_EQ(pod.node.index, n);
        ASSERT_TRUE(on_nodes.insert(pod.meta.uid.value).second);
      });
    }
    std::size_t bound = 0;
    for (const auto& [uid, pod] : naive.pods) bound += pod.node.valid() ? 1U : 0U;
    ASSERT_EQ(on_nodes.size(), bound);
    for (std::uint64_t owner = 0; owner < kOwners; ++owner) {
      ASSERT_EQ(seen.pods.counts(Uid{owner}), naive.counts(Uid{owner}));
      std::int32_t owned = 0;
      seen.pods.for_each_owned(Uid{owner}, [&](const model::Pod& pod) {
        ASSERT_EQ(pod.meta.owner.uid, Uid{owner});
        ++owned;
      });
      ASSERT_EQ(owned, seen.pods.counts(Uid{owner}).total);
    }
  }

  RandomStream random{20'260'101};
  Tables tables{PartitionId{2}};
  Tables watcher{PartitionId{2}};
  NaivePods naive;
  std::set<std::uint64_t> used;
  ports::TransactionResult result;
  std::int64_t now = 0;
};

TEST_F(StateProperty, AMillionRandomOperationsEqualTheNaiveModel) {
  for (int i = 0; i < 1'000'000; ++i) {
    step();
    if (HasFatalFailure()) return;
    if (i % 20'000 != 0) continue;
    compare(tables);
    compare(watcher);
    if (HasFatalFailure()) return;
  }
  EXPECT_EQ(watcher.revision(), tables.revision());
}

}  // namespace
}  // namespace arcas::state
