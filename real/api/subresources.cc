// status, scale, log, exec and its like; binding and eviction are in pod_subresources.cc.

#include <boost/json.hpp>

#include "real/api/api_state.h"
#include "real/api/object_text.h"
#include "real/api/object_writes.h"

namespace arcas::real {

void Api::State::pod_log(const ApiCallPtr& call) {
  if (call->verb != "get") {
    return call->fail(ApiReason::method_not_allowed, "a log can only be read");
  }
  const std::optional<Document> pod = store.get(call->key());
  if (!pod) return call->fail_not_found();
  if (text_at(stored_object(*pod->json), "spec.nodeName").empty()) {
    return call->fail(ApiReason::bad_request,
                      "pod " + call->path.name + " does not have a host assigned");
  }
  sources.log(*pod, call->query, call->reply);
}

void Api::State::connect_pod(const ApiCallPtr& call) {
  if (call->verb != "create") {
    return call->fail(ApiReason::method_not_allowed,
                      "the server does not allow this method on the requested resource");
  }
  const std::optional<Document> pod = store.get(call->key());
  if (!pod) return call->fail_not_found();
  const boost::json::object text = stored_object(*pod->json);
  if (text_at(text, "spec.nodeName").empty()) {
    return call->fail(ApiReason::bad_request,
                      "pod " + call->path.name + " does not have a host assigned");
  }
  const std::string_view phase = text_at(text, "status.phase");
  if (phase == "Succeeded" || phase == "Failed") {
    return call->fail(ApiReason::bad_request, "cannot " + call->path.subresource +
                                                  " in a completed pod; current phase is " +
                                                  std::string(phase));
  }
  if (call->request.upgrade.empty())
    return call->fail(ApiReason::bad_request, "Upgrade request required");
  sources.connect(*pod, call->request, call->path.subresource, call->query, call->reply);
}

void Api::State::subresource(const ApiCallPtr& call) {
  const std::string& name = call->path.subresource;
  if (name == "log" && call->kind->resource() == "pods" && sources.log) return pod_log(call);
  const bool of_account = call->kind->resource() == "serviceaccounts" && name == "token";
  if (of_account && sources.issue_token) {
    if (call->verb == "create") return create_token(call);
    return call->fail(ApiReason::method_not_allowed, "a token can only be asked for, by POST");
  }
  if (is_pod_connection(call->path) && sources.connect) return connect_pod(call);
  const bool is_scale = name == "scale" && call->kind->scale;
  const bool of_pod = call->kind->resource() == "pods" && (name == "binding" || name == "eviction");
  if (is_scale || (name == "status" && call->kind->status)) {
    if (call->verb == "get" && !is_scale) return get(call);
    if (call->verb == "update" || call->verb == "patch") return update(call);
    if (call->verb == "get") {
      const std::optional<Document> current = store.get(call->key());
      if (!current) return call->fail_not_found();
      return answer_written(*call, 200, *current->json, current->revision);
    }
  } else if (of_pod && call->verb == "create") {
    return name == "binding" ? bind_pod(call) : evict_pod(call);
  } else if (!of_pod) {
    return call->fail(ApiReason::not_found, "the server could not find the requested resource");
  }
  call->fail(ApiReason::method_not_allowed,
             "the server does not allow this method on the requested resource");
}

}  // namespace arcas::real
