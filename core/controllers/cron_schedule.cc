#include "core/controllers/cron_schedule.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

namespace arcas::controllers {
namespace {

constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kMostDays = 8 * 366;

struct FieldForm {
  const char* name;
  int least;
  int most;
  std::string_view words;  ///< names of three letters, from `least` on
};
constexpr std::array<FieldForm, 5> kForms{
    FieldForm{"minute", 0, 59, ""}, FieldForm{"hour", 0, 23, ""},
    FieldForm{"day of month", 1, 31, ""},
    FieldForm{"month", 1, 12, "janfebmaraprmayjunjulaugsepoctnovdec"},
    FieldForm{"day of week", 0, 7, "sunmontuewedthufrisat"}};

struct Macro {
  std::string_view name;
  std::string_view meaning;
};
constexpr std::array<Macro, 7> kMacros{
    Macro{"@yearly", "0 0 1 1 *"}, Macro{"@annually", "0 0 1 1 *"}, Macro{"@monthly", "0 0 1 * *"},
    Macro{"@weekly", "0 0 * * 0"}, Macro{"@daily", "0 0 * * *"},    Macro{"@midnight", "0 0 * * *"},
    Macro{"@hourly", "0 * * * *"}};

struct CivilDay {
  std::int64_t year;
  int month;
  int day;
};

/// The day of the Gregorian calendar, from the days since 1970-01-01.
/// Source: the arithmetic of years that begin in March, after which leap days come last.
CivilDay civil(std::int64_t days) {
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
  const std::int64_t of_era = shifted - era * 146'097;
  const std::int64_t year = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const std::int64_t month = (5 * of_year + 2) / 153;
  const auto day = static_cast<int>(of_year - (153 * month + 2) / 5 + 1);
  const auto number = static_cast<int>(month < 10 ? month + 3 : month - 9);
  return {year + era * 400 + (number <= 2 ? 1 : 0), number, day};
}

std::int64_t day_of(std::int64_t seconds) {
  return seconds >= 0 ? seconds / kDay : -((kDay - 1 - seconds) / kDay);
}

std::vector<std::string_view> split(std::string_view text, std::string_view at) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find_first_of(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

class FieldReader {
 public:
  FieldReader(const FieldForm& form, std::string_view text) : form_(form), text_(text) {}

  Status read(std::vector<int>& values) {
    for (const std::string_view part : split(text_, ",")) {
      if (!read_part(part, values)) return wrong();
    }
    return Status::success();
  }

 private:
  bool read_part(std::string_view part, std::vector<int>& values) {
    const auto stepped = split(part, "/");
    if (stepped.size() > 2) return false;
    int step = 1;
    if (stepped.size() == 2 && (!number(stepped[1], step) || step < 1)) return false;
    int first = form_.least;
    int last = form_.most;
    const std::string_view range = stepped[0];
    if (range != "*" && range != "?") {
      const auto ends = split(range, "-");
      if (ends.size() > 2 || !value(ends[0], first)) return false;
      if (ends.size() == 2) {
        if (!value(ends[1], last)) return false;
      } else if (stepped.size() == 1) {
        last = first;  // with a step a number means from there on
      }
    } else if (form_.most == 7) {
      last = 6;
    }
    if (first > last) return false;
    for (int i = first; i <= last; i += std::min(step, 100)) values.push_back(i);
    return true;
  }

  static bool number(std::string_view text, int& value) {
    const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && at == text.data() + text.size() && !text.empty();
  }

  bool value(std::string_view text, int& value) const {
    if (number(text, value)) return value >= form_.least && value <= form_.most;
    if (text.size() != 3) return false;
    std::string low(text);
    for (char& c : low) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    for (std::size_t i = 0; i + 3 <= form_.words.size(); i += 3) {
      if (form_.words.substr(i, 3) != low) continue;
      value = form_.least + static_cast<int>(i / 3);
      return true;
    }
    return false;
  }

  [[nodiscard]] Status wrong() const {
    std::string allowed = std::to_string(form_.least) + " to " + std::to_string(form_.most);
    if (!form_.words.empty()) {
      allowed += " or " + std::string(form_.words.substr(0, 3)) + " to " +
                 std::string(form_.words.substr(form_.words.size() - 3));
    }
    return Status::invalid(std::string(form_.name) + " '" + std::string(text_) +
                           "': allowed are *, " + allowed +
                           ", ranges a-b that ascend, steps /n, several with commas");
  }

  const FieldForm& form_;
  std::string_view text_;
};

template <std::size_t N>
void set_all(std::bitset<N>& bits, const std::vector<int>& values) {
  for (const int value : values) bits.set(static_cast<std::size_t>(value) % N);
}

}  // namespace

Expected<CronSchedule> CronSchedule::parse(std::string_view text) {
  for (const Macro& macro : kMacros) {
    if (text == macro.name) return parse(macro.meaning);
  }
  std::vector<std::string_view> fields;
  for (const std::string_view field : split(text, " \t")) {
    if (!field.empty()) fields.push_back(field);
  }
  if (fields.size() != kForms.size()) {
    return Status::invalid("'" + std::string(text.substr(0, 100)) + "' has " +
                           std::to_string(fields.size()) +
                           " fields: five are expected (minute, hour, day of month, month, day of "
                           "week), or @hourly, @daily, @weekly, @monthly, @yearly");
  }
  CronSchedule schedule;
  for (std::size_t i = 0; i < kForms.size(); ++i) {
    std::vector<int> values;
    const Status status = FieldReader(kForms[i], fields[i]).read(values);
    if (!status.ok()) return status;
    if (i == 0) set_all(schedule.minutes_, values);
    if (i == 1) set_all(schedule.hours_, values);
    if (i == 2) set_all(schedule.days_, values);
    if (i == 3) set_all(schedule.months_, values);
    if (i == 4) set_all(schedule.weekdays_, values);
  }
  const auto is_free = [](std::string_view field) { return field[0] == '*' || field[0] == '?'; };
  schedule.any_day_ = is_free(fields[2]);
  schedule.any_weekday_ = is_free(fields[4]);
  return schedule;
}

bool CronSchedule::on_day(std::int64_t day) const {
  const CivilDay date = civil(day);
  if (!months_.test(static_cast<std::size_t>(date.month))) return false;
  const std::int64_t weekday = ((day + 4) % 7 + 7) % 7;  // 1970-01-01 was a Thursday
  const bool by_day = days_.test(static_cast<std::size_t>(date.day));
  const bool by_weekday = weekdays_.test(static_cast<std::size_t>(weekday));
  return any_day_ || any_weekday_ ? by_day && by_weekday : by_day || by_weekday;
}

std::optional<std::int64_t> CronSchedule::next(std::int64_t after) const {
  const std::int64_t first = day_of(after);
  for (std::int64_t day = first; day <= first + kMostDays; ++day) {
    if (!on_day(day)) continue;
    for (std::size_t hour = 0; hour < 24; ++hour) {
      if (!hours_.test(hour)) continue;
      for (std::size_t minute = 0; minute < 60; ++minute) {
        const std::int64_t at =
            day * kDay + static_cast<std::int64_t>(hour * 60 + minute) * kMinute;
        if (minutes_.test(minute) && at > after) return at;
      }
    }
  }
  return std::nullopt;
}

std::optional<std::int64_t> CronSchedule::latest(std::int64_t until, std::int64_t after) const {
  const std::int64_t last = day_of(until);
  const std::int64_t first = std::max(day_of(after), last - kMostDays);
  for (std::int64_t day = last; day >= first; --day) {
    if (!on_day(day)) continue;
    for (std::size_t hour = 24; hour-- > 0;) {
      if (!hours_.test(hour)) continue;
      for (std::size_t minute = 60; minute-- > 0;) {
        const std::int64_t at =
            day * kDay + static_cast<std::int64_t>(hour * 60 + minute) * kMinute;
        if (!minutes_.test(minute) || at > until) continue;
        return at > after ? std::optional(at) : std::nullopt;
      }
    }
  }
  return std::nullopt;
}

}  // namespace arcas::controllers
