#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/expected.h"

namespace arcas::controllers {

/// Times of a crontab's form, in UTC, by the minute: "minute hour day-of-month month day-of-week",
/// each `*`, `?`, a number, a range `a-b`, a step `/n` behind any of them, or several with commas;
/// months and days of the week also by the first three letters of their names; Sunday is 0 or 7.
/// Where both days are restricted either will do. Also @yearly, @annually, @monthly, @weekly,
/// @daily, @midnight and @hourly.
/// Source: crontab(5), and the dialect that Kubernetes's CronJobs accept.
class CronSchedule {
 public:
  /// Errors, code invalid, name the field and what is allowed in it.
  static Expected<CronSchedule> parse(std::string_view text);

  // Times are seconds since 1970. Cost: O(days between), at most those of eight years, after which
  // it is taken for never ("0 0 30 2 *").
  /// The first time after this one.
  [[nodiscard]] std::optional<std::int64_t> next(std::int64_t after) const;
  /// The last time at or before `until` and after `after`.
  [[nodiscard]] std::optional<std::int64_t> latest(std::int64_t until, std::int64_t after) const;

 private:
  CronSchedule() = default;
  [[nodiscard]] bool on_day(std::int64_t day) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<7> weekdays_;
  bool any_day_ = false;      // the day of the month is free
  bool any_weekday_ = false;  // the day of the week is
};

}  // namespace arcas::controllers
