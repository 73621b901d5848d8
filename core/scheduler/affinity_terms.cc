#include "core/scheduler/affinity_terms.h"

#include <algorithm>

namespace arcas::scheduler {

PodRule AffinityTerms::rule(const model::PodAffinityTerm& term, NamespaceId name_space) {
  PodRule rule;
  rule.selector = term.selector;
  const TenantId tenant = catalog_.tenant_of(name_space);
  for (const StringId name : term.namespaces) {
    rule.namespaces.listed.push_back(catalog_.intern_namespace(tenant, catalog_.text(name)));
  }
  if (term.namespaces.empty() && !term.has_namespace_selector) {
    rule.namespaces.listed.push_back(name_space);
  }
  auto& listed = rule.namespaces.listed;
  std::sort(listed.begin(), listed.end());
  listed.erase(std::unique(listed.begin(), listed.end()), listed.end());
  if (term.has_namespace_selector && term.namespace_selector.valid()) {
    rule.namespaces.selects = true;
    rule.namespaces.tenant = tenant;
    rule.namespaces.selector = term.namespace_selector;
  }
  return rule;
}

GroupId AffinityTerms::all_of(std::span<const model::PodAffinityTerm> terms,
                              NamespaceId name_space) {
  PodGroup group;
  for (const model::PodAffinityTerm& term : terms) group.rules.push_back(rule(term, name_space));
  return groups_.intern(group);
}

std::span<const OwnedTerm> AffinityTerms::of(SpecId spec, NamespaceId name_space) {
  const std::uint64_t key = (std::uint64_t{spec.index} << 32U) | name_space.index;
  if (const auto it = index_.find(key); it != index_.end()) return lists_[it->second];
  const model::PodAffinity& affinity = catalog_.spec(spec).pod_affinity;
  std::vector<OwnedTerm> list;
  const auto add = [&](TermUse use, std::int32_t weight, const model::PodAffinityTerm& term) {
    list.push_back({use, weight, all_of({&term, 1}, name_space), term.topology_key});
  };
  for (const auto& term : affinity.required) add(TermUse::required, 0, term);
  for (const auto& term : affinity.required_anti) add(TermUse::required_anti, 0, term);
  for (const auto& entry : affinity.preferred) add(TermUse::preferred, entry.weight, entry.term);
  for (const auto& entry : affinity.preferred_anti) {
    add(TermUse::preferred_anti, entry.weight, entry.term);
  }
  index_.emplace(key, static_cast<std::uint32_t>(lists_.size()));
  return lists_.emplace_back(std::move(list));
}

}  // namespace arcas::scheduler
