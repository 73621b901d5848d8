// Who may do what: the API's questions to ApiAccess.

#include "real/api/api_access.h"

#include <boost/json.hpp>
#include <vector>

#include "core/access/authorize_request.h"
#include "real/api/api_state.h"

namespace arcas::real {
namespace {

std::string scope_words(const ApiCall& call) {
  const KindScope scope = call.kind == nullptr ? KindScope::cluster : call.kind->scope;
  if (scope == KindScope::cluster) return " at the cluster scope";
  std::string words;
  if (!call.path.name_space.empty()) words = " in the namespace \"" + call.path.name_space + '"';
  return words +
         (call.tenant.empty() ? " in all tenants" : " in the tenant \"" + call.tenant + '"');
}

/// What the selector of a list or a watch demands a field to be; empty: nothing.
std::string selected(const ApiCall& call, std::string_view field) {
  if (call.verb != "list" && call.verb != "watch") return {};
  const std::vector<std::string_view> fields(call.kind->selectable.begin(),
                                             call.kind->selectable.end());
  for (const auto& [key, value] : call.query) {
    if (key != "fieldSelector") continue;
    const Expected<FieldSelector> selector = FieldSelector::parse(value, fields);
    if (!selector) continue;
    for (const FieldSelector::Term& term : selector->terms()) {
      if (term.equal && term.field == field) return term.value;
    }
  }
  return {};
}

/// Without anybody to ask: no roles.
Status authorize_without_roles(const ApiCaller& caller, const access::AccessRequest& request) {
  return access::authorize_request({}, caller, request);
}

}  // namespace

access::AccessRequest ApiCall::access_request() const {
  access::AccessRequest asked;
  asked.verb = verb;
  asked.group = kind->group;
  asked.resource = kind->plural;
  asked.subresource = path.subresource;
  asked.of_cluster = kind->scope == KindScope::cluster;
  asked.tenant = tenant;
  asked.name_space = path.name_space;
  asked.name = path.name.empty() ? selected(*this, "metadata.name") : path.name;
  if (kind->resource() == "pods") asked.node = selected(*this, "spec.nodeName");
  return asked;
}

bool Api::State::authorize(ApiCall& call) const {
  const ApiCaller& caller = call.request.caller;
  if (call.kind->scope != KindScope::cluster) {
    call.tenant = call.path.tenant.empty() ? caller.tenant : call.path.tenant;
    if (call.tenant == "all") call.tenant.clear();
  }
  const access::AccessRequest request = call.access_request();
  const Status allowed = sources.access == nullptr ? authorize_without_roles(caller, request)
                                                   : sources.access->authorize(caller, request);
  if (allowed.ok()) return true;
  call.fail(ApiReason::forbidden, "User \"" + caller.name + "\" cannot " + call.verb +
                                      " resource \"" + request.full_resource() +
                                      "\" in API group \"" + call.kind->group + '"' +
                                      scope_words(call) + ": " + allowed.message);
  return false;
}

bool Api::State::admit(const ApiCall& call, const boost::json::object* before,
                       const boost::json::object* after) const {
  if (sources.access == nullptr) return true;
  access::AccessRequest request = call.access_request();
  std::optional<ApiError> refused;
  if (before == nullptr && call.verb != "create") {  // applied, and not there yet
    request.verb = "create";
    const Status allowed = sources.access->authorize(call.request.caller, request);
    if (!allowed.ok()) refused = api_error_of(allowed);
  }
  if (!refused) refused = sources.access->admit(call.request.caller, request, before, after);
  if (!refused) return true;
  call.fail(std::move(*refused));
  return false;
}

void Api::recheck_watches() {
  if (state_->sources.access == nullptr) return;
  std::vector<std::uint64_t> ended;
  for (const auto& [id, watch] : state_->watches) {
    const ApiCall& call = *watch.call;
    if (!state_->sources.access->authorize(call.request.caller, call.access_request()).ok()) {
      ended.push_back(id);
    }
  }
  for (const std::uint64_t id : ended) {
    const std::shared_ptr<ApiReply> reply = state_->watches.at(id).call->reply;
    cancel(id);
    reply->end();
  }
}

}  // namespace arcas::real
