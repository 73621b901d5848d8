#pragma once

#include <cstdint>
#include <vector>

#include "core/scheduler/batch/placement.h"
#include "core/scheduler/batch_problem.h"
#include "core/scheduler/domain_counters.h"

namespace arcas::scheduler {

/// The places that a flow found, handed out pod by pod. A place is given once.
class BatchPlaces {
 public:
  BatchPlaces(const BatchProblem& problem, const batch::BatchPlacement& placement);

  /// The next place for a pod of the class; none: the flow found no more. With a counter over zones
  /// the zone with the fewest pods comes first, ties to the lowest domain; without, domains come in
  /// turn. Within a domain the lowest NodeId comes first. Cost: O(domains).
  NodeId next(std::uint32_t pod_class, const Counter* by_zone);

 private:
  struct Place {
    NodeId node;
    std::uint32_t left = 0;
  };
  struct Domain {
    std::uint32_t domain = 0;
    std::vector<Place> places;  // last first
  };
  std::uint32_t no_zone_ = 0;
  std::vector<std::vector<Domain>> classes_;
};

}  // namespace arcas::scheduler
