// The subresource `token` of service accounts.

#include <array>
#include <boost/json.hpp>
#include <string>
#include <utility>

#include "core/access/service_account.h"
#include "real/api/api_state.h"
#include "real/api/object_text.h"
#include "real/api/object_writes.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr const char* kVersion = "authentication.k8s.io/v1";

void refuse(const ApiCall& call, const std::string& field, const std::string& what) {
  ApiError error;
  error.reason = ApiReason::invalid;
  error.message = field + ": " + what;
  error.causes = {{field, "FieldValueInvalid", what}};
  call.fail(std::move(error));
}

/// What the token is to be bound to; empty when the request names nothing.
struct Bond {
  access::TokenBond token;
  std::optional<Document> document;
};

/// Nothing after it has answered: there is no such object, or the pod is another account's.
std::optional<Bond> bond_of(const DocumentStore& store, const ApiCall& call,
                            const json::object& request) {
  const json::value* value = value_at(request, "spec.boundObjectRef");
  if (value == nullptr || !value->is_object()) return Bond{};
  const json::object& wanted = value->get_object();
  const std::string kind(text_at(wanted, "kind"));
  const std::string name(text_at(wanted, "name"));
  const std::string uid(text_at(wanted, "uid"));
  const bool of_node = kind == "Node";
  if (kind != "Pod" && kind != "Secret" && !of_node) {
    refuse(call, "spec.boundObjectRef",
           "cannot bind token for serviceaccount to object of kind '" + kind +
               "': allowed are Pod, Secret and Node");
    return std::nullopt;
  }
  DocumentKey key{of_node ? "nodes" : kind == "Pod" ? "pods" : "secrets", "", "", name};
  if (!of_node) {
    key.tenant = call.tenant;
    key.name_space = call.path.name_space;
  }
  Bond bond{{kind, name, ""}, store.get(key)};
  if (!bond.document) {
    ApiError error;
    error.reason = ApiReason::not_found;
    error.kind = key.resource;
    error.name = name;
    error.message = key.resource + " \"" + name + "\" not found";
    call.fail(std::move(error));
    return std::nullopt;
  }
  if (!uid.empty() && uid != bond.document->uid) {
    call.fail(ApiReason::conflict, "the UID in the bound object reference (" + uid +
                                       ") does not match the UID in record. The object might have "
                                       "been deleted and then recreated");
    return std::nullopt;
  }
  bond.token.uid = bond.document->uid;
  if (kind == "Pod") {
    const json::object pod = stored_object(*bond.document->json);
    if (text_at(pod, "spec.serviceAccountName") != call.path.name) {
      refuse(call, "spec.boundObjectRef",
             "cannot bind token for serviceaccount '" + call.path.name +
                 "' to pod running with different serviceaccount name");
      return std::nullopt;
    }
  }
  return bond;
}

json::object answer_of(const access::ServiceAccountToken& token, std::string text) {
  json::object spec{{"audiences", json::array(token.audiences.begin(), token.audiences.end())},
                    {"expirationSeconds", token.expires_at - token.issued_at}};
  if (!token.bond.kind.empty()) {
    spec["boundObjectRef"] = json::object{{"kind", token.bond.kind},
                                          {"apiVersion", "v1"},
                                          {"name", token.bond.name},
                                          {"uid", token.bond.uid}};
  }
  return {{"kind", "TokenRequest"},
          {"apiVersion", kVersion},
          {"metadata", json::object{{"name", token.name},
                                    {"namespace", token.name_space},
                                    {"creationTimestamp", timestamp_text(token.issued_at)}}},
          {"spec", std::move(spec)},
          {"status", json::object{{"token", std::move(text)},
                                  {"expirationTimestamp", timestamp_text(token.expires_at)}}}};
}

}  // namespace

void Api::State::create_token(const ApiCallPtr& call) {
  const std::optional<json::object> request = read_object(*call);
  if (!request) return;
  const std::string_view kind = text_at(*request, "kind");
  if (!kind.empty() && kind != "TokenRequest") {
    return call->fail(ApiReason::bad_request, "the body is no TokenRequest");
  }
  const std::optional<Document> account = store.get(call->key());
  if (!account) return call->fail_not_found();
  std::optional<std::int64_t> asked;
  if (const json::value* given = value_at(*request, "spec.expirationSeconds")) {
    if (!given->is_int64()) {
      return call->fail(ApiReason::bad_request, "spec.expirationSeconds: must be a whole number");
    }
    asked = given->get_int64();
  }
  const Expected<std::int64_t> lifetime = access::token_lifetime(asked);
  if (!lifetime) {
    constexpr std::string_view kField = "spec.expirationSeconds";
    return refuse(*call, std::string(kField), lifetime.error().message.substr(kField.size() + 2));
  }
  access::ServiceAccountToken token;
  if (const json::value* list = value_at(*request, "spec.audiences")) {
    if (!list->is_array()) {
      return call->fail(ApiReason::bad_request, "spec.audiences: must be a list of texts");
    }
    for (const json::value& entry : list->get_array()) {
      if (!entry.is_string()) {
        return call->fail(ApiReason::bad_request, "spec.audiences: must be a list of texts");
      }
      token.audiences.emplace_back(entry.get_string());
    }
  }
  const std::optional<Bond> bond = bond_of(store, *call, *request);
  if (!bond) return;
  token.id = new_uid();
  token.tenant = call->tenant;
  token.name_space = call->path.name_space;
  token.name = call->path.name;
  token.uid = account->uid;
  token.bond = bond->token;
  token.issued_at = token.not_before = sources.unix_seconds();
  token.expires_at = token.issued_at + *lifetime;
  Expected<std::string> text = sources.issue_token(token);
  if (!text) return call->fail(ApiReason::internal_error, text.error().message);
  call->respond(201, json::value(answer_of(token, std::move(*text))));
}

}  // namespace arcas::real
