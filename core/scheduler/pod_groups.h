#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <vector>

#include "core/base/hash.h"
#include "core/base/interner.h"
#include "core/model/catalog.h"
#include "core/scheduler/pod_table.h"

namespace arcas::scheduler {

/// The namespaces a rule speaks of: those listed, and those of `tenant` whose labels match. A rule
/// never reaches beyond its owner's tenant.
struct NamespaceRule {
  std::vector<NamespaceId> listed;  ///< sorted
  bool selects = false;
  TenantId tenant;
  SelectorId selector;
  bool operator==(const NamespaceRule&) const = default;
};

/// Pods by namespace and labels.
struct PodRule {
  NamespaceRule namespaces;
  SelectorId selector;  ///< none: no pod
  bool operator==(const PodRule&) const = default;
};

/// Pods that match all the rules. An empty list of rules matches no pod.
struct PodGroup {
  std::vector<PodRule> rules;
  bool operator==(const PodGroup&) const = default;
};

std::uint64_t hash_value(const PodGroup& group);

using GroupId = Id<struct PodGroupTag>;

/// The groups that anyone asked for, and which of them the pods of one namespace and label set
/// belong to. Groups and label sets find each other by one label that the first rule demands, so
/// that thousands of workloads cost each pod only its own. Cost: `groups_of` O(1) after the first
/// time; a new group O(label sets that share its label), a new label set likewise.
class PodGroups {
 public:
  /// Labels of a namespace; an empty set when it is not known.
  using NamespaceLabels = std::function<LabelSetId(NamespaceId)>;
  PodGroups(const model::Catalog& catalog, NamespaceLabels labels)
      : catalog_(catalog), namespace_labels_(std::move(labels)) {}

  GroupId intern(const PodGroup& group);
  /// Groups of the pods with these labels, ascending. Valid until the next call of a member.
  std::span<const GroupId> groups_of(NamespaceId name_space, LabelSetId labels);
  [[nodiscard]] bool contains(GroupId group, NamespaceId name_space, LabelSetId labels) const;
  /// Label sets seen so far whose pods belong to the group.
  struct Member {
    NamespaceId name_space;
    LabelSetId labels;
  };
  [[nodiscard]] std::vector<Member> members(GroupId group) const;
  /// Labels of a namespace changed: everything is matched anew. Cost: O(groups × label sets).
  void rematch();
  /// Grows when groups_of may answer differently for labels already seen.
  [[nodiscard]] std::uint64_t version() const { return version_; }
  [[nodiscard]] std::uint32_t size() const { return groups_.size(); }

 private:
  struct Entry {
    Member member;
    std::vector<GroupId> groups;
  };
  [[nodiscard]] bool contains(const PodGroup& group, NamespaceId name_space,
                              LabelSetId labels) const;
  [[nodiscard]] std::uint64_t place_of(const PodGroup& group) const;
  static std::uint64_t place(NamespaceId name_space, StringId label, StringId value);
  std::uint32_t entry(NamespaceId name_space, LabelSetId labels);

  const model::Catalog& catalog_;
  NamespaceLabels namespace_labels_;
  ValueInterner<PodGroup, GroupId> groups_;
  std::deque<Entry> entries_;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t, StableHash> entry_of_;
  boost::unordered_flat_map<std::uint64_t, std::vector<GroupId>, StableHash> groups_at_;
  boost::unordered_flat_map<std::uint64_t, std::vector<std::uint32_t>, StableHash> entries_at_;
  std::uint64_t version_ = 1;
};

}  // namespace arcas::scheduler
