#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/base/id.h"

namespace arcas::scheduler {

/// A share of the cluster as an exact fraction; the denominator is positive.
struct Share {
  std::int64_t numerator = 0;
  __int128 denominator = 1;
};
/// Exact comparison: by cross multiplication in 128 bits, and where that would overflow by
/// comparing quotients and remainders in turn.
std::strong_ordering compare(const Share& a, const Share& b);

/// Whose pod is next: dominant resource fairness in the queue.
///
/// A tenant's dominant share is the largest of its shares of any resource, divided by its weight.
/// Priority comes first: the turn goes to the tenant with the lowest dominant share among those
/// that have pods of the highest waiting priority; ties go to the lowest TenantId. A tenant whose
/// pod finds no room takes it out of the waiting ones, and so never holds up the others.
/// Pure and exact; integers alone. Cost: O(log tenants) for a turn, and O(kinds + priorities the
/// tenant waits with × log tenants) for a change. Memory: about 100 bytes a tenant and priority.
/// Source: Ghodsi et al., "Dominant Resource Fairness" (NSDI 2011), 4.1 and 4.3 (weights).
class FairShare {
 public:
  static constexpr std::uint32_t kMaxWeight = 1'000'000;

  /// What the cluster has of each resource, by ResourceId. A kind of which there is none counts in
  /// no share. Cost: O(tenants × kinds), so call it when the cluster changes and not for each pod.
  void set_capacity(std::vector<std::int64_t> capacity);
  /// 1 to kMaxWeight; 1 is the default. Twice the weight, twice the share.
  void set_weight(TenantId tenant, std::uint32_t weight);

  /// The tenant's pods hold so much more (or, with sign -1, less) of each resource.
  void charge(TenantId tenant, const std::vector<std::int64_t>& amounts, std::int64_t sign);
  /// So many more pods of the tenant wait with this priority; negative when they left.
  void add_waiting(TenantId tenant, std::int32_t priority, std::int64_t change);

  struct Turn {
    TenantId tenant;
    std::int32_t priority = 0;
    bool operator==(const Turn&) const = default;
  };
  /// Nothing when no pod waits. Changes nothing: charge and add_waiting do.
  [[nodiscard]] std::optional<Turn> next() const;

  /// The weighted dominant share; 0 for a tenant that holds nothing.
  [[nodiscard]] Share dominant_share(TenantId tenant) const;

 private:
  struct Place {  // a tenant's place in the order
    Share share;
    TenantId tenant;
    bool operator<(const Place& other) const;
  };
  struct Tenant {
    std::uint32_t weight = 1;
    std::vector<std::int64_t> held;
    std::map<std::int32_t, std::int64_t> waiting;  // pods by priority; no entry is 0
    Share share;
  };

  [[nodiscard]] Share share_of(const Tenant& tenant) const;
  Tenant& tenant(TenantId id);
  void move_to(TenantId id, Tenant& tenant);

  std::vector<std::int64_t> capacity_;
  std::vector<Tenant> tenants_;  // by TenantId
  std::map<std::int32_t, std::set<Place>, std::greater<>> order_;
};

}  // namespace arcas::scheduler
