#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/scheduler/policies/registry.h"
#include "core/scheduler/scheduler.h"

namespace arcas::scheduler {
namespace {

constexpr std::int64_t kGibibyte = std::int64_t{1} << 30;

/// A scheduler with a placement policy, with nodes of devices and pods that want some.
class Gpus {
 public:
  explicit Gpus(const std::string& policy) : scheduler(catalog, config_with(policy)) {
    name_space = catalog.intern_namespace(TenantId{0}, "default");
  }

  static Config config_with(const std::string& policy) {
    Config config;
    config.profile.use_policy(policy);
    return config;
  }

  model::Node node(const std::string& name, std::int64_t devices, const std::string& model) {
    model::Node node;
    node.id = catalog.nodes.intern(name);
    node.meta.name.base = catalog.intern(name);
    model::LabelSet labels;
    if (!model.empty()) labels.set(catalog.intern("gpu-model"), catalog.intern(model));
    node.meta.labels = catalog.label_sets.intern(std::move(labels));
    node.allocatable.set(model::kCpu, 64'000);
    node.allocatable.set(model::kMemory, 256 * kGibibyte);
    node.allocatable.set(model::kPods, 100);
    node.allocatable.set(catalog.resources.intern("nvidia.com/gpu-milli"), devices * 1000);
    node.container_runtime_ready = model::ConditionStatus::yes;
    node.vm_runtime_ready = model::ConditionStatus::yes;
    return node;
  }
  NodeId add_node(const std::string& name, std::int64_t devices, const std::string& model = "T4") {
    scheduler.upsert_node(node(name, devices, model));
    return catalog.nodes.intern(name);
  }
  SpecId spec(std::int64_t milli, std::int64_t cpu = 1000) {
    model::PodSpec spec;
    model::Container& container = spec.containers.emplace_back();
    container.requests.set(model::kCpu, cpu);
    container.requests.set(model::kMemory, kGibibyte);
    if (milli > 0) {
      container.requests.set(catalog.resources.intern("nvidia.com/gpu-milli"), milli);
    }
    return catalog.intern_spec(std::move(spec));
  }
  PendingPod pending(SpecId spec) {
    PendingPod pod;
    pod.uid = Uid::make(1, ++last_);
    pod.spec = spec;
    pod.labels = catalog.label_sets.intern({});
    pod.name_space = name_space;
    return pod;
  }
  /// Where one more pod goes; none: nowhere.
  NodeId place(SpecId spec) {
    PendingPod pod = pending(spec);
    last_placed = pod.uid;
    scheduler.enqueue(TimePoint{0}, pod);
    std::vector<Scheduler::Decision> decisions;
    scheduler.schedule(TimePoint{0}, 10, decisions);
    return decisions.size() == 1 ? decisions[0].node : NodeId{};
  }
  policies::DeviceSet devices() {
    return scheduler.cluster().placement()->devices().held(last_placed).devices;
  }

  model::Catalog catalog;
  Scheduler scheduler;
  NamespaceId name_space;
  Uid last_placed;

 private:
  std::uint64_t last_ = 0;
};

TEST(PlacementPolicy, HalvesFreeOnTwoDevicesAreNoRoomForAWholeOne) {
  Gpus gpus("worst-fit");
  const NodeId node = gpus.add_node("a", 2);
  EXPECT_EQ(gpus.place(gpus.spec(600)), node);
  EXPECT_EQ(gpus.place(gpus.spec(600)), node);
  EXPECT_FALSE(gpus.place(gpus.spec(800)).valid()) << "the pool has 800 left, no device has";
  const PendingPod pod = gpus.pending(gpus.spec(800));
  EXPECT_NE(gpus.scheduler.explain(pod).find("1 node(s) didn't have enough free devices"),
            std::string::npos);
  EXPECT_EQ(gpus.place(gpus.spec(400)), node);
}

TEST(PlacementPolicy, DevicesOfAPodThatLeftAreFreeAgain) {
  Gpus gpus("best-fit");
  const NodeId node = gpus.add_node("a", 2);
  EXPECT_EQ(gpus.place(gpus.spec(2000)), node);
  EXPECT_EQ(gpus.devices(), 0b11);
  const Uid both = gpus.last_placed;
  EXPECT_FALSE(gpus.place(gpus.spec(1)).valid());
  gpus.scheduler.confirm(both);
  gpus.scheduler.remove_usage(both);
  EXPECT_EQ(gpus.place(gpus.spec(1000)), node);
  EXPECT_EQ(gpus.devices(), 0b01);
}

TEST(PlacementPolicy, OnlyThePolicyDecidesAndTiesGoToTheLowestNode) {
  Gpus best("best-fit");
  Gpus worst("worst-fit");
  Gpus first("first-fit");
  for (Gpus* gpus : {&best, &worst, &first}) {
    gpus->add_node("a", 4);
    gpus->add_node("b", 2);
    gpus->add_node("c", 2);
  }
  EXPECT_EQ(best.place(best.spec(500)), NodeId{1});
  EXPECT_EQ(worst.place(worst.spec(500)), NodeId{0});
  EXPECT_EQ(first.place(first.spec(500)), NodeId{0});
}

TEST(PlacementPolicy, EveryPolicyPlacesAsManyPodsAsThereAreDevices) {
  for (const policies::PolicyInfo& info : policies::all_policies()) {
    Gpus gpus{std::string(info.name)};
    gpus.add_node("a", 4, "T4");
    gpus.add_node("b", 8, "G2");
    for (int i = 0; i < 12; ++i) EXPECT_TRUE(gpus.place(gpus.spec(1000)).valid()) << info.name;
    EXPECT_FALSE(gpus.place(gpus.spec(1000)).valid()) << info.name;
    EXPECT_TRUE(gpus.place(gpus.spec(0)).valid()) << info.name;
  }
}

TEST(PlacementPolicy, RandomGivesTheSameAnswerTwice) {
  Gpus one("random");
  Gpus two("random");
  for (Gpus* gpus : {&one, &two}) {
    for (const char* name : {"a", "b", "c", "d"}) gpus->add_node(name, 8);
  }
  std::vector<int> used(4, 0);
  for (int i = 0; i < 40; ++i) {
    const NodeId node = one.place(one.spec(300));
    EXPECT_EQ(node, two.place(two.spec(300)));
    EXPECT_EQ(one.devices(), two.devices());
    ++used[node.index];
  }
  for (const int count : used) EXPECT_GT(count, 0);
}

TEST(PlacementPolicy, AModelThatThePodDoesNotAllowIsLeftAlone) {
  Gpus gpus("fgd");
  gpus.add_node("a", 4, "T4");
  const NodeId other = gpus.add_node("b", 4, "G2");
  model::PodSpec spec = gpus.catalog.spec(gpus.spec(500));
  spec.node_affinity.has_required = true;
  spec.node_affinity.required.push_back({{{gpus.catalog.intern("gpu-model"),
                                           model::SelectorOperator::in,
                                           {gpus.catalog.intern("G2")}}},
                                         {}});
  const SpecId picky = gpus.catalog.intern_spec(std::move(spec));
  EXPECT_EQ(gpus.place(picky), other);
}

TEST(PlacementPolicy, PodsKnownBeforeTheirNodeHoldItsDevices) {
  Gpus gpus("first-fit");
  const NodeId node = gpus.catalog.nodes.intern("a");
  gpus.scheduler.add_usage(Uid::make(7, 1), gpus.spec(2000), LabelSetId{}, NamespaceId{}, node,
                           false);
  gpus.add_node("a", 3);
  EXPECT_FALSE(gpus.place(gpus.spec(2000)).valid());
  EXPECT_EQ(gpus.place(gpus.spec(1000)), node);
}

TEST(PlacementPolicy, TwoSchedulersThatFillOneDeviceLeaveNothingFreeAndItComesBack) {
  Gpus gpus("first-fit");
  const NodeId node = gpus.add_node("a", 1);
  for (std::uint64_t i = 1; i <= 2; ++i) {
    gpus.scheduler.add_usage(Uid::make(7, i), gpus.spec(800), LabelSetId{}, NamespaceId{}, node,
                             false);
  }
  EXPECT_FALSE(gpus.place(gpus.spec(100)).valid());
  gpus.scheduler.remove_usage(Uid::make(7, 1));
  EXPECT_FALSE(gpus.place(gpus.spec(300)).valid());
  EXPECT_EQ(gpus.place(gpus.spec(200)), node);
}

TEST(PlacementPolicy, AskingForMoreDevicesThanAnyNodeCanHaveIsNoCrash) {
  Gpus gpus("arcas");
  gpus.add_node("a", 1000);
  EXPECT_FALSE(gpus.place(gpus.spec(999'999'999)).valid());
  EXPECT_TRUE(gpus.place(gpus.spec(16'000)).valid());
}

}  // namespace
}  // namespace arcas::scheduler
