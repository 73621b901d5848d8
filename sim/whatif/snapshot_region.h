#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/model/catalog.h"
#include "core/model/snapshot.h"
#include "core/roles/profile.h"
#include "sim/run/region_run.h"

namespace arcas::sim {

/// A simulated region in which every machine and every pod of a snapshot is where the snapshot has
/// it, under the real roles. Started; nothing has happened yet.
struct SnapshotRegion {
  std::unique_ptr<model::Catalog> catalog;  ///< ids as the snapshot's, but of nodes and zones
  std::unique_ptr<RegionRun> run;
  std::vector<NodeId> node_of;        ///< by the snapshot's NodeId; none: left out
  std::vector<ZoneId> zone_of;        ///< by the snapshot's ZoneId
  std::vector<bool> stays;            ///< by the sequence of a pod's uid: it goes with its node
  std::uint64_t pods = 0;             ///< that are on nodes
  std::vector<std::string> left_out;  ///< what of the snapshot is not in it, in words
};

/// What stands for what: each workload that makes pods anew is a ReplicaSet of as many as it has on
/// nodes; pods of DaemonSets and static pods are pods without an owner; the control plane is one
/// tenant partition over at least three zones, some of them without nodes if there are fewer.
/// Machines that are not ready, pods that wait or terminate, and volumes are left out.
/// Deterministic. Cost: O(nodes + pods), and a copy of the catalog.
SnapshotRegion region_of(const model::Snapshot& snapshot, const model::Catalog& catalog,
                         const roles::Profile& profile);

}  // namespace arcas::sim
