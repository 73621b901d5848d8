#include <algorithm>
#include <charconv>
#include <utility>

#include "sim/scenario/schema.h"
#include "sim/scenario/units.h"

namespace arcas::sim {

namespace {

/// At most 80 bytes, and nothing that a terminal would obey.
std::string printable(const std::string& text) {
  std::string out = text.substr(0, 80);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return text.size() > 80 ? out + "…" : out;
}

}  // namespace

Status refuse(const YamlValue& value, const std::string& path, const std::string& what,
              const std::string& allowed) {
  std::string text = value.where() + ": ";
  if (!path.empty()) text += path + ": ";
  if (value.type == YamlValue::Type::scalar) text += "\"" + printable(value.text) + "\" ";
  return Status::invalid(text + what + "; allowed: " + allowed);
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  std::string_view best;
  std::size_t least = word.size() / 3 + 1;  // more edits than that are another word
  if (word.size() > 64) return best;
  for (const std::string_view candidate : candidates) {
    std::vector<std::size_t> row(candidate.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= word.size(); ++i) {
      std::size_t diagonal = std::exchange(row[0], i);
      for (std::size_t j = 1; j < row.size(); ++j) {
        const std::size_t change = diagonal + (word[i - 1] == candidate[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
      }
    }
    if (row.back() <= least) {
      if (row.back() < least || best.empty()) best = candidate;
      least = row.back();
    }
  }
  return best;
}

Status refuse_key(const YamlValue& value, const std::string& path,
                  const std::vector<std::string_view>& known) {
  const std::size_t dot = path.rfind('.');
  const std::string key = dot == std::string::npos ? path : path.substr(dot + 1);
  std::string text = value.where_key() + ": " + path.substr(0, 200) + ": is not a known key";
  if (const auto meant = nearest(key, known); !meant.empty()) {
    text += "; did you mean \"" + std::string(meant) + "\"?";
  }
  text += "; allowed: ";
  for (std::size_t i = 0; i < known.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::string(known[i]);
  }
  return Status::invalid(text);
}

Status read_name(std::string& target, const YamlValue& value, const std::string& path) {
  const auto right = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  if (value.type != YamlValue::Type::scalar || value.text.empty() || value.text.size() > 63 ||
      !std::all_of(value.text.begin(), value.text.end(), right)) {
    return refuse(value, path, "is not a name", "1 to 63 of a-z, 0-9, - and .");
  }
  target = value.text;
  return Status::success();
}

Status read_text(std::string& target, const YamlValue& value, const std::string& path) {
  if (value.type != YamlValue::Type::scalar || value.text.empty()) {
    return refuse(value, path, "is not text", "text");
  }
  if (value.text.size() > 4096) return refuse(value, path, "is too long", "4096 bytes");
  for (const char c : value.text) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') {
      return Status::invalid(value.where() + ": " + path +
                             ": holds control characters; allowed: text");
    }
  }
  target = value.text;
  return Status::success();
}

Status read_integer(std::int64_t& target, const YamlValue& value, const std::string& path,
                    std::int64_t minimum, std::int64_t maximum) {
  const std::string allowed =
      "a whole number from " + std::to_string(minimum) + " to " + std::to_string(maximum);
  if (value.type != YamlValue::Type::scalar) return refuse(value, path, "is no number", allowed);
  std::string digits;
  for (const char c : value.text) {
    if (c != '_') digits += c;
  }
  std::int64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc() || stop != end || digits.empty()) {
    return refuse(value, path, "is not a whole number", allowed);
  }
  if (number < minimum || number > maximum) return refuse(value, path, "is out of range", allowed);
  target = number;
  return Status::success();
}

Status read_duration(Duration& target, const YamlValue& value, const std::string& path) {
  const auto duration =
      value.type == YamlValue::Type::scalar ? parse_duration(value.text) : std::nullopt;
  if (!duration) {
    return refuse(value, path, "is not a duration",
                  "a number with a unit of ns, us, ms, s, m, h or d, such as 500ms or 1.5h");
  }
  target = *duration;
  return Status::success();
}

Status read_boolean(bool& target, const YamlValue& value, const std::string& path) {
  if (value.text != "true" && value.text != "false") {
    return refuse(value, path, "is not a truth value", "true, false");
  }
  target = value.text == "true";
  return Status::success();
}

Status read_cpu(std::int64_t& target, const YamlValue& value, const std::string& path) {
  const auto cpu = value.type == YamlValue::Type::scalar ? parse_cpu(value.text) : std::nullopt;
  if (!cpu) return refuse(value, path, "is not an amount of cpu", "cores, such as 2, 0.5 or 250m");
  target = *cpu;
  return Status::success();
}

Status read_bytes(std::int64_t& target, const YamlValue& value, const std::string& path) {
  const auto bytes = value.type == YamlValue::Type::scalar ? parse_bytes(value.text) : std::nullopt;
  if (!bytes) {
    return refuse(value, path, "is not an amount of memory",
                  "bytes with a unit of k, M, G, T, Ki, Mi, Gi, Ti or none, such as 16Gi");
  }
  target = *bytes;
  return Status::success();
}

}  // namespace arcas::sim
