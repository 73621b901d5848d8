#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/base/expected.h"
#include "core/scheduler/policies/policy.h"

namespace arcas::policies {

/// A policy that can be chosen by name.
struct PolicyInfo {
  std::string_view name;
  std::string_view summary;
  std::string_view source;
  std::unique_ptr<PlacementPolicy> (*make)(const PolicySetup& setup) = nullptr;
};

/// All of them, sorted by name.
std::span<const PolicyInfo> all_policies();

/// The policy of that name, or an error that lists the names. Cost: O(policies).
Expected<PolicyInfo> find_policy(std::string_view name);

/// A policy ready for use. Refused: an unknown name, a scale, weight or count below 1 or above
/// 2^31, a typical pod or node shape with more devices than a node can have, a size
/// outside 1..1000.
Expected<std::unique_ptr<PlacementPolicy>> make_policy(std::string_view name,
                                                       const PolicySetup& setup);

}  // namespace arcas::policies
