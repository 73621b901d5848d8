#include "real/api/object_text.h"

#include <boost/json.hpp>

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
