#pragma once

#include <string>
#include <vector>

#include "core/access/limit_range.h"
#include "core/base/expected.h"

namespace arcas::access {

/// What a ResourceQuota bounds of pods and what is used of it, by its own words: "pods", "cpu",
/// "requests.memory".
struct QuotaAmounts {
  std::string name;
  Amounts hard;
  Amounts used;
};

/// What is used once a new pod is charged. Words for other things than pods and their requests
/// ("limits.cpu", "count/secrets") stay as they are.
/// Errors, code forbidden, in Kubernetes's words: the quota is exceeded; a container does not say
/// how much it asks for of what is bounded. Source: Kubernetes 1.32,
/// pkg/quota/v1/evaluator/core/pods.go and apiserver's admission resourcequota. Cost: O(hard ×
/// containers).
Expected<Amounts> charged(const QuotaAmounts& quota,
                          const std::vector<ContainerDemand>& containers);

}  // namespace arcas::access
