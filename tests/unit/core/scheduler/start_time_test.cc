#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/scheduler/scheduler.h"

namespace arcas::scheduler {
namespace {

TimePoint at(std::int64_t second) { return TimePoint{} + seconds(second); }

/// Two equal nodes, each filled by one pod of low priority.
struct FullNodes {
  FullNodes() : scheduler(catalog, {}) {
    for (int i = 0; i < 2; ++i) {
      model::Node node;
      const std::string name = "n" + std::to_string(i);
      node.id = catalog.nodes.intern(name);
      node.meta.name.base = catalog.intern(name);
      node.meta.labels = catalog.label_sets.intern({});
      node.allocatable.set(model::kCpu, 1000);
      node.allocatable.set(model::kPods, 110);
      node.container_runtime_ready = model::ConditionStatus::yes;
      scheduler.upsert_node(node);
      nodes.push_back(node.id);
      scheduler.add_usage(victim(i), spec(0), labels(), name_space(), node.id, true);
    }
  }
  SpecId spec(std::int32_t priority) {
    model::PodSpec spec;
    spec.priority = priority;
    spec.containers.emplace_back().requests.set(model::kCpu, 1000);
    return catalog.intern_spec(std::move(spec));
  }
  LabelSetId labels() { return catalog.label_sets.intern({}); }
  NamespaceId name_space() { return catalog.intern_namespace(TenantId{0}, "default"); }
  static Uid victim(int node) { return Uid::make(1, static_cast<std::uint64_t>(node) + 1); }
  Scheduler::Decision preempt() {
    PendingPod pod;
    pod.uid = Uid::make(1, 10);
    pod.spec = spec(100);
    pod.labels = labels();
    pod.name_space = name_space();
    scheduler.enqueue(at(1000), pod);
    std::vector<Scheduler::Decision> decisions;
    scheduler.schedule(at(1000), 10, decisions);
    EXPECT_EQ(decisions.size(), 1U);
    return decisions.empty() ? Scheduler::Decision{} : decisions.front();
  }

  model::Catalog catalog;
  Scheduler scheduler;
  std::vector<NodeId> nodes;
};

TEST(StartTimes, OfEqualVictimsTheOneThatStartedLastGoes) {
  for (const int last : {0, 1}) {
    FullNodes full;
    full.scheduler.started(FullNodes::victim(last), at(200));
    full.scheduler.started(FullNodes::victim(1 - last), at(100));
    const auto decision = full.preempt();
    EXPECT_EQ(decision.nominated, full.nodes[static_cast<std::size_t>(last)]);
    EXPECT_EQ(decision.victims, std::vector<Uid>{FullNodes::victim(last)});
  }
}

TEST(StartTimes, TheFirstWordCounts) {
  FullNodes full;
  full.scheduler.started(FullNodes::victim(0), at(100));
  full.scheduler.started(FullNodes::victim(0), at(900));
  full.scheduler.started(FullNodes::victim(1), at(200));
  EXPECT_EQ(full.preempt().nominated, full.nodes[1]);
}

TEST(StartTimes, OfPodsThatHoldNoRoomAreNotKept) {
  FullNodes full;
  full.scheduler.started(Uid::make(1, 77), at(5));
  full.scheduler.remove_usage(FullNodes::victim(1));
  full.scheduler.started(FullNodes::victim(1), at(5));
  EXPECT_EQ(full.preempt().node, full.nodes[1]);
}

}  // namespace
}  // namespace arcas::scheduler
