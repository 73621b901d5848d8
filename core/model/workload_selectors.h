#pragma once

#include <cstdint>

#include "core/base/id.h"

namespace arcas::model {

/// What the scheduler reads of the objects that select pods by label: PodTopologySpread derives the
/// selector of its default constraints from the services and the owner of a pod.
struct WorkloadSelector {
  enum class Kind : std::uint8_t { service, replication_controller, replica_set, stateful_set };
  Kind kind = Kind::service;
  NamespaceId name_space;
  StringId name;
  SelectorId selector;  ///< none: selects nothing by itself
};

}  // namespace arcas::model
