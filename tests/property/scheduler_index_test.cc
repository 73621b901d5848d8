// The index must answer as the full scan does, whatever nodes and pods come and go.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/base/rng.h"
#include "core/scheduler/scheduler.h"

namespace arcas::scheduler {
namespace {

class Cluster {
 public:
  explicit Cluster(std::uint64_t seed) : random_(seed), scheduler_(catalog_, {}) {
    node_count_ = static_cast<std::uint32_t>(random_.between(3, 90));
    zone_count_ = static_cast<std::uint32_t>(random_.between(1, 4));
    for (std::uint32_t i = 0; i < node_count_; ++i) {
      catalog_.nodes.intern("node-" + std::to_string(i));
      scheduler_.upsert_node(node(i));
    }
    for (int i = 0; i < 40; ++i) specs_.push_back(spec());
  }

  /// One random step; compares both answers for one random pod.
  void step(std::int64_t at) {
    const TimePoint now{at * 1'000'000};
    switch (random_.below(12)) {
      case 0:
        scheduler_.upsert_node(node(pick_node()));
        break;
      case 1:
        if (random_.chance(1, 4)) scheduler_.remove_node(NodeId{pick_node()});
        break;
      case 2:
        if (random_.chance(1, 8)) {
          scheduler_.set_zone_lost(ZoneId{static_cast<std::uint32_t>(random_.below(zone_count_))},
                                   random_.chance(1, 2));
        }
        break;
      case 3:
      case 4:
        remove_some();
        break;
      case 5:
        scheduler_.add_usage(foreign(), specs_[random_.below(specs_.size())], {}, {},
                             NodeId{pick_node()}, false);
        break;
      default:
        place(now);
    }
    compare();
  }
  [[nodiscard]] std::uint64_t compared() const { return compared_; }
  [[nodiscard]] std::uint64_t placed() const { return placed_; }

 private:
  std::uint32_t pick_node() { return static_cast<std::uint32_t>(random_.below(node_count_)); }

  model::Node node(std::uint32_t i) {
    model::Node node;
    node.id = NodeId{i};
    node.meta.name = {catalog_.intern("node-" + std::to_string(i)), 0};
    node.zone = ZoneId{i % zone_count_};
    model::LabelSet labels;
    if (!random_.chance(1, 15)) {
      labels.set(catalog_.intern("topology.kubernetes.io/zone"),
                 catalog_.intern("zone-" + std::to_string(i % zone_count_)));
    }
    labels.set(catalog_.intern("disk"), catalog_.intern(random_.chance(1, 2) ? "ssd" : "hdd"));
    node.meta.labels = catalog_.label_sets.intern(labels);
    node.allocatable.set(model::kCpu, random_.between(1, 8) * 1000);
    node.allocatable.set(model::kMemory, random_.between(1, 16) << 30);
    node.allocatable.set(model::kPods, random_.between(2, 20));
    if (random_.chance(1, 4)) node.allocatable.set(catalog_.resources.intern("x.io/gpu"), 4);
    node.unschedulable = random_.chance(1, 12);
    node.container_runtime_ready =
        random_.chance(1, 12) ? model::ConditionStatus::unknown : model::ConditionStatus::yes;
    node.vm_runtime_ready =
        random_.chance(1, 3) ? model::ConditionStatus::no : model::ConditionStatus::yes;
    if (random_.chance(1, 5)) node.taints.push_back(taint());
    if (random_.chance(1, 5)) node.taints.push_back(taint());
    return node;
  }

  model::Taint taint() {
    return {catalog_.intern(random_.chance(1, 2) ? "team" : "old"), catalog_.intern("red"),
            static_cast<model::TaintEffect>(random_.below(3)), 0};
  }

  model::Requirement on_disk() {
    return {catalog_.intern("disk"), model::SelectorOperator::in, {catalog_.intern("ssd")}};
  }

  SpecId spec() {
    model::PodSpec spec;
    model::ResourceList requests;
    if (!random_.chance(1, 10)) requests.set(model::kCpu, random_.between(1, 6) * 250);
    if (!random_.chance(1, 10)) requests.set(model::kMemory, random_.between(1, 6) << 28);
    if (random_.chance(1, 8)) requests.set(catalog_.resources.intern("x.io/gpu"), 1);
    if (random_.chance(1, 4)) {
      spec.workload = model::WorkloadType::vm;
      spec.vm.requests = requests;
    } else {
      spec.containers.push_back(
          {catalog_.intern("c"), catalog_.intern("i"), requests, {}, false, false});
    }
    if (random_.chance(1, 6)) {
      spec.node_selector = {{catalog_.intern("disk"), catalog_.intern("ssd")}};
    }
    if (random_.chance(1, 6)) {
      spec.node_affinity.preferred.push_back(
          {static_cast<std::int32_t>(random_.between(1, 100)), {{on_disk()}, {}}});
    }
    if (random_.chance(1, 4)) {
      model::Toleration toleration;
      toleration.key = catalog_.intern(random_.chance(1, 2) ? "team" : "old");
      toleration.op = model::Toleration::Operator::exists;
      spec.tolerations.push_back(toleration);
    }
    for (int i = 0; i < 2; ++i) {
      if (!random_.chance(1, 2)) continue;
      model::TopologySpreadConstraint constraint;
      constraint.max_skew = static_cast<std::int32_t>(random_.between(1, 3));
      constraint.topology_key = catalog_.intern("topology.kubernetes.io/zone");
      constraint.selector = selector();
      constraint.when_unsatisfiable =
          static_cast<model::TopologySpreadConstraint::WhenUnsatisfiable>(random_.below(2));
      constraint.honor_node_affinity = random_.chance(1, 2);
      constraint.honor_node_taints = random_.chance(1, 2);
      if (random_.chance(1, 5))
        constraint.min_domains = static_cast<std::int32_t>(random_.between(1, 5));
      spec.topology_spread.push_back(constraint);
    }
    spec.priority = static_cast<std::int32_t>(random_.below(3));
    return catalog_.intern_spec(spec);
  }

  SelectorId selector() {
    model::Selector selector;
    selector.requirements.push_back({catalog_.intern("app"),
                                     model::SelectorOperator::in,
                                     {catalog_.intern("a" + std::to_string(random_.below(3)))}});
    return catalog_.selectors.intern(std::move(selector));
  }

  PendingPod pod() {
    PendingPod pod;
    pod.uid = Uid::make(1, ++sequence_);
    pod.spec = specs_[random_.below(specs_.size())];
    model::LabelSet labels;
    labels.set(catalog_.intern("app"), catalog_.intern("a" + std::to_string(random_.below(3))));
    pod.labels = catalog_.label_sets.intern(labels);
    pod.name_space = catalog_.intern_namespace(TenantId{0}, random_.chance(1, 2) ? "n" : "m");
    return pod;
  }

  Uid foreign() {
    const Uid uid = Uid::make(2, ++foreign_);
    holding_.push_back(uid);
    return uid;
  }

  void place(TimePoint now) {
    scheduler_.enqueue(now, pod());
    std::vector<Scheduler::Decision> decisions;
    scheduler_.schedule(now, 5, decisions);
    for (const auto& decision : decisions) {
      if (!decision.node.valid()) continue;
      ++placed_;
      if (random_.chance(1, 10)) {
        scheduler_.reject(now, decision.uid);
        continue;
      }
      scheduler_.confirm(decision.uid);
      holding_.push_back(decision.uid);
    }
  }

  void remove_some() {
    if (holding_.empty()) return;
    const std::size_t at = random_.below(holding_.size());
    if (random_.chance(1, 3)) return scheduler_.mark_terminating(holding_[at]);
    scheduler_.remove_usage(holding_[at]);
    holding_[at] = holding_.back();
    holding_.pop_back();
  }

  void compare() {
    PendingPod wanted = pod();
    const auto answers = scheduler_.compare(wanted);
    ASSERT_TRUE(answers.index_applies);
    ++compared_;
    ASSERT_EQ(answers.index.node, answers.scan.node);
    if (answers.scan.node.valid()) {
      ASSERT_EQ(answers.index.score, answers.scan.score);
    }
  }

  RandomStream random_;
  model::Catalog catalog_;
  Scheduler scheduler_;
  std::uint32_t node_count_ = 0;
  std::uint32_t zone_count_ = 0;
  std::vector<SpecId> specs_;
  std::vector<Uid> holding_;
  std::uint64_t sequence_ = 0;
  std::uint64_t foreign_ = 0;
  std::uint64_t compared_ = 0;
  std::uint64_t placed_ = 0;
};

// Law: index = scan, node and score, on 160,000 random decisions over 400 random clusters.
TEST(SchedulerIndex, AnswersAsTheFullScanDoes) {
  std::uint64_t compared = 0;
  std::uint64_t placed = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(::testing::Message() << "rerun with seed=" << seed);
    Cluster cluster(seed);
    for (std::int64_t i = 0; i < 400; ++i) {
      cluster.step(i);
      if (::testing::Test::HasFatalFailure()) return;
    }
    compared += cluster.compared();
    placed += cluster.placed();
  }
  EXPECT_GE(compared, 160'000U);
  EXPECT_GE(placed, 20'000U);  // the clusters were not all full or empty
}

}  // namespace
}  // namespace arcas::scheduler
