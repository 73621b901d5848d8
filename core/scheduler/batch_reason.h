#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/scheduler/batch/explain.h"

namespace arcas::scheduler {

/// Why not all of a set of waiting pods find places at once.
struct BatchReason {
  struct Class {
    std::string name;
    TenantId tenant;
    std::uint64_t pods = 0;
  };
  std::uint64_t wanted = 0;  ///< pods that the flow was asked to place
  std::uint64_t placed = 0;
  std::uint64_t bound = 0;  ///< no placement whatever places more; 0 for a viewer
  /// Pods whose rules no flow expresses (BatchProblem); they are decided one by one.
  std::uint64_t left_out = 0;
  std::vector<std::string> domains;  ///< names of the zones, by their number in a bottleneck
  std::vector<std::string> resources;
  std::vector<Class> classes;                  ///< by their number in a bottleneck
  std::vector<batch::Bottleneck> bottlenecks;  ///< the one with the most pods first
};

}  // namespace arcas::scheduler
