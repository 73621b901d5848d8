#pragma once

#include <string>
#include <vector>

#include "core/base/expected.h"

namespace arcas::access {

/// Who asks, as it has been proved.
struct User {
  std::string name;
  std::string tenant;  ///< "system" owns the cluster
  std::vector<std::string> groups;
  bool operator==(const User&) const = default;
};

inline constexpr const char* kSystemTenant = "system";
inline constexpr const char* kMasters = "system:masters";  ///< may do everything within its tenant
inline constexpr const char* kAuthenticated = "system:authenticated";  ///< everyone who is known

/// The parts of a client certificate's subject that count.
struct CertificateSubject {
  std::string common_name;
  std::vector<std::string> organizations;
  std::vector<std::string> units;
  bool operator==(const CertificateSubject&) const = default;
};

/// The user whom a certificate names, by Arktos's rules:
///
/// - the organization "tenant:T", the only one, names the tenant; the groups are the units;
/// - without such a one the tenant is what stands before the first ':' of the common name
///   ("system:admin"); the groups are the organizations.
///
/// Errors, code forbidden: no common name; no tenant, several, or one that is no DNS label or is
/// "all"; control characters; more than 256 groups; names longer than 1024 bytes.
/// Source: apiserver/pkg/authentication/request/x509 of Arktos 1.0. It lets a user have no tenant
/// and looks at the first organization alone; arcas does neither.
Expected<User> user_of(const CertificateSubject& subject);

/// Is this a name that a user or a group can have: not empty, at most 1024 bytes, no control
/// characters?
bool is_principal_name(const std::string& name);
/// Does the user's tenant have a name that a tenant can have?
bool has_valid_tenant(const User& user);
bool is_in_group(const User& user, const std::string& group);

}  // namespace arcas::access
