#include "real/api/label_match.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

namespace arcas::real {
namespace {

bool read_integer(std::string_view text, std::int64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

bool holds(const model::RequirementText& requirement, const boost::json::value* label) {
  using Operator = model::RequirementText::Operator;
  const bool present = label != nullptr && label->is_string();
  const std::string_view value = present ? std::string_view(label->get_string()) : "";
  const bool listed = present && std::find(requirement.values.begin(), requirement.values.end(),
                                           value) != requirement.values.end();
  switch (requirement.op) {
    case Operator::in:
    case Operator::equals:
    case Operator::double_equals:
      return listed;
    case Operator::not_in:
    case Operator::not_equals:
      return !listed;
    case Operator::exists:
      return present;
    case Operator::does_not_exist:
      return !present;
    case Operator::greater_than:
    case Operator::less_than: {
      std::int64_t number = 0;
      std::int64_t bound = 0;
      if (!present || requirement.values.empty() || !read_integer(value, number) ||
          !read_integer(requirement.values.front(), bound)) {
        return false;
      }
      return requirement.op == Operator::greater_than ? number > bound : number < bound;
    }
  }
  return false;
}

using Requirement = model::RequirementText;

void add_equal(const boost::json::object& labels, model::SelectorText& text) {
  for (const auto& [key, value] : labels) {
    if (!value.is_string()) continue;
    text.requirements.push_back(
        {std::string(key), Requirement::Operator::equals, {std::string(value.get_string())}});
  }
}

void add_expression(const boost::json::object& expression, model::SelectorText& text) {
  constexpr std::pair<std::string_view, Requirement::Operator> kOperators[] = {
      {"In", Requirement::Operator::in},
      {"NotIn", Requirement::Operator::not_in},
      {"Exists", Requirement::Operator::exists},
      {"DoesNotExist", Requirement::Operator::does_not_exist}};
  const boost::json::value* key = expression.if_contains("key");
  const boost::json::value* word = expression.if_contains("operator");
  const boost::json::value* values = expression.if_contains("values");
  if (key == nullptr || !key->is_string() || word == nullptr || !word->is_string()) return;
  for (const auto& [name, op] : kOperators) {
    if (std::string_view(word->get_string()) != name) continue;
    Requirement requirement{std::string(key->get_string()), op, {}};
    if (values != nullptr && values->is_array()) {
      for (const boost::json::value& value : values->get_array()) {
        if (value.is_string()) requirement.values.emplace_back(value.get_string());
      }
    }
    std::sort(requirement.values.begin(), requirement.values.end());
    text.requirements.push_back(std::move(requirement));
  }
}

}  // namespace

model::SelectorText selector_of(const boost::json::object& selector) {
  model::SelectorText text;
  const boost::json::value* labels = selector.if_contains("matchLabels");
  const boost::json::value* expressions = selector.if_contains("matchExpressions");
  if (labels != nullptr && labels->is_object()) add_equal(labels->get_object(), text);
  if (labels == nullptr && expressions == nullptr) add_equal(selector, text);
  if (expressions != nullptr && expressions->is_array()) {
    for (const boost::json::value& expression : expressions->get_array()) {
      if (expression.is_object()) add_expression(expression.get_object(), text);
    }
  }
  std::stable_sort(text.requirements.begin(), text.requirements.end(),
                   [](const Requirement& a, const Requirement& b) { return a.key < b.key; });
  return text;
}

bool matches_labels(const model::SelectorText& selector, const boost::json::object* labels) {
  return std::all_of(selector.requirements.begin(), selector.requirements.end(),
                     [labels](const model::RequirementText& requirement) {
                       return holds(requirement, labels == nullptr
                                                     ? nullptr
                                                     : labels->if_contains(requirement.key));
                     });
}

}  // namespace arcas::real
