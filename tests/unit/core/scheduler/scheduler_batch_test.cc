#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/scheduler/batch_problem.h"
#include "core/scheduler/scheduler.h"
#include "core/scheduler/selection.h"

namespace arcas::scheduler {
namespace {

constexpr std::int64_t kGibibyte = std::int64_t{1} << 30U;
TimePoint at(std::int64_t second) { return TimePoint{} + seconds(second); }

/// A scheduler that places batches from `threshold` pods on, and nodes in three zones.
class Zones {
 public:
  explicit Zones(std::size_t threshold) : scheduler(catalog, config(threshold)) {}

  static Config config(std::size_t threshold) {
    Config config;
    config.batch_threshold = threshold;
    return config;
  }
  NodeId add_node(const std::string& zone, std::int64_t cpu, const std::string& taint = "") {
    model::Node node;
    const std::string name = "n" + std::to_string(catalog.nodes.size());
    node.id = catalog.nodes.intern(name);
    node.meta.name.base = catalog.intern(name);
    model::LabelSet labels;
    labels.set(catalog.intern("topology.kubernetes.io/zone"), catalog.intern(zone));
    node.meta.labels = catalog.label_sets.intern(std::move(labels));
    node.allocatable.set(model::kCpu, cpu);
    node.allocatable.set(model::kMemory, 64 * kGibibyte);
    node.allocatable.set(model::kPods, 110);
    node.container_runtime_ready = model::ConditionStatus::yes;
    if (!taint.empty()) {
      node.taints.push_back({catalog.intern(taint), {}, model::TaintEffect::no_schedule, 0});
    }
    scheduler.upsert_node(node);
    return node.id;
  }
  model::PodSpec spec(std::int64_t cpu) {
    model::PodSpec spec;
    model::Container& container = spec.containers.emplace_back();
    container.requests.set(model::kCpu, cpu);
    container.requests.set(model::kMemory, kGibibyte);
    return spec;
  }
  /// Hard spread over zones among pods labelled app=`app`.
  void spread(model::PodSpec& spec, const std::string& app, std::int32_t max_skew) {
    model::Selector selector;
    selector.requirements.push_back(
        {catalog.intern("app"), model::SelectorOperator::in, {catalog.intern(app)}});
    model::TopologySpreadConstraint constraint;
    constraint.max_skew = max_skew;
    constraint.topology_key = catalog.intern("topology.kubernetes.io/zone");
    constraint.when_unsatisfiable =
        model::TopologySpreadConstraint::WhenUnsatisfiable::do_not_schedule;
    constraint.selector = catalog.selectors.intern(std::move(selector));
    spec.topology_spread.push_back(constraint);
  }
  void enqueue(int count, const model::PodSpec& spec, const std::string& app) {
    model::LabelSet labels;
    labels.set(catalog.intern("app"), catalog.intern(app));
    for (int i = 0; i < count; ++i) {
      PendingPod pod;
      pod.uid = Uid::make(1, ++last_);
      pod.spec = catalog.intern_spec(model::PodSpec(spec));
      pod.labels = catalog.label_sets.intern(model::LabelSet(labels));
      pod.name_space = catalog.intern_namespace(TenantId{0}, "default");
      pods.push_back(pod);
      scheduler.enqueue(at(1), pod);
    }
  }
  std::vector<Scheduler::Decision> run() {
    std::vector<Scheduler::Decision> decisions;
    scheduler.schedule(at(1), 100'000, decisions);
    return decisions;
  }
  [[nodiscard]] const PendingPod& pod(Uid uid) const { return pods[uid.sequence() - 1]; }

  model::Catalog catalog;
  Scheduler scheduler;
  std::vector<PendingPod> pods;

 private:
  std::uint64_t last_ = 0;
};

/// Takes the decisions one after the other in a scheduler that knows no batches: each node must be
/// one that the full scan would allow at that moment.
void expect_allowed(Zones& zones, Scheduler& twin,
                    const std::vector<Scheduler::Decision>& decisions) {
  const SchedulerProfile profile = SchedulerProfile::arcas();
  for (const auto& decision : decisions) {
    if (!decision.node.valid()) continue;
    const PendingPod& pod = zones.pod(decision.uid);
    PodEntry entry;
    entry.spec = pod.spec;
    entry.labels = pod.labels;
    entry.name_space = pod.name_space;
    const auto allowed =
        feasible_by_scan({twin.cluster(), profile, entry, pod.uid}, nullptr, decision.node);
    ASSERT_EQ(allowed.size(), 1U) << "pod " << pod.uid.sequence() << " on node "
                                  << decision.node.index;
    twin.add_usage(pod.uid, pod.spec, pod.labels, pod.name_space, decision.node, true);
  }
}

std::vector<int> by_zone(const std::vector<Scheduler::Decision>& decisions, Zones& zones) {
  std::vector<int> count(3);
  for (const auto& decision : decisions) {
    if (!decision.node.valid()) continue;
    const Cluster& cluster = zones.scheduler.cluster();
    const std::string& zone = zones.catalog.text(cluster.nodes()[decision.node].zone_label);
    ++count[static_cast<std::size_t>(zone.back() - 'a')];
  }
  return count;
}

TEST(SchedulerBatch, ACycleBelowTheThresholdIsDecidedOneByOne) {
  Zones zones(10);
  zones.add_node("a", 16'000);
  zones.enqueue(9, zones.spec(100), "web");
  EXPECT_EQ(zones.run().size(), 9U);
  EXPECT_EQ(zones.scheduler.stats().flow_batches, 0U);
  EXPECT_EQ(zones.scheduler.stats().by_flow, 0U);
}

TEST(SchedulerBatch, ACycleAtTheThresholdIsPlacedByFlow) {
  Zones zones(10);
  for (const char* zone : {"a", "b", "c"}) zones.add_node(zone, 16'000);
  zones.enqueue(10, zones.spec(1'000), "web");
  EXPECT_EQ(zones.run().size(), 10U);
  EXPECT_EQ(zones.scheduler.stats().by_flow, 10U);
  EXPECT_EQ(zones.scheduler.stats().flow_fallbacks, 0U);
  EXPECT_EQ(zones.scheduler.stats().flow_gap, 0U);
}

TEST(SchedulerBatch, WhatHasNoRoomComesOutWithoutANode) {
  Zones zones(2);
  zones.add_node("a", 4'000);
  zones.add_node("b", 4'000);
  zones.enqueue(10, zones.spec(1'000), "web");
  const auto decisions = zones.run();
  ASSERT_EQ(decisions.size(), 10U);
  int placed = 0;
  for (const auto& decision : decisions) placed += decision.node.valid() ? 1 : 0;
  EXPECT_EQ(placed, 8);
  EXPECT_EQ(zones.scheduler.stats().by_flow, 8U);
  EXPECT_EQ(zones.scheduler.stats().flow_fallbacks, 2U);
}

TEST(SchedulerBatch, HardSpreadOverZonesHoldsAtEveryStep) {
  Zones zones(2);
  Scheduler twin(zones.catalog, {});
  for (int i = 0; i < 4; ++i) {
    for (const char* zone : {"a", "b", "c"}) {
      const NodeId node = zones.add_node(zone, zone[0] == 'a' ? 64'000 : 16'000);
      twin.upsert_node(zones.scheduler.cluster().nodes()[node].object);
    }
  }
  for (const char* app : {"one", "two", "three"}) {
    model::PodSpec spec = zones.spec(500);
    zones.spread(spec, app, 1);
    zones.enqueue(20, spec, app);
  }
  const auto decisions = zones.run();
  EXPECT_EQ(zones.scheduler.stats().by_flow, 60U);
  expect_allowed(zones, twin, decisions);
}

TEST(SchedulerBatch, PodsThatWouldRatherSpreadGoToEveryZone) {
  Zones zones(2);
  for (int i = 0; i < 4; ++i) {
    for (const char* zone : {"a", "b", "c"}) zones.add_node(zone, 16'000);
  }
  model::PodSpec spec = zones.spec(500);
  zones.spread(spec, "web", 1);
  spec.topology_spread.front().when_unsatisfiable =
      model::TopologySpreadConstraint::WhenUnsatisfiable::schedule_anyway;
  zones.enqueue(30, spec, "web");
  const auto decisions = zones.run();
  EXPECT_EQ(zones.scheduler.stats().by_flow, 30U);
  EXPECT_EQ(by_zone(decisions, zones), (std::vector<int>{10, 10, 10}));
}

TEST(SchedulerBatch, PodsWithoutRulesFillTheZonesAlike) {
  Zones zones(2);
  for (int i = 0; i < 4; ++i) {
    for (const char* zone : {"a", "b", "c"}) zones.add_node(zone, 16'000);
  }
  zones.enqueue(30, zones.spec(1'000), "web");
  for (const int count : by_zone(zones.run(), zones)) EXPECT_NEAR(count, 10, 2);
  EXPECT_EQ(zones.scheduler.stats().by_flow, 30U);
}

TEST(SchedulerBatch, TaintedNodesTakeOnlyPodsThatTolerateThem) {
  Zones zones(2);
  Scheduler twin(zones.catalog, {});
  for (const NodeId node : {zones.add_node("a", 4'000), zones.add_node("b", 64'000, "red")}) {
    twin.upsert_node(zones.scheduler.cluster().nodes()[node].object);
  }
  zones.enqueue(6, zones.spec(1'000), "web");
  model::PodSpec tolerant = zones.spec(1'000);
  model::Toleration toleration;
  toleration.key = zones.catalog.intern("red");
  toleration.op = model::Toleration::Operator::exists;
  tolerant.tolerations.push_back(toleration);
  zones.enqueue(6, tolerant, "red");
  const auto decisions = zones.run();
  EXPECT_EQ(zones.scheduler.stats().by_flow, 10U);
  expect_allowed(zones, twin, decisions);
}

TEST(SchedulerBatch, PodsWithRulesThatNoFlowKnowsAreDecidedOneByOne) {
  Zones zones(4);
  for (int i = 0; i < 3; ++i) zones.add_node("a", 4'000);
  model::PodSpec ports = zones.spec(100);
  ports.host_ports.push_back({});
  ports.host_ports.back().port = 80;
  zones.enqueue(2, ports, "ports");
  zones.enqueue(2, zones.spec(100), "web");
  const auto decisions = zones.run();
  EXPECT_EQ(zones.scheduler.stats().by_flow, 2U);
  EXPECT_EQ(zones.scheduler.stats().flow_fallbacks, 2U);
  for (const auto& decision : decisions) EXPECT_TRUE(decision.node.valid());
}

TEST(SchedulerBatch, ACycleTakesAllThatWaitsOnlyWhenItIsABatch) {
  Zones zones(100);
  zones.add_node("a", 16'000);
  zones.enqueue(99, zones.spec(10), "web");
  EXPECT_EQ(zones.scheduler.cycle_size(7), 7U);
  zones.enqueue(1, zones.spec(10), "web");
  EXPECT_EQ(zones.scheduler.cycle_size(7), Scheduler::kLargestBatch);
}

BatchReason why(Zones& zones, std::optional<TenantId> viewer = {}) {
  std::vector<Uid> pods;
  for (const PendingPod& pod : zones.pods) pods.push_back(pod.uid);
  const auto naming = [&](Uid uid, const PodEntry& entry) {
    const model::LabelSet& labels = zones.catalog.label_sets[entry.labels];
    return BatchName{zones.catalog.text(labels.items().front().second) + "-*",
                     zones.pod(uid).tenant};
  };
  const auto reason = zones.scheduler.explain_batch(pods, naming, viewer);
  EXPECT_TRUE(reason.has_value());
  return reason.has_value() ? *reason : BatchReason{};
}

TEST(ExplainBatch, SaysWhichResourceIsShortAndByHowMuchAndChangesNothing) {
  Zones zones(0);
  zones.add_node("a", 4'000);
  zones.add_node("b", 4'000);
  zones.enqueue(10, zones.spec(1'000), "web");
  const BatchReason reason = why(zones);
  EXPECT_EQ(reason.wanted, 10U);
  EXPECT_EQ(reason.placed, 8U);
  EXPECT_EQ(reason.bound, 8U);
  ASSERT_EQ(reason.bottlenecks.size(), 1U);
  const batch::Bottleneck& cpu = reason.bottlenecks.front();
  EXPECT_EQ(cpu.kind, batch::Bottleneck::Kind::resource);
  EXPECT_EQ(cpu.resource, model::kCpu);
  EXPECT_EQ(cpu.short_by, 2'000);
  EXPECT_EQ(cpu.pods, 2U);
  EXPECT_NE(cpu.text.find("web-*"), std::string::npos) << cpu.text;
  int placed = 0;
  for (const auto& decision : zones.run()) placed += decision.node.valid() ? 1 : 0;
  EXPECT_EQ(placed, 8);
}

TEST(ExplainBatch, NothingIsSaidWhereAllFit) {
  Zones zones(0);
  zones.add_node("a", 4'000);
  zones.enqueue(4, zones.spec(1'000), "web");
  const BatchReason reason = why(zones);
  EXPECT_EQ(reason.placed, 4U);
  EXPECT_TRUE(reason.bottlenecks.empty());
}

TEST(ExplainBatch, AViewerSeesNoOtherTenantsNamesOrNumbers) {
  Zones zones(0);
  zones.add_node("a", 4'000);
  zones.enqueue(3, zones.spec(1'000), "mine");
  zones.enqueue(7, zones.spec(1'000), "secret");
  for (PendingPod& pod : zones.pods) {
    pod.tenant = TenantId{pod.uid.sequence() <= 3 ? 0U : 1U};
  }
  const BatchReason reason = why(zones, TenantId{0});
  EXPECT_EQ(reason.wanted, 3U);
  EXPECT_LE(reason.placed, 3U);
  EXPECT_EQ(reason.bound, 0U);
  for (const auto& bottleneck : reason.bottlenecks) {
    EXPECT_EQ(bottleneck.text.find("secret"), std::string::npos) << bottleneck.text;
    EXPECT_LE(bottleneck.pods, 3U);
    EXPECT_LE(bottleneck.short_by, 3'000);
  }
  for (const auto& pod_class : reason.classes) {
    EXPECT_EQ(pod_class.name.empty(), pod_class.tenant != TenantId{0});
  }
  // With all names it is another's pods that are seen, too.
  bool seen = false;
  for (const auto& pod_class : why(zones).classes) seen = seen || pod_class.name == "secret-*";
  EXPECT_TRUE(seen);
}

TEST(ExplainBatch, PodsThatHoldRoomAreNoPartOfIt) {
  Zones zones(0);
  zones.add_node("a", 4'000);
  zones.enqueue(4, zones.spec(1'000), "web");
  ASSERT_EQ(zones.run().size(), 4U);
  EXPECT_EQ(why(zones).wanted, 0U);
}

TEST(LevelOut, TheLowestDomainsRiseFirst) {
  EXPECT_EQ(level_out({5, 1, 3}, 2, 1'000), (std::vector<std::uint32_t>{0, 2, 0}));
  EXPECT_EQ(level_out({5, 1, 3}, 6, 1'000), (std::vector<std::uint32_t>{0, 4, 2}));
  EXPECT_EQ(level_out({0, 0, 0}, 9, 1'000), (std::vector<std::uint32_t>{3, 3, 3}));
}

TEST(LevelOut, ADomainThatTakesNoneGetsNone) {
  EXPECT_EQ(level_out({-1, 0, 0}, 4, 1'000), (std::vector<std::uint32_t>{0, 2, 2}));
  EXPECT_EQ(level_out({-1, -1}, 4, 1'000), (std::vector<std::uint32_t>{0, 0}));
}

TEST(LevelOut, NoDomainRisesAboveTheCeiling) {
  EXPECT_EQ(level_out({0, 2}, 100, 3), (std::vector<std::uint32_t>{3, 1}));
  EXPECT_EQ(level_out({7, 2}, 100, 3), (std::vector<std::uint32_t>{0, 1}));
}

}  // namespace
}  // namespace arcas::scheduler
