// status, scale, binding, eviction.

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

void Api::State::subresource(const ApiCallPtr& call) {
  const std::string& name = call->path.subresource;
  const bool writes = call->verb == "update" || call->verb == "patch";
  if (name == "status" && call->kind->status) {
    if (call->verb == "get") return get(call);
    if (writes) return update(call);
    return call->fail(ApiReason::method_not_allowed, "a status is read, updated or patched");
  }
  if (name == "log" && call->kind->resource() == "pods" && sources.log) return pod_log(call);
  call->fail(ApiReason::not_found, "the server could not find the requested resource");
}

}  // namespace arcas::real
