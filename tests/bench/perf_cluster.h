#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "core/scheduler/preemption.h"
#include "core/scheduler/scheduler.h"

namespace arcas::scheduler {

/// Nodes as scheduler_perf's templates have them: 4 cores, 32 GiB, 110 pods, a host name.
struct NodePlan {
  std::uint32_t count = 0;
  std::uint32_t zones = 1;           ///< labels zone1, zone2, … in turn
  bool every_fifth_tainted = false;  ///< foo:NoSchedule
  bool one_large = false;            ///< one more, scheduler-perf-node, that holds 90,000 pods
};

struct PerfTemplate {
  SpecId spec;
  LabelSetId labels;
  NamespaceId name_space;
  Uid owner;
};

/// A cluster of kube-scheduler's default profile, and pods without end. Time stands still unless
/// told otherwise.
class PerfCluster {
 public:
  explicit PerfCluster(const NodePlan& plan) : scheduler_(catalog_, config()) {
    if (plan.one_large) add_large_node();
    for (std::uint32_t i = 0; i < plan.count; ++i) {
      model::Node node = default_node("node-" + std::to_string(i), i % plan.zones);
      if (plan.every_fifth_tainted && i % 5 == 4) {
        node.taints.push_back({word("foo"), {}, model::TaintEffect::no_schedule, 0});
      }
      scheduler_.upsert_node(node);
    }
    name_space_ = devops("sched-0");
  }

  model::Catalog& catalog() { return catalog_; }
  Scheduler& scheduler() { return scheduler_; }
  StringId word(const std::string& text) { return catalog_.intern(text); }
  [[nodiscard]] NamespaceId name_space() const { return name_space_; }

  /// A namespace with the label team=devops.
  NamespaceId devops(const std::string& name) {
    const NamespaceId id = catalog_.intern_namespace(TenantId{0}, name);
    model::LabelSet labels;
    labels.set(word("team"), word("devops"));
    scheduler_.set_namespace_labels(id, catalog_.label_sets.intern(labels));
    return id;
  }

  /// A pod template with one label and requests of 100m and 500Mi; `shape` changes it.
  PerfTemplate make(const std::string& color,
                    const std::function<void(PerfCluster&, model::PodSpec&)>& shape = {},
                    std::int64_t cpu = 100) {
    model::PodSpec spec;
    model::ResourceList requests;
    requests.set(model::kCpu, cpu);
    requests.set(model::kMemory, std::int64_t{500} << 20);
    spec.containers.push_back({word("pause"), word("pause"), requests, {}, false, false});
    if (shape) shape(*this, spec);
    model::LabelSet labels;
    labels.set(word("color"), word(color));
    return {catalog_.intern_spec(spec), catalog_.label_sets.intern(labels), name_space_, {}};
  }
  SelectorId selects(const std::string& color) {
    model::Selector selector;
    selector.requirements.push_back({word("color"), model::SelectorOperator::in, {word(color)}});
    return catalog_.selectors.intern(std::move(selector));
  }
  /// A service, or a ReplicaSet that owns the template, selects the pods of a color.
  void add_service(const std::string& color) {
    scheduler_.cluster().services.push_back(
        {model::WorkloadSelector::Kind::service, name_space_, word(color), selects(color)});
  }
  void give_owner(PerfTemplate& pod, const std::string& color) {
    pod.owner = Uid::make(2, ++sequence_);
    scheduler_.set_owner(pod.owner, {model::WorkloadSelector::Kind::replica_set, pod.name_space,
                                     word(color), selects(color)});
  }

  model::Node default_node(const std::string& name, std::uint32_t zone) {
    model::Node node;
    node.id = catalog_.nodes.intern(name);
    node.meta.name = {word(name), 0};
    model::LabelSet labels;
    labels.set(word("kubernetes.io/hostname"), word(name));
    labels.set(word("topology.kubernetes.io/zone"), word("zone" + std::to_string(zone + 1)));
    node.meta.labels = catalog_.label_sets.intern(labels);
    node.allocatable.set(model::kCpu, 4000);
    node.allocatable.set(model::kMemory, std::int64_t{32} << 30);
    node.allocatable.set(model::kPods, 110);
    node.container_runtime_ready = model::ConditionStatus::yes;
    return node;
  }

  Uid enqueue(const PerfTemplate& pod, NodeId target = {}) {
    const PendingPod waiting = pending(pod, target);
    scheduler_.enqueue(now_, waiting);
    return waiting.uid;
  }
  /// Decides on up to so many pods of the queue; returns how many found a node.
  std::uint64_t decide(std::uint64_t most) {
    std::uint64_t placed = 0;
    decisions_.clear();
    scheduler_.schedule(now_, most, decisions_);
    for (const auto& decision : decisions_) {
      victims_.insert(victims_.end(), decision.victims.begin(), decision.victims.end());
      if (!decision.node.valid()) continue;
      scheduler_.confirm(decision.uid);
      ++placed;
    }
    return placed;
  }
  /// Decides on `count` pods of a template, by batches of 1,000.
  std::uint64_t run(const PerfTemplate& pod, std::uint64_t count) {
    std::uint64_t placed = 0;
    for (std::uint64_t done = 0; done < count;) {
      const std::uint64_t batch = std::min<std::uint64_t>(count - done, 1000);
      for (std::uint64_t i = 0; i < batch; ++i, ++done) enqueue(pod);
      placed += decide(batch);
    }
    return placed;
  }
  /// Evicted pods are gone, and what they made room for has waited for its back-off.
  void let_victims_leave() {
    for (const Uid victim : victims_) scheduler_.remove_usage(victim);
    victims_.clear();
    now_ = now_ + seconds(10);
  }

  /// Pods that a workload wants to go one day.
  std::vector<Uid>& leaving() { return leaving_; }

  struct Scanned {
    double per_second = 0;  ///< decisions, by CPU time
    bool agrees = true;     ///< with the way that the scheduler itself would take
  };
  /// The same decision by looking at every node, a bounded number of times; nothing is placed.
  Scanned scan(const PerfTemplate& pod, NodeId target) {
    const PendingPod waiting = pending(pod, target);
    const Scheduler::Compared answers = scheduler_.compare(waiting);
    Scanned scanned;
    if (answers.index_applies && !target.valid()) {
      scanned.agrees = answers.index.node == answers.scan.node;
    }
    if (answers.load_tree_applies && !target.valid()) {
      scanned.agrees = scanned.agrees && answers.load_tree.node == answers.scan.node;
    }
    const PodEntry entry = entry_of(pod, target);
    scanned.per_second = rate([&] {
      select_by_scan({scheduler_.cluster(), profile_, entry, waiting.uid});
    });
    return scanned;
  }
  /// The same for a pod that must preempt: find that no node takes it, then try every node.
  Scanned scan_preemption(const PerfTemplate& pod) {
    const PodEntry entry = entry_of(pod, {});
    const Cycle cycle{scheduler_.cluster(), profile_, entry, pending(pod, {}).uid};
    Scanned scanned;
    scanned.per_second = rate([&] {
      const bool placed = select_by_scan(cycle).node.valid();
      const bool helps =
          preempt(cycle, Nominations{}).outcome == PreemptionResult::Outcome::nominate;
      scanned.agrees = scanned.agrees && !placed && helps;
    });
    return scanned;
  }

 private:
  static Config config() {
    Config config;
    config.profile = SchedulerProfile::kubernetes();
    config.default_spread = true;
    return config;
  }

  void add_large_node() {
    model::Node node = default_node("scheduler-perf-node", 0);
    node.allocatable.set(model::kPods, 90'000);
    scheduler_.upsert_node(node);
  }

  PendingPod pending(const PerfTemplate& pod, NodeId target) {
    PendingPod pending;
    pending.uid = Uid::make(1, ++sequence_);
    pending.spec = pod.spec;
    pending.labels = pod.labels;
    pending.name_space = pod.name_space;
    pending.target = target;
    pending.owner = pod.owner;
    return pending;
  }
  PodEntry entry_of(const PerfTemplate& pod, NodeId target) {
    PodEntry entry;
    entry.spec = pod.spec;
    entry.labels = pod.labels;
    entry.name_space = pod.name_space;
    entry.target = target;
    if (pod.owner.valid()) entry.owner = scheduler_.cluster().owner_place(pod.owner);
    return entry;
  }

  /// At least 3 and at most 200 times, about half a second of computing time.
  template <class Decision>
  static double rate(Decision&& decision) {
    const std::clock_t start = std::clock();
    std::clock_t spent = 0;
    int count = 0;
    while (count < 3 || (count < 200 && spent < CLOCKS_PER_SEC / 2)) {
      decision();
      ++count;
      spent = std::clock() - start;
    }
    return static_cast<double>(count) * CLOCKS_PER_SEC /
           static_cast<double>(std::max<std::clock_t>(spent, 1));
  }

  model::Catalog catalog_;
  SchedulerProfile profile_ = SchedulerProfile::kubernetes();
  Scheduler scheduler_;
  NamespaceId name_space_;
  std::uint64_t sequence_ = 0;
  TimePoint now_;
  std::vector<Scheduler::Decision> decisions_;
  std::vector<Uid> victims_;
  std::vector<Uid> leaving_;
};

}  // namespace arcas::scheduler
