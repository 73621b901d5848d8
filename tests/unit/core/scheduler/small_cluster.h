#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// A cluster put together by hand. Nodes start with 4 cpu, 8 GiB, 10 pods and both runtimes ready.
class SmallCluster {
 public:
  static constexpr std::int64_t kGibibyte = std::int64_t{1} << 30;

  SmallCluster() : cluster(catalog), profile(SchedulerProfile::kubernetes()) {
    name_space = catalog.intern_namespace(TenantId{0}, "default");
  }

  StringId id(std::string_view text) { return catalog.intern(text); }

  model::Node node(std::string_view name,
                   std::vector<std::pair<std::string, std::string>> labels = {}) {
    model::Node node;
    node.id = catalog.nodes.intern(name);
    node.meta.name.base = id(name);
    model::LabelSet set;
    for (const auto& [key, value] : labels) set.set(id(key), id(value));
    node.meta.labels = catalog.label_sets.intern(std::move(set));
    node.allocatable.set(model::kCpu, 4000);
    node.allocatable.set(model::kMemory, 8 * kGibibyte);
    node.allocatable.set(model::kPods, 10);
    node.container_runtime_ready = model::ConditionStatus::yes;
    node.vm_runtime_ready = model::ConditionStatus::yes;
    return node;
  }
  NodeId add(const model::Node& node) {
    cluster.upsert_node(node);
    return node.id;
  }
  NodeId add_node(std::string_view name,
                  std::vector<std::pair<std::string, std::string>> labels = {}) {
    return add(node(name, std::move(labels)));
  }

  /// One container of that size.
  static model::PodSpec spec(std::int64_t milli_cpu, std::int64_t memory) {
    model::PodSpec spec;
    model::Container& container = spec.containers.emplace_back();
    container.requests.set(model::kCpu, milli_cpu);
    container.requests.set(model::kMemory, memory);
    return spec;
  }

  Uid add_pod(model::PodSpec spec) {
    const Uid uid = Uid::make(1, ++last_);
    PodEntry& entry = cluster.pods().get(uid);
    entry.spec = catalog.intern_spec(std::move(spec));
    entry.labels = catalog.label_sets.intern({});
    entry.name_space = name_space;
    entry.state = PodState::active;
    return uid;
  }
  Uid add_pod(model::PodSpec spec, NodeId node) {
    const Uid uid = add_pod(std::move(spec));
    cluster.place(uid, *cluster.pods().find(uid), node, PodState::bound);
    return uid;
  }

  Evaluation evaluate(Uid uid) {
    return Evaluation(Cycle{cluster, profile, *cluster.pods().find(uid), uid});
  }
  Evaluation evaluate(model::PodSpec spec) { return evaluate(add_pod(std::move(spec))); }

  model::Catalog catalog;
  Cluster cluster;
  SchedulerProfile profile;
  NamespaceId name_space;

 private:
  std::uint64_t last_ = 0;
};

}  // namespace arcas::scheduler
