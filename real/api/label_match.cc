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

}  // namespace

bool matches_labels(const model::SelectorText& selector, const boost::json::object* labels) {
  return std::all_of(selector.requirements.begin(), selector.requirements.end(),
                     [labels](const model::RequirementText& requirement) {
                       return holds(requirement, labels == nullptr
                                                     ? nullptr
                                                     : labels->if_contains(requirement.key));
                     });
}

}  // namespace arcas::real
