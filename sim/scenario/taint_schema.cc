// Taints and tolerations, as Kubernetes has them.
#include <algorithm>
#include <array>
#include <string_view>

#include "sim/scenario/schema.h"

namespace arcas::sim {
namespace {

Status read_effect(std::string& target, const YamlValue& value, const std::string& path) {
  static constexpr std::array<std::string_view, 3> kEffects{"NoSchedule", "PreferNoSchedule",
                                                            "NoExecute"};
  if (std::find(kEffects.begin(), kEffects.end(), value.text) == kEffects.end()) {
    return refuse(value, path, "is not an effect", "NoSchedule, PreferNoSchedule, NoExecute");
  }
  target = value.text;
  return Status::success();
}

Status read_operator(TolerationSpec& target, const YamlValue& value, const std::string& path) {
  if (value.text != "Exists" && value.text != "Equal") {
    return refuse(value, path, "is not an operator", "Equal, Exists");
  }
  target.exists = value.text == "Exists";
  return Status::success();
}

Status read_stays(TolerationSpec& target, const YamlValue& value, const std::string& path) {
  if (Status status = read_duration(target.stays, value, path); !status.ok()) return status;
  if (target.stays.ns % seconds(1).ns != 0) {
    return refuse(value, path, "is not a whole number of seconds", "such as 300s or 5m");
  }
  return Status::success();
}

Status check_toleration(const TolerationSpec& toleration, const YamlValue& value,
                        const std::string& path) {
  if (toleration.key.empty() && !toleration.exists) {
    return refuse(value, path + ".key", "is missing", "text, or none with operator: Exists");
  }
  if (toleration.exists && !toleration.value.empty()) {
    return refuse(value, path + ".value", "stands beside operator: Exists", "one of them");
  }
  if (toleration.stays.ns >= 0 && !toleration.effect.empty() && toleration.effect != "NoExecute") {
    return refuse(value, path + ".stays", "has no meaning for this effect", "effect: NoExecute");
  }
  return Status::success();
}

}  // namespace

const Section<TaintSpec>& taint_section() {
  using S = TaintSpec;
  static const Section<S> section{
      {"key", "text", "name of the taint",
       [](S& s, const YamlValue& v, const std::string& p) { return read_text(s.key, v, p); }},
      {"value", "text", "its value; none",
       [](S& s, const YamlValue& v, const std::string& p) { return read_text(s.value, v, p); }},
      {"effect", "NoSchedule, PreferNoSchedule, NoExecute", "NoSchedule",
       [](S& s, const YamlValue& v, const std::string& p) { return read_effect(s.effect, v, p); }},
  };
  return section;
}

const Section<TolerationSpec>& toleration_section() {
  using S = TolerationSpec;
  static const Section<S> section{
      {"key", "text", "taint; none with operator Exists: every taint",
       [](S& s, const YamlValue& v, const std::string& p) { return read_text(s.key, v, p); }},
      {"operator", "Equal, Exists", "whether the value matters; Equal", read_operator},
      {"value", "text", "value of the taint",
       [](S& s, const YamlValue& v, const std::string& p) { return read_text(s.value, v, p); }},
      {"effect", "NoSchedule, PreferNoSchedule, NoExecute", "none: every effect",
       [](S& s, const YamlValue& v, const std::string& p) { return read_effect(s.effect, v, p); }},
      {"stays", "duration", "how long under NoExecute; for ever", read_stays},
  };
  return section;
}

Status take_taints(NodeShapeSpec& shape, const YamlValue& value, const std::string& path) {
  if (value.type != YamlValue::Type::list) return refuse(value, path, "is not a list", "- key: …");
  shape.taints.clear();
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    const std::string at = path + "[" + std::to_string(i) + "]";
    TaintSpec& taint = shape.taints.emplace_back();
    Status status = read_section(taint, value.items[i], at, taint_section());
    if (!status.ok()) return status;
    if (taint.key.empty()) return refuse(value.items[i], at + ".key", "is missing", "text");
  }
  return Status::success();
}

Status take_tolerations(PodShapeSpec& shape, const YamlValue& value, const std::string& path) {
  if (value.type != YamlValue::Type::list) return refuse(value, path, "is not a list", "- key: …");
  shape.tolerations.clear();
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    const std::string at = path + "[" + std::to_string(i) + "]";
    TolerationSpec& toleration = shape.tolerations.emplace_back();
    Status status = read_section(toleration, value.items[i], at, toleration_section());
    if (!status.ok()) return status;
    status = check_toleration(toleration, value.items[i], at);
    if (!status.ok()) return status;
  }
  return Status::success();
}

}  // namespace arcas::sim
