#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/expected.h"

namespace arcas::real {

/// What a field's value is, and so how its bytes become JSON.
enum class WireKind : std::uint8_t {
  text,
  boolean,
  int32,
  int64,
  bytes,        ///< base64 in JSON
  quantity,     ///< a message that holds a text; a string in JSON
  int_or_text,  ///< a message that says which of the two it holds
  time,         ///< a message of seconds and nanoseconds; RFC 3339 in whole seconds, or null
  micro_time,   ///< the same with six digits of a second
  raw,          ///< a message that holds JSON
  message,
};

enum class FieldShape : std::uint8_t { one, list, map };

struct MessageType;

struct MessageField {
  std::uint32_t number = 0;
  std::string name;  ///< as JSON has it
  WireKind kind = WireKind::text;
  FieldShape shape = FieldShape::one;
  bool says_zero = false;  ///< JSON has the member also when it is empty, 0 or false
  bool inlined = false;    ///< its members are, in JSON, members of the message around it
  const MessageType* type = nullptr;  ///< of messages
};

struct MessageType {
  std::string name;                  ///< "core.Container"
  bool is_list = false;              ///< JSON has its only field instead of an object
  std::vector<MessageField> fields;  ///< by number
  /// Null when there is none of that number. Cost: O(log fields).
  [[nodiscard]] const MessageField* find(std::uint32_t number) const;
};

/// How Kubernetes's objects are laid out in Protocol Buffers.
class MessageTable {
 public:
  MessageTable() = default;
  MessageTable(MessageTable&&) = default;
  MessageTable& operator=(MessageTable&&) = default;
  /// Reads texts in the form that message_texts.h describes. Errors: invalid, with the word that
  /// is wrong and what is allowed.
  static Expected<MessageTable> parse(const std::vector<std::string_view>& texts);
  /// Of all that arcas serves.
  static const MessageTable& built_in();

  /// The message of a kind: "apps/v1", "Deployment". Null when there is none.
  [[nodiscard]] const MessageType* find_kind(std::string_view api_version,
                                             std::string_view kind) const;
  [[nodiscard]] const std::deque<MessageType>& types() const { return types_; }

 private:
  friend class MessageTableReader;
  std::deque<MessageType> types_;
  /// By "apps/v1 Deployment"; "* DeleteOptions" is of every version.
  std::map<std::string, const MessageType*, std::less<>> kinds_;
};

}  // namespace arcas::real
