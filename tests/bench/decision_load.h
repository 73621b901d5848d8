#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/rng.h"
#include "core/scheduler/scheduler.h"

namespace arcas::scheduler {

enum class Mix : std::uint8_t { repeated, spread, distinct };

/// A scheduler with `nodes` nodes in three zones, and pods without end.
class DecisionLoad {
 public:
  DecisionLoad(std::uint32_t nodes, Mix mix, bool full_scan)
      : mix_(mix), scheduler_(catalog_, config(full_scan)) {
    for (std::uint32_t i = 0; i < nodes; ++i) {
      model::Node node;
      node.id = catalog_.nodes.intern("node-" + std::to_string(i));
      node.meta.name = {catalog_.intern("node-" + std::to_string(i)), 0};
      node.zone = ZoneId{i * 3 / nodes};
      model::LabelSet labels;
      labels.set(catalog_.intern("topology.kubernetes.io/zone"),
                 catalog_.intern("zone-" + std::to_string(node.zone.index)));
      node.meta.labels = catalog_.label_sets.intern(labels);
      node.allocatable.set(model::kCpu, i % 5 == 0 ? 48'000 : 32'000);
      node.allocatable.set(model::kMemory, std::int64_t{i % 3 == 0 ? 256 : 128} << 30);
      node.allocatable.set(model::kPods, 110);
      node.container_runtime_ready = model::ConditionStatus::yes;
      node.vm_runtime_ready = model::ConditionStatus::yes;
      scheduler_.upsert_node(node);
    }
  }

  /// Queues `count` pods in workloads of 100 and decides on them in batches of 2,000.
  std::uint64_t run(std::uint64_t count) {
    std::uint64_t placed = 0;
    std::vector<Scheduler::Decision> decisions;
    for (std::uint64_t done = 0; done < count;) {
      for (int i = 0; i < 2'000; ++i, ++done) enqueue();
      decisions.clear();
      scheduler_.schedule(TimePoint{}, 2'000, decisions);
      for (const auto& decision : decisions) {
        if (!decision.node.valid()) continue;
        scheduler_.confirm(decision.uid);
        ++placed;
      }
    }
    return placed;
  }

 private:
  static Config config(bool full_scan) {
    Config config;
    config.full_scan = full_scan;
    return config;
  }

  void enqueue() {
    const bool next = mix_ == Mix::distinct || sequence_ % 100 == 0;
    if (next) spec_ = make_spec();
    PendingPod pod;
    pod.uid = Uid::make(1, ++sequence_);
    pod.spec = spec_;
    pod.labels = labels_;
    pod.name_space = catalog_.intern_namespace(TenantId{0}, "default");
    scheduler_.enqueue(TimePoint{}, pod);
  }

  SpecId make_spec() {
    static constexpr std::int64_t kCpu[] = {100, 250, 500, 500, 1000, 1000, 2000, 250, 750, 1500};
    ++workloads_;
    const auto shape = random_.below(40);
    model::PodSpec spec;
    model::ResourceList requests;
    if (mix_ == Mix::distinct) {
      requests.set(model::kCpu, 100 + static_cast<std::int64_t>(sequence_ % 1900));
      requests.set(model::kMemory, (256LL << 20) + static_cast<std::int64_t>(sequence_) * 4096);
    } else {
      requests.set(model::kCpu, kCpu[shape % 10]);
      requests.set(model::kMemory, static_cast<std::int64_t>(1 + shape / 10) << 30);
    }
    spec.containers.push_back(
        {catalog_.intern("c"), catalog_.intern("i"), requests, {}, false, false});
    const StringId app = catalog_.intern("app-" + std::to_string(workloads_));
    model::LabelSet labels;
    labels.set(catalog_.intern("app"), app);
    labels_ = catalog_.label_sets.intern(labels);
    if (mix_ == Mix::spread) {
      model::Selector selector;
      selector.requirements.push_back({catalog_.intern("app"), model::SelectorOperator::in, {app}});
      model::TopologySpreadConstraint constraint;
      constraint.topology_key = catalog_.intern("topology.kubernetes.io/zone");
      constraint.selector = catalog_.selectors.intern(std::move(selector));
      constraint.when_unsatisfiable =
          model::TopologySpreadConstraint::WhenUnsatisfiable::schedule_anyway;
      spec.topology_spread.push_back(constraint);
    }
    return catalog_.intern_spec(spec);
  }

  Mix mix_;
  model::Catalog catalog_;
  Scheduler scheduler_;
  RandomStream random_{7};
  std::uint64_t sequence_ = 0;
  std::uint64_t workloads_ = 0;
  SpecId spec_;
  LabelSetId labels_;
};

}  // namespace arcas::scheduler
