#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/hash.h"
#include "core/base/id.h"
#include "core/model/catalog.h"
#include "core/scheduler/gang.h"

namespace arcas::scheduler {

/// The labels by which pods say that they start together, as in the coscheduling plugin of
/// kubernetes-sigs/scheduler-plugins before it had an object for it.
constexpr std::string_view kPodGroupName = "pod-group.scheduling.sigs.k8s.io/name";
constexpr std::string_view kPodGroupMinimum = "pod-group.scheduling.sigs.k8s.io/min-available";
constexpr std::uint32_t kLargestGang = 100'000;

/// Which gang a pod belongs to, by its namespace and labels.
class GangMembership {
 public:
  explicit GangMembership(const model::Catalog& catalog) : catalog_(catalog) {}

  struct Declared {
    bool member = false;
    bool valid = true;  ///< false: a label is missing or no number from 1 to kLargestGang
    GangId gang;
    std::uint32_t minimum = 1;
  };
  /// A gang that was not known gets its number. Cost: O(1), an array access for pods of no gang.
  Declared of(NamespaceId name_space, LabelSetId labels);
  /// Whether any pod has been a member.
  [[nodiscard]] bool any() const { return !gangs_.empty(); }
  [[nodiscard]] std::string_view name(GangId gang) const {
    return catalog_.strings.text(names_[gang.index]);
  }

 private:
  struct Labels {
    StringId group;  // none: no member
    std::uint32_t minimum = 0;
  };
  Labels read(LabelSetId labels);

  const model::Catalog& catalog_;
  StringId name_key_;
  StringId minimum_key_;
  std::vector<bool> read_;                                               // by LabelSetId
  std::vector<bool> is_member_;                                          // by LabelSetId
  boost::unordered_flat_map<std::uint32_t, Labels, StableHash> labels_;  // of members
  boost::unordered_flat_map<std::uint64_t, GangId, StableHash> gangs_;   // by namespace and name
  std::vector<StringId> names_;                                          // by GangId
};

}  // namespace arcas::scheduler
