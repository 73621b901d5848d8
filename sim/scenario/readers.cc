#include <charconv>

#include "sim/scenario/schema.h"
#include "sim/scenario/units.h"

namespace arcas::sim {

Status refuse(const YamlValue& value, const std::string& path, const std::string& what,
              const std::string& allowed) {
  std::string text = value.where() + ": ";
  if (!path.empty()) text += path + ": ";
  if (value.type == YamlValue::Type::scalar) text += "\"" + value.text.substr(0, 80) + "\" ";
  return Status::invalid(one_line(text + what + "; allowed: " + allowed));
}

Status refuse_key(const YamlValue& value, const std::string& path, const std::string& known) {
  return Status::invalid(one_line(value.where_key() + ": " + path.substr(0, 200) +
                                  ": is not a known key; allowed: " + known));
}

Status read_text(std::string& target, const YamlValue& value, const std::string& path) {
  if (value.type != YamlValue::Type::scalar || value.text.empty()) {
    return refuse(value, path, "is not text", "text");
  }
  if (value.text.size() > 4096) return refuse(value, path, "is too long", "4096 bytes");
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
  const auto duration = value.type == YamlValue::Type::scalar ? parse_duration(value.text)
                                                              : std::nullopt;
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
