#include "core/controllers/job_expiry.h"

#include <algorithm>
#include <limits>

namespace arcas::controllers {

std::optional<std::int64_t> job_expires_at(const FinishedJob& job) {
  if (!job.finished_at || !job.keep || job.deleting) return std::nullopt;
  const std::int64_t keep = std::max<std::int64_t>(*job.keep, 0);
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  if (*job.finished_at > kMost - keep) return std::nullopt;
  return *job.finished_at + keep;
}

}  // namespace arcas::controllers
