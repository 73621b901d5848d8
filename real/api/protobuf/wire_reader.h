#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/expected.h"

namespace arcas::real {

/// How a value stands on the wire. Groups have no value: they are passed over.
enum class WireForm : std::uint8_t { varint, fixed, bytes, group };

/// One field of a message, not yet interpreted.
struct WireField {
  std::uint32_t number = 0;
  WireForm form = WireForm::varint;
  std::uint64_t value = 0;  ///< of varint and fixed
  std::string_view bytes;   ///< of bytes: strings, messages, packed numbers
};

/// Takes a message apart, field by field, in the encoding of Protocol Buffers.
class WireReader {
 public:
  /// The bytes must outlive what is read.
  explicit WireReader(std::string_view bytes) : rest_(bytes) {}
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  /// The next field, not at the end. Errors: invalid: no field begins here, it ends in the middle,
  /// or its groups are nested more than 100 deep. Cost: O(1); of groups linear.
  Status next(WireField& field);
  /// A number without a tag: of packed lists. Errors as above.
  Status next_packed(std::uint64_t& value);

 private:
  std::string_view rest_;
};

}  // namespace arcas::real
