#include "core/scheduler/pod_groups.h"

#include <algorithm>

#include "core/model/selector.h"

namespace arcas::scheduler {

std::uint64_t hash_value(const PodGroup& group) {
  std::uint64_t hash = 8;
  for (const PodRule& rule : group.rules) {
    for (const NamespaceId id : rule.namespaces.listed) hash = hash_combine(hash, id.index);
    hash = hash_combine(hash, rule.namespaces.selects ? rule.namespaces.tenant.index : 0);
    hash = hash_combine(
        hash, (std::uint64_t{rule.namespaces.selector.index} << 32U) | rule.selector.index);
  }
  return hash;
}

bool PodGroups::contains(const PodGroup& group, NamespaceId name_space, LabelSetId labels) const {
  if (group.rules.empty()) return false;
  const model::LabelSet& set = catalog_.label_sets[labels];
  return std::all_of(group.rules.begin(), group.rules.end(), [&](const PodRule& rule) {
    if (!rule.selector.valid()) return false;
    const NamespaceRule& spaces = rule.namespaces;
    bool inside = std::binary_search(spaces.listed.begin(), spaces.listed.end(), name_space);
    if (!inside && spaces.selects && catalog_.tenant_of(name_space) == spaces.tenant) {
      inside = model::matches(catalog_.selectors[spaces.selector],
                              catalog_.label_sets[namespace_labels_(name_space)], catalog_);
    }
    return inside && model::matches(catalog_.selectors[rule.selector], set, catalog_);
  });
}

bool PodGroups::contains(GroupId group, NamespaceId name_space, LabelSetId labels) const {
  return contains(groups_[group], name_space, labels);
}

std::uint64_t PodGroups::place(NamespaceId name_space, StringId label, StringId value) {
  return hash_combine(mix64(name_space.index), (std::uint64_t{label.index} << 32U) | value.index);
}

std::uint64_t PodGroups::place_of(const PodGroup& group) const {
  if (group.rules.empty()) return place({}, {}, {});
  const PodRule& rule = group.rules.front();
  const bool one = !rule.namespaces.selects && rule.namespaces.listed.size() == 1;
  const NamespaceId name_space = one ? rule.namespaces.listed.front() : NamespaceId{};
  if (rule.selector.valid()) {
    for (const model::Requirement& r : catalog_.selectors[rule.selector].requirements) {
      const bool one_value = r.op == model::SelectorOperator::in && r.values.size() == 1;
      if (one_value) return place(name_space, r.key, r.values.front());
    }
  }
  return place(name_space, {}, {});
}

GroupId PodGroups::intern(const PodGroup& group) {
  const std::uint32_t known = groups_.size();
  const GroupId id = groups_.intern(group);
  if (id.index < known) return id;
  const std::uint64_t at = place_of(group);
  groups_at_[at].push_back(id);
  const auto candidates = entries_at_.find(at);
  if (candidates == entries_at_.end()) return id;
  for (const std::uint32_t e : candidates->second) {
    Entry& entry = entries_[e];
    if (!contains(group, entry.member.name_space, entry.member.labels)) continue;
    entry.groups.push_back(id);
    ++version_;
  }
  return id;
}

std::uint32_t PodGroups::entry(NamespaceId name_space, LabelSetId labels) {
  const auto [it, fresh] = entry_of_.try_emplace(PodTable::list_key(name_space, labels),
                                                 static_cast<std::uint32_t>(entries_.size()));
  const std::uint32_t id = it->second;
  if (!fresh) return id;
  Entry& entry = entries_.emplace_back();
  entry.member = {name_space, labels};
  const auto visit = [&](std::uint64_t at) {
    std::vector<std::uint32_t>& here = entries_at_[at];
    if (!here.empty() && here.back() == id) return;  // two places with one hash
    here.push_back(id);
    const auto found = groups_at_.find(at);
    if (found == groups_at_.end()) return;
    for (const GroupId group : found->second) {
      if (contains(groups_[group], name_space, labels)) entry.groups.push_back(group);
    }
  };
  visit(place(name_space, {}, {}));
  visit(place({}, {}, {}));
  for (const auto& [label, value] : catalog_.label_sets[labels].items()) {
    visit(place(name_space, label, value));
    visit(place({}, label, value));
  }
  std::sort(entry.groups.begin(), entry.groups.end());
  return id;
}

std::span<const GroupId> PodGroups::groups_of(NamespaceId name_space, LabelSetId labels) {
  return entries_[entry(name_space, labels)].groups;
}

std::vector<PodGroups::Member> PodGroups::members(GroupId group) const {
  std::vector<Member> result;
  const auto candidates = entries_at_.find(place_of(groups_[group]));
  if (candidates == entries_at_.end()) return result;
  for (const std::uint32_t e : candidates->second) {
    const Entry& entry = entries_[e];
    if (std::binary_search(entry.groups.begin(), entry.groups.end(), group)) {
      result.push_back(entry.member);
    }
  }
  return result;
}

void PodGroups::rematch() {
  ++version_;
  for (Entry& entry : entries_) {
    entry.groups.clear();
    for (std::uint32_t g = 0; g < groups_.size(); ++g) {
      if (contains(groups_[GroupId{g}], entry.member.name_space, entry.member.labels)) {
        entry.groups.push_back(GroupId{g});
      }
    }
  }
}

}  // namespace arcas::scheduler
