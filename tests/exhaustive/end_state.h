#pragma once

#include <string>
#include <vector>

#include "tests/exhaustive/small_world.h"

namespace arcas::tests {

/// What a tenant partition has in the end, one line an object, sorted. Left out is what may differ
/// between two runs that are both right: uids, versions, times, generated names, leases, which of
/// equal nodes a pod is on.
std::vector<std::string> end_state(const SmallWorld& world);

/// The lines that one has and the other has not; empty: they are equal.
std::string difference(const std::vector<std::string>& expected,
                       const std::vector<std::string>& actual);

}  // namespace arcas::tests
