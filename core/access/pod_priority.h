#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/expected.h"

namespace arcas::access {

/// A PriorityClass.
struct PriorityLevel {
  std::string name;
  std::int32_t value = 0;
  bool global_default = false;  ///< for pods that name no class; of several the lowest counts
  bool never_preempts = false;
};

/// The level of a new pod, by the class that it names ("": none) and the number that it has brought
/// along. Kubernetes's two system classes are there without anybody's doing. Errors, code
/// forbidden, in Kubernetes's words: no such class; another number than its class has. Source:
/// Kubernetes 1.32, plugin/pkg/admission/priority and pkg/apis/scheduling/v1/helpers.go.
Expected<PriorityLevel> priority_of_new_pod(const std::vector<PriorityLevel>& levels,
                                            const std::string& class_name,
                                            std::optional<std::int64_t> given);

}  // namespace arcas::access
