#pragma once

#include <set>

#include "sim/world/region.h"

namespace arcas::sim {

/// Whether what is left of the control plane of a tenant partition can do all its work, judged by
/// the region's links and power alone. It can when its hosts fall apart cleanly (those that reach
/// one of a group reach all of it, both ways, and nobody outside reaches into it or is reached from
/// it), and one group has a majority of the store's members and at least one api server, controller
/// manager and scheduler of each share. What is cut in part or one way is not judged: never whole.
class CoreHealth {
 public:
  explicit CoreHealth(const Region& region) : region_(&region) {}

  /// A process that stands still, or whose disk is slow or lost, is there and does not work.
  void set_hampered(HostId host, bool hampered);
  /// Cost: O(hosts of the partition squared).
  [[nodiscard]] bool whole(PartitionId partition) const;

 private:
  const Region* region_;
  std::multiset<HostId> hampered_;
};

}  // namespace arcas::sim
