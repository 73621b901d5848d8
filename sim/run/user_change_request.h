#pragma once

#include <functional>
#include <vector>

#include "core/model/catalog.h"
#include "core/ports/transaction.h"
#include "core/state/tables.h"
#include "sim/workload/user_change.h"

namespace arcas::sim {

/// What a user reads before changing something: the store that holds a tenant's objects, or a
/// node's. A reading is what is committed at that instant; writing it back may still be refused.
struct StoredObjects {
  std::function<const state::Tables&(TenantId)> of_tenant;
  std::function<const state::Tables&(NodeId)> of_node;
  std::function<void(const std::function<void(const model::Pod&)>&)> each_pod;
  /// Told of each pod that the user asks to delete, before asking.
  std::function<void(Uid)> deleting;
  /// Told of each object whose creation or update a user was told is durable.
  std::function<void(Uid)> acknowledged;
};

/// Whether the target of a change is there. `missing` may come later: its creation is under way.
/// `refused`: a budget lets no pod go now. `gone`: nothing is left to do.
enum class ChangeTarget : std::uint8_t { found, missing, refused, gone };

/// Reads the target and appends the write that makes the change. `delete_pods` writes nothing by
/// itself: see pods_to_delete.
ChangeTarget write_change(const UserChange& change, const StoredObjects& stored,
                          model::Catalog& catalog, ports::Transaction& out);

/// The pods that a drain or a deletion of pods takes away, as they are now, by uid ascending: of a
/// drained node all that are not a DaemonSet's; of a deployment the `count` oldest active ones.
/// Cost: O(pods).
std::vector<model::Pod> pods_to_delete(const UserChange& change, const StoredObjects& stored);

}  // namespace arcas::sim
