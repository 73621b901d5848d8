#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/access/user.h"
#include "core/base/expected.h"

namespace arcas::real {

/// The bytes of one connection, plain or under TLS. On one loop; at most one read and one write at
/// a time; the callbacks run on the loop, never inside a call, also after `close` (with `ok`
/// false). They keep the stream alive.
class ByteStream {
 public:
  using Done = std::function<void(bool ok, std::size_t bytes)>;

  virtual ~ByteStream() = default;
  virtual void open(std::function<void(bool ok)> done) = 0;      ///< the handshake
  virtual void read(char* to, std::size_t size, Done done) = 0;  ///< at least one byte
  virtual void write(std::string_view bytes, Done done) = 0;     ///< all of them
  /// Says goodbye and closes. Not while something is being written.
  virtual void finish() = 0;
  virtual void close() = 0;  ///< at once
  /// What the client has proved to be; null: it showed no certificate.
  [[nodiscard]] virtual std::shared_ptr<const access::CertificateSubject> certificate() const = 0;
};

/// What a server proves itself with and whom it believes, each in PEM.
struct TlsIdentity {
  std::string certificate;  ///< with those that signed it behind it
  std::string key;
  std::string client_authorities;
};

}  // namespace arcas::real
