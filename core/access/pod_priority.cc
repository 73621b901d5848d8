#include "core/access/pod_priority.h"

#include <algorithm>

namespace arcas::access {

const std::vector<PriorityLevel>& system_priority_levels() {
  static const std::vector<PriorityLevel> kLevels{
      {"system-cluster-critical", 2'000'000'000, false, false},
      {"system-node-critical", 2'000'001'000, false, false}};
  return kLevels;
}

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
    const auto named = [&](const PriorityLevel& level) { return level.name == class_name; };
    const auto& system = system_priority_levels();
    auto at = std::find_if(levels.begin(), levels.end(), named);
    if (at == levels.end()) {
      at = std::find_if(system.begin(), system.end(), named);
      if (at == system.end()) {
        return Status{StatusCode::forbidden,
                      "no PriorityClass with name " + class_name + " was found"};
      }
    }
    chosen = *at;
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
