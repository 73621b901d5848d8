#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "core/base/rng.h"
#include "core/scheduler/node_groups.h"
#include "core/scheduler/scheduler.h"

namespace arcas::scheduler {
namespace {

/// Nodes in two zones, of which the last is by far the emptiest, and pods of one workload.
class Workload {
 public:
  explicit Workload(bool default_spread) : scheduler(catalog, config(default_spread)) {
    for (int i = 0; i < 4; ++i) {
      model::Node node;
      const std::string name = "n" + std::to_string(i);
      node.id = catalog.nodes.intern(name);
      model::LabelSet labels;
      labels.set(catalog.intern("kubernetes.io/hostname"), catalog.intern(name));
      labels.set(catalog.intern("topology.kubernetes.io/zone"), catalog.intern(i < 2 ? "a" : "b"));
      node.meta.labels = catalog.label_sets.intern(std::move(labels));
      node.allocatable.set(model::kCpu, i == 3 ? 1'000'000 : 4000);
      node.allocatable.set(model::kMemory, (i == 3 ? std::int64_t{1000} : std::int64_t{8}) << 30);
      node.allocatable.set(model::kPods, 100);
      node.container_runtime_ready = model::ConditionStatus::yes;
      scheduler.upsert_node(node);
    }
    model::PodSpec spec;
    spec.containers.emplace_back().requests.set(model::kCpu, 100);
    pod.spec = catalog.intern_spec(std::move(spec));
    model::LabelSet labels;
    labels.set(catalog.intern("app"), catalog.intern("web"));
    pod.labels = catalog.label_sets.intern(std::move(labels));
    pod.name_space = catalog.intern_namespace(TenantId{0}, "default");
    pod.owner = Uid::make(1, 1000);
  }
  static Config config(bool default_spread) {
    Config config;
    config.default_spread = default_spread;
    return config;
  }
  void tell_owner() {
    model::WorkloadSelector owner;
    owner.kind = model::WorkloadSelector::Kind::replica_set;
    owner.name_space = pod.name_space;
    model::Selector selector;
    selector.requirements.push_back(
        {catalog.intern("app"), model::SelectorOperator::in, {catalog.intern("web")}});
    owner.selector = catalog.selectors.intern(std::move(selector));
    scheduler.set_owner(pod.owner, owner);
  }
  void wait(int pods) {
    for (int i = 0; i < pods; ++i) {
      pod.uid = Uid::make(1, ++last_);
      scheduler.enqueue(TimePoint{}, pod);
    }
  }
  std::vector<NodeId> place() {
    std::vector<Scheduler::Decision> decisions;
    scheduler.schedule(TimePoint{}, 100, decisions);
    std::vector<NodeId> nodes;
    for (const auto& decision : decisions) nodes.push_back(decision.node);
    return nodes;
  }

  model::Catalog catalog;
  Scheduler scheduler;
  PendingPod pod;

 private:
  std::uint64_t last_ = 0;
};

std::set<NodeId> distinct(const std::vector<NodeId>& nodes) { return {nodes.begin(), nodes.end()}; }

TEST(DefaultSpread, PodsOfAWorkloadGoToNodesOfTheirOwn) {
  Workload workload(true);
  workload.tell_owner();
  workload.wait(4);
  EXPECT_EQ(distinct(workload.place()).size(), 4U);
}

TEST(DefaultSpread, APodMayBeToldBeforeItsOwner) {
  Workload workload(true);
  workload.wait(4);
  workload.tell_owner();
  EXPECT_EQ(distinct(workload.place()).size(), 4U);
}

TEST(DefaultSpread, WithoutTheOptionOrTheOwnerTheEmptiestNodeTakesAll) {
  Workload off(false);
  off.tell_owner();
  off.wait(4);
  EXPECT_EQ(distinct(off.place()), std::set<NodeId>{NodeId{3}});

  Workload gone(true);
  gone.tell_owner();
  gone.wait(4);
  gone.scheduler.remove_owner(gone.pod.owner);
  EXPECT_EQ(distinct(gone.place()), std::set<NodeId>{NodeId{3}});
}

TEST(DefaultSpread, ManyWorkloadsOfOneShapeShareOneIndex) {
  Workload workload(true);
  for (std::uint64_t w = 0; w < 20; ++w) {
    workload.pod.owner = Uid::make(1, 2000 + w);
    workload.tell_owner();
    workload.wait(2);
  }
  workload.place();
  EXPECT_EQ(workload.scheduler.stats().index_rebuilds, 1U);
  EXPECT_EQ(workload.scheduler.stats().by_scan, 0U);
}

// Law: the best member but for some is what looking at all others finds.
TEST(TreeGroupProperty, TheBestWithoutSomeIsTheBestOfTheOthers) {
  RandomStream random(7);
  for (const std::uint32_t size : {1U, 63U, 64U, 65U, 4096U, 9000U}) {
    TreeGroup group;
    std::vector<std::int32_t> scores;
    for (std::uint32_t i = 0; i < size; ++i) {
      scores.push_back(static_cast<std::int32_t>(random.between(-1, 20)));
      group.add(NodeId{2 * i}, scores.back());
    }
    group.build();
    for (int round = 0; round < 50; ++round) {
      std::vector<std::uint32_t> left_out;
      for (std::uint32_t i = 0; i < size; ++i) {
        if (random.chance(static_cast<std::uint64_t>(round), 50)) left_out.push_back(i);
      }
      TreeGroup::Best expected;
      for (std::uint32_t i = 0, skip = 0; i < size; ++i) {
        if (skip < left_out.size() && left_out[skip] == i) {
          ++skip;
        } else if (scores[i] > expected.score) {
          expected = {NodeId{2 * i}, scores[i]};
        }
      }
      const TreeGroup::Best found = group.best_without(left_out);
      ASSERT_EQ(found.score, expected.score);
      ASSERT_EQ(found.node, expected.node);
    }
  }
}

}  // namespace
}  // namespace arcas::scheduler
