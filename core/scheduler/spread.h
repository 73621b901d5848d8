#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/scheduler/pod_table.h"
#include "core/scheduler/shape.h"
#include "core/scheduler/spread_counters.h"

namespace arcas::scheduler {

/// One constraint of the pod at hand with its counts.
struct BoundConstraint {
  const model::TopologySpreadConstraint* constraint = nullptr;
  const SpreadCounters::Counts* counts = nullptr;
  bool matches_itself = false;  ///< the pod's own labels match the selector
  std::int32_t minimum = 0;     ///< hard: the global minimum of matching pods
};

/// The constraints of one pod, hard and soft. Cost of making: O(constraints × domains).
struct SpreadState {
  std::vector<BoundConstraint> hard;
  std::vector<BoundConstraint> soft;
  [[nodiscard]] bool empty() const { return hard.empty() && soft.empty(); }
};

SpreadState spread_state(const model::Catalog& catalog, const PodEntry& pod, const Shape& shape,
                         SpreadCounters& counters);

/// PodTopologySpread's filter for a domain of each hard constraint. `domain` gives the domain of
/// the node under a constraint's map, or DomainMap::kNone.
enum class SpreadVerdict : std::uint8_t { fits, skew, label_missing };
SpreadVerdict filter_spread(const BoundConstraint& bound, std::uint16_t domain);

/// One soft constraint's share of the raw score: count × ln(domains + 2) + maxSkew − 1, summed in
/// binary64 over the constraints and rounded by the caller. `domains`: those of feasible nodes.
double soft_share(const BoundConstraint& bound, std::uint16_t domain, std::size_t domains);

/// 100 × (max + min − score) / max; 100 when max is 0.
std::int64_t normalize_spread(std::int64_t score, std::int64_t minimum, std::int64_t maximum);

}  // namespace arcas::scheduler
