#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/expected.h"
#include "core/model/selector.h"

namespace arcas::model {

class Catalog;

/// A requirement as a selector string spells it. `in`, `equals` and `double_equals` mean the same
/// for one value, and so do `not_in` and `not_equals`; they are kept apart to be written as read.
struct RequirementText {
  enum class Operator : std::uint8_t {
    in,
    not_in,
    equals,
    double_equals,
    not_equals,
    exists,
    does_not_exist,
    greater_than,
    less_than,
  };
  std::string key;
  Operator op = Operator::in;
  std::vector<std::string> values;  ///< sorted, unique
  bool operator==(const RequirementText&) const = default;

  /// "a in (b,c)", "!a", "a>1".
  [[nodiscard]] std::string text() const;
};

/// A label selector in words: "app in (a,b),tier!=db,!gone".
struct SelectorText {
  std::vector<RequirementText> requirements;  ///< sorted by key, else as written
  bool operator==(const SelectorText&) const = default;

  [[nodiscard]] bool empty() const { return requirements.empty(); }
  /// Kubernetes's String(): what `parse` reads again. Empty for a selector that matches all.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] Selector interned(Catalog& catalog) const;

  /// Errors say what stands where something else was expected, and its byte. Cost: linear, and the
  /// sorting of the requirements.
  /// Source of the grammar: apimachinery/pkg/labels of Kubernetes 1.32, `Parse`.
  static Expected<SelectorText> parse(std::string_view text);
  /// The text of an interned selector.
  static SelectorText of(const Selector& selector, const Catalog& catalog);
};

/// Interns a requirement. Values are sorted and unique.
Requirement make_requirement(std::string_view key, SelectorOperator op,
                             const std::vector<std::string_view>& values, Catalog& catalog);

/// What Kubernetes finds wrong with a requirement of a label selector: its key, the number of its
/// values, values that are no label values, bounds that are no integers. Empty: nothing.
std::string problem_of_requirement(std::string_view key, SelectorOperator op,
                                   const std::vector<std::string_view>& values);
/// The same for the number of values alone.
std::string problem_of_value_count(SelectorOperator op, std::size_t values);

}  // namespace arcas::model
