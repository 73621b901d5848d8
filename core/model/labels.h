#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/id.h"

namespace arcas::model {

/// Labels (or annotations) sorted by key id; keys are unique.
class LabelSet {
 public:
  /// The value of a key, or none. Cost: logarithmic.
  [[nodiscard]] StringId get(StringId key) const;
  void set(StringId key, StringId value);
  [[nodiscard]] const std::vector<std::pair<StringId, StringId>>& items() const { return items_; }
  [[nodiscard]] bool empty() const { return items_.empty(); }
  bool operator==(const LabelSet&) const = default;

 private:
  std::vector<std::pair<StringId, StringId>> items_;
};

std::uint64_t hash_value(const LabelSet& labels);

}  // namespace arcas::model
