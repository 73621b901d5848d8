#pragma once

#include <cstddef>

#include "core/base/time.h"

namespace arcas::real {

/// What a client may take of the server. Spans of time end with the connection closed, those while
/// a request is being read with a 408 before that.
struct HttpLimits {
  std::size_t header_bytes = std::size_t{128} << 10U;  ///< request line and headers; beyond: 431
  std::size_t body_bytes = std::size_t{3} << 20U;      ///< beyond: 413
  std::size_t connections = 4096;                      ///< more are closed as they come
  std::size_t connections_per_address = 2048;          ///< the same for one address
  /// What a stream may hold that its reader has not taken yet; beyond, the connection is closed.
  std::size_t stream_bytes = std::size_t{4} << 20U;
  std::size_t all_streams_bytes = std::size_t{256} << 20U;  ///< the same for all streams together
  std::size_t gzip_bytes = std::size_t{128} << 10U;         ///< bodies from here on are compressed
  Duration handshake = seconds(10);
  Duration header = seconds(10);  ///< from its first byte, or from the end of the handshake
  Duration body = seconds(60);
  Duration idle = seconds(180);  ///< between two requests
  Duration write = seconds(60);  ///< without a byte that the client takes
  Duration stream =
      minutes(30);  ///< of streams that name no end; up to twice that, by their number
  Duration tunnel_idle = hours(4);  ///< of exec, attach and port-forward without a byte either way
  Duration drain = seconds(5);      ///< for requests in hand when the server stops
};

}  // namespace arcas::real
