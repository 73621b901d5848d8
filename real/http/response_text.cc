#include "real/http/response_text.h"

#include <zlib.h>

#include <algorithm>
#include <boost/beast/http/status.hpp>
#include <ctime>
#include <ostream>  // status.hpp needs it

#include "core/base/check.h"

namespace arcas::real {
namespace {

void add(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append(": ");
  for (const char c : value) text += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  text += "\r\n";
}

std::string date_text(std::int64_t unix_seconds) {
  const auto time = static_cast<std::time_t>(unix_seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[40];
  std::strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// "q=0", "q=0.0"…
bool is_zero_weight(std::string_view parameter) {
  return parameter.starts_with("q=") &&
         parameter.find_first_of("123456789") == std::string_view::npos;
}

}  // namespace

std::string response_head(const ResponseHead& head, std::int64_t unix_seconds) {
  namespace http = boost::beast::http;
  std::string text = "HTTP/1.1 " + std::to_string(head.code) + ' ';
  const auto reason = http::obsolete_reason(http::int_to_status(head.code));
  text.append(reason.data(), reason.size()).append("\r\n");
  add(text, "Date", date_text(unix_seconds));
  add(text, "Cache-Control", "no-cache, private");
  if (!head.content_type.empty()) add(text, "Content-Type", head.content_type);
  for (const auto& [name, value] : head.headers) add(text, name, value);
  if (head.length) {
    add(text, "Content-Length", std::to_string(*head.length));
  } else if (head.chunks) {
    add(text, "Transfer-Encoding", "chunked");
  }
  if (!head.keep_alive) add(text, "Connection", "close");
  return text += "\r\n";
}

bool accepts_gzip(std::string_view accept_encoding) {
  while (!accept_encoding.empty()) {
    const std::size_t end = std::min(accept_encoding.find(','), accept_encoding.size());
    const std::string_view entry = accept_encoding.substr(0, end);
    accept_encoding.remove_prefix(std::min(end + 1, accept_encoding.size()));
    const std::size_t mark = std::min(entry.find(';'), entry.size());
    if (trimmed(entry.substr(0, mark)) != "gzip") continue;
    return mark == entry.size() || !is_zero_weight(trimmed(entry.substr(mark + 1)));
  }
  return false;
}

std::string gzip(std::string_view text) {
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;
  ARCAS_CHECK(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) ==
              Z_OK);
  std::string result;
  std::string piece(std::size_t{256} << 10U, '\0');
  int state = Z_OK;
  while (state != Z_STREAM_END) {
    // zlib counts in 32 bits: a larger text goes in by parts.
    const std::size_t part = std::min(text.size(), std::size_t{1} << 30U);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(part);
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    state = deflate(&stream, part == text.size() ? Z_FINISH : Z_NO_FLUSH);
    ARCAS_CHECK(state == Z_OK || state == Z_STREAM_END);
    text.remove_prefix(part - stream.avail_in);
    result.append(piece, 0, piece.size() - stream.avail_out);
  }
  deflateEnd(&stream);
  return result;
}

}  // namespace arcas::real
