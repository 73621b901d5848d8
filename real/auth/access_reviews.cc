#include "real/auth/access_reviews.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "real/api/kinds.h"
#include "real/api/object_text.h"
#include "real/api/request_body.h"
#include "real/api/request_path.h"
#include "real/api/status_body.h"
#include "real/auth/role_documents.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

ApiResponse answer(std::uint16_t code, const json::value& body) {
  ApiResponse response;
  response.code = code;
  response.body = json::serialize(body);
  return response;
}

ApiResponse refusal(std::string message) {
  ApiError error;
  error.message = std::move(message);
  return answer(error.http_code(), error.body());
}

std::optional<json::object> read_body(const ApiRequest& request) {
  const Expected<json::value> body = parse_body(request.content_type, request.body);
  if (!body || !body->is_object()) return std::nullopt;
  return body->get_object();
}

/// Is the kind one of the cluster? What is not known is taken for one of a tenant.
bool is_of_cluster(std::string_view group, std::string_view resource) {
  static const KindTable kinds;
  const auto& all = kinds.all();
  return std::any_of(all.begin(), all.end(), [&](const KindInfo& kind) {
    return kind.group == group && kind.plural == resource && kind.scope == KindScope::cluster;
  });
}

Status decide(const AccessControl& access, const access::User& user, const std::string& tenant,
              const json::object& body) {
  const auto text = [&body](std::string_view path) { return std::string(text_at(body, path)); };
  if (const json::value* path = value_at(body, "spec.nonResourceAttributes");
      path != nullptr && path->is_object()) {
    return access::authorize_path(access.policy(), user, text("spec.nonResourceAttributes.verb"),
                                  text("spec.nonResourceAttributes.path"));
  }
  access::AccessRequest asked;
  asked.verb = text("spec.resourceAttributes.verb");
  asked.group = text("spec.resourceAttributes.group");
  asked.resource = text("spec.resourceAttributes.resource");
  asked.subresource = text("spec.resourceAttributes.subresource");
  asked.name_space = text("spec.resourceAttributes.namespace");
  asked.name = text("spec.resourceAttributes.name");
  asked.of_cluster = is_of_cluster(asked.group, asked.resource);
  if (!asked.of_cluster) asked.tenant = tenant;
  return access.authorize(user, std::move(asked));
}

json::object review_of(const char* version, const char* kind, const json::object& body,
                       json::object status) {
  const json::value* spec = body.if_contains("spec");
  return {{"apiVersion", version},
          {"kind", kind},
          {"metadata", json::object()},
          {"spec", spec == nullptr ? json::value(json::object()) : *spec},
          {"status", std::move(status)}};
}

json::object user_info(const access::User& user) {
  json::array groups;
  for (const std::string& group : user.groups) groups.emplace_back(group);
  return {{"username", user.name},
          {"groups", std::move(groups)},
          {"extra", json::object{{"tenant", json::array{user.tenant}}}}};
}

}  // namespace

std::optional<ApiResponse> answer_access_review(const AccessControl& access,
                                                const ApiRequest& request) {
  constexpr const char* kAuthorization = "authorization.k8s.io/v1";
  constexpr const char* kAuthentication = "authentication.k8s.io/v1";
  if (request.method != "POST") return std::nullopt;
  const std::string_view target = request.target;
  const auto path = parse_request_path(target.substr(0, std::min(target.find('?'), target.size())));
  if (!path || path->version != "v1" || !path->name.empty()) return std::nullopt;
  const access::User& user = request.caller;
  const std::string& tenant = path->tenant.empty() ? user.tenant : path->tenant;
  const bool authorization = path->group == "authorization.k8s.io";
  const bool about_access = authorization && path->resource == "selfsubjectaccessreviews";
  const bool about_rules = authorization && path->resource == "selfsubjectrulesreviews";
  const bool about_user =
      path->group == "authentication.k8s.io" && path->resource == "selfsubjectreviews";
  if (!about_access && !about_rules && !about_user) return std::nullopt;
  const std::optional<json::object> body = read_body(request);
  if (!body) return refusal("the body is no review in JSON, YAML or protobuf");
  if (about_user) {
    return answer(
        201, review_of(kAuthentication, "SelfSubjectReview", {}, {{"userInfo", user_info(user)}}));
  }
  if (about_access) {
    const Status allowed = decide(access, user, tenant, *body);
    json::object status{{"allowed", allowed.ok()}};
    if (!allowed.ok()) status["reason"] = allowed.message;
    return answer(201,
                  review_of(kAuthorization, "SelfSubjectAccessReview", *body, std::move(status)));
  }
  auto rules =
      access.policy().rules_of(user, tenant, std::string(text_at(*body, "spec.namespace")));
  static const access::PolicyRule everything{{"*"}, {"*"}, {"*"}, {}, {"*"}};
  if (access::is_in_group(user, access::kMasters)) rules = {&everything};
  return answer(201, review_of(kAuthorization, "SelfSubjectRulesReview", *body,
                               {{"resourceRules", rules_of_objects(rules)},
                                {"nonResourceRules", rules_of_paths(rules)},
                                {"incomplete", access::node_of(user).has_value()}}));
}

}  // namespace arcas::real
