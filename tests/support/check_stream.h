#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/model/catalog.h"
#include "sim/check/check_suite.h"
#include "sim/check/outcome_tracker.h"

namespace arcas::sim {

/// A hand-written stream of commits: objects with right metadata, which tests then spoil. Starts
/// with zones a, b and c; nodes are added with 4000 milli-cpu, 16 GiB and 10 pods each.
class Stream {
 public:
  explicit Stream(const CheckOptions& options = {}) : suite(catalog, options) {
    for (const char* zone : {"a", "b", "c"}) catalog.zones.intern(zone);
    tenant = catalog.tenants.intern("acme");
    name_space = catalog.intern_namespace(tenant, "default");
    suite.attach(&outcome);
  }

  static constexpr PartitionId kTenants{1};
  static constexpr PartitionId kNodes{2};

  /// The metadata of a new object of the next commit.
  model::Metadata metadata(PartitionId partition, std::string_view name) {
    model::Metadata meta;
    meta.uid = Uid::make(partition.index, ++sequence[partition.index]);
    meta.tenant = tenant;
    meta.name_space = name_space;
    meta.name.base = catalog.intern(name);
    meta.labels = LabelSetId{0};
    meta.resource_version = revision[partition.index] + 1;
    return meta;
  }

  model::Node node(ZoneId zone = {0}) {
    model::Node value;
    const std::string name = "n" + std::to_string(catalog.nodes.size());
    value.id = catalog.nodes.intern(name);
    value.meta = metadata(kNodes, name);
    value.meta.tenant = TenantId{0};
    value.meta.name_space = {};
    value.zone = zone;
    value.allocatable.set(model::kCpu, 4000);
    value.allocatable.set(model::kMemory, std::int64_t{16} << 30U);
    value.allocatable.set(model::kPods, 10);
    value.ready = model::ConditionStatus::yes;
    return value;
  }
  model::ReplicaSet replica_set(std::int32_t replicas) {
    model::ReplicaSet value;
    value.meta = metadata(kTenants, "web");
    value.replicas = replicas;
    return value;
  }
  SpecId spec(std::int64_t cpu_milli = 1000) {
    model::PodSpec value;
    value.requests.set(model::kCpu, cpu_milli);
    return intern(value);
  }
  SpecId intern(model::PodSpec value) {
    model::Container container;
    container.requests = value.requests;
    value.containers.push_back(container);
    return catalog.intern_spec(std::move(value));
  }
  model::Pod pod(SpecId pod_spec, const model::ReplicaSet* owner = nullptr) {
    model::Pod value;
    value.meta = metadata(kTenants, "web");
    value.spec = pod_spec;
    if (owner != nullptr) value.meta.owner = {owner->meta.uid, model::Kind::replica_set};
    return value;
  }

  // ---- one commit each; `value` gets its new version ----
  void add(model::Pod& value) { commit(value, ports::ChangeType::added); }
  void update(model::Pod& value) { commit(value, ports::ChangeType::modified); }
  void remove(model::Pod& value) { commit(value, ports::ChangeType::removed); }
  void bind(model::Pod& value, NodeId node) {
    value.node = node;
    update(value);
  }
  void evict(model::Pod& value) {
    value.meta.deleted_at = now;
    update(value);
  }
  template <class T>
  void add_object(T& value, PartitionId partition = kTenants) {
    commit_object(value, ports::ChangeType::added, partition);
  }
  template <class T>
  void update_object(T& value, PartitionId partition = kTenants) {
    commit_object(value, ports::ChangeType::modified, partition);
  }
  model::Node add_node(ZoneId zone = {0}) {
    model::Node value = node(zone);
    add_object(value, kNodes);
    return value;
  }
  /// A pod that was created, bound and started.
  model::Pod running_pod(SpecId pod_spec, NodeId node, const model::ReplicaSet* owner = nullptr) {
    model::Pod value = pod(pod_spec, owner);
    add(value);
    bind(value, node);
    suite.on_running(value.meta.uid, node, now);
    return value;
  }

  [[nodiscard]] std::string violated() const {
    return suite.violation() == nullptr ? "" : std::string(suite.violation()->checker);
  }
  [[nodiscard]] std::uint64_t evaluations(std::string_view checker) const {
    for (const auto& entry : suite.evaluations()) {
      if (entry.checker == checker) return entry.count;
    }
    return 0;
  }

  void send(PartitionId partition, ports::ChangeBatch batch) {
    batch.revision = ++revision[partition.index];
    suite.on_commit(partition, batch, now);
  }

  model::Catalog catalog;
  CheckSuite suite;
  OutcomeTracker outcome;
  TenantId tenant;
  NamespaceId name_space;
  TimePoint now{1'000'000'000};
  std::vector<std::uint64_t> sequence = std::vector<std::uint64_t>(8, 0);
  std::vector<Revision> revision = std::vector<Revision>(8, 0);

 private:
  void commit(model::Pod& value, ports::ChangeType type) {
    if (type != ports::ChangeType::removed) value.meta.resource_version = revision[1] + 1;
    ports::ChangeBatch batch;
    batch.pods.push_back({type, value});
    send(kTenants, std::move(batch));
  }
  template <class T>
  void commit_object(T& value, ports::ChangeType type, PartitionId partition) {
    if (type != ports::ChangeType::removed) {
      value.meta.resource_version = revision[partition.index] + 1;
    }
    ports::ChangeBatch batch;
    batch.objects.push_back({type, value});
    send(partition, std::move(batch));
  }
};

}  // namespace arcas::sim
