#include "real/api/schema/time_text.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace arcas::real {
namespace {

/// Digits at `at`, `width` of them; negative when there are others.
int digits(std::string_view text, std::size_t at, std::size_t width) {
  int value = -1;
  if (text.size() < at + width) return -1;
  const char* begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + width, value);
  return error == std::errc() && end == begin + width ? value : -1;
}

}  // namespace

std::string timestamp_text(std::int64_t unix_seconds) {
  using namespace std::chrono;
  const sys_seconds time{seconds(unix_seconds)};
  const sys_days day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  char text[32];
  std::snprintf(text, sizeof(text), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

std::int64_t timestamp_of(std::string_view text) {
  using namespace std::chrono;
  const int parts[] = {digits(text, 0, 4),  digits(text, 5, 2),  digits(text, 8, 2),
                       digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2)};
  if (*std::min_element(std::begin(parts), std::end(parts)) < 0) return 0;
  const year_month_day date(year(parts[0]), month(static_cast<unsigned>(parts[1])),
                            day(static_cast<unsigned>(parts[2])));
  if (!date.ok()) return 0;
  return sys_seconds(sys_days(date)).time_since_epoch().count() + parts[3] * 3600 + parts[4] * 60 +
         parts[5];
}

}  // namespace arcas::real
