#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/model/quantity.h"

namespace arcas::access {

/// Amounts by resource: {"cpu", "500m"}.
using Amounts = std::map<std::string, model::Quantity, std::less<>>;

/// One entry of a LimitRange: bounds and defaults for what containers, or whole pods, ask for.
struct LimitRangeEntry {
  enum class Type : std::uint8_t { container, pod };
  Type type = Type::container;
  Amounts least;
  Amounts most;
  Amounts most_ratio;        ///< of limit to request
  Amounts default_limits;    ///< of containers alone
  Amounts default_requests;  ///< of containers alone
};

/// What a container asks for.
struct ContainerDemand {
  bool initial = false;  ///< runs before the others
  Amounts requests;
  Amounts limits;
  std::string name{};
};

/// What the containers of a pod ask for together: their sum, or as much as the largest initial one.
ContainerDemand demand_of_pod(const std::vector<ContainerDemand>& containers);

/// Gives a container the requests and limits that it leaves out; the first entry that has one
/// counts. Source: Kubernetes 1.32, plugin/pkg/admission/limitranger: mergePodResourceRequirements.
void fill_in_defaults(const std::vector<LimitRangeEntry>& entries, ContainerDemand& container);

/// What a pod's containers ask for against the entries, in Kubernetes's words. Empty: nothing is
/// wrong. A pod asks for the sum of its containers, or for as much as its largest initial one.
/// Source: Kubernetes 1.32, plugin/pkg/admission/limitranger: PodValidateLimitFunc.
/// Cost: O(entries × containers × resources).
std::vector<std::string> limit_range_problems(const std::vector<LimitRangeEntry>& entries,
                                              const std::vector<ContainerDemand>& containers);

}  // namespace arcas::access
