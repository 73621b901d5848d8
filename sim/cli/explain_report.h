#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/time.h"
#include "core/scheduler/pending_reason.h"

namespace arcas::sim {

/// Where a pod is, or why it has no node, with all names as text.
struct Explanation {
  std::string pod;
  std::string state;  ///< bound, pending, gated, placed (not yet bound), deleted
  TimePoint at;       ///< of this answer
  TimePoint created_at;
  TimePoint bound_at{-1};
  std::string node;       ///< where it is, or was
  std::string nominated;  ///< where preemption makes room for it
  std::string scheduler;  ///< who decides
  /// Nodes that would have taken it when it was bound, best first, with their scores.
  std::vector<std::pair<std::string, std::int64_t>> scores;
  std::optional<scheduler::PendingReason> reason;
};

std::string to_text(const Explanation& explanation);
/// One object and a line's end.
std::string to_json(const Explanation& explanation);

}  // namespace arcas::sim
