#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace arcas::real {

/// "2026-01-31T12:00:00Z".
std::string timestamp_text(std::int64_t unix_seconds);
/// The reverse; 0 when it is no timestamp. Fractions of seconds are cut off.
std::int64_t timestamp_of(std::string_view text);

}  // namespace arcas::real
