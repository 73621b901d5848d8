#include "core/access/pod_priority.h"

#include <array>
#include <string_view>

namespace arcas::access {

namespace {

struct SystemLevel {
  std::string_view name;
  std::int32_t value;
};
constexpr std::array<SystemLevel, 2> kSystemLevels{
    {{"system-cluster-critical", 2'000'000'000}, {"system-node-critical", 2'000'001'000}}};

std::optional<PriorityLevel> find_level(const std::vector<PriorityLevel>& levels,
                                        const std::string& name) {
  for (const PriorityLevel& level : levels) {
    if (level.name == name) return level;
  }
  for (const SystemLevel& level : kSystemLevels) {
    if (level.name == name) return PriorityLevel{name, level.value, false, false};
  }
  return std::nullopt;
}

}  // namespace

Expected<PriorityLevel> priority_of_new_pod(const std::vector<PriorityLevel>& levels,
                                            const std::string& class_name,
                                            std::optional<std::int64_t> given) {
  PriorityLevel chosen;
  if (class_name.empty()) {
    for (const PriorityLevel& level : levels) {
      if (!level.global_default) continue;
      if (chosen.name.empty() || level.value < chosen.value) chosen = level;
    }
  } else {
    const std::optional<PriorityLevel> found = find_level(levels, class_name);
    if (!found) {
      return Status{StatusCode::forbidden,
                    "no PriorityClass with name " + class_name + " was found"};
    }
    chosen = *found;
  }
  if (given && *given != chosen.value) {
    return Status{
        StatusCode::forbidden,
        "the integer value of priority (" + std::to_string(*given) +
            ") must not be provided in pod spec; priority admission controller computed " +
            std::to_string(chosen.value) + " from the given PriorityClass name"};
  }
  return chosen;
}

}  // namespace arcas::access
