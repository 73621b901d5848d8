#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/access/user.h"
#include "core/base/expected.h"

namespace arcas::access {

/// An object that a token lives no longer than.
struct TokenBond {
  std::string kind;  ///< "Pod", "Secret" or "Node"; empty: none
  std::string name;
  std::string uid;
  bool operator==(const TokenBond&) const = default;
};

/// What a token of a service account says. Times in seconds since 1970.
struct ServiceAccountToken {
  std::string id;  ///< different in each
  std::string issuer;
  std::vector<std::string> audiences;
  std::string tenant;
  std::string name_space;
  std::string name;
  std::string uid;  ///< of the account: one made anew under the name is another
  TokenBond bond;
  std::int64_t issued_at = 0;
  std::int64_t not_before = 0;
  std::int64_t expires_at = 0;
  bool operator==(const ServiceAccountToken&) const = default;
};

/// How long a token is to hold, in seconds; an hour when nobody says. Errors, code invalid: less
/// than ten minutes, more than 2^32 s. Source: Kubernetes 1.32, validation of TokenRequest.
Expected<std::int64_t> token_lifetime(std::optional<std::int64_t> asked);

/// Is a token, whose signature holds, good now for one of these audiences? Whether its account and
/// its bond are still there is another question. Errors, code forbidden.
Status check_token(const ServiceAccountToken& token, const std::string& issuer,
                   std::span<const std::string> audiences, std::int64_t now);

/// "system:serviceaccount:NAMESPACE:NAME", a user of its tenant.
User user_of(const ServiceAccountToken& token);

}  // namespace arcas::access
