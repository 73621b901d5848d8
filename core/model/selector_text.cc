#include "core/model/selector_text.h"

#include <algorithm>
#include <charconv>

#include "core/model/catalog.h"
#include "core/model/names.h"

namespace arcas::model {
namespace {

bool is_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && stop == text.data() + text.size();
}

std::string joined(const std::vector<std::string>& problems) {
  std::string text;
  for (const std::string& problem : problems) text += (text.empty() ? "" : "; ") + problem;
  return text;
}

std::string_view infix(RequirementText::Operator op) {
  using Operator = RequirementText::Operator;
  switch (op) {
    case Operator::in:
      return " in ";
    case Operator::not_in:
      return " notin ";
    case Operator::equals:
      return "=";
    case Operator::double_equals:
      return "==";
    case Operator::not_equals:
      return "!=";
    case Operator::greater_than:
      return ">";
    case Operator::less_than:
      return "<";
    case Operator::exists:
    case Operator::does_not_exist:
      return "";
  }
  return "";
}

}  // namespace

std::string RequirementText::text() const {
  std::string result = (op == Operator::does_not_exist ? "!" : "") + key + std::string(infix(op));
  if (op == Operator::exists || op == Operator::does_not_exist) return result;
  const bool is_list = op == Operator::in || op == Operator::not_in;
  if (is_list) result += '(';
  for (std::size_t i = 0; i < values.size(); ++i) result += (i > 0 ? "," : "") + values[i];
  return is_list ? result + ')' : result;
}

std::string SelectorText::text() const {
  std::string result;
  for (const RequirementText& requirement : requirements) {
    if (!result.empty()) result += ',';
    result += requirement.text();
  }
  return result;
}

SelectorText SelectorText::of(const Selector& selector, const Catalog& catalog) {
  using Operator = RequirementText::Operator;
  constexpr Operator kOperators[] = {Operator::in,           Operator::not_in,
                                     Operator::exists,       Operator::does_not_exist,
                                     Operator::greater_than, Operator::less_than};
  SelectorText result;
  for (const Requirement& requirement : selector.requirements) {
    RequirementText text{
        catalog.text(requirement.key), kOperators[static_cast<std::size_t>(requirement.op)], {}};
    for (const StringId value : requirement.values) text.values.push_back(catalog.text(value));
    std::sort(text.values.begin(), text.values.end());
    result.requirements.push_back(std::move(text));
  }
  std::stable_sort(
      result.requirements.begin(), result.requirements.end(),
      [](const RequirementText& a, const RequirementText& b) { return a.key < b.key; });
  return result;
}

Requirement make_requirement(std::string_view key, SelectorOperator op,
                             const std::vector<std::string_view>& values, Catalog& catalog) {
  Requirement requirement;
  requirement.key = catalog.intern(key);
  requirement.op = op;
  for (const std::string_view value : values) requirement.values.push_back(catalog.intern(value));
  std::sort(requirement.values.begin(), requirement.values.end());
  requirement.values.erase(std::unique(requirement.values.begin(), requirement.values.end()),
                           requirement.values.end());
  return requirement;
}

std::string problem_of_value_count(SelectorOperator op, std::size_t values) {
  switch (op) {
    case SelectorOperator::in:
    case SelectorOperator::not_in:
      return values == 0 ? "for 'in', 'notin' operators, values set can't be empty" : "";
    case SelectorOperator::exists:
    case SelectorOperator::does_not_exist:
      return values != 0 ? "values set must be empty for exists and does not exist" : "";
    case SelectorOperator::gt:
    case SelectorOperator::lt:
      return values != 1 ? "for 'Gt', 'Lt' operators, exactly one value is required" : "";
  }
  return "";
}

std::string problem_of_requirement(std::string_view key, SelectorOperator op,
                                   const std::vector<std::string_view>& values) {
  const std::vector<std::string> key_problems = problems_of_qualified_name(key);
  if (!key_problems.empty()) return "key \"" + std::string(key) + "\": " + joined(key_problems);
  const std::string count = problem_of_value_count(op, values.size());
  if (!count.empty()) return "values: " + count;
  for (const std::string_view value : values) {
    const std::vector<std::string> problems = problems_of_label_value(value);
    if (!problems.empty()) return "value \"" + std::string(value) + "\": " + joined(problems);
    if ((op == SelectorOperator::gt || op == SelectorOperator::lt) && !is_integer(value)) {
      return "value \"" + std::string(value) +
             "\": for 'Gt', 'Lt' operators, the value must be an integer";
    }
  }
  return "";
}

}  // namespace arcas::model
