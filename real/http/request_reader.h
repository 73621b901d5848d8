#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "real/http/http_limits.h"
#include "real/http/http_request.h"

namespace arcas::real {

/// Why a request was refused before anything looked at it.
struct HttpError {
  std::uint16_t code = 400;
  std::string message;
};

/// Kubernetes's `Status` body for a refusal of the transport.
ApiResponse error_response(const HttpError& error);

/// Makes requests of the bytes of a connection. No sockets, no clock.
///
/// Refused: what is no HTTP/1.0 or 1.1 (400), headers or bodies beyond the limits (431, 413), a
/// length and chunks at once or another transfer coding (400), a coded body (415), no or several
/// Host headers in HTTP/1.1, several of those that decide (Authorization, Content-Type…) (400).
/// After a refusal nothing more of the connection can be understood.
class RequestReader {
 public:
  enum class State : std::uint8_t {
    empty,   ///< no byte of a request has come
    header,  ///< part of one
    body,    ///< the headers are there, the body is not
    done,    ///< `take` it
    failed,  ///< see `error`
  };

  explicit RequestReader(const HttpLimits& limits);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  /// Takes what it understands from the front of `bytes` (which may be none: a header is taken
  /// whole). Stops at the end of a request.
  State read(std::string& bytes);
  /// Once for a request: does the client wait to hear that it may send the body?
  bool take_expectation();
  HttpRequest take();  ///< in state `done`; the next request may then be read
  [[nodiscard]] const HttpError& error() const;

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace arcas::real
