#include <optional>
#include <string>

#include "core/manifest/parts.h"

namespace arcas::manifest {
namespace {

/// Days from 1970-01-01 to a day of the Gregorian calendar.
/// Source: the arithmetic of years that begin in March, after which leap days come last.
std::int64_t days_since_1970(std::int64_t year, std::int64_t month, std::int64_t day) {
  const std::int64_t y = month > 2 ? year : year - 1;
  const std::int64_t months = month > 2 ? month - 3 : month + 9;
  const std::int64_t day_of_year = (153 * months + 2) / 5 + day - 1;
  return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719'468;
}

/// Reads a text from the left; any mismatch makes it useless.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  /// Exactly `digits` digits whose number is in [least, most].
  std::int64_t number(std::size_t digits, std::int64_t least, std::int64_t most) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < digits; ++i) value = value * 10 + digit();
    if (value < least || value > most) good_ = false;
    return value;
  }
  bool one_of(std::string_view allowed, char& found) {
    if (text_.empty() || allowed.find(text_[0]) == std::string_view::npos) return false;
    found = text_[0];
    text_.remove_prefix(1);
    return true;
  }
  void expect(std::string_view allowed) {
    char found = 0;
    if (!one_of(allowed, found)) good_ = false;
  }
  /// Digits of a fraction of a second, as nanoseconds; those after the ninth are dropped.
  std::int64_t nanoseconds() {
    std::int64_t value = 0;
    std::int64_t unit = 100'000'000;
    do {
      value += digit() * unit;
      unit /= 10;
    } while (good_ && !text_.empty() && text_[0] >= '0' && text_[0] <= '9');
    return value;
  }
  [[nodiscard]] bool finished() const { return good_ && text_.empty(); }

 private:
  std::int64_t digit() {
    if (text_.empty() || text_[0] < '0' || text_[0] > '9') {
      good_ = false;
      return 0;
    }
    const char c = text_[0];
    text_.remove_prefix(1);
    return c - '0';
  }

  std::string_view text_;
  bool good_ = true;
};

}  // namespace

std::optional<std::int64_t> unix_nanoseconds_of(std::string_view text) {
  Scanner scan(text);
  const std::int64_t year = scan.number(4, 1970, 2261);
  scan.expect("-");
  const std::int64_t month = scan.number(2, 1, 12);
  scan.expect("-");
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  constexpr std::int64_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool known_month = month >= 1 && month <= 12;
  const std::int64_t last = known_month ? kDays[month - 1] + (month == 2 && leap ? 1 : 0) : 31;
  const std::int64_t day = scan.number(2, 1, last);
  scan.expect("Tt");
  const std::int64_t hour = scan.number(2, 0, 23);
  scan.expect(":");
  const std::int64_t minute = scan.number(2, 0, 59);
  scan.expect(":");
  const std::int64_t second = scan.number(2, 0, 59);
  char sign = 0;
  const std::int64_t fraction = scan.one_of(".,", sign) ? scan.nanoseconds() : 0;
  std::int64_t offset = 0;
  if (!scan.one_of("+-", sign)) {
    scan.expect("Zz");
  } else {
    offset = scan.number(2, 0, 23) * 60;
    scan.expect(":");
    offset += scan.number(2, 0, 59);
    if (sign == '-') offset = -offset;
  }
  if (!scan.finished()) return std::nullopt;
  const std::int64_t minutes = days_since_1970(year, month, day) * 1440 + hour * 60 + minute;
  return ((minutes - offset) * 60 + second) * 1'000'000'000 + fraction;
}

std::optional<TimePoint> time_at(const Field& field, const Decoding& decoding) {
  if (!field.present() || !field.is_text()) {
    (void)field.text();  // reports a wrong type
    return std::nullopt;
  }
  const auto ns = unix_nanoseconds_of(field.text());
  if (ns) return TimePoint{*ns - decoding.epoch_ns};
  field.refuse(quoted(field.text()) +
               " is no time; allowed: RFC 3339, such as 2025-01-01T01:32:06Z, of 1970 to 2261");
  return std::nullopt;
}

}  // namespace arcas::manifest
