#pragma once

#include <boost/json/fwd.hpp>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/expected.h"

namespace arcas::manifest {

class Field;

/// One reading of a document. Keeps the first thing that is wrong; what is read afterwards is of no
/// use. The document must outlive it and stay as it is.
class Reading {
 public:
  /// `origin` stands before every message, such as a file name; it may be empty.
  explicit Reading(const boost::json::value& document, std::string origin = {});

  [[nodiscard]] Field root() const;
  [[nodiscard]] bool ok() const { return status_.ok(); }
  [[nodiscard]] const Status& status() const { return status_; }
  /// "origin: path: what". Kept only if it is the first.
  void refuse(const Field& where, std::string_view what) const;

 private:
  friend class Field;
  const boost::json::value* document_;
  std::string origin_;
  mutable Status status_;
};

/// A place in a document: a value, or a member that is not there. `null` counts as not there. A
/// value of the wrong type is reported to the reading and then counts as not there, too. The path
/// to a place is worked out only for messages. Cost of a look-up: one hash or one scan.
class Field {
 public:
  [[nodiscard]] bool present() const { return value_ != nullptr; }
  [[nodiscard]] Field operator[](std::string_view member) const;
  /// Of an array, in order.
  [[nodiscard]] std::vector<Field> elements() const;
  /// Of an object, in the order of the document.
  [[nodiscard]] std::vector<std::pair<std::string_view, Field>> members() const;

  /// A string; empty when absent.
  [[nodiscard]] std::string_view text() const;
  /// A string or a number, as it is written; empty when absent.
  [[nodiscard]] std::string scalar_text() const;
  [[nodiscard]] bool boolean(bool absent = false) const;
  /// A whole number within the bounds.
  [[nodiscard]] std::int64_t integer(
      std::int64_t absent = 0, std::int64_t least = std::numeric_limits<std::int64_t>::min(),
      std::int64_t most = std::numeric_limits<std::int64_t>::max()) const;
  [[nodiscard]] std::int32_t integer32(
      std::int32_t absent = 0, std::int32_t least = std::numeric_limits<std::int32_t>::min(),
      std::int32_t most = std::numeric_limits<std::int32_t>::max()) const {
    return static_cast<std::int32_t>(integer(absent, least, most));
  }
  [[nodiscard]] bool is_text() const;
  [[nodiscard]] bool is_object() const;

  /// One of the words by its place; `absent` when there is none. Other words are refused.
  [[nodiscard]] std::size_t one_of(std::initializer_list<std::string_view> words,
                                   std::size_t absent = 0) const;
  /// Refuses members of other names.
  void allow_only(std::initializer_list<std::string_view> names) const;
  /// Refuses the place when it is absent or an empty string.
  void require() const;

  void refuse(std::string_view what) const { reading_->refuse(*this, what); }
  /// A hash of all that is written there, whatever the order of members; 0 when absent. Cost:
  /// linear.
  [[nodiscard]] std::uint64_t content_hash() const;
  /// "spec.containers[0].image"; keys that are no identifiers stand in brackets.
  [[nodiscard]] std::string path() const;

 private:
  friend class Reading;
  Field(const Reading* reading, const boost::json::value* value, const boost::json::value* holder,
        std::string_view key)
      : reading_(reading), value_(value), holder_(holder), key_(key) {}
  void refuse_type(std::string_view allowed) const;

  const Reading* reading_;
  const boost::json::value* value_;   // null: absent
  const boost::json::value* holder_;  // what it is absent from
  std::string_view key_;
};

/// Decodes a whole document with `decode(root)`; the first problem is the error.
template <class Decode>
auto decode_document(const boost::json::value& document, Decode decode)
    -> Expected<decltype(decode(std::declval<Field>()))> {
  const Reading reading(document);
  auto object = decode(reading.root());
  if (!reading.ok()) return reading.status();
  return object;
}

/// "a, b, c".
std::string listed(std::initializer_list<std::string_view> words);
/// The text in quotes, cut to 60 bytes, without control characters.
std::string quoted(std::string_view text);

}  // namespace arcas::manifest
