#include "core/manifest/document.h"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>

#include "core/base/hash.h"

namespace arcas::manifest {

namespace json = boost::json;

namespace {

bool is_plain_key(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string with_key(const std::string& path, std::string_view key) {
  if (!is_plain_key(key)) {
    std::string shown = quoted(key);
    return path + "[" + shown.substr(1, shown.size() - 2) + "]";
  }
  return path.empty() ? std::string(key) : path + "." + std::string(key);
}

/// Walks the document for the value at one address. Each value has one place.
std::optional<std::string> path_to(const json::value& from, const json::value* wanted,
                                   const std::string& path) {
  if (&from == wanted) return path;
  if (const json::object* object = from.if_object()) {
    for (const json::key_value_pair& member : *object) {
      if (auto found = path_to(member.value(), wanted, with_key(path, member.key()))) return found;
    }
  } else if (const json::array* array = from.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (auto found = path_to((*array)[i], wanted, path + "[" + std::to_string(i) + "]")) {
        return found;
      }
    }
  }
  return std::nullopt;
}

std::string_view kind_name(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "true or false";
    case json::kind::int64:
    case json::kind::uint64:
      return "a whole number";
    case json::kind::double_:
      return "a number with a fraction or exponent";
    case json::kind::string:
      return "a string";
    case json::kind::array:
      return "a list";
    case json::kind::object:
      return "an object";
  }
  return "";
}

/// Members of an object are added up, so that their order does not count.
std::uint64_t hash_of(const json::value& value) {
  const auto kind = static_cast<std::uint64_t>(value.kind()) + 1;
  if (const json::object* object = value.if_object()) {
    std::uint64_t sum = kind;
    for (const json::key_value_pair& member : *object) {
      sum += hash_combine(hash_bytes(member.key()), hash_of(member.value()));
    }
    return mix64(sum);
  }
  if (const json::array* array = value.if_array()) {
    std::uint64_t hash = kind;
    for (const json::value& element : *array) hash = hash_combine(hash, hash_of(element));
    return hash;
  }
  if (value.is_string()) return hash_combine(kind, hash_bytes(value.get_string()));
  return hash_combine(kind, hash_bytes(json::serialize(value)));
}

template <class Words>
std::string joined(const Words& words) {
  std::string text;
  for (const std::string_view word : words) {
    if (!text.empty()) text += ", ";
    text += word;
  }
  return text;
}

}  // namespace

std::string listed(std::initializer_list<std::string_view> words) { return joined(words); }

std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 60;
  std::size_t size = std::min(kShown, text.size());
  // Not in the middle of a character of UTF-8.
  while (size < text.size() && size > 0 && (text[size] & 0xc0) == 0x80) --size;
  std::string shown = "\"";
  for (const char c : text.substr(0, size)) {
    const auto code = static_cast<unsigned char>(c);
    shown += code < 0x20 || code == 0x7f ? '?' : c;
  }
  return shown + (text.size() > size ? "...\"" : "\"");
}

Reading::Reading(const json::value& document, std::string origin)
    : document_(&document), origin_(std::move(origin)) {}

Field Reading::root() const {
  return {this, document_->is_null() ? nullptr : document_, document_, {}};
}

void Reading::refuse(const Field& where, std::string_view what) const {
  if (!status_.ok()) return;
  std::string message = origin_;
  const std::string path = where.path();
  if (!path.empty()) message += (message.empty() ? "" : ": ") + path;
  status_ = Status::invalid(message + (message.empty() ? "" : ": ") + std::string(what));
}

std::uint64_t Field::content_hash() const { return value_ == nullptr ? 0 : hash_of(*value_); }

std::string Field::path() const {
  const json::value* known = value_ != nullptr ? value_ : holder_;
  const std::string path = path_to(*reading_->document_, known, "").value_or("");
  return value_ != nullptr || key_.empty() ? path : with_key(path, key_);
}

void Field::refuse_type(std::string_view allowed) const {
  refuse("is " + std::string(kind_name(*value_)) + "; allowed: " + std::string(allowed));
}

Field Field::operator[](std::string_view member) const {
  if (value_ == nullptr) return {reading_, nullptr, holder_, member};
  const json::object* object = value_->if_object();
  if (object == nullptr) {
    refuse_type("an object");
    return {reading_, nullptr, value_, member};
  }
  const json::value* found = object->if_contains(member);
  if (found != nullptr && found->is_null()) found = nullptr;
  return {reading_, found, value_, member};
}

std::vector<Field> Field::elements() const {
  std::vector<Field> fields;
  if (value_ == nullptr) return fields;
  const json::array* array = value_->if_array();
  if (array == nullptr) {
    refuse_type("a list");
    return fields;
  }
  fields.reserve(array->size());
  for (const json::value& element : *array) {
    fields.push_back(Field(reading_, &element, value_, {}));
  }
  return fields;
}

std::vector<std::pair<std::string_view, Field>> Field::members() const {
  std::vector<std::pair<std::string_view, Field>> fields;
  if (value_ == nullptr) return fields;
  const json::object* object = value_->if_object();
  if (object == nullptr) {
    refuse_type("an object");
    return fields;
  }
  fields.reserve(object->size());
  for (const json::key_value_pair& member : *object) {
    const json::value* value = member.value().is_null() ? nullptr : &member.value();
    fields.emplace_back(member.key(), Field(reading_, value, value_, member.key()));
  }
  return fields;
}

std::string_view Field::text() const {
  if (value_ == nullptr) return {};
  if (const json::string* text = value_->if_string()) return *text;
  refuse_type("a string");
  return {};
}

std::string Field::scalar_text() const {
  if (value_ == nullptr) return {};
  if (const json::string* text = value_->if_string()) return std::string(*text);
  if (value_->is_number()) return json::serialize(*value_);
  refuse_type("a string or a number");
  return {};
}

bool Field::boolean(bool absent) const {
  if (value_ == nullptr) return absent;
  if (const bool* flag = value_->if_bool()) return *flag;
  refuse_type("true or false");
  return absent;
}

std::int64_t Field::integer(std::int64_t absent, std::int64_t least, std::int64_t most) const {
  if (value_ == nullptr) return absent;
  const std::int64_t* number = value_->if_int64();
  if (number == nullptr && !value_->is_uint64()) {
    refuse_type("a whole number");
    return absent;
  }
  if (number != nullptr && *number >= least && *number <= most) return *number;
  refuse(json::serialize(*value_) + " is out of range; allowed: " + std::to_string(least) + ".." +
         std::to_string(most));
  return absent;
}

bool Field::is_text() const { return value_ != nullptr && value_->is_string(); }
bool Field::is_object() const { return value_ != nullptr && value_->is_object(); }

std::size_t Field::one_of(std::initializer_list<std::string_view> words, std::size_t absent) const {
  const std::string_view word = text();
  if (!present() || !is_text()) return absent;
  const auto* at = std::find(words.begin(), words.end(), word);
  if (at != words.end()) return static_cast<std::size_t>(at - words.begin());
  refuse(quoted(word) + " is unknown; allowed: " + listed(words));
  return absent;
}

void Field::allow_only(std::initializer_list<std::string_view> names) const {
  for (const auto& [name, field] : members()) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      field.refuse("is unknown here; allowed: " + listed(names));
    }
  }
}

void Field::require() const {
  if (!present()) {
    refuse("is missing");
  } else if (is_text() && text().empty()) {
    refuse("is empty; allowed: a text of at least one character");
  }
}

}  // namespace arcas::manifest
