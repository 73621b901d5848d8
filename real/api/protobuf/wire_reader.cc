#include "real/api/protobuf/wire_reader.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

namespace arcas::real {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

CodedInputStream stream_over(std::string_view bytes) {
  return CodedInputStream(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                          static_cast<int>(bytes.size()));
}

/// Reads what stands behind a tag. False when it is malformed.
bool read_value(CodedInputStream& input, std::uint32_t tag, std::string_view rest,
                WireField& field) {
  switch (WireFormatLite::GetTagWireType(tag)) {
    case WireFormatLite::WIRETYPE_VARINT:
      field.form = WireForm::varint;
      return input.ReadVarint64(&field.value);
    case WireFormatLite::WIRETYPE_FIXED64:
      field.form = WireForm::fixed;
      return input.ReadLittleEndian64(&field.value);
    case WireFormatLite::WIRETYPE_FIXED32: {
      std::uint32_t value = 0;
      field.form = WireForm::fixed;
      if (!input.ReadLittleEndian32(&value)) return false;
      field.value = value;
      return true;
    }
    case WireFormatLite::WIRETYPE_LENGTH_DELIMITED: {
      std::uint64_t size = 0;
      field.form = WireForm::bytes;
      if (!input.ReadVarint64(&size)) return false;
      const auto begin = static_cast<std::size_t>(input.CurrentPosition());
      if (size > rest.size() - begin) return false;
      field.bytes = rest.substr(begin, static_cast<std::size_t>(size));
      return input.Skip(static_cast<int>(size));
    }
    case WireFormatLite::WIRETYPE_START_GROUP:
      field.form = WireForm::group;
      return WireFormatLite::SkipField(&input, tag);
    default:
      return false;
  }
}

}  // namespace

Status WireReader::next(WireField& field) {
  CodedInputStream input = stream_over(rest_);
  field = WireField();
  const std::uint32_t tag = input.ReadTag();
  field.number = static_cast<std::uint32_t>(WireFormatLite::GetTagFieldNumber(tag));
  if (field.number == 0) {
    return Status::invalid("no field begins where one should; allowed are Protocol Buffers");
  }
  if (!read_value(input, tag, rest_, field)) {
    return Status::invalid("field number " + std::to_string(field.number) +
                           " is malformed or ends in the middle");
  }
  rest_.remove_prefix(static_cast<std::size_t>(input.CurrentPosition()));
  return Status::success();
}

Status WireReader::next_packed(std::uint64_t& value) {
  CodedInputStream input = stream_over(rest_);
  if (!input.ReadVarint64(&value)) return Status::invalid("a packed number ends in the middle");
  rest_.remove_prefix(static_cast<std::size_t>(input.CurrentPosition()));
  return Status::success();
}

}  // namespace arcas::real
