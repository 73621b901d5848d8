// The ledger against a naive model under claims, bindings, releases, expiries, repeats and
// messages that come late.
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <vector>

#include "core/base/rng.h"
#include "core/partition/claim_ledger.h"

namespace arcas::partition {
namespace {

constexpr std::uint32_t kNodes = 12;
constexpr std::uint32_t kPartitions = 3;
constexpr std::uint32_t kPods = 250;  // of each partition
constexpr std::uint32_t kKinds = 6;   // four common ones and two others

struct NaiveClaim {
  NodeId node;
  SpecId spec;
  TimePoint expires;  // max(): bound
};

class ClaimLedgerProperty : public testing::TestWithParam<std::uint64_t> {
 protected:
  ClaimLedgerProperty() : random(GetParam()) {
    catalog.resources.intern("example.com/gpu");
    catalog.resources.intern("hugepages-2Mi");
    for (std::uint32_t s = 0; s < 9; ++s) {
      model::PodSpec spec;
      model::Container container;
      for (std::uint32_t k = 0; k < kKinds; ++k) {
        if (k == model::kPods.index || random.chance(1, 3)) continue;
        container.requests.set(ResourceId{k}, random.between(0, 40));
      }
      spec.priority = static_cast<std::int32_t>(s);  // keeps equal requests apart
      spec.containers.push_back(container);
      specs.push_back(catalog.intern_spec(spec));
    }
    for (std::uint32_t n = 0; n < kNodes; ++n) set_node(n);
  }

  void set_node(std::uint32_t n) {
    model::ResourceList list;
    for (std::uint32_t k = 0; k < kKinds; ++k) {
      if (k < 4 || random.chance(2, 3)) list.set(ResourceId{k}, random.between(20, 200));
    }
    allocatable[n] = list;
    known[n] = true;
    ledger.set_node(NodeId{n}, list);
  }

  [[nodiscard]] std::int64_t used(NodeId node, ResourceId kind) const {
    std::int64_t sum = 0;
    for (const auto& [uid, claim] : naive) {
      if (claim.node != node) continue;
      sum += kind == model::kPods ? 1 : catalog.spec(claim.spec).requests.get(kind);
    }
    return sum;
  }
  [[nodiscard]] bool fits(NodeId node, SpecId spec) const {
    for (std::uint32_t k = 0; k < kKinds; ++k) {
      const ResourceId kind{k};
      const std::int64_t want = kind == model::kPods ? 1 : catalog.spec(spec).requests.get(kind);
      if (want > 0 && used(node, kind) + want > allocatable[node.index].get(kind)) return false;
    }
    return true;
  }

  ClaimOutcome naive_claim(std::uint32_t partition, std::uint64_t epoch, Uid pod, SpecId spec,
                           NodeId node) {
    if (epoch < epochs[partition]) return ClaimOutcome::fenced;
    epochs[partition] = epoch;
    if (!known[node.index]) return ClaimOutcome::node_gone;
    const TimePoint expires{((now + seconds(30)).ns + 999'999'999) / 1'000'000'000 * 1'000'000'000};
    if (const auto it = naive.find(pod); it != naive.end()) {
      const bool same = it->second.node == node && it->second.spec == spec;
      if (it->second.expires == TimePoint::max()) {
        return same ? ClaimOutcome::granted : ClaimOutcome::no_room;
      }
      if (same) {
        it->second.expires = expires;
        return ClaimOutcome::granted;
      }
      naive.erase(it);
    }
    if (!fits(node, spec)) return ClaimOutcome::no_room;
    naive[pod] = {node, spec, expires};
    return ClaimOutcome::granted;
  }

  void expire() {
    std::vector<ClaimLedger::Expired> out;
    ledger.expire(now, out);
    std::vector<Uid> expired;
    for (const auto& [pod, partition] : out) expired.push_back(pod);
    std::sort(expired.begin(), expired.end());
    std::vector<Uid> expected;
    for (const auto& [uid, claim] : naive) {
      if (claim.expires <= now) expected.push_back(uid);
    }
    for (const Uid uid : expected) naive.erase(uid);
    ASSERT_EQ(expired, expected);
  }

  void step() {
    const auto partition = static_cast<std::uint32_t>(random.below(kPartitions));
    const Uid pod = Uid::make(partition, random.below(kPods) + 1);
    const SpecId spec = specs[random.below(specs.size())];
    const NodeId node{static_cast<std::uint32_t>(random.below(kNodes))};
    switch (random.below(12)) {
      case 0:
        return bind(pod);
      case 1:
        return bind(pod);
      case 2:
        return void(bound_anyway(pod, spec, node));
      case 3:
      case 4:
        ASSERT_EQ(ledger.release(pod), naive.erase(pod) == 1);
        return;
      case 5:
        now = now + milliseconds(random.between(0, 4000));
        return expire();
      case 6:
        return give_up(partition, pod);
      case 7:
        if (random.chance(1, 20)) set_node(node.index);
        if (random.chance(1, 40)) {
          ledger.remove_node(node);
          known[node.index] = false;
        }
        return;
      default:
        const std::uint64_t epoch = epochs[partition] + random.below(40) / 39 -
                                    random.below(2) * (epochs[partition] > 0 ? 1 : 0);
        const auto expected = naive_claim(partition, epoch, pod, spec, node);
        ASSERT_EQ(ledger.claim(now, partition, epoch, pod, spec, node), expected);
    }
  }
  void bind(Uid pod) {
    const auto it = naive.find(pod);
    if (it == naive.end()) return;
    ASSERT_FALSE(ledger.bound(pod, it->second.spec, it->second.node));
    it->second.expires = TimePoint::max();
  }
  void bound_anyway(Uid pod, SpecId spec, NodeId node) {
    if (!random.chance(1, 10) || !known[node.index]) return;
    const auto it = naive.find(pod);
    const bool same = it != naive.end() && it->second.node == node && it->second.spec == spec;
    if (!same) {
      if (it != naive.end()) naive.erase(it);
      forced += fits(node, spec) ? 0U : 1U;
    }
    naive[pod] = {node, spec, TimePoint::max()};
    ASSERT_EQ(ledger.bound(pod, spec, node), !same);
    ASSERT_EQ(ledger.overcommitted(), forced);
  }
  void give_up(std::uint32_t partition, Uid pod) {
    const auto it = naive.find(pod);
    const bool yes = it != naive.end() && it->second.expires != TimePoint::max();
    ASSERT_EQ(ledger.give_up(partition, epochs[partition], pod), yes);
    if (yes) naive.erase(pod);
  }

  void compare() {
    ASSERT_EQ(ledger.size(), naive.size());
    std::int64_t cpu = 0;
    std::int64_t memory = 0;
    for (std::uint32_t n = 0; n < kNodes; ++n) {
      const NodeId node{n};
      for (std::uint32_t k = 0; k < kKinds; ++k) {
        const ResourceId kind{k};
        const std::int64_t free = known[n] ? allocatable[n].get(kind) - used(node, kind) : 0;
        ASSERT_EQ(ledger.free(node, kind), free);
        if (kind == model::kCpu) cpu += free;
        if (kind == model::kMemory) memory += free;
      }
    }
    ASSERT_EQ(ledger.free_cpu_milli(), cpu);
    ASSERT_EQ(ledger.free_memory_bytes(), memory);
    auto expected = naive.begin();
    ledger.for_each([&](Uid pod, SpecId spec, NodeId node) {
      ASSERT_EQ(pod, expected->first);
      ASSERT_EQ(spec, expected->second.spec);
      ASSERT_EQ(node, expected->second.node);
      ++expected;
    });
  }

  RandomStream random;
  model::Catalog catalog;
  std::vector<SpecId> specs;
  ClaimLedger ledger{ClaimConfig{}, catalog};
  std::array<model::ResourceList, kNodes> allocatable;
  std::array<bool, kNodes> known{};
  std::map<Uid, NaiveClaim> naive;
  std::array<std::uint64_t, kPartitions> epochs{};
  std::uint64_t forced = 0;
  TimePoint now;
};

TEST_P(ClaimLedgerProperty, EqualsTheNaiveModel) {
  for (int i = 0; i < 20'000; ++i) {
    step();
    if (i % 50 == 0) compare();
    if (HasFatalFailure()) FAIL() << "step " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ClaimLedgerProperty, testing::Range<std::uint64_t>(1, 9));

}  // namespace
}  // namespace arcas::partition
