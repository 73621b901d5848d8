#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "real/http/byte_stream.h"
#include "real/loop/event_loop.h"

namespace arcas::real {

/// A port that takes connections, plain or under TLS (1.2 or newer, suites with forward secrecy and
/// authenticated encryption alone, no renegotiation, no resumption). Under TLS a client is asked
/// for a certificate and may have none; one that does not verify ends the handshake.
class Listener {
 public:
  using Accepted = std::function<void(std::shared_ptr<ByteStream>, std::string address)>;

  /// Listens on a numeric address; port 0: any that is free. Errors, code invalid: no such address,
  /// the port is taken, the key does not fit the certificate…
  static Expected<std::unique_ptr<Listener>> open(EventLoop& loop, const std::string& address,
                                                  std::uint16_t port,
                                                  const std::optional<TlsIdentity>& tls);
  virtual ~Listener() = default;
  /// Hands over connections, on the loop, until `close`.
  virtual void start(Accepted accepted) = 0;
  virtual void close() = 0;
  [[nodiscard]] virtual std::uint16_t port() const = 0;
};

}  // namespace arcas::real
