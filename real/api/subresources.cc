// status, scale, binding, eviction.

#include "real/api/api_state.h"
#include "real/api/object_text.h"
#include "real/api/object_writes.h"

namespace arcas::real {

void Api::State::subresource(const ApiCallPtr& call) {
  const std::string& name = call->path.subresource;
  const bool writes = call->verb == "update" || call->verb == "patch";
  if (name == "status" && call->kind->status) {
    if (call->verb == "get") return get(call);
    if (writes) return update(call);
    return call->fail(ApiReason::method_not_allowed, "a status is read, updated or patched");
  }
  call->fail(ApiReason::not_found, "the server could not find the requested resource");
}

}  // namespace arcas::real
