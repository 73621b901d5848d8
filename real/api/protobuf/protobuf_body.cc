#include "real/api/protobuf/protobuf_body.h"

#include <boost/json.hpp>
#include <limits>
#include <string>

#include "core/manifest/document.h"
#include "real/api/protobuf/message_table.h"
#include "real/api/protobuf/special_values.h"
#include "real/api/protobuf/wire_reader.h"
#include "real/api/schema/base64.h"
#include "real/api/schema/field_path.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxValues = 1'000'000;
constexpr std::string_view kMagic("k8s\0", 4);

Status refuse(const FieldPath& path, std::string_view what) {
  const std::string place = path.text();
  return Status::invalid(place.empty() ? std::string(what) : place + ": " + std::string(what));
}

WireForm form_of(WireKind kind) {
  const bool is_number =
      kind == WireKind::boolean || kind == WireKind::int32 || kind == WireKind::int64;
  return is_number ? WireForm::varint : WireForm::bytes;
}

/// A field's value when it is empty, 0 or false; only of fields that JSON leaves out then.
bool is_unsaid(const MessageField& field, const WireField& wire) {
  if (field.says_zero) return false;
  if (form_of(field.kind) == WireForm::varint) return wire.value == 0;
  const bool is_scalar = field.kind == WireKind::text || field.kind == WireKind::bytes;
  return is_scalar && wire.bytes.empty();
}

class BodyReader {
 public:
  Status read_message(const FieldPath& path, const MessageType& type, std::string_view bytes,
                      json::object& object) {
    WireReader reader(bytes);
    WireField wire;
    while (!reader.at_end()) {
      if (Status status = reader.next(wire); !status.ok()) return refuse(path, status.message);
      const MessageField* field = type.find(wire.number);
      if (field == nullptr) continue;
      Status status = field->inlined ? read_inlined(path, *field, wire, object)
                                     : read_field(path.member(field->name), *field, wire, object);
      if (!status.ok()) return status;
    }
    return Status::success();
  }

 private:
  Status read_inlined(const FieldPath& path, const MessageField& field, const WireField& wire,
                      json::object& object) {
    if (wire.form != WireForm::bytes) return refuse(path, "a message must stand here");
    return read_message(path, *field.type, wire.bytes, object);
  }

  Status read_field(const FieldPath& path, const MessageField& field, const WireField& wire,
                    json::object& object) {
    if (field.shape == FieldShape::map) return read_entry(path, field, wire, object);
    if (field.shape == FieldShape::list) return read_elements(path, field, wire, object);
    if (wire.form == form_of(field.kind) && is_unsaid(field, wire)) {
      object.stable_erase(field.name);
      return Status::success();
    }
    return read_value(path, field, wire, object[field.name]);
  }

  /// One more element; of numbers perhaps several, packed.
  Status read_elements(const FieldPath& path, const MessageField& field, const WireField& wire,
                       json::object& object) {
    json::value& place = object[field.name];
    json::array& list = place.is_array() ? place.get_array() : place.emplace_array();
    const bool packed = form_of(field.kind) == WireForm::varint && wire.form == WireForm::bytes;
    if (!packed) {
      const FieldPath element = path.element(list.size());
      return read_value(element, field, wire, list.emplace_back(nullptr));
    }
    WireReader numbers(wire.bytes);
    WireField number;
    while (!numbers.at_end()) {
      const FieldPath element = path.element(list.size());
      if (Status status = numbers.next_packed(number.value); !status.ok()) {
        return refuse(element, status.message);
      }
      Status status = read_value(element, field, number, list.emplace_back(nullptr));
      if (!status.ok()) return status;
    }
    return Status::success();
  }

  /// An entry of a map is a message of its key and its value; either may be left out.
  Status read_entry(const FieldPath& path, const MessageField& field, const WireField& wire,
                    json::object& object) {
    constexpr std::uint32_t kKey = 1;
    constexpr std::uint32_t kValue = 2;
    if (wire.form != WireForm::bytes) return refuse(path, "an entry of a map must stand here");
    std::string_view key;
    WireField value;
    value.form = form_of(field.kind);
    WireReader reader(wire.bytes);
    WireField part;
    while (!reader.at_end()) {
      if (Status status = reader.next(part); !status.ok()) return refuse(path, status.message);
      if (part.number == kKey) {
        if (part.form != WireForm::bytes) return refuse(path, "a key must be a text");
        key = part.bytes;
      }
      if (part.number == kValue) value = part;
    }
    if (!is_utf8(key)) return refuse(path, "a key is no UTF-8");
    json::value& place = object[field.name];
    json::object& map = place.is_object() ? place.get_object() : place.emplace_object();
    return read_value(path.key(key), field, value, map[key]);
  }

  Status read_value(const FieldPath& path, const MessageField& field, const WireField& wire,
                    json::value& value) {
    if (++values_ > kMaxValues) return refuse(path, "a body may have at most 1000000 values");
    if (wire.form != form_of(field.kind)) {
      return refuse(path, form_of(field.kind) == WireForm::varint
                              ? "a number of varying length must stand here"
                              : "a value with its length must stand here");
    }
    switch (field.kind) {
      case WireKind::text:
        if (!is_utf8(wire.bytes)) return refuse(path, "the text is no UTF-8");
        value = json::string(wire.bytes);
        return Status::success();
      case WireKind::boolean:
        value = wire.value != 0;
        return Status::success();
      case WireKind::int32:
        return read_int32(path, static_cast<std::int64_t>(wire.value), value);
      case WireKind::int64:
        value = static_cast<std::int64_t>(wire.value);
        return Status::success();
      case WireKind::bytes:
        value = json::string(base64_of(wire.bytes));
        return Status::success();
      case WireKind::message:
        return read_object(path, *field.type, wire.bytes, value);
      default:
        return read_special(path, field.kind, wire.bytes, value);
    }
  }

  static Status read_int32(const FieldPath& path, std::int64_t number, json::value& value) {
    if (number < std::numeric_limits<std::int32_t>::min() ||
        number > std::numeric_limits<std::int32_t>::max()) {
      return refuse(path,
                    std::to_string(number) + " is there; allowed is a whole number of 32 bits");
    }
    value = number;
    return Status::success();
  }

  static Status read_special(const FieldPath& path, WireKind kind, std::string_view bytes,
                             json::value& value) {
    Expected<json::value> special = special_value(kind, bytes);
    if (!special) return refuse(path, special.error().message);
    value = std::move(*special);
    return Status::success();
  }

  Status read_object(const FieldPath& path, const MessageType& type, std::string_view bytes,
                     json::value& value) {
    if (type.is_list) {
      json::object holder;
      if (Status status = read_message(path, type, bytes, holder); !status.ok()) return status;
      value = holder.empty() ? json::value(json::array()) : holder.begin()->value();
      return Status::success();
    }
    json::object& object = value.is_object() ? value.get_object() : value.emplace_object();
    return read_message(path, type, bytes, object);
  }

  std::size_t values_ = 0;
};

/// What stands around an object.
struct Envelope {
  std::string_view api_version;
  std::string_view kind;
  std::string_view object;
  std::string_view encoding;
  std::string_view content_type;
};

Status read_kind(std::string_view bytes, Envelope& envelope) {
  WireReader reader(bytes);
  WireField field;
  while (!reader.at_end()) {
    if (Status status = reader.next(field); !status.ok()) return status;
    if (field.number == 1) envelope.api_version = field.bytes;
    if (field.number == 2) envelope.kind = field.bytes;
  }
  if (is_utf8(envelope.api_version) && is_utf8(envelope.kind)) return Status::success();
  return Status::invalid("the version or the kind is no UTF-8");
}

Expected<Envelope> read_envelope(std::string_view bytes) {
  Envelope envelope;
  WireReader reader(bytes);
  WireField field;
  while (!reader.at_end()) {
    Status status = reader.next(field);
    if (status.ok() && field.number == 1) status = read_kind(field.bytes, envelope);
    if (!status.ok()) return Status::invalid("envelope: " + status.message);
    if (field.number == 2) envelope.object = field.bytes;
    if (field.number == 3) envelope.encoding = field.bytes;
    if (field.number == 4) envelope.content_type = field.bytes;
  }
  if (!is_utf8(envelope.encoding) || !is_utf8(envelope.content_type)) {
    return Status::invalid("envelope: its contentEncoding or contentType is no UTF-8");
  }
  return envelope;
}

}  // namespace

Expected<json::value> parse_protobuf_body(std::string_view body) {
  if (!body.starts_with(kMagic)) {
    return Status::invalid(
        "no \"k8s\" and zero byte at the beginning, as Kubernetes's Protocol "
        "Buffers have");
  }
  if (body.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    return Status::invalid("more than 2147483647 bytes");
  }
  const Expected<Envelope> envelope = read_envelope(body.substr(kMagic.size()));
  if (!envelope) return envelope.error();
  if (!envelope->encoding.empty()) {
    return Status::invalid("envelope: contentEncoding " + manifest::quoted(envelope->encoding) +
                           " is there; allowed is none");
  }
  if (!envelope->content_type.empty() &&
      envelope->content_type != "application/vnd.kubernetes.protobuf") {
    return Status::invalid("envelope: contentType " + manifest::quoted(envelope->content_type) +
                           " is there; allowed is application/vnd.kubernetes.protobuf");
  }
  const MessageType* type =
      MessageTable::built_in().find_kind(envelope->api_version, envelope->kind);
  if (type == nullptr) {
    return Status::invalid("envelope: kind " + manifest::quoted(envelope->kind) + " of version " +
                           manifest::quoted(envelope->api_version) +
                           " is not known in Protocol Buffers; JSON may do");
  }
  json::object object{{"apiVersion", envelope->api_version}, {"kind", envelope->kind}};
  Status status = BodyReader().read_message(FieldPath(), *type, envelope->object, object);
  if (!status.ok()) return status;
  return json::value(std::move(object));
}

}  // namespace arcas::real
