#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace arcas::model {

// Kubernetes's rules for names. Each gives what is wrong, in Kubernetes's words, or nothing.
// Source: apimachinery/pkg/util/validation of Kubernetes 1.32. Lengths count bytes.
// Cost: linear in the text.

/// A lower-case label of at most 63 characters: "web-1".
std::vector<std::string> problems_of_dns1123_label(std::string_view name);
/// Such labels (of any length) joined by dots, at most 253 characters: "web.example.com".
std::vector<std::string> problems_of_dns1123_subdomain(std::string_view name);
/// A lower-case label that starts with a letter, as service names do.
std::vector<std::string> problems_of_dns1035_label(std::string_view name);
/// A label key: "name" or "example.com/name".
std::vector<std::string> problems_of_qualified_name(std::string_view name);
/// The value of a label; it may be empty.
std::vector<std::string> problems_of_label_value(std::string_view value);
/// The name of a container's port, at most 15 characters.
std::vector<std::string> problems_of_port_name(std::string_view name);

}  // namespace arcas::model
