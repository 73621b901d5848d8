#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "core/access/user.h"
#include "core/base/expected.h"

namespace arcas::real {

/// A certificate and its key, each in PEM.
struct IssuedCertificate {
  std::string certificate;
  std::string key;
};

/// The authority of one installation: it signs what its servers and users prove themselves with.
/// Keys are on the curve P-256. It keeps no list of what it has signed and can take nothing back:
/// certificates end by themselves.
class CertificateAuthority {
 public:
  /// Reads `ca.crt` and `ca.key` in a folder, or makes them when neither is there (valid for ten
  /// years). Errors name the file: one of the two is missing, others may read them, they do not
  /// belong together, the authority has expired.
  static Expected<CertificateAuthority> open(const std::string& folder, std::int64_t unix_seconds);

  CertificateAuthority(CertificateAuthority&&) noexcept;
  CertificateAuthority& operator=(CertificateAuthority&&) noexcept;
  ~CertificateAuthority();

  [[nodiscard]] const std::string& certificate() const;  ///< PEM

  /// For a server that is reached under these names or IP addresses. Errors, code invalid: none, or
  /// a name that is neither.
  [[nodiscard]] Expected<IssuedCertificate> issue_server(std::span<const std::string> names,
                                                         std::int64_t unix_seconds,
                                                         std::int32_t days) const;
  /// For a client. Errors, code invalid: a text that a subject cannot hold (X.520 allows 64
  /// characters each).
  [[nodiscard]] Expected<IssuedCertificate> issue_client(const access::CertificateSubject& subject,
                                                         std::int64_t unix_seconds,
                                                         std::int32_t days) const;

 private:
  struct Keys;
  explicit CertificateAuthority(std::unique_ptr<Keys> keys);
  std::unique_ptr<Keys> keys_;
};

}  // namespace arcas::real
