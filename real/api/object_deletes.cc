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

std::optional<controllers::Propagation> propagation_of(std::string_view policy) {
  using controllers::Propagation;
  if (policy.empty()) return Propagation::unsaid;
  if (policy == kOrphan) return Propagation::orphan;
  if (policy == kForeground) return Propagation::foreground;
  if (policy == kBackground) return Propagation::background;
  return std::nullopt;
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
  options.wish.grace_seconds = query->grace_seconds;
  options.dry_run = query->dry_run;
  std::string policy = query->propagation;
  if (body == nullptr) {
    options.wish.propagation = propagation_of(policy).value_or(controllers::Propagation::unsaid);
    return options;
  }
  if (const json::value* grace = body->if_contains("gracePeriodSeconds");
      grace != nullptr && !grace->is_null()) {
    if (!grace->is_int64() || grace->get_int64() < 0) {
      call.fail(ApiReason::bad_request, "gracePeriodSeconds: must be a whole number, 0 or more");
      return std::nullopt;
    }
    options.wish.grace_seconds = grace->get_int64();
  }
  options.uid = text_at(*body, "preconditions.uid");
  options.revision = text_at(*body, "preconditions.resourceVersion");
  if (const std::string_view given = text_at(*body, "propagationPolicy"); !given.empty()) {
    policy = given;
  }
  const json::value* orphan = body->if_contains("orphanDependents");  // before 1.7
  if (orphan != nullptr && orphan->is_bool()) policy = orphan->get_bool() ? kOrphan : kBackground;
  const auto propagation = propagation_of(policy);
  if (!propagation) {
    call.fail(ApiReason::bad_request,
              "propagationPolicy: '" + policy + "' is not one of Orphan, Background, Foreground");
    return std::nullopt;
  }
  options.wish.propagation = *propagation;
  const json::value* dry_run = body->if_contains("dryRun");
  options.dry_run |= dry_run != nullptr && dry_run->is_array() && !dry_run->get_array().empty();
  return options;
}

void Api::State::remove(const ApiCallPtr& call) {
  const std::optional<DeleteOptions> options = read_delete_options(*call);
  if (!options) return;
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
  DocumentWrite write = deletion_of(*current, sources.unix_seconds(), options->wish);
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
  if (!options) return;
  const Expected<DocumentPage> page = store.list(call->scope(), std::nullopt, 0, 0);
  if (!page) return call->fail(api_error_of(page.error()));
  const ObjectSelection selection(*selected);
  std::vector<DocumentWrite> writes;
  std::string items;
  for (const Document& document : page->documents) {
    if (!selection.matches(*document.json)) continue;
    if (!items.empty()) items += ',';
    items += client_text(*document.json, document.revision, call->kind->api_version());
    writes.push_back(deletion_of(document, sources.unix_seconds(), options->wish));
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
