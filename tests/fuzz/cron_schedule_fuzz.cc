// Any bytes as a schedule: either an error that says something, or times that ascend, each the
// latest at its own moment.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/controllers/cron_schedule.h"

namespace {

void require(bool kept) {
  if (!kept) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto schedule = arcas::controllers::CronSchedule::parse(text);
  if (!schedule) {
    require(!schedule.error().message.empty());
    return 0;
  }
  std::int64_t at = 1'769'860'800;
  for (int i = 0; i < 3; ++i) {
    const auto next = schedule->next(at);
    if (!next) return 0;
    require(*next > at && *next % 60 == 0);
    require(schedule->latest(*next, at) == next);
    require(!schedule->latest(*next - 1, at));
    at = *next;
  }
  return 0;
}
