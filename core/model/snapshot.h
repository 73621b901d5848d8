#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model/objects.h"
#include "core/model/volumes.h"
#include "core/model/workload_selectors.h"

namespace arcas::model {

/// What makes pods: a Deployment, a StatefulSet, a controller that nobody here knows.
struct SnapshotWorkload {
  /// What becomes of its pods when their node is gone.
  enum class Type : std::uint8_t {
    replacing,  ///< makes new ones, anywhere
    per_node,   ///< they go with the node: DaemonSets, and static pods, which the node itself owns
  };
  static constexpr std::uint32_t kNone = 0xffffffffU;

  Type type = Type::replacing;
  StringId kind;  ///< as the API spells it
  NamespaceId name_space;
  StringId name;
  std::uint32_t owner = kNone;  ///< another workload, by place: of a ReplicaSet its Deployment
  std::int32_t replicas = -1;   ///< wanted; -1: it does not say
  SelectorId selector;
  bool has_template = false;
  PodTemplate pod_template;
  bool listed = false;  ///< it was in the files; else known by its pods alone
};

struct SnapshotPod {
  Pod pod;
  std::uint32_t workload = SnapshotWorkload::kNone;  ///< what controls it; none: a bare pod
};

/// A cluster as somebody saw it. Ids are those of the catalog it was read with; finished pods are
/// not in it.
struct Snapshot {
  std::vector<Node> nodes;
  std::vector<SnapshotPod> pods;
  std::vector<SnapshotWorkload> workloads;
  std::vector<PodDisruptionBudget> budgets;
  std::vector<WorkloadSelector> selectors;
  std::vector<std::pair<NamespaceId, LabelSetId>> namespace_labels;
  std::vector<PersistentVolume> volumes;
  std::vector<PersistentVolumeClaim> claims;
  std::vector<StorageClass> storage_classes;
  std::vector<CsiNode> csi_nodes;

  /// The workload at the top of its owners: of a ReplicaSet's pods the Deployment.
  [[nodiscard]] std::uint32_t root_of(std::uint32_t workload) const {
    while (workload != SnapshotWorkload::kNone &&
           workloads[workload].owner != SnapshotWorkload::kNone) {
      workload = workloads[workload].owner;
    }
    return workload;
  }
};

}  // namespace arcas::model
