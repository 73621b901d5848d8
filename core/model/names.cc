#include "core/model/names.h"

#include <algorithm>

namespace arcas::model {
namespace {

constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestSubdomain = 253;
constexpr std::size_t kLongestPortName = 15;

constexpr std::string_view kLabelPattern = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
constexpr std::string_view kQualifiedPattern = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
constexpr std::string_view kQualifiedText =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character";

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_lower_or_digit(char c) { return is_lower(c) || (c >= '0' && c <= '9'); }
bool is_alphanumeric(char c) { return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z'); }

std::string too_long(std::size_t most) {
  return "must be no more than " + std::to_string(most) + " characters";
}

/// "text (e.g. 'one',  or 'two', regex used for validation is 'pattern')".
std::string with_pattern(std::string_view text, std::string_view pattern,
                         std::initializer_list<std::string_view> examples) {
  std::string message(text);
  message += " (e.g. ";
  for (const std::string_view example : examples) {
    if (example != *examples.begin()) message += " or ";
    message += "'" + std::string(example) + "', ";
  }
  return message + "regex used for validation is '" + std::string(pattern) + "')";
}

/// Letters, digits and hyphens, with letters or digits at both ends.
bool is_lower_label(std::string_view text) {
  return !text.empty() && is_lower_or_digit(text.front()) && is_lower_or_digit(text.back()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

bool is_subdomain(std::string_view text) {
  while (true) {
    const std::size_t dot = text.find('.');
    if (!is_lower_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_qualified_part(std::string_view text) {
  return !text.empty() && is_alphanumeric(text.front()) && is_alphanumeric(text.back()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

std::string qualified_problem(std::string_view subject) {
  return with_pattern(std::string(subject) + std::string(kQualifiedText), kQualifiedPattern,
                      {"MyName", "my.name", "123-abc"});
}

}  // namespace

std::vector<std::string> problems_of_dns1123_label(std::string_view name) {
  std::vector<std::string> problems;
  if (name.size() > kLongestLabel) problems.push_back(too_long(kLongestLabel));
  if (is_lower_label(name)) return problems;
  if (is_subdomain(name)) {
    problems.emplace_back("must not contain dots");
  } else {
    problems.push_back(with_pattern(
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
        "must start and end with an alphanumeric character",
        kLabelPattern, {"my-name", "123-abc"}));
  }
  return problems;
}

std::vector<std::string> problems_of_dns1123_subdomain(std::string_view name) {
  std::vector<std::string> problems;
  if (name.size() > kLongestSubdomain) problems.push_back(too_long(kLongestSubdomain));
  if (!is_subdomain(name)) {
    const std::string label(kLabelPattern);
    problems.push_back(with_pattern(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
        "'.', and must start and end with an alphanumeric character",
        label + "(\\." + label + ")*", {"example.com"}));
  }
  return problems;
}

std::vector<std::string> problems_of_dns1035_label(std::string_view name) {
  std::vector<std::string> problems;
  if (name.size() > kLongestLabel) problems.push_back(too_long(kLongestLabel));
  if (!is_lower_label(name) || !is_lower(name.front())) {
    problems.push_back(with_pattern(
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
        "alphabetic character, and end with an alphanumeric character",
        "[a-z]([-a-z0-9]*[a-z0-9])?", {"my-name", "abc-123"}));
  }
  return problems;
}

std::vector<std::string> problems_of_qualified_name(std::string_view name) {
  std::vector<std::string> problems;
  const std::size_t slash = name.find('/');
  std::string_view part = name;
  if (slash != std::string_view::npos) {
    part = name.substr(slash + 1);
    if (part.find('/') != std::string_view::npos) {
      return {qualified_problem("a qualified name ") +
              " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"};
    }
    if (slash == 0) problems.emplace_back("prefix part must be non-empty");
    if (slash > 0) {
      for (const std::string& problem : problems_of_dns1123_subdomain(name.substr(0, slash))) {
        problems.push_back("prefix part " + problem);
      }
    }
  }
  if (part.empty()) problems.emplace_back("name part must be non-empty");
  if (part.size() > kLongestLabel) problems.push_back("name part " + too_long(kLongestLabel));
  if (!is_qualified_part(part)) problems.push_back(qualified_problem("name part "));
  return problems;
}

std::vector<std::string> problems_of_label_value(std::string_view value) {
  std::vector<std::string> problems;
  if (value.size() > kLongestLabel) problems.push_back(too_long(kLongestLabel));
  if (!value.empty() && !is_qualified_part(value)) {
    problems.push_back(with_pattern(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
        "'.', and must start and end with an alphanumeric character",
        "(" + std::string(kQualifiedPattern) + ")?", {"MyValue", "my_value", "12345"}));
  }
  return problems;
}

std::vector<std::string> problems_of_port_name(std::string_view name) {
  std::vector<std::string> problems;
  if (name.size() > kLongestPortName) problems.push_back(too_long(kLongestPortName));
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return is_lower_or_digit(c) || c == '-';
  });
  if (!plain) {
    problems.emplace_back("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  }
  if (std::none_of(name.begin(), name.end(), is_lower)) {
    problems.emplace_back("must contain at least one letter (a-z)");
  }
  if (name.find("--") != std::string_view::npos) {
    problems.emplace_back("must not contain consecutive hyphens");
  }
  if (!name.empty() && (name.front() == '-' || name.back() == '-')) {
    problems.emplace_back("must not begin or end with a hyphen");
  }
  return problems;
}

}  // namespace arcas::model
