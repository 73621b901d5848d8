#include "real/http/request_reader.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json.hpp>
#include <optional>

#include "real/api/status_body.h"

namespace arcas::real {
namespace http = boost::beast::http;
namespace json = boost::json;
namespace {

/// Headers of which two would leave open which one counts.
constexpr std::array<http::field, 4> kOnce{http::field::host, http::field::authorization,
                                           http::field::content_type,
                                           http::field::content_encoding};

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

std::string_view word_of(std::uint16_t code) {
  switch (code) {
    case 408:
      return "RequestTimeout";
    case 413:
      return "RequestEntityTooLarge";
    case 415:
      return "UnsupportedMediaType";
    case 431:
      return "RequestHeaderFieldsTooLarge";
    case 503:
      return "ServiceUnavailable";
    default:
      return "BadRequest";
  }
}

HttpError error_of(const boost::system::error_code& error, const HttpLimits& limits) {
  if (error == http::error::header_limit) {
    return {431, "the request line and the headers may have at most " +
                     std::to_string(limits.header_bytes) + " bytes"};
  }
  if (error == http::error::body_limit) {
    return {413, "a body may have at most " + std::to_string(limits.body_bytes) + " bytes"};
  }
  return {400, "this is no HTTP request: " + error.message()};
}

}  // namespace

ApiResponse error_response(const HttpError& error) {
  ApiError status;
  status.message = error.message;
  json::value body = status.body();
  body.as_object()["reason"] = word_of(error.code);
  body.as_object()["code"] = error.code;
  ApiResponse response;
  response.code = error.code;
  response.body = json::serialize(body);
  return response;
}

struct RequestReader::Parser {
  using Message = http::request_parser<http::string_body>;

  HttpLimits limits;
  std::optional<Message> message;
  bool header_checked = false;
  bool expectation = false;
  std::optional<HttpError> failed;

  void begin() {
    message.emplace();
    message->header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    message->body_limit(limits.body_bytes);
    header_checked = expectation = false;
  }
  /// What the parser lets pass and no client of this server needs.
  [[nodiscard]] std::optional<HttpError> problem_of_header() const {
    const auto& header = message->get();
    for (const http::field name : kOnce) {
      if (header.count(name) > 1) {
        return HttpError{400, "more than one header " + std::string(http::to_string(name))};
      }
    }
    const bool modern = header.version() >= 11;
    if (modern && header.count(http::field::host) == 0) return HttpError{400, "no header Host"};
    const bool coded = header.count(http::field::transfer_encoding) > 0;
    if (coded && (lower(header[http::field::transfer_encoding]) != "chunked" || !modern)) {
      return HttpError{400, "the only transfer coding is chunked, in HTTP/1.1"};
    }
    const auto coding = lower(header[http::field::content_encoding]);
    if (!coding.empty() && coding != "identity") {
      return HttpError{415, "bodies in a content coding are not read"};
    }
    const auto expected = lower(header[http::field::expect]);
    if (!expected.empty() && expected != "100-continue") {
      return HttpError{417, "the only expectation is 100-continue"};
    }
    return std::nullopt;
  }
  void look_at_header() {
    if (header_checked || !message->is_header_done()) return;
    header_checked = true;
    message->eager(true);  // not before: first the header alone is looked at
    failed = problem_of_header();
    expectation = !failed && message->get().count(http::field::expect) > 0 && !message->is_done();
  }
};

RequestReader::RequestReader(const HttpLimits& limits) : parser_(std::make_unique<Parser>()) {
  parser_->limits = limits;
}
RequestReader::~RequestReader() = default;

RequestReader::State RequestReader::read(std::string& bytes) {
  Parser& parser = *parser_;
  std::size_t taken = 0;
  while (!parser.failed) {
    // Blank lines between requests are passed over, as RFC 9112 (2.2) asks.
    if (!parser.message) {
      while (taken < bytes.size() && (bytes[taken] == '\r' || bytes[taken] == '\n')) ++taken;
      if (taken == bytes.size()) break;
      parser.begin();
    }
    if (parser.message->is_done() || taken == bytes.size()) break;
    boost::system::error_code error;
    const std::size_t count = parser.message->put(
        boost::asio::const_buffer(bytes.data() + taken, bytes.size() - taken), error);
    taken += count;
    if (error && error != http::error::need_more) {
      parser.failed = error_of(error, parser.limits);
      break;
    }
    parser.look_at_header();
    if (count == 0) break;
  }
  bytes.erase(0, taken);
  if (parser.failed) return State::failed;
  if (!parser.message) return State::empty;
  if (parser.message->is_done()) return State::done;
  return parser.message->is_header_done() ? State::body : State::header;
}

bool RequestReader::take_expectation() { return std::exchange(parser_->expectation, false); }

HttpRequest RequestReader::take() {
  auto message = parser_->message->release();
  HttpRequest request;
  request.method = message.method_string();
  request.target = message.target();
  request.keep_alive = message.keep_alive();
  request.chunks = message.version() >= 11;
  for (const auto& field : message) {
    request.headers.emplace_back(lower(field.name_string()), field.value());
  }
  request.body = std::move(message.body());
  parser_->message.reset();
  return request;
}

const HttpError& RequestReader::error() const { return *parser_->failed; }

}  // namespace arcas::real
