#pragma once

#include <cstdint>
#include <optional>

namespace arcas::controllers {

/// A Job as far as its end is concerned.
struct FinishedJob {
  std::optional<std::int64_t> finished_at;  ///< seconds since 1970; nothing: it has not
  std::optional<std::int64_t> keep;         ///< spec.ttlSecondsAfterFinished
  bool deleting = false;
};

/// When a finished Job goes, in seconds since 1970, with its pods before it (foreground); nothing:
/// never, as things are. A time in the past means now.
/// Source: Kubernetes 1.32, pkg/controller/ttlafterfinished.
std::optional<std::int64_t> job_expires_at(const FinishedJob& job);

}  // namespace arcas::controllers
