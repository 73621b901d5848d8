#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/hash.h"
#include "core/controllers/daemon_set.h"
#include "core/controllers/deployment.h"
#include "core/controllers/disruption.h"
#include "core/controllers/job.h"
#include "core/controllers/namespace.h"
#include "core/controllers/pod_gc.h"
#include "core/controllers/replica_set.h"
#include "core/controllers/tenant.h"
#include "core/model/catalog.h"
#include "core/roles/profile.h"
#include "core/state/tables.h"

namespace arcas::roles {

/// The workload controllers of one tenant partition over one cached view: takes changes in, keeps
/// lists of what to look at, and collects what the deciders want done. What leaves with its tenant
/// for another partition is gone from the view. Pure: no ports.
class WorkloadControllers {
 public:
  WorkloadControllers(const Profile& profile, model::Catalog& catalog, PartitionId partition);

  /// Takes over one batch of changes. `on_pod(before, after)` is called for every pod change before
  /// the view has it (for deciders that live elsewhere).
  template <class OnPod>
  void absorb(TimePoint now, const ports::ChangeBatch& changes, OnPod on_pod) {
    for (const ports::PodChange& change : changes.pods) {
      const model::Pod* before = tables_.pods.find(change.pod.meta.uid);
      const model::Pod* after = change.type == ports::ChangeType::removed ? nullptr : &change.pod;
      if (before != nullptr && before->meta.resource_version >= change.pod.meta.resource_version &&
          after != nullptr) {
        continue;  // seen already, in the list
      }
      if (before == nullptr && after == nullptr) continue;  // told twice that it is gone
      pod_changed(before, after);
      on_pod(before, after);
    }
    for (const model::Pod& pod : changes.left.pods) {
      const model::Pod* before = tables_.pods.find(pod.meta.uid);
      if (before == nullptr) continue;
      pod_changed(before, nullptr);
      on_pod(before, nullptr);
    }
    tables_.apply(changes);
    for (const ports::ObjectChange& change : changes.objects) object_changed(now, change);
    for (const model::Object& object : changes.left.objects) {
      object_changed(now, {ports::ChangeType::removed, object});
    }
  }
  void node_changed(TimePoint now, const model::Node& node);
  void node_removed(TimePoint now, NodeId node);
  /// All nodes that exist have been told: pods on others are astray. Cost: O(pods).
  void nodes_synced(TimePoint now);

  /// Lets every decider that has something to do decide. Cost: in proportion to what changed.
  void sync(TimePoint now, controllers::Effects& out);
  /// Whether sync has something to do now.
  [[nodiscard]] bool dirty() const;
  /// When sync has something to do although nothing changes.
  [[nodiscard]] TimePoint next_tick(TimePoint now) const;

  /// An operation was refused by the api server.
  void refused(const ports::PodOperation& operation, StatusCode code);
  void refused(const ports::ObjectOperation& operation);

  [[nodiscard]] const state::Tables& tables() const { return tables_; }

 private:
  /// Uids to look at, each once, in the order in which they were marked.
  class WorkList {
   public:
    void mark(Uid uid);
    std::vector<Uid> take();
    [[nodiscard]] bool empty() const { return order_.empty(); }

   private:
    std::vector<Uid> order_;
    boost::unordered_flat_map<std::uint64_t, bool, StableHash> marked_;
  };

  void pod_changed(const model::Pod* before, const model::Pod* after);
  void object_changed(TimePoint now, const ports::ObjectChange& change);
  void mark_owner(const model::Pod& pod);
  void again(model::Kind kind, Uid uid, TimePoint at);
  void wake_due(TimePoint now);
  void sync_deployments(TimePoint now, controllers::Effects& out);
  void sync_replica_sets(TimePoint now, controllers::Effects& out);
  void sync_others(TimePoint now, controllers::Effects& out);
  void sync_tenants(TimePoint now, controllers::Effects& out);
  void sync_namespace(TimePoint now, const model::Namespace& name_space, controllers::Effects& out);
  [[nodiscard]] const model::Tenant* find_tenant(TenantId tenant) const;
  void collect_orphans(TimePoint now, controllers::Effects& out);
  void recount_quotas(TimePoint now, controllers::Effects& out);

  struct Wake {
    TimePoint at;
    model::Kind kind;
    Uid uid;
    auto operator<=>(const Wake&) const = default;
  };

  model::Catalog& catalog_;
  state::Tables tables_;
  controllers::DeploymentController deployments_;
  controllers::ReplicaSetController replica_sets_;
  controllers::DaemonSetController daemon_sets_;
  controllers::JobController jobs_;
  controllers::TenantController tenants_;
  controllers::NamespaceController namespaces_;
  controllers::DisruptionController disruptions_;
  controllers::PodGc pod_gc_;
  bool quotas_due_ = false;
  TimePoint quotas_next_;  // not before

  WorkList deployments_due_;
  WorkList replica_sets_due_;
  WorkList daemon_sets_due_;
  WorkList jobs_due_;
  WorkList tenants_due_;
  WorkList namespaces_due_;
  std::vector<std::optional<model::Node>> nodes_;  // by NodeId
  bool budgets_due_ = false;
  bool collects_orphans_;
  WorkList orphaned_;        // owners that do not exist while something of theirs may be left
  std::vector<Wake> wakes_;  // a binary heap, earliest first
  boost::unordered_flat_map<std::uint64_t, std::vector<Uid>, StableHash> sets_of_;  // by deployment
  boost::unordered_flat_map<std::uint32_t, std::vector<Uid>, StableHash>
      namespaces_of_;  // by tenant
};

}  // namespace arcas::roles
