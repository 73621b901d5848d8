#pragma once

#include <cstdint>
#include <vector>

#include "core/base/id.h"
#include "core/model/labels.h"

namespace arcas::model {

class Catalog;

/// Operators of label selectors and of node selector terms, with Kubernetes's meaning: `not_in` and
/// `does_not_exist` match an absent key; `gt` and `lt` compare decimal integers.
enum class SelectorOperator : std::uint8_t { in, not_in, exists, does_not_exist, gt, lt };

struct Requirement {
  StringId key;
  SelectorOperator op = SelectorOperator::in;
  std::vector<StringId> values;  ///< sorted, unique
  bool operator==(const Requirement&) const = default;
};

/// A conjunction of requirements. An empty selector matches everything; whether an absent one
/// matches nothing is the business of the field that holds it.
struct Selector {
  std::vector<Requirement> requirements;
  bool operator==(const Selector&) const = default;
};

std::uint64_t hash_value(const Selector& selector);

/// True when every requirement holds. `catalog` gives the text of values for `gt` and `lt`.
/// Cost: requirements × log(labels).
bool matches(const Selector& selector, const LabelSet& labels, const Catalog& catalog);
bool matches(const Requirement& requirement, const LabelSet& labels, const Catalog& catalog);

}  // namespace arcas::model
