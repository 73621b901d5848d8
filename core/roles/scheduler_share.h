#pragma once

#include <cstdint>
#include <string>

#include "core/model/catalog.h"
#include "core/model/objects.h"
#include "core/partition/hash_ring.h"

namespace arcas::roles {

/// The part of a tenant partition's pods that one of its schedulers places. The parts are arcs of a
/// consistent-hash ring with one member for each. Pods of one gang are one scheduler's, and so are
/// those of one workload, whose spread it has to keep; so a pod's part never changes.
///
/// Each part has a lease of its own: that is the barrier of the hand-over. Whoever takes it reads
/// what is bound at a revision no older than the lease's, and bindings and claims of the holder
/// before are refused by its epoch. How many parts there are is fixed while the partition runs.
class SchedulerShare {
 public:
  /// The only one: every pod.
  SchedulerShare() = default;
  /// `index` < `count`.
  SchedulerShare(std::uint32_t index, std::uint32_t count);

  /// Cost: O(1) for the only one; else O(labels of the pod).
  [[nodiscard]] bool owns(const model::Pod& pod, const model::Catalog& catalog) const;
  [[nodiscard]] std::uint32_t index() const { return index_; }
  /// "kube-scheduler", "kube-scheduler-1"…
  [[nodiscard]] std::string lease_name() const;

 private:
  std::uint32_t index_ = 0;
  partition::HashRing ring_;  // empty: the only one
};

}  // namespace arcas::roles
