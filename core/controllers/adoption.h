#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace arcas::controllers {

/// A controller that could have an object, and whether its selector fits that object's labels.
struct Claimant {
  std::string uid;
  bool fits = false;
  bool deleting = false;
};

/// An object that a controller can have.
struct ClaimedObject {
  std::string controller;  ///< the uid of the one that it has; empty: none
  bool deleting = false;
  bool finished = false;  ///< a pod that has ended is nobody's to take in
};

struct ClaimPlan {
  bool release = false;              ///< its controller lets it go
  std::optional<std::size_t> adopt;  ///< the claimant that takes it in, by index
};

/// A controller lets go what its selector fits no longer, and takes in what fits and has none, the
/// first that fits. Nobody who is being deleted does either. Several with the same selector are
/// their author's mistake. Source: Kubernetes 1.32, pkg/controller/controller_ref_manager.go.
ClaimPlan plan_claim(const ClaimedObject& object, std::span<const Claimant> claimants);

}  // namespace arcas::controllers
