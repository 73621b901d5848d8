#include "core/scheduler/gang_membership.h"

#include <charconv>

namespace arcas::scheduler {
namespace {

/// 0: not a number that will do.
std::uint32_t minimum_in(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return 0;
  return number <= kLargestGang ? number : 0;
}

}  // namespace

/// A label set names keys that the catalog knew before it: what is not known now is not in it.
GangMembership::Labels GangMembership::read(LabelSetId labels) {
  if (!name_key_.valid()) name_key_ = catalog_.strings.find(kPodGroupName);
  if (!minimum_key_.valid()) minimum_key_ = catalog_.strings.find(kPodGroupMinimum);
  Labels result;
  if (!name_key_.valid()) return result;
  const model::LabelSet& set = catalog_.label_sets[labels];
  result.group = set.get(name_key_);
  if (!result.group.valid() || !minimum_key_.valid()) return result;
  const StringId minimum = set.get(minimum_key_);
  if (minimum.valid()) result.minimum = minimum_in(catalog_.strings.text(minimum));
  return result;
}

GangMembership::Declared GangMembership::of(NamespaceId name_space, LabelSetId labels) {
  if (!labels.valid()) return {};
  if (labels.index >= read_.size()) {
    read_.resize(labels.index + std::size_t{1});
    is_member_.resize(read_.size());
  }
  if (!read_[labels.index]) {
    read_[labels.index] = true;
    const Labels found = read(labels);
    is_member_[labels.index] = found.group.valid();
    if (found.group.valid()) labels_.emplace(labels.index, found);
  }
  if (!is_member_[labels.index]) return {};
  const Labels said = labels_.at(labels.index);
  Declared declared;
  declared.member = true;
  declared.valid = said.minimum != 0;
  declared.minimum = said.minimum;
  const std::uint64_t key = (std::uint64_t{name_space.index} << 32U) | said.group.index;
  const auto [at, is_new] =
      gangs_.try_emplace(key, GangId{static_cast<std::uint32_t>(names_.size())});
  if (is_new) names_.push_back(said.group);
  declared.gang = at->second;
  return declared;
}

}  // namespace arcas::scheduler
