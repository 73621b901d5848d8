#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace arcas::controllers {

/// What every namespace has: the service account that its pods have unless they say otherwise, and
/// the certificate by which they know the server.
inline constexpr std::string_view kDefaultAccount = "default";
inline constexpr std::string_view kRootCertificate = "kube-root-ca.crt";
inline constexpr std::string_view kRootCertificateKey = "ca.crt";

struct NamespaceBasics {
  bool ending = false;                     ///< gone, or on its way out
  bool has_account = false;                ///< kDefaultAccount
  std::optional<std::string> certificate;  ///< in the ConfigMap kRootCertificate; nothing: none
};

struct BasicsPlan {
  bool create_account = false;
  bool write_certificate = false;  ///< make the ConfigMap, or set it right
};

/// Both are made again when somebody deletes them. `authority`: the certificate; empty: there is
/// none to tell. Source: Kubernetes 1.32, serviceaccounts_controller.go and
/// rootcacertpublisher/publisher.go.
BasicsPlan plan_namespace_basics(const NamespaceBasics& seen, std::string_view authority);

}  // namespace arcas::controllers
