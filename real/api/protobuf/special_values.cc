#include "real/api/protobuf/special_values.h"

#include <boost/json.hpp>
#include <boost/locale/utf.hpp>
#include <cstdio>
#include <limits>

#include "real/api/protobuf/wire_reader.h"
#include "real/api/schema/time_text.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

/// The fields of the small messages, by their numbers; all of them are numbers or bytes.
struct SmallMessage {
  static constexpr std::uint32_t kMostFields = 3;
  std::uint64_t values[kMostFields + 1] = {};
  std::string_view bytes[kMostFields + 1];
};

Expected<SmallMessage> read_small(std::string_view bytes) {
  SmallMessage message;
  WireReader reader(bytes);
  WireField field;
  while (!reader.at_end()) {
    if (Status status = reader.next(field); !status.ok()) return status;
    if (field.number > SmallMessage::kMostFields) continue;
    message.values[field.number] = field.value;
    message.bytes[field.number] = field.bytes;
  }
  return message;
}

Expected<json::value> text_value(std::string_view text) {
  if (!is_utf8(text)) return Status::invalid("the text is no UTF-8");
  return json::value(json::string(text));
}

Expected<json::value> int_or_text(const SmallMessage& message) {
  constexpr std::uint64_t kNumber = 0;
  constexpr std::uint64_t kText = 1;
  if (message.values[1] == kText) return text_value(message.bytes[3]);
  const auto number = static_cast<std::int64_t>(message.values[2]);
  if (message.values[1] != kNumber || number < std::numeric_limits<std::int32_t>::min() ||
      number > std::numeric_limits<std::int32_t>::max()) {
    return Status::invalid("allowed is type 0 with a number of 32 bits, or type 1 with a text");
  }
  return json::value(number);
}

Expected<json::value> time_value(const SmallMessage& message, bool with_micros) {
  constexpr std::int64_t kFirst = -62'135'596'800;  // the year 1 begins
  constexpr std::int64_t kLast = 253'402'300'799;   // the year 9999 ends
  constexpr std::uint64_t kNanoseconds = 1'000'000'000;
  const auto seconds = static_cast<std::int64_t>(message.values[1]);
  const std::uint64_t nanoseconds = message.values[2];
  if (seconds < kFirst || seconds > kLast || nanoseconds >= kNanoseconds) {
    return Status::invalid("allowed are the years 1 to 9999, and nanoseconds from 0 to 999999999");
  }
  std::string text = timestamp_text(seconds);
  if (with_micros) {
    char fraction[16];
    std::snprintf(fraction, sizeof(fraction), ".%06uZ", static_cast<unsigned>(nanoseconds / 1000));
    text.replace(text.size() - 1, 1, fraction);
  }
  return json::value(json::string(text));
}

Expected<json::value> raw_value(std::string_view text) {
  if (text.empty()) return json::value();
  json::parse_options options;
  options.max_depth = 80;  // with what is around it, fewer than a body may have
  boost::system::error_code failed;
  json::value value = json::parse(text, failed, {}, options);
  if (failed) return Status::invalid("no JSON: " + failed.message());
  return value;
}

}  // namespace

Expected<json::value> special_value(WireKind kind, std::string_view bytes) {
  const Expected<SmallMessage> message = read_small(bytes);
  if (!message) return message.error();
  switch (kind) {
    case WireKind::quantity:
      return text_value(bytes.empty() ? "0" : message->bytes[1]);
    case WireKind::int_or_text:
      return int_or_text(*message);
    case WireKind::time:
    case WireKind::micro_time:
      if (bytes.empty()) return json::value();
      return time_value(*message, kind == WireKind::micro_time);
    case WireKind::raw:
      return raw_value(message->bytes[1]);
    default:
      return Status::invalid("it is no special value");
  }
}

bool is_utf8(std::string_view text) {
  using Utf8 = boost::locale::utf::utf_traits<char>;
  const char* at = text.data();
  const char* end = at + text.size();
  while (at != end) {
    const boost::locale::utf::code_point point = Utf8::decode(at, end);
    if (point == boost::locale::utf::illegal || point == boost::locale::utf::incomplete) {
      return false;
    }
  }
  return true;
}

}  // namespace arcas::real
