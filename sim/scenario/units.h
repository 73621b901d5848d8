#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/time.h"

namespace arcas::sim {

/// "250us", "1.5s", "10m", "2h", "3d"; "0". None when malformed, negative or beyond 100 years.
std::optional<Duration> parse_duration(std::string_view text);
/// "250m" or "2" or "0.5" cores, in milli-cpu. None when malformed or beyond 2^40.
std::optional<std::int64_t> parse_cpu(std::string_view text);
/// "512Mi", "1.5Gi", "2G", "1000" bytes. None when malformed or beyond 2^60.
std::optional<std::int64_t> parse_bytes(std::string_view text);

}  // namespace arcas::sim
