#include "real/api/object_text.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxDepth = 100;
constexpr std::string_view kMetadata = R"("metadata":{)";
constexpr std::string_view kVersion = R"({"apiVersion":")";

/// Where the members of metadata begin in a text that `stored_text` made; npos in others.
std::size_t metadata_begin(std::string_view stored) {
  if (!stored.starts_with(kVersion)) return std::string_view::npos;
  std::size_t at = stored.find('"', kVersion.size());
  constexpr std::string_view kKind = R"(","kind":")";
  if (at == std::string_view::npos || stored.substr(at, kKind.size()) != kKind) {
    return std::string_view::npos;
  }
  at = stored.find('"', at + kKind.size());
  if (at == std::string_view::npos || stored.substr(at, 2) != "\",") return std::string_view::npos;
  at += 2;
  return stored.substr(at, kMetadata.size()) == kMetadata ? at + kMetadata.size()
                                                          : std::string_view::npos;
}

/// Digits at `at`, `width` of them; negative when there are others.
int digits(std::string_view text, std::size_t at, std::size_t width) {
  int value = -1;
  if (text.size() < at + width) return -1;
  const char* begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + width, value);
  return error == std::errc() && end == begin + width ? value : -1;
}

}  // namespace

Expected<json::value> parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = kMaxDepth;
  json::parser parser({}, options);
  boost::system::error_code failed;
  const std::size_t read = parser.write(text, failed);
  if (failed) {
    return Status::invalid("no JSON: byte " + std::to_string(read) + ": " + failed.message());
  }
  return parser.release();
}

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

std::string stored_text(json::object object) {
  json::object ordered;
  ordered.reserve(object.size() + 3);
  for (const char* name : {"apiVersion", "kind", "metadata"}) {
    if (json::value* value = object.if_contains(name)) ordered[name] = std::move(*value);
  }
  object_at(ordered, "metadata").erase("resourceVersion");
  for (auto& [name, value] : object) {
    if (!ordered.contains(name)) ordered.emplace(name, std::move(value));
  }
  return json::serialize(ordered);
}

json::object stored_object(std::string_view stored) {
  Expected<json::value> value = parse_json(stored);
  if (!value || !value->is_object()) return {};
  return std::move(value->get_object());
}

json::object client_object(std::string_view stored, Revision revision,
                           std::string_view api_version) {
  json::object object = stored_object(stored);
  if (object.empty()) return object;
  object["apiVersion"] = api_version;
  if (revision != 0) object_at(object, "metadata")["resourceVersion"] = std::to_string(revision);
  return object;
}

std::string client_text(std::string_view stored, Revision revision, std::string_view api_version) {
  const std::size_t begin = metadata_begin(stored);
  if (begin == std::string_view::npos || stored[begin] == '}') {
    return json::serialize(client_object(stored, revision, api_version));
  }
  const std::size_t version_end = stored.find('"', kVersion.size());
  std::string text;
  text.reserve(stored.size() + 48);
  text.append(kVersion).append(api_version);
  text.append(stored.substr(version_end, begin - version_end));
  if (revision != 0) {
    text.append(R"("resourceVersion":")").append(std::to_string(revision)).append("\",");
  }
  text.append(stored.substr(begin));
  return text;
}

json::object& object_at(json::object& holder, std::string_view name) {
  json::value& value = holder[name];
  return value.is_object() ? value.get_object() : value.emplace_object();
}

const json::value* value_at(const json::object& object, std::string_view path) {
  const json::object* place = &object;
  while (true) {
    const std::size_t end = path.find('.');
    const json::value* value = place->if_contains(path.substr(0, end));
    if (value == nullptr || value->is_null()) return nullptr;
    if (end == std::string_view::npos) return value;
    place = value->if_object();
    if (place == nullptr) return nullptr;
    path.remove_prefix(end + 1);
  }
}

std::string_view text_at(const json::object& object, std::string_view path) {
  const json::value* value = value_at(object, path);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                : std::string_view();
}

std::int64_t integer_at(const json::object& object, std::string_view path) {
  const json::value* value = value_at(object, path);
  if (value == nullptr) return 0;
  if (const std::int64_t* number = value->if_int64()) return *number;
  return 0;
}

}  // namespace arcas::real
