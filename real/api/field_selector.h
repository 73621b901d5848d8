#pragma once

#include <boost/json/fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/expected.h"

namespace arcas::real {

/// A field selector in words: "status.phase!=Failed,spec.nodeName=n1".
class FieldSelector {
 public:
  struct Term {
    std::string field;
    std::string value;
    bool equal = true;
    bool operator==(const Term&) const = default;
  };

  /// `\` escapes `,`, `=` and itself in values. `fields`: what the kind can be selected by, besides
  /// metadata.name and metadata.namespace. Errors, code invalid: no operator, another field, bad
  /// escapes, more than 1000 terms. Cost: linear.
  /// Source of the grammar: apimachinery/pkg/fields of Kubernetes 1.32, `ParseSelector`.
  static Expected<FieldSelector> parse(std::string_view text,
                                       std::span<const std::string_view> fields);

  /// Absent fields are empty, false or 0, as they read in Kubernetes's own objects.
  [[nodiscard]] bool matches(const boost::json::value& object) const;
  [[nodiscard]] bool empty() const { return terms_.empty(); }
  [[nodiscard]] const std::vector<Term>& terms() const { return terms_; }
  /// What `parse` reads again.
  [[nodiscard]] std::string text() const;

 private:
  std::vector<Term> terms_;
};

}  // namespace arcas::real
