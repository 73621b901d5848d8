#include "core/access/service_account.h"

#include <algorithm>

#include "core/model/names.h"

namespace arcas::access {
namespace {

constexpr std::int64_t kLifetime = 3600;
constexpr std::int64_t kLeastLifetime = 600;
constexpr std::int64_t kMostLifetime = std::int64_t{1} << 32U;

}  // namespace

Expected<std::int64_t> token_lifetime(std::optional<std::int64_t> asked) {
  const std::int64_t lifetime = asked.value_or(kLifetime);
  if (lifetime < kLeastLifetime) {
    return Status::invalid(
        "spec.expirationSeconds: may not specify a duration less than 10 minutes");
  }
  if (lifetime > kMostLifetime) {
    return Status::invalid(
        "spec.expirationSeconds: may not specify a duration larger than 2^32 "
        "seconds");
  }
  return lifetime;
}

Status check_token(const ServiceAccountToken& token, const std::string& issuer,
                   std::span<const std::string> audiences, std::int64_t now) {
  if (token.issuer != issuer) return Status::forbidden("the token is of another issuer");
  if (now < token.not_before) return Status::forbidden("the token is not valid yet");
  if (now >= token.expires_at) return Status::forbidden("the token has expired");
  const bool meant =
      std::any_of(token.audiences.begin(), token.audiences.end(), [&](const std::string& audience) {
        return std::find(audiences.begin(), audiences.end(), audience) != audiences.end();
      });
  if (!meant) return Status::forbidden("the token is for another audience");
  const bool named = model::problems_of_dns1123_subdomain(token.name).empty() &&
                     model::problems_of_dns1123_label(token.name_space).empty() &&
                     !token.uid.empty() && has_valid_tenant(user_of(token));
  return named ? Status::success() : Status::forbidden("the token names no service account");
}

User user_of(const ServiceAccountToken& token) {
  return {"system:serviceaccount:" + token.name_space + ':' + token.name,
          token.tenant,
          {"system:serviceaccounts", "system:serviceaccounts:" + token.name_space}};
}

}  // namespace arcas::access
