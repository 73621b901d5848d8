#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/model/objects.h"
#include "core/model/volumes.h"
#include "core/model/workload_selectors.h"
#include "core/scheduler/affinity_terms.h"
#include "core/scheduler/domain_counters.h"
#include "core/scheduler/node_table.h"
#include "core/scheduler/placement_rater.h"
#include "core/scheduler/pod_groups.h"
#include "core/scheduler/pod_table.h"
#include "core/scheduler/shape.h"
#include "core/scheduler/topology.h"

namespace arcas::scheduler {

/// The volume objects that placement reads, by name.
struct VolumeCatalog {
  std::map<StringId, model::PersistentVolume> volumes;
  std::map<std::pair<NamespaceId, StringId>, model::PersistentVolumeClaim> claims;
  std::map<StringId, model::StorageClass> classes;
  std::map<StringId, model::CsiNode> csi_nodes;  ///< by node name
};

/// A disruption budget as preemption reads it.
struct Budget {
  NamespaceId name_space;
  SelectorId selector;  ///< none, or an empty selector: matches no pod
  std::int32_t disruptions_allowed = 0;
  std::vector<Uid> disrupted;  ///< pods whose eviction is granted already
};

/// What the scheduler knows of the cluster: nodes, the pods that hold room on them, and the other
/// objects that plugins read. Every change of a pod goes through here, so that usage, lists and
/// counters always agree. Memory: about 60 bytes a pod; see NodeTable for nodes.
class Cluster {
 public:
  static constexpr std::uint32_t kDenseDomains = 256;
  /// `dense_domains`: topology keys with more domains than this, host names above all, are counted
  /// sparsely.
  explicit Cluster(model::Catalog& catalog,
                   PodLevelResources pod_level = PodLevelResources::ignored,
                   std::uint32_t dense_domains = kDenseDomains);
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  [[nodiscard]] model::Catalog& catalog() const { return catalog_; }
  [[nodiscard]] const NodeTable& nodes() const { return nodes_; }
  [[nodiscard]] PodTable& pods() { return pods_; }
  [[nodiscard]] const PodTable& pods() const { return pods_; }
  [[nodiscard]] ShapeTable& shapes() { return shapes_; }
  [[nodiscard]] Topology& topology() { return topology_; }
  [[nodiscard]] PodGroups& groups() { return groups_; }
  [[nodiscard]] AffinityTerms& terms() { return terms_; }
  [[nodiscard]] DomainCounters& counters() { return counters_; }
  [[nodiscard]] StringId hostname_key() const { return hostname_key_; }
  [[nodiscard]] StringId zone_key() const { return zone_key_; }
  /// Takes in the nodes' changes; to be called before counters are read.
  void refresh() { topology_.refresh(); }
  /// Grows when a pod's affinity rules may have become others.
  [[nodiscard]] std::uint64_t affinity_version() const {
    return groups_.version() + counters_.owned_version();
  }

  /// Devices are followed one by one and that policy can rate nodes; before the first node.
  void choose_policy(const std::string& policy);
  /// Null where no policy was chosen.
  [[nodiscard]] PlacementRater* placement() { return placement_.get(); }

  // ---- nodes ----
  void upsert_node(const model::Node& node) {
    nodes_.upsert(node);
    if (placement_ != nullptr) placement_->upsert_node(node);
  }
  void remove_node(NodeId node) {
    nodes_.remove(node);
    if (placement_ != nullptr) placement_->remove_node(node);
  }
  void set_zone_lost(ZoneId zone, bool lost) { nodes_.set_zone_lost(zone, lost); }

  // ---- pods that hold room ----
  /// The entry must be in pods(); its spec, labels and namespace are set and its node is none.
  /// State `foreign` pods only use room: nothing counts them. `devices`: which ones it takes; 0:
  /// see DeviceTable::place.
  void place(Uid uid, PodEntry& entry, NodeId node, PodState state,
             policies::DeviceSet devices = 0);
  /// Takes the pod off its node; the entry stays, without a node.
  void lift(Uid uid, PodEntry& entry);
  void mark_terminating(PodEntry& entry);

  /// The lowest priority of an own pod that holds room; none when no pod does.
  [[nodiscard]] std::optional<std::int32_t> lowest_priority() const;

  // ---- other objects ----
  void set_namespace_labels(NamespaceId name_space, LabelSetId labels);
  [[nodiscard]] LabelSetId namespace_labels(NamespaceId name_space) const;
  /// Pods with a node that use a claim; pods of state `foreign` are not counted.
  [[nodiscard]] std::uint32_t claim_users(NamespaceId name_space, StringId claim) const;
  std::vector<model::WorkloadSelector> services;  ///< in order of arrival; kind `service`
  std::vector<model::WorkloadSelector> owners;    ///< the controllers of pods: all other kinds
  /// The place in `owners` of the workload with that uid, made without a selector if it is new.
  std::uint32_t owner_place(Uid uid);
  /// What the workload selects, from now on. `selector` none: nothing, as when it is gone.
  void set_owner(Uid uid, const model::WorkloadSelector& owner) {
    owners[owner_place(uid)] = owner;
  }
  /// The selector of a place in `owners`; none for PodEntry::kNoOwner.
  [[nodiscard]] SelectorId owner_selector(std::uint32_t place) const {
    return place == PodEntry::kNoOwner ? SelectorId{} : owners[place].selector;
  }
  std::vector<Budget> budgets;
  VolumeCatalog volumes;

 private:
  void count_claims(const PodEntry& entry, bool placed);

  model::Catalog& catalog_;
  NodeTable nodes_;
  PodTable pods_;
  ShapeTable shapes_;
  Topology topology_;
  PodGroups groups_;
  AffinityTerms terms_;
  DomainCounters counters_;
  std::unique_ptr<PlacementRater> placement_;
  StringId hostname_key_;
  StringId zone_key_;
  std::map<NamespaceId, LabelSetId> namespace_labels_;
  std::map<std::int32_t, std::uint64_t> placed_by_priority_;  // own pods
  std::map<std::pair<NamespaceId, StringId>, std::uint32_t> claim_users_;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t, StableHash> owner_places_;  // by uid
};

}  // namespace arcas::scheduler
