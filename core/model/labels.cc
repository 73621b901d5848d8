#include "core/model/labels.h"

#include <algorithm>

#include "core/base/hash.h"

namespace arcas::model {

StringId LabelSet::get(StringId key) const {
  const auto it = std::lower_bound(items_.begin(), items_.end(), key,
                                   [](const auto& item, StringId k) { return item.first < k; });
  return it != items_.end() && it->first == key ? it->second : StringId{};
}

void LabelSet::set(StringId key, StringId value) {
  const auto it = std::lower_bound(items_.begin(), items_.end(), key,
                                   [](const auto& item, StringId k) { return item.first < k; });
  if (it != items_.end() && it->first == key) {
    it->second = value;
  } else {
    items_.insert(it, {key, value});
  }
}

std::uint64_t hash_value(const LabelSet& labels) {
  std::uint64_t hash = 2;
  for (const auto& [key, value] : labels.items()) {
    hash = hash_combine(hash, (std::uint64_t{key.index} << 32U) | value.index);
  }
  return hash;
}

}  // namespace arcas::model
