#pragma once

#include <vector>

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// What a score of resources looks at for one pod: the resources of the profile that matter, with
/// what the pod adds.
struct ScoredRequest {
  ResourceId kind;
  std::int64_t weight = 1;
  std::int64_t request = 0;  ///< the pod's
};

/// Which amounts of cpu and memory count.
enum class RequestBasis : std::uint8_t {
  real,      ///< what is asked for
  non_zero,  ///< with 100m and 200Mi for containers that ask for none
};

/// Scalar resources (all but cpu, memory and ephemeral storage) that the pod does not ask for are
/// left out, and so is `pods`.
std::vector<ScoredRequest> scored_requests(const std::vector<ScoredResource>& resources,
                                           const Demand& demand, RequestBasis basis);

/// What the node's pods ask for, by the same basis.
std::int64_t used_amount(const NodeTable::Row& row, ResourceId kind, RequestBasis basis);

}  // namespace arcas::scheduler
