#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace arcas::real {

/// What stands before the body of a response.
struct ResponseHead {
  std::uint16_t code = 200;
  std::string_view content_type;
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<std::size_t> length;  ///< none: a stream
  bool chunks = true;  ///< a stream comes in chunks; else it ends with the connection
  bool keep_alive = true;
};

/// Status line and headers, as of `unix_seconds`. Control characters in values become blanks.
std::string response_head(const ResponseHead& head, std::int64_t unix_seconds);

/// Does an Accept-Encoding header let gzip be sent? Weights of 0 mean no.
bool accepts_gzip(std::string_view accept_encoding);
/// The text as a gzip file, compressed for speed. Cost: linear.
std::string gzip(std::string_view text);

}  // namespace arcas::real
