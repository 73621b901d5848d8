#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/expected.h"

namespace arcas::real {

/// Signs texts, and knows its own signatures again: JSON Web Signatures in the compact form with
/// ES256 (RFC 7515, RFC 7518), by a key on the curve P-256. Safe from several threads at once.
class TokenKey {
 public:
  /// Reads the key of a file, or makes one when there is no file. Errors name the file.
  static Expected<TokenKey> open(const std::string& path);

  TokenKey(TokenKey&&) noexcept;
  TokenKey& operator=(TokenKey&&) noexcept;
  ~TokenKey();

  /// "HEADER.PAYLOAD.SIGNATURE". Errors: the library's.
  [[nodiscard]] Expected<std::string> sign(std::string_view payload) const;
  /// The payload of a token. Errors, code forbidden: it is none, has another algorithm or key, or
  /// somebody else's signature.
  [[nodiscard]] Expected<std::string> payload_of(std::string_view token) const;

 private:
  struct Key;
  explicit TokenKey(std::unique_ptr<Key> key);
  std::unique_ptr<Key> key_;
};

}  // namespace arcas::real
