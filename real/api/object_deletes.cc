// delete, deletecollection.

#include "real/api/object_deletes.h"

#include <algorithm>
#include <boost/json.hpp>

#include "real/api/object_selection.h"
#include "real/api/object_text.h"
#include "real/api/object_writes.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::string_view kOrphan = "Orphan";
constexpr std::string_view kBackground = "Background";
constexpr std::string_view kForeground = "Foreground";

/// Kinds whose pods, or whose ReplicaSets, go with them: the core's controllers take no orphans in.
bool takes_dependents_along(const KindInfo& kind) {
  const std::string resource = kind.resource();
  return resource == "deployments.apps" || resource == "replicasets.apps" ||
         resource == "daemonsets.apps" || resource == "jobs.batch";
}

/// True when it has refused to leave behind what the object owns: better than to delete it.
bool refuses_orphans(const ApiCall& call, const DeleteOptions& options) {
  if (options.propagation != kOrphan || !takes_dependents_along(*call.kind)) return false;
  call.fail(ApiReason::bad_request,
            "propagationPolicy: Orphan is not supported for " + call.kind->plural +
                ": what they own is deleted with them; use Background or Foreground");
  return true;
}

/// Marks an object as being deleted, with what its kind adds to that.
void mark_deleted(json::object& object, std::int64_t now, std::int64_t grace) {
  json::object& metadata = object_at(object, "metadata");
  const std::string_view before = text_at(metadata, "deletionTimestamp");
  if (before.empty() || timestamp_of(before) > now + grace) {
    metadata["deletionTimestamp"] = timestamp_text(now + grace);
    metadata["deletionGracePeriodSeconds"] = grace;
  }
  const std::string_view kind = text_at(object, "kind");
  if (kind == "Namespace" || kind == "Tenant") object_at(object, "status")["phase"] = "Terminating";
}

/// Pods that run on a node get time to end; everything else goes at once.
std::int64_t grace_of(const KindInfo& kind, const json::object& object,
                      const std::optional<std::int64_t>& asked) {
  if (kind.resource() != "pods" || text_at(object, "spec.nodeName").empty()) return 0;
  const std::string_view phase = text_at(object, "status.phase");
  if (phase == "Succeeded" || phase == "Failed") return 0;
  if (asked) return *asked;
  const json::value* own = value_at(object, "spec.terminationGracePeriodSeconds");
  return own != nullptr && own->is_int64() ? std::max<std::int64_t>(own->get_int64(), 0) : 30;
}

/// The options in the query and the body of a delete. Empty after it has answered.
std::optional<DeleteOptions> read_delete_options(const ApiCall& call) {
  if (call.request.body.empty()) return delete_options_of(call, nullptr);
  const std::optional<json::object> body = read_object(call);
  return body ? delete_options_of(call, &*body) : std::nullopt;
}

void answer_removed(const ApiCall& call, const std::string& uid) {
  call.respond(200, json::value(json::object{{"kind", "Status"},
                                             {"apiVersion", "v1"},
                                             {"metadata", json::object()},
                                             {"status", "Success"},
                                             {"details", json::object{{"name", call.path.name},
                                                                      {"group", call.kind->group},
                                                                      {"kind", call.kind->plural},
                                                                      {"uid", uid}}}}));
}

}  // namespace

std::optional<DeleteOptions> delete_options_of(const ApiCall& call, const json::object* body) {
  const Expected<WriteOptions> query = parse_write_options(call.query);
  if (!query) {
    call.fail(api_error_of(query.error()));
    return std::nullopt;
  }
  DeleteOptions options;
  options.grace_seconds = query->grace_seconds;
  options.dry_run = query->dry_run;
  options.propagation = query->propagation;
  if (body == nullptr) return options;
  if (const json::value* grace = body->if_contains("gracePeriodSeconds");
      grace != nullptr && !grace->is_null()) {
    if (!grace->is_int64() || grace->get_int64() < 0) {
      call.fail(ApiReason::bad_request, "gracePeriodSeconds: must be a whole number, 0 or more");
      return std::nullopt;
    }
    options.grace_seconds = grace->get_int64();
  }
  options.uid = text_at(*body, "preconditions.uid");
  options.revision = text_at(*body, "preconditions.resourceVersion");
  if (const std::string_view given = text_at(*body, "propagationPolicy"); !given.empty()) {
    options.propagation = given;
  }
  const json::value* orphan = body->if_contains("orphanDependents");  // before 1.7
  if (orphan != nullptr && orphan->is_bool() && orphan->get_bool()) options.propagation = kOrphan;
  const std::string& policy = options.propagation;
  if (!policy.empty() && policy != kOrphan && policy != kBackground && policy != kForeground) {
    call.fail(ApiReason::bad_request,
              "propagationPolicy: '" + policy + "' is not one of Orphan, Background, Foreground");
    return std::nullopt;
  }
  const json::value* dry_run = body->if_contains("dryRun");
  options.dry_run |= dry_run != nullptr && dry_run->is_array() && !dry_run->get_array().empty();
  return options;
}

DocumentWrite deletion_of(const KindInfo& kind, const Document& document, std::int64_t now,
                          const std::optional<std::int64_t>& asked) {
  json::object object = client_object(*document.json, 0, kind.api_version());
  mark_deleted(object, now, grace_of(kind, object, asked));
  DocumentWrite write;
  write.verb = is_free_to_go(object) ? DocumentWrite::Verb::remove : DocumentWrite::Verb::update;
  write.key = document.key;
  write.uid = document.uid;
  write.expected = document.revision;
  write.json = std::make_shared<const std::string>(stored_text(std::move(object)));
  return write;
}

void Api::State::remove(const ApiCallPtr& call) {
  const std::optional<DeleteOptions> options = read_delete_options(*call);
  if (!options || refuses_orphans(*call, *options)) return;
  const std::optional<Document> current = store.get(call->key());
  if (!current) return call->fail_not_found();
  if (!options->allows(*current)) return fail_conflict(*call);
  const bool of_tenant = call->kind->resource() == "tenants";
  const std::string& name = call->path.name;
  if ((of_tenant && name == "system") ||
      (call->kind->resource() == "namespaces" &&
       (name == "default" || name == "kube-system" || name == "kube-public"))) {
    return call->fail(
        ApiReason::forbidden,
        std::string("this ") + (of_tenant ? "tenant" : "namespace") + " may not be deleted");
  }
  DocumentWrite write =
      deletion_of(*call->kind, *current, sources.unix_seconds(), options->grace_seconds);
  const bool leaves = write.verb == DocumentWrite::Verb::remove;
  const std::string uid = current->uid;
  const auto text = write.json;
  if (options->dry_run || (!leaves && *text == *current->json)) {
    return leaves ? answer_removed(*call, uid)
                  : answer_written(*call, 200, *text, current->revision);
  }
  const auto self = shared_from_this();
  store.commit({std::move(write)}, true,
               [self, call, uid, leaves, text](const DocumentCommit& commit) {
                 const StatusCode code = commit.results.front();
                 if (code == StatusCode::ok && leaves) {
                   answer_removed(*call, uid);
                 } else if (code == StatusCode::ok) {
                   answer_written(*call, 200, *text, commit.revision);
                 } else if (code == StatusCode::not_found) {
                   call->fail_not_found();
                 } else if (code == StatusCode::conflict && ++call->attempts < kMaxAttempts) {
                   self->remove(call);
                 } else {
                   fail_conflict(*call);
                 }
               });
}

void Api::State::remove_collection(const ApiCallPtr& call) {
  const std::vector<std::string_view> fields(call->kind->selectable.begin(),
                                             call->kind->selectable.end());
  const Expected<ListOptions> selected = parse_list_options(call->query, fields);
  if (!selected) return call->fail(api_error_of(selected.error()));
  const std::optional<DeleteOptions> options = read_delete_options(*call);
  if (!options || refuses_orphans(*call, *options)) return;
  const Expected<DocumentPage> page = store.list(call->scope(), std::nullopt, 0, 0);
  if (!page) return call->fail(api_error_of(page.error()));
  const ObjectSelection selection(*selected);
  std::vector<DocumentWrite> writes;
  std::string items;
  for (const Document& document : page->documents) {
    if (!selection.matches(*document.json)) continue;
    if (!items.empty()) items += ',';
    items += client_text(*document.json, document.revision, call->kind->api_version());
    writes.push_back(
        deletion_of(*call->kind, document, sources.unix_seconds(), options->grace_seconds));
  }
  const auto answer = [call, items = std::move(items)](Revision revision) {
    call->respond(200, R"({"kind":")" + call->kind->kind + R"(List","apiVersion":")" +
                           call->kind->api_version() + R"(","metadata":{"resourceVersion":")" +
                           std::to_string(revision) + R"("},"items":[)" + items + "]}");
  };
  if (writes.empty() || options->dry_run) return answer(page->revision);
  store.commit(std::move(writes), false,
               [answer](const DocumentCommit& commit) { answer(commit.revision); });
}

}  // namespace arcas::real
