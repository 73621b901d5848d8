#pragma once

#include <cstdint>
#include <vector>

#include "core/base/id.h"

namespace arcas::model {

/// Pods that a rule speaks of, and the label that says which nodes are together.
struct PodAffinityTerm {
  SelectorId selector;               ///< none matches no pod
  std::vector<StringId> namespaces;  ///< by name, in the owner's tenant; with no namespace selector
                                     ///< an empty list means the owner's own namespace
  bool has_namespace_selector = false;
  SelectorId namespace_selector;  ///< an empty selector matches every namespace of the tenant
  StringId topology_key;
  bool operator==(const PodAffinityTerm&) const = default;
};

struct WeightedPodAffinityTerm {
  std::int32_t weight = 1;  ///< 1..100
  PodAffinityTerm term;
  bool operator==(const WeightedPodAffinityTerm&) const = default;
};

/// `spec.affinity.podAffinity` and `podAntiAffinity`. matchLabelKeys and mismatchLabelKeys are
/// merged into the selectors when a pod is created, as Kubernetes's API server does.
struct PodAffinity {
  std::vector<PodAffinityTerm> required;
  std::vector<WeightedPodAffinityTerm> preferred;
  std::vector<PodAffinityTerm> required_anti;
  std::vector<WeightedPodAffinityTerm> preferred_anti;
  bool operator==(const PodAffinity&) const = default;

  [[nodiscard]] bool empty() const {
    return required.empty() && preferred.empty() && required_anti.empty() && preferred_anti.empty();
  }
};

std::uint64_t hash_value(const PodAffinityTerm& term);
std::uint64_t hash_value(const PodAffinity& affinity);

}  // namespace arcas::model
