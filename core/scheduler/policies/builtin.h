#pragma once

#include <memory>

#include "core/scheduler/policies/policy.h"

namespace arcas::policies {

// One function for each policy's file; `registry.h` finds them by name.
std::unique_ptr<PlacementPolicy> make_alpha_evolve(const PolicySetup& setup);
std::unique_ptr<PlacementPolicy> make_arcas(const PolicySetup& setup);
std::unique_ptr<PlacementPolicy> make_best_fit(const PolicySetup& setup);
std::unique_ptr<PlacementPolicy> make_clustering(const PolicySetup& setup);
std::unique_ptr<PlacementPolicy> make_dot_product(const PolicySetup& setup);
std::unique_ptr<PlacementPolicy> make_fgd(const PolicySetup& setup);
std::unique_ptr<PlacementPolicy> make_first_fit(const PolicySetup& setup);
std::unique_ptr<PlacementPolicy> make_least_waste(const PolicySetup& setup);
std::unique_ptr<PlacementPolicy> make_packing(const PolicySetup& setup);
std::unique_ptr<PlacementPolicy> make_random(const PolicySetup& setup);
std::unique_ptr<PlacementPolicy> make_worst_fit(const PolicySetup& setup);

}  // namespace arcas::policies
