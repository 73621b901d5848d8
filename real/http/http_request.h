#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/access/user.h"
#include "real/api/api.h"

namespace arcas::real {

/// The other end of a connection. `certificate`: what a client has proved by TLS to be; null when
/// it showed none.
struct HttpPeer {
  std::string address;  ///< without the port: "127.0.0.1"
  std::shared_ptr<const access::CertificateSubject> certificate;
};

struct HttpRequest {
  std::string method;
  std::string target;                                        ///< path and query, as they were sent
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::string body;
  bool keep_alive = true;
  bool chunks = true;  ///< HTTP/1.1: the answer may be chunked
  HttpPeer peer;

  /// The first header of this name (in lower case); empty when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return {};
  }
};

/// Where the answer to a request goes. Its functions may be called from any one thread at a time.
/// An answer that nobody gives before the last reference has gone closes the connection.
class HttpReply : public ApiReply {
 public:
  /// `gone` runs on the server's loop when a stream ends otherwise than by `end`: the client has
  /// gone, its time is over, or it was too slow; at once when that has happened already.
  virtual void when_gone(std::function<void()> gone) = 0;
};

/// Answers requests. Called on the server's loop; may answer later and from another thread.
using HttpHandler = std::function<void(HttpRequest, std::shared_ptr<HttpReply>)>;

}  // namespace arcas::real
