#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "core/model/catalog.h"
#include "core/scheduler/pod_groups.h"

namespace arcas::scheduler {

/// How a pod uses a term.
enum class TermUse : std::uint8_t { required, required_anti, preferred, preferred_anti };

/// An affinity term of a pod: which pods it speaks of, and along which label.
struct OwnedTerm {
  TermUse use = TermUse::required;
  std::int32_t weight = 0;  ///< of preferred terms
  GroupId group;
  StringId key;
  bool operator==(const OwnedTerm&) const = default;
};

/// Resolves the terms of specs for the namespace of their pods. Cost: O(1) after the first time for
/// a spec and namespace.
class AffinityTerms {
 public:
  AffinityTerms(model::Catalog& catalog, PodGroups& groups) : catalog_(catalog), groups_(groups) {}

  /// All terms, in the order required, required anti, preferred, preferred anti.
  std::span<const OwnedTerm> of(SpecId spec, NamespaceId name_space);
  /// The pods that match all of several terms: what Kubernetes counts for required affinity.
  GroupId all_of(std::span<const model::PodAffinityTerm> terms, NamespaceId name_space);

 private:
  [[nodiscard]] PodRule rule(const model::PodAffinityTerm& term, NamespaceId name_space);

  model::Catalog& catalog_;
  PodGroups& groups_;
  std::deque<std::vector<OwnedTerm>> lists_;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t, StableHash> index_;
};

}  // namespace arcas::scheduler
