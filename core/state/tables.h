#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "core/base/id.h"
#include "core/model/objects.h"
#include "core/ports/transaction.h"
#include "core/state/object_table.h"
#include "core/state/pod_table.h"

namespace arcas::state {

/// All objects of one partition at one revision: what a store holds and what a watcher caches.
class Tables {
 public:
  explicit Tables(PartitionId partition) : partition_(partition) {}

  PodTable pods;
  ObjectTable<model::Tenant> tenants;
  ObjectTable<model::Namespace> namespaces;
  ObjectTable<model::Node> nodes;
  ObjectTable<model::ReplicaSet> replica_sets;
  ObjectTable<model::Deployment> deployments;
  ObjectTable<model::DaemonSet> daemon_sets;
  ObjectTable<model::Job> jobs;
  ObjectTable<model::PodDisruptionBudget> disruption_budgets;
  ObjectTable<model::PriorityClass> priority_classes;
  ObjectTable<model::ResourceQuota> quotas;
  ObjectTable<model::Lease> leases;

  [[nodiscard]] Revision revision() const { return revision_; }
  [[nodiscard]] PartitionId partition() const { return partition_; }

  /// The store's state machine: checks fence and preconditions, gives uids, sets resource
  /// versions and creation times, applies, and tells what changed. A transaction that changes
  /// nothing takes no revision. Deterministic. Cost: O(operations).
  ports::TransactionResult commit(const ports::Transaction& transaction, TimePoint now,
                                  ports::ChangeBatch& changes);

  /// A watcher's half: takes over changes that a store committed elsewhere.
  void apply(const ports::ChangeBatch& changes);

  /// Calls `visit(Object)` for every object but pods: kind by kind, each in the order of creation.
  template <class Visit>
  void for_each_object(Visit visit) const {
    const auto each = [&visit](const auto& object) { visit(model::Object(object)); };
    tenants.for_each(each);
    namespaces.for_each(each);
    nodes.for_each(each);
    priority_classes.for_each(each);
    quotas.for_each(each);
    deployments.for_each(each);
    replica_sets.for_each(each);
    daemon_sets.for_each(each);
    jobs.for_each(each);
    disruption_budgets.for_each(each);
    leases.for_each(each);
  }

 private:
  [[nodiscard]] StatusCode check(const ports::PodOperation& operation) const;
  [[nodiscard]] StatusCode check(const ports::ObjectOperation& operation) const;
  void execute(const ports::PodOperation& operation, Revision revision, TimePoint now,
               ports::OperationResult& result, ports::ChangeBatch& changes);
  void execute(const ports::ObjectOperation& operation, Revision revision, TimePoint now,
               ports::OperationResult& result, ports::ChangeBatch& changes);

  PartitionId partition_;
  Revision revision_ = 0;
  std::uint64_t next_sequence_ = 1;  // of uids
};

}  // namespace arcas::state
