#include "sim/scenario/yaml_text.h"

#include <algorithm>

namespace arcas::sim {
namespace {

using Type = YamlValue::Type;

/// Text that means nothing else when it stands without quotes, in a block or in a flow.
bool plain(const std::string& text) {
  const auto harmless = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '/' || c == '+' || c == ' ' || c == '=' || c == '<' ||
           c == '(' || c == ')';
  };
  if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.front() == '-') {
    return false;
  }
  if (text.front() == '=' || text.front() == '<') return false;
  return std::all_of(text.begin(), text.end(), harmless);
}

std::string scalar(const YamlValue& value) {
  if (!value.quoted && plain(value.text)) return value.text;
  std::string out = "\"";
  for (const char c : value.text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string key_text(const std::string& key) {
  YamlValue value;
  value.text = key;
  return scalar(value);
}

std::string flow(const YamlValue& value) {
  std::string out;
  switch (value.type) {
    case Type::null:
      return "~";
    case Type::scalar:
      return scalar(value);
    case Type::list:
      for (const YamlValue& item : value.items) out += (out.empty() ? "" : ", ") + flow(item);
      return "[" + out + "]";
    case Type::map:
      for (const auto& [key, entry] : value.entries) {
        out += (out.empty() ? "" : ", ") + key_text(key) + ": " + flow(entry);
      }
      return "{" + out + "}";
  }
  return out;
}

void block(const YamlValue& map, const std::string& indent, std::string& out) {
  for (const auto& [key, value] : map.entries) {
    out += indent + key_text(key) + ":";
    if (value.type == Type::map && !value.entries.empty()) {
      out += "\n";
      block(value, indent + "  ", out);
    } else if (value.type == Type::list && !value.items.empty() &&
               value.items.front().type != Type::scalar) {
      out += "\n";
      for (const YamlValue& item : value.items) out += indent + "  - " + flow(item) + "\n";
    } else {
      out += " " + flow(value) + "\n";
    }
  }
}

}  // namespace

std::string to_yaml(const YamlValue& value) {
  if (value.type != Type::map || value.entries.empty()) return flow(value) + "\n";
  std::string out;
  block(value, "", out);
  return out;
}

}  // namespace arcas::sim
