#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/scheduler/cluster.h"
#include "core/scheduler/fair_share.h"

namespace arcas::scheduler {

/// A pod's place in the queue. Void when the pod's `attempt_mark` has become another.
struct QueueTicket {
  Uid uid;
  std::uint32_t mark = 0;
  std::int32_t priority = 0;
};

/// The active pods of the queue where tenants take turns: among the pods of the highest priority
/// the next is the oldest one of the tenant with the lowest dominant share (`FairShare`). What a
/// tenant holds is what its placed pods ask for, of what the known nodes have.
///
/// A pod that is taken out counts as placed at once, so that the turns of one batch are those of
/// one pod after the other; `discharge` takes that back where no node will do. A tenant whose pods
/// fit nowhere therefore holds nobody up.
/// Cost: see FairShare; O(nodes) after a node's object changed. Memory: 24 bytes a placed pod.
class FairQueue {
 public:
  explicit FairQueue(Cluster& cluster) : cluster_(cluster) {}

  void push(const QueueTicket& ticket, NamespaceId name_space);
  /// The highest priority that has tickets, void ones too.
  [[nodiscard]] std::optional<std::int32_t> highest() const;
  /// Takes out the ticket whose turn it is; there must be one.
  QueueTicket pop();

  /// The pod holds room, or is about to. Nothing for a pod that counts already.
  void charge(Uid uid, SpecId spec, NamespaceId name_space);
  /// The pod holds no room any more. Nothing for a pod that does not count.
  void discharge(Uid uid);
  /// Takes in what the nodes have; before `pop`.
  void read_capacity();
  [[nodiscard]] Share dominant_share(TenantId tenant) const {
    return shares_.dominant_share(tenant);
  }

 private:
  struct Charged {
    SpecId spec;
    TenantId tenant;
  };
  [[nodiscard]] std::vector<std::int64_t> amounts(SpecId spec);
  /// Pods without a namespace count as the system's.
  [[nodiscard]] TenantId tenant_of(NamespaceId name_space) const;

  Cluster& cluster_;
  FairShare shares_;
  std::map<std::pair<std::int32_t, TenantId>, std::deque<QueueTicket>> waiting_;
  boost::unordered_flat_map<std::uint64_t, Charged, StableHash> charged_;  // by uid
  std::vector<std::int64_t> capacity_;
  std::uint64_t epoch_ = 0;  // of the nodes, when capacity was read
};

}  // namespace arcas::scheduler
