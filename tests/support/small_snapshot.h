#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/model/catalog.h"
#include "core/model/snapshot.h"

namespace arcas::whatif {

/// A snapshot put together by hand: nodes of 4 cpu and 8 GiB, pods of one workload each kind.
class SmallSnapshot {
 public:
  SmallSnapshot() {
    tenant = catalog.tenants.intern("tenant-1");
    name_space = catalog.intern_namespace(tenant, "default");
  }

  NodeId node(const std::string& name, const std::string& zone, std::int64_t milli_cpu = 4000) {
    model::Node node;
    node.id = catalog.nodes.intern(name);
    node.meta.name.base = catalog.intern(name);
    node.zone = catalog.zones.intern(zone);
    model::LabelSet labels;
    labels.set(catalog.intern("kubernetes.io/hostname"), catalog.intern(name));
    labels.set(catalog.intern("topology.kubernetes.io/zone"), catalog.intern(zone));
    node.meta.labels = catalog.label_sets.intern(std::move(labels));
    node.allocatable.set(model::kCpu, milli_cpu);
    node.allocatable.set(model::kMemory, std::int64_t{8} << 30);
    node.allocatable.set(model::kPods, 20);
    node.ready = node.container_runtime_ready = model::ConditionStatus::yes;
    snapshot.nodes.push_back(node);
    return node.id;
  }

  std::uint32_t workload(const std::string& name, const std::string& kind = "ReplicaSet") {
    model::SnapshotWorkload workload;
    workload.kind = catalog.intern(kind);
    workload.name = catalog.intern(name);
    workload.name_space = name_space;
    if (kind == "DaemonSet") workload.type = model::SnapshotWorkload::Type::per_node;
    snapshot.workloads.push_back(workload);
    return static_cast<std::uint32_t>(snapshot.workloads.size() - 1);
  }

  static model::PodSpec spec(std::int64_t milli_cpu) {
    model::PodSpec spec;
    spec.containers.emplace_back().requests.set(model::kCpu, milli_cpu);
    return spec;
  }

  std::uint32_t pod(std::uint32_t workload, NodeId node, model::PodSpec spec) {
    model::SnapshotPod pod;
    pod.workload = workload;
    pod.pod.node = node;
    pod.pod.ready = node.valid();
    pod.pod.phase = node.valid() ? model::PodPhase::running : model::PodPhase::pending;
    pod.pod.meta.tenant = tenant;
    pod.pod.meta.name_space = name_space;
    pod.pod.meta.name.base = catalog.intern("pod-" + std::to_string(snapshot.pods.size()));
    model::LabelSet labels;
    labels.set(catalog.intern("app"), workload == model::SnapshotWorkload::kNone
                                          ? catalog.intern("bare")
                                          : snapshot.workloads[workload].name);
    pod.pod.meta.labels = catalog.label_sets.intern(std::move(labels));
    pod.pod.spec = catalog.intern_spec(std::move(spec));
    snapshot.pods.push_back(pod);
    return static_cast<std::uint32_t>(snapshot.pods.size() - 1);
  }
  std::uint32_t pod(std::uint32_t workload, NodeId node, std::int64_t milli_cpu) {
    return pod(workload, node, spec(milli_cpu));
  }

  SelectorId selecting(const std::string& app) {
    model::Selector selector;
    selector.requirements.push_back(
        {catalog.intern("app"), model::SelectorOperator::in, {catalog.intern(app)}});
    return catalog.selectors.intern(std::move(selector));
  }

  void budget(const std::string& app, std::int32_t min_available) {
    model::PodDisruptionBudget budget;
    budget.meta.uid = Uid::make(2, snapshot.budgets.size() + 1);
    budget.meta.name_space = name_space;
    budget.meta.name.base = catalog.intern(app + "-budget");
    budget.selector = selecting(app);
    budget.min_available = min_available;
    snapshot.budgets.push_back(budget);
  }

  model::Catalog catalog;
  model::Snapshot snapshot;
  TenantId tenant;
  NamespaceId name_space;
};

}  // namespace arcas::whatif
