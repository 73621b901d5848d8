#include "core/model/pod_affinity.h"

#include "core/base/hash.h"

namespace arcas::model {

std::uint64_t hash_value(const PodAffinityTerm& term) {
  std::uint64_t hash = hash_combine(5, term.selector.index);
  for (const StringId name : term.namespaces) hash = hash_combine(hash, name.index);
  hash = hash_combine(hash, term.has_namespace_selector ? 1U : 0U);
  hash = hash_combine(hash, term.namespace_selector.index);
  return hash_combine(hash, term.topology_key.index);
}

std::uint64_t hash_value(const PodAffinity& affinity) {
  std::uint64_t hash = 6;
  const auto add = [&hash](const auto& terms) {
    hash = hash_combine(hash, terms.size());
    for (const auto& entry : terms) {
      if constexpr (requires { entry.weight; }) {
        hash = hash_combine(hash, static_cast<std::uint64_t>(entry.weight));
        hash = hash_combine(hash, hash_value(entry.term));
      } else {
        hash = hash_combine(hash, hash_value(entry));
      }
    }
  };
  add(affinity.required);
  add(affinity.preferred);
  add(affinity.required_anti);
  add(affinity.preferred_anti);
  return hash;
}

}  // namespace arcas::model
