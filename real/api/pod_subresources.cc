// Subresources of pods that are written by POST: binding and eviction.

#include <algorithm>
#include <boost/json.hpp>

#include "core/controllers/disruption.h"
#include "core/manifest/document.h"
#include "real/api/api_state.h"
#include "real/api/label_match.h"
#include "real/api/object_deletes.h"
#include "real/api/object_text.h"
#include "real/api/object_writes.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

json::value success_status() {
  return {{"kind", "Status"},
          {"apiVersion", "v1"},
          {"metadata", json::object()},
          {"status", "Success"},
          {"code", 201}};
}

DocumentWrite changed_document(const Document& document, json::object object) {
  DocumentWrite write;
  write.verb = DocumentWrite::Verb::update;
  write.key = document.key;
  write.uid = document.uid;
  write.expected = document.revision;
  write.json = std::make_shared<const std::string>(stored_text(std::move(object)));
  return write;
}

/// The body of a POST to a subresource, of the kind that it takes. Empty after it has answered.
std::optional<json::object> read_body_of(const ApiCall& call, std::string_view kind) {
  std::optional<json::object> body = read_object(call);
  if (!body) return std::nullopt;
  const std::string_view found = text_at(*body, "kind");
  const std::string_view name = text_at(*body, "metadata.name");
  if (!found.empty() && found != kind) {
    call.fail(ApiReason::bad_request,
              "kind " + manifest::quoted(found) + " is there; allowed is " + std::string(kind));
    return std::nullopt;
  }
  if (!name.empty() && name != call.path.name) {
    call.fail(ApiReason::bad_request, "the name of the object (" + manifest::quoted(name) +
                                          ") does not match the name on the URL (" +
                                          call.path.name + ")");
    return std::nullopt;
  }
  return body;
}

/// Puts a pod on a node, as a scheduler asks for. Errors, code conflict: it has a node, or it is
/// going.
Status put_on_node(json::object& pod, const json::object& binding, const std::string& time) {
  const std::string_view node = text_at(binding, "target.name");
  const std::string_view kind = text_at(binding, "target.kind");
  if (node.empty()) return Status::invalid("target.name: Required value");
  if (!kind.empty() && kind != "Node") return Status::invalid("target.kind: allowed is Node");
  if (!text_at(pod, "metadata.deletionTimestamp").empty()) {
    return Status::conflict("the pod is being deleted, cannot be assigned to a host");
  }
  if (!text_at(pod, "spec.nodeName").empty()) {
    return Status::conflict("the pod is already assigned to node " +
                            manifest::quoted(text_at(pod, "spec.nodeName")));
  }
  object_at(pod, "spec")["nodeName"] = node;
  if (const json::value* notes = value_at(binding, "metadata.annotations");
      notes && notes->is_object()) {
    for (const auto& [key, value] : notes->get_object()) {
      object_at(object_at(pod, "metadata"), "annotations")[key] = value;
    }
  }
  json::value& list = object_at(pod, "status")["conditions"];
  json::array& conditions = list.is_array() ? list.get_array() : list.emplace_array();
  const auto old = std::find_if(conditions.begin(), conditions.end(), [](const json::value& entry) {
    return entry.is_object() && text_at(entry.get_object(), "type") == "PodScheduled";
  });
  if (old != conditions.end()) conditions.erase(old);
  conditions.emplace_back(
      json::object{{"type", "PodScheduled"}, {"status", "True"}, {"lastTransitionTime", time}});
  return Status::success();
}

/// The budgets of a pod's namespace that select it.
std::vector<Document> budgets_of(const DocumentStore& store, const ApiCall& call,
                                 const json::object& pod) {
  std::vector<Document> budgets;
  const DocumentScope scope{"poddisruptionbudgets.policy", call.tenant, call.path.name_space};
  const Expected<DocumentPage> page = store.list(scope, std::nullopt, 0, 0);
  if (!page) return budgets;
  const json::value* labels = value_at(pod, "metadata.labels");
  for (const Document& document : page->documents) {
    const json::object budget = client_object(*document.json, document.revision, "policy/v1");
    const json::value* selector = value_at(budget, "spec.selector");
    if (selector == nullptr || !selector->is_object()) continue;
    if (matches_labels(selector_of(selector->get_object()),
                       labels == nullptr ? nullptr : labels->if_object())) {
      budgets.push_back(document);
    }
  }
  return budgets;
}

void refuse_eviction(const ApiCall& call, const std::string& detail) {
  ApiError error;
  error.reason = ApiReason::too_many_requests;
  error.message = "Cannot evict pod as it would violate the pod's disruption budget.";
  error.causes = {{"", "DisruptionBudget", detail}};
  call.fail(std::move(error));
}

}  // namespace

void Api::State::bind_pod(const ApiCallPtr& call) {
  const Expected<WriteOptions> options = parse_write_options(call->query);
  if (!options) return call->fail(api_error_of(options.error()));
  const std::optional<json::object> binding = read_body_of(*call, "Binding");
  if (!binding) return;
  const std::optional<Document> current = store.get(call->key());
  if (!current) return call->fail_not_found();
  const std::string_view uid = text_at(*binding, "metadata.uid");
  if (!uid.empty() && uid != current->uid) return fail_conflict(*call);
  json::object pod = client_object(*current->json, current->revision, "v1");
  const Status status = put_on_node(pod, *binding, timestamp_text(sources.unix_seconds()));
  if (!status.ok()) return call->fail(api_error_of(status));
  if (options->dry_run) return call->respond(201, success_status());
  const auto self = shared_from_this();
  store.commit({changed_document(*current, std::move(pod))}, true,
               [self, call](const DocumentCommit& commit) {
                 const StatusCode code = commit.results.front();
                 if (code == StatusCode::ok) {
                   call->respond(201, success_status());
                 } else if (code == StatusCode::conflict && ++call->attempts < kMaxAttempts) {
                   self->bind_pod(call);
                 } else {
                   fail_conflict(*call);
                 }
               });
}

void Api::State::evict_pod(const ApiCallPtr& call) {
  const std::optional<json::object> eviction = read_body_of(*call, "Eviction");
  if (!eviction) return;
  const json::value* given = value_at(*eviction, "deleteOptions");
  const std::optional<DeleteOptions> options =
      delete_options_of(*call, given == nullptr ? nullptr : given->if_object());
  if (!options) return;
  const std::optional<Document> current = store.get(call->key());
  if (!current) return call->fail_not_found();
  const json::object pod = client_object(*current->json, current->revision, "v1");
  if (!options->allows(*current)) return fail_conflict(*call);
  const bool protects = text_at(pod, "status.phase") == "Running" &&
                        text_at(pod, "metadata.deletionTimestamp").empty();
  const std::vector<Document> budgets =
      protects ? budgets_of(store, *call, pod) : std::vector<Document>();
  std::vector<DocumentWrite> writes;
  if (!budgets.empty()) {
    json::object budget =
        client_object(*budgets.front().json, budgets.front().revision, "policy/v1");
    const std::int64_t allowed = integer_at(budget, "status.disruptionsAllowed");
    const auto verdict = controllers::eviction_verdict(protects, budgets.size(), allowed);
    if (verdict == controllers::DisruptionVerdict::ambiguous) {
      return call->fail(ApiReason::internal_error,
                        "This pod has more than one PodDisruptionBudget, which the eviction "
                        "subresource does not support.");
    }
    if (verdict == controllers::DisruptionVerdict::no_budget_left) {
      return refuse_eviction(
          *call, "The disruption budget " + budgets.front().key.name + " needs " +
                     std::to_string(integer_at(budget, "status.desiredHealthy")) +
                     " healthy pods and has " +
                     std::to_string(integer_at(budget, "status.currentHealthy")) + " currently");
    }
    json::object& status = object_at(budget, "status");
    status["disruptionsAllowed"] = allowed - 1;
    object_at(status, "disruptedPods")[call->path.name] = timestamp_text(sources.unix_seconds());
    writes.push_back(changed_document(budgets.front(), std::move(budget)));
  }
  if (options->dry_run) return call->respond(201, success_status());
  DocumentWrite removal = deletion_of(*current, sources.unix_seconds(), options->wish);
  writes.push_back(std::move(removal));
  const auto self = shared_from_this();
  store.commit(std::move(writes), true, [self, call](const DocumentCommit& commit) {
    const auto failed = std::find_if(commit.results.begin(), commit.results.end(),
                                     [](StatusCode code) { return code != StatusCode::ok; });
    if (failed == commit.results.end()) {
      call->respond(201, success_status());
    } else if (*failed == StatusCode::conflict && ++call->attempts < kMaxAttempts) {
      self->evict_pod(call);
    } else if (*failed == StatusCode::not_found) {
      call->fail_not_found();
    } else {
      fail_conflict(*call);
    }
  });
}

}  // namespace arcas::real
