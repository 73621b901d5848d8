#pragma once

#include <cstdint>

#include "core/base/id.h"
#include "core/model/objects.h"
#include "core/ports/transaction.h"
#include "core/state/object_table.h"
#include "core/state/pod_table.h"
#include "core/state/tenant_moves.h"

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

  /// Tenants that came, left or are on their way.
  [[nodiscard]] const TenantMoves& moves() const { return moves_; }
  [[nodiscard]] Revision revision() const { return revision_; }
  [[nodiscard]] PartitionId partition() const { return partition_; }

  /// The store's state machine: checks fence and preconditions, gives uids, sets resource
  /// versions and creation times, applies, and tells what changed. Deterministic.
  ///
  /// - An old fence refuses everything (`forbidden`, no answers for single operations).
  /// - `all_or_nothing`: preconditions are checked against the state before the transaction, and no
  ///   two operations may touch the same object or create the same name. `each`: one operation
  ///   after the other, each on what the ones before it left.
  /// - Client-chosen pod names must be free, as other names must.
  /// - An update never changes name, creation time, or a deletion time once set. A changed name is
  ///   `invalid`. `generation` counts what spec_changed says, whatever the client sent.
  /// - An update that changes nothing is ok, leaves the object's resource version as it is, and is
  ///   no change; a transaction without a change takes no revision.
  /// - What belongs to a tenant that takes no writes here now (see model::TenantMove) is refused
  ///   with `unavailable`: try again later, perhaps elsewhere.
  /// `changes` must come empty. Cost: O(operations), and O(n log n) for all_or_nothing.
  ports::TransactionResult commit(const ports::Transaction& transaction, TimePoint now,
                                  ports::ChangeBatch& changes);

  /// A watcher's half: takes over changes that a store committed elsewhere. An older value never
  /// replaces a newer one, so present state and changes may overlap.
  void apply(const ports::ChangeBatch& changes);

  /// The sequence number the next new object gets. A store that is rebuilt from a snapshot must
  /// keep it, because a uid is never used twice.
  [[nodiscard]] std::uint64_t next_sequence() const { return next_sequence_; }
  /// Sets what a snapshot does not show by its objects alone. Neither ever goes back.
  void restore(Revision revision, std::uint64_t next_sequence);

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
  [[nodiscard]] bool fenced_off(const ports::Fence& fence) const;
  [[nodiscard]] StatusCode check(const ports::PodOperation& operation) const;
  [[nodiscard]] StatusCode check(const ports::ObjectOperation& operation) const;
  [[nodiscard]] bool check_all(const ports::Transaction& transaction,
                               ports::TransactionResult& result) const;
  void execute(const ports::PodOperation& operation, TimePoint now, ports::OperationResult& result,
               ports::ChangeBatch& changes);
  void execute(const ports::ObjectOperation& operation, TimePoint now,
               ports::OperationResult& result, ports::ChangeBatch& changes);
  /// Fills in what the store decides. False when the update changes nothing.
  template <class T>
  bool complete(T& next, const T* stored, TimePoint now);
  void execute(const ports::MoveOperation& operation, ports::OperationResult& result,
               ports::ChangeBatch& changes);
  void show_arrived(TenantId tenant, ports::ChangeBatch& changes);
  void drop_left(TenantId tenant, ports::ChangeBatch& changes);
  [[nodiscard]] bool has_tenant(TenantId tenant) const;
  void note_uid(Uid uid);

  PartitionId partition_;
  TenantMoves moves_;
  Revision revision_ = 0;
  std::uint64_t next_sequence_ = 1;  // of uids
};

}  // namespace arcas::state
