#include "real/auth/service_account_tokens.h"

#include <array>
#include <boost/json.hpp>
#include <optional>
#include <utility>

#include "real/api/object_text.h"
#include "real/auth/authenticator.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr const char* kSpaceClaims = "kubernetes.io";

/// How the claims name what a token can be bound to.
struct BondKind {
  std::string_view kind;
  std::string_view claim;
  std::string_view resource;
  bool in_namespace;
};
constexpr std::array kBonds{BondKind{"Pod", "pod", "pods", true},
                            BondKind{"Secret", "secret", "secrets", true},
                            BondKind{"Node", "node", "nodes", false}};

json::object named(std::string_view name, std::string_view uid) {
  return {{"name", name}, {"uid", uid}};
}

std::optional<access::ServiceAccountToken> token_of(const json::object& claims) {
  access::ServiceAccountToken token;
  token.id = text_at(claims, "jti");
  token.issuer = text_at(claims, "iss");
  if (const json::value* list = value_at(claims, "aud"); list != nullptr && list->is_array()) {
    for (const json::value& entry : list->get_array()) {
      if (entry.is_string()) token.audiences.emplace_back(entry.get_string());
    }
  }
  token.issued_at = integer_at(claims, "iat");
  token.not_before = integer_at(claims, "nbf");
  token.expires_at = integer_at(claims, "exp");
  // The name has a dot, which paths of members have none of.
  const json::value* value = claims.if_contains(kSpaceClaims);
  if (value == nullptr || !value->is_object()) return std::nullopt;
  const json::object& space = value->get_object();
  token.tenant = text_at(space, "tenant");
  token.name_space = text_at(space, "namespace");
  token.name = text_at(space, "serviceaccount.name");
  token.uid = text_at(space, "serviceaccount.uid");
  for (const BondKind& bond : kBonds) {
    const json::value* claim = space.if_contains(bond.claim);
    if (claim == nullptr || !claim->is_object()) continue;
    token.bond = {std::string(bond.kind), std::string(text_at(claim->get_object(), "name")),
                  std::string(text_at(claim->get_object(), "uid"))};
  }
  return token;
}

bool is_there(const DocumentStore& store, const DocumentKey& key, const std::string& uid) {
  const std::optional<Document> document = store.get(key);
  return document && document->uid == uid;
}

}  // namespace

Expected<std::string> issue_token(const TokenKey& key, access::ServiceAccountToken& token) {
  token.issuer = kTokenIssuer;
  if (token.audiences.empty()) token.audiences.emplace_back(kTokenIssuer);
  json::object space{{"namespace", token.name_space},
                     {"serviceaccount", named(token.name, token.uid)},
                     {"tenant", token.tenant}};
  for (const BondKind& bond : kBonds) {
    if (bond.kind == token.bond.kind) space[bond.claim] = named(token.bond.name, token.bond.uid);
  }
  const json::object claims{{"aud", json::array(token.audiences.begin(), token.audiences.end())},
                            {"exp", token.expires_at},
                            {"iat", token.issued_at},
                            {"iss", token.issuer},
                            {"jti", token.id},
                            {kSpaceClaims, std::move(space)},
                            {"nbf", token.not_before},
                            {"sub", access::user_of(token).name}};
  return key.sign(json::serialize(claims));
}

Expected<access::ServiceAccountToken> read_token(const TokenKey& key,
                                                 std::string_view authorization,
                                                 std::int64_t unix_seconds) {
  const Expected<std::string> payload = key.payload_of(bearer_token(authorization));
  if (!payload) return payload.error();
  const std::optional<access::ServiceAccountToken> token = token_of(stored_object(*payload));
  if (!token) return Status::forbidden("the token names no service account");
  const std::string issuer(kTokenIssuer);
  const Status good =
      access::check_token(*token, issuer, std::array<std::string, 1>{issuer}, unix_seconds);
  if (!good.ok()) return good;
  return *token;
}

bool is_token_alive(const DocumentStore& store, const access::ServiceAccountToken& token) {
  const DocumentKey account{"serviceaccounts", token.tenant, token.name_space, token.name};
  if (!is_there(store, account, token.uid)) return false;
  for (const BondKind& bond : kBonds) {
    if (bond.kind != token.bond.kind) continue;
    DocumentKey key{std::string(bond.resource), "", "", token.bond.name};
    if (bond.in_namespace) {
      key.tenant = token.tenant;
      key.name_space = token.name_space;
    }
    return is_there(store, key, token.bond.uid);
  }
  return token.bond.kind.empty();
}

}  // namespace arcas::real
