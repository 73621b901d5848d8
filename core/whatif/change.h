#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/expected.h"
#include "core/model/catalog.h"
#include "core/model/snapshot.h"
#include "core/scheduler/scheduler_profile.h"

namespace arcas::whatif {

/// The zone's machines are gone at once; their Node objects stay, tainted as unreachable.
struct ZoneFails {
  ZoneId zone;
};
/// Cordoned, then evicted pod by pod; DaemonSets' pods stay.
struct Drain {
  std::vector<NodeId> nodes;
};
/// Drained, and then their objects are deleted, too.
struct RemoveNodes {
  std::vector<NodeId> nodes;
};
/// Machines like one there is, or of amounts of their own.
struct AddNodes {
  model::Node like;
  std::uint32_t count = 1;
};
struct Scale {
  std::uint32_t workload = 0;  ///< a root, by place
  std::int32_t replicas = 0;
};
/// Every pod that a controller makes is placed anew, by the present profile and by this one.
struct OtherScheduler {
  scheduler::SchedulerProfile profile;
};
/// All nodes, some at a time, by zone and name: each batch is drained and comes back empty.
struct Upgrade {
  std::uint32_t batch = 1;
};
using Change =
    std::variant<ZoneFails, Drain, RemoveNodes, AddNodes, Scale, OtherScheduler, Upgrade>;

// What a user's words mean in a snapshot. Errors say what is there instead.

Expected<ZoneFails> zone_named(std::string_view name, const model::Snapshot& snapshot,
                               const model::Catalog& catalog);
Expected<std::vector<NodeId>> nodes_named(const std::vector<std::string>& names,
                                          const model::Snapshot& snapshot,
                                          const model::Catalog& catalog);
/// By a label selector, "pool=old,zone in (a,b)".
Expected<std::vector<NodeId>> nodes_selected(std::string_view selector,
                                             const model::Snapshot& snapshot,
                                             model::Catalog& catalog);
/// "SHAPE×N" or "SHAPExN"; SHAPE is a node's name, an instance type, or "8cpu,32Gi[,zone=a]".
Expected<AddNodes> nodes_to_add(std::string_view text, const model::Snapshot& snapshot,
                                model::Catalog& catalog);
/// "[KIND/][NAMESPACE/]NAME=REPLICAS"; short kinds as kubectl's ("deploy", "sts").
Expected<Scale> scale_of(std::string_view text, const model::Snapshot& snapshot,
                         const model::Catalog& catalog);

/// The places of the snapshot's nodes in the order in which an upgrade takes them: by zone and
/// name.
std::vector<std::size_t> upgrade_order(const model::Snapshot& snapshot,
                                       const model::Catalog& catalog);

/// "Deployment default/web".
std::string workload_text(const model::SnapshotWorkload& workload, const model::Catalog& catalog);

}  // namespace arcas::whatif
