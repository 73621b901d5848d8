#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/expected.h"
#include "real/http/byte_stream.h"
#include "real/http/http_limits.h"
#include "real/http/http_request.h"
#include "real/loop/event_loop.h"

namespace arcas::real {

struct HttpServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;          ///< 0: any that is free
  std::optional<TlsIdentity> tls;  ///< none: plain HTTP
  HttpLimits limits{};
};

/// An HTTP/1.1 server on one loop. All calls on the loop's thread, or before it runs; the loop
/// outlives every reply.
class HttpServer {
 public:
  /// Takes connections from now on (as soon as the loop runs). Errors: see Listener::open.
  static Expected<std::unique_ptr<HttpServer>> open(EventLoop& loop, HttpServerOptions options,
                                                    HttpHandler handler);
  ~HttpServer();  ///< drops what is open
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::size_t connections() const;
  /// No new connections or requests; streams end; requests in hand are answered, as long as that
  /// does not take longer than `limits.drain`. `done` is told once, when no connection is left.
  void stop(std::function<void()> done);

 private:
  struct State;
  explicit HttpServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace arcas::real
