#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/access/service_account.h"
#include "real/auth/token_key.h"
#include "real/store/document_store.h"

namespace arcas::real {

/// Who issues the tokens of service accounts, and whom they are for when nobody says.
inline constexpr std::string_view kTokenIssuer = "https://kubernetes.default.svc";

/// The text of a token, signed, of this issuer; for himself, when the token is for nobody. Its
/// claims are Kubernetes's, with the tenant beside the namespace.
Expected<std::string> issue_token(const TokenKey& key, access::ServiceAccountToken& token);

/// Whom a header "Bearer TOKEN" names, as far as a signature proves it and time and audience allow
/// it. Errors, code forbidden, for the client to read. From any thread.
Expected<access::ServiceAccountToken> read_token(const TokenKey& key,
                                                 std::string_view authorization,
                                                 std::int64_t unix_seconds);

/// Are the account of a token and the object that it is bound to still there, the same ones? On the
/// store's thread.
bool is_token_alive(const DocumentStore& store, const access::ServiceAccountToken& token);

}  // namespace arcas::real
