#include "real/api/schema/reading.h"

#include <algorithm>
#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <limits>
#include <optional>
#include <set>

#include "core/manifest/document.h"
#include "core/manifest/parts.h"
#include "core/model/quantity.h"
#include "real/api/schema/base64.h"
#include "real/api/schema/field_path.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxUnknown = 100;

std::string shown(const json::value& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "a list";
  if (value.is_string()) return manifest::quoted(std::string_view(value.get_string()));
  return json::serialize(value);
}

bool is_quantity(const json::value& value) {
  if (value.is_string()) {
    return model::Quantity::parse(std::string_view(value.get_string())).has_value();
  }
  return value.is_number() && model::Quantity::parse(json::serialize(value)).has_value();
}

bool fits_integer(const json::value& value, bool is_32_bit) {
  const std::int64_t* number = value.if_int64();
  if (number == nullptr) return false;
  return !is_32_bit || (*number >= std::numeric_limits<std::int32_t>::min() &&
                        *number <= std::numeric_limits<std::int32_t>::max());
}

bool is_time(const json::value& value) {
  return value.is_string() && manifest::unix_nanoseconds_of(value.get_string()).has_value();
}

class Reader {
 public:
  std::vector<std::string> unknown;

  Status read(const FieldPath& path, const ValueSchema& schema, json::value& value) {
    switch (schema.kind) {
      case ValueKind::text:
        return value.is_string() ? Status::success() : refuse(path, value, "a string");
      case ValueKind::integer:
        if (fits_integer(value, schema.is_32_bit)) return Status::success();
        return refuse(path, value,
                      schema.is_32_bit ? "a whole number of 32 bits" : "a whole number");
      case ValueKind::number:
        return value.is_number() ? Status::success() : refuse(path, value, "a number");
      case ValueKind::boolean:
        return value.is_bool() ? Status::success() : refuse(path, value, "true or false");
      case ValueKind::quantity:
        if (is_quantity(value)) return Status::success();
        return refuse(path, value, "a quantity, such as 500m or 2Gi");
      case ValueKind::int_or_text:
        if (value.is_string() || fits_integer(value, true)) return Status::success();
        return refuse(path, value, "a whole number of 32 bits or a string");
      case ValueKind::time:
      case ValueKind::micro_time:
        if (is_time(value)) return Status::success();
        return refuse(path, value, "a time, such as 2026-01-31T12:00:00Z");
      case ValueKind::bytes:
        if (value.is_string() && is_base64(value.get_string())) return Status::success();
        return refuse(path, value, "a string in base64");
      case ValueKind::any:
        return Status::success();
      case ValueKind::open_object:
        return value.is_object() ? Status::success() : refuse(path, value, "an object");
      case ValueKind::object:
        if (json::object* object = value.if_object())
          return read_object(path, *schema.type, *object);
        return refuse(path, value, "an object");
      case ValueKind::list:
        if (json::array* list = value.if_array()) return read_list(path, *schema.element, *list);
        return refuse(path, value, "a list");
      case ValueKind::map:
        if (json::object* map = value.if_object()) return read_map(path, *schema.element, *map);
        return refuse(path, value, "an object");
    }
    return Status::success();
  }

  Status read_object(const FieldPath& path, const TypeSchema& type, json::object& object) {
    for (auto member = object.begin(); member != object.end();) {
      const FieldSchema* field = type.find(member->key());
      const FieldPath place = path.member(member->key());
      if (field == nullptr && type.open) {
        ++member;
        continue;
      }
      if (field == nullptr && unknown.size() < kMaxUnknown) unknown.push_back(place.text());
      if (field == nullptr || member->value().is_null()) {
        member = object.stable_erase(member);
        continue;
      }
      Status status = read(place, *field->value, member->value());
      if (!status.ok()) return status;
      ++member;
    }
    return Status::success();
  }

 private:
  static Status refuse(const FieldPath& path, const json::value& value, std::string_view allowed) {
    return Status::invalid(path.text() + ": " + shown(value) + " is there; allowed is " +
                           std::string(allowed));
  }

  Status read_list(const FieldPath& path, const ValueSchema& element, json::array& list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      Status status = read(path.element(i), element, list[i]);
      if (!status.ok()) return status;
    }
    return Status::success();
  }

  Status read_map(const FieldPath& path, const ValueSchema& element, json::object& map) {
    for (auto& [key, value] : map) {
      Status status = read(path.key(key), element, value);
      if (!status.ok()) return status;
    }
    return Status::success();
  }
};

/// Follows the parser through a text and keeps the keys of the objects that are open.
class RepeatedMembers {
 public:
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;
  using Error = boost::system::error_code;

  std::vector<std::string> found;

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) { return open(false); }
  bool on_object_end(std::size_t, Error&) { return close(); }
  bool on_array_begin(Error&) { return open(true); }
  bool on_array_end(std::size_t, Error&) { return close(); }
  bool on_key_part(json::string_view part, std::size_t, Error&) {
    key_.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t, Error&) {
    key_.append(part.data(), part.size());
    Frame& frame = frames_.back();
    if (!frame.keys.insert(key_).second && found.size() < kMaxUnknown) {
      frame.key = key_;
      found.push_back(path());
    }
    frame.key = std::move(key_);
    key_.clear();
    return true;
  }
  bool on_string_part(json::string_view, std::size_t, Error&) { return true; }
  bool on_string(json::string_view, std::size_t, Error&) { return leaf(); }
  bool on_number_part(json::string_view, Error&) { return true; }
  bool on_int64(std::int64_t, json::string_view, Error&) { return leaf(); }
  bool on_uint64(std::uint64_t, json::string_view, Error&) { return leaf(); }
  bool on_double(double, json::string_view, Error&) { return leaf(); }
  bool on_bool(bool, Error&) { return leaf(); }
  bool on_null(Error&) { return leaf(); }
  bool on_comment_part(json::string_view, Error&) { return true; }
  bool on_comment(json::string_view, Error&) { return true; }

 private:
  struct Frame {
    bool is_list = false;
    std::size_t index = 0;
    std::string key;
    std::set<std::string> keys;
  };

  bool leaf() {
    if (!frames_.empty()) ++frames_.back().index;
    return true;
  }
  bool open(bool is_list) {
    frames_.emplace_back().is_list = is_list;
    return true;
  }
  bool close() {
    frames_.pop_back();
    return leaf();
  }
  [[nodiscard]] std::string path() const {
    std::string text;
    for (const Frame& frame : frames_) {
      if (frame.is_list) {
        text += '[' + std::to_string(frame.index) + ']';
      } else {
        if (!text.empty()) text += '.';
        text += frame.key;
      }
    }
    return text;
  }

  std::vector<Frame> frames_;
  std::string key_;
};

}  // namespace

Expected<std::vector<std::string>> read_as(const TypeSchema& type, json::object& object) {
  Reader reader;
  Status status = reader.read_object(FieldPath(), type, object);
  if (!status.ok()) return status;
  return std::move(reader.unknown);
}

std::vector<std::string> repeated_members(std::string_view text) {
  json::parse_options options;
  options.max_depth = 100;
  json::basic_parser<RepeatedMembers> parser(options);
  boost::system::error_code failed;
  parser.write_some(false, text.data(), text.size(), failed);
  return std::move(parser.handler().found);
}

}  // namespace arcas::real
