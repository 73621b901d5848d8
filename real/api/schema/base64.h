#pragma once

#include <string>
#include <string_view>

namespace arcas::real {

/// Bytes in base64: padded, of the standard alphabet (RFC 4648, section 4).
std::string base64_of(std::string_view bytes);
/// Is it base64 of this form?
bool is_base64(std::string_view text);

}  // namespace arcas::real
