#include "core/model/selector.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "core/base/hash.h"
#include "core/model/catalog.h"

namespace arcas::model {
namespace {

std::optional<std::int64_t> as_integer(const std::string& text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

bool compares(const Requirement& requirement, StringId value, const Catalog& catalog) {
  if (!value.valid() || requirement.values.empty()) return false;
  const auto label = as_integer(catalog.text(value));
  const auto bound = as_integer(catalog.text(requirement.values.front()));
  if (!label || !bound) return false;
  return requirement.op == SelectorOperator::gt ? *label > *bound : *label < *bound;
}

}  // namespace

bool matches(const Requirement& requirement, const LabelSet& labels, const Catalog& catalog) {
  const StringId value = labels.get(requirement.key);
  const auto listed = [&] {
    return std::binary_search(requirement.values.begin(), requirement.values.end(), value);
  };
  switch (requirement.op) {
    case SelectorOperator::in:
      return value.valid() && listed();
    case SelectorOperator::not_in:
      return !value.valid() || !listed();
    case SelectorOperator::exists:
      return value.valid();
    case SelectorOperator::does_not_exist:
      return !value.valid();
    case SelectorOperator::gt:
    case SelectorOperator::lt:
      return compares(requirement, value, catalog);
  }
  return false;
}

bool matches(const Selector& selector, const LabelSet& labels, const Catalog& catalog) {
  return std::all_of(
      selector.requirements.begin(), selector.requirements.end(),
      [&](const Requirement& requirement) { return matches(requirement, labels, catalog); });
}

std::uint64_t hash_value(const Selector& selector) {
  std::uint64_t hash = 3;
  for (const Requirement& requirement : selector.requirements) {
    hash = hash_combine(hash, (std::uint64_t{requirement.key.index} << 8U) |
                                  static_cast<std::uint64_t>(requirement.op));
    for (const StringId value : requirement.values) hash = hash_combine(hash, value.index);
  }
  return hash;
}

}  // namespace arcas::model
