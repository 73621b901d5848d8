// create, update, patch, delete, deletecollection.

#include "real/api/object_writes.h"

#include <algorithm>
#include <boost/json.hpp>

#include "core/manifest/document.h"
#include "real/api/apply/strategic_merge.h"
#include "real/api/object_selection.h"
#include "real/api/object_text.h"
#include "real/api/patch.h"
#include "real/api/schema/problems.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::int32_t kMaxAttempts = 10;  // of a write without a precondition that loses races

ApiError invalid_object(std::vector<ApiCause> causes) {
  ApiError error;
  error.reason = ApiReason::invalid;
  for (const ApiCause& cause : causes) {
    if (!error.message.empty()) error.message += ", ";
    error.message += cause.field + ": " + cause.message;
  }
  error.causes = std::move(causes);
  return error;
}

/// FNV-1a of the uid, folded into 63 bits, as Arktos shards objects over controllers.
std::int64_t hash_key(std::string_view uid) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : uid) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  constexpr std::uint64_t kMost = 0x7fffffffffffffffULL;
  return static_cast<std::int64_t>(hash > kMost ? hash - kMost : hash);
}

/// The version, kind, namespace and tenant of a body against those of its request; empty ones are
/// filled in.
bool fit_to_request(const ApiCall& call, json::object& object) {
  const auto mismatch = [&call](const std::string& what, std::string_view found,
                                const std::string& wanted) {
    call.fail(ApiReason::bad_request, "the " + what + " of the provided object (" +
                                          manifest::quoted(found) + ") does not match the " + what +
                                          " sent on the request (" + wanted + ")");
    return false;
  };
  const std::string version = call.kind->api_version();
  const std::string found_version(text_at(object, "apiVersion"));
  const std::string found_kind(text_at(object, "kind"));
  if (!found_version.empty() && found_version != version) {
    return mismatch("API version", found_version, version);
  }
  if (!found_kind.empty() && found_kind != call.kind->kind) {
    return mismatch("kind", found_kind, call.kind->kind);
  }
  object["apiVersion"] = version;
  object["kind"] = call.kind->kind;
  json::object& metadata = object_at(object, "metadata");
  const auto fit = [&](const char* member, const std::string& wanted) {
    const std::string found(text_at(metadata, member));
    if (wanted.empty()) {
      metadata.erase(member);
      return true;
    }
    if (!found.empty() && found != wanted) return mismatch(member, found, wanted);
    metadata[member] = wanted;
    return true;
  };
  const DocumentKey key = call.key();
  return fit("namespace", key.name_space) && fit("tenant", key.tenant) &&
         (call.path.name.empty() || fit("name", key.name));
}

/// Is there a place for a new object: its tenant and its namespace, neither on its way out?
bool check_place(const DocumentStore& store, const ApiCall& call) {
  const auto check = [&](const DocumentKey& key) {
    const std::optional<Document> holder = store.get(key);
    if (!holder) {
      ApiError error;
      error.reason = ApiReason::not_found;
      error.kind = key.resource;
      error.name = key.name;
      error.message = key.resource + " \"" + key.name + "\" not found";
      call.fail(std::move(error));
      return false;
    }
    if (text_at(client_object(*holder->json, 0, ""), "metadata.deletionTimestamp").empty()) {
      return true;
    }
    call.fail(ApiReason::forbidden, "unable to create new content in " + key.resource + " " +
                                        key.name + " because it is being terminated");
    return false;
  };
  if (call.kind->scope == KindScope::cluster) return true;
  if (!check({"tenants", "", "", call.tenant})) return false;
  return call.kind->scope != KindScope::name_space ||
         check({"namespaces", call.tenant, "", call.path.name_space});
}

/// Can those who live on the documents read it? True when they can.
bool check_readable(const Api::Sources& sources, const ApiCall& call, const std::string& text) {
  if (!sources.check) return true;
  const Status status = sources.check(call.key(), text);
  if (!status.ok()) call.fail(ApiReason::invalid, status.message);
  return status.ok();
}

void answer_written(const ApiCall& call, std::uint16_t code, std::string_view stored,
                    Revision revision) {
  call.respond(code, client_text(stored, revision, call.kind->api_version()));
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

DocumentWrite namespace_write(Api::Sources& sources, std::string uid, const std::string& tenant,
                              std::string_view name) {
  json::object object{
      {"apiVersion", "v1"},
      {"kind", "Namespace"},
      {"metadata", json::object{{"name", name},
                                {"tenant", tenant},
                                {"uid", uid},
                                {"hashKey", hash_key(uid)},
                                {"creationTimestamp", timestamp_text(sources.unix_seconds())},
                                {"labels", json::object{{"kubernetes.io/metadata.name", name}}}}},
      {"spec", json::object{{"finalizers", json::array{"kubernetes"}}}},
      {"status", json::object{{"phase", "Active"}}}};
  DocumentWrite write;
  write.key = {"namespaces", tenant, "", std::string(name)};
  write.uid = std::move(uid);
  write.json = std::make_shared<const std::string>(stored_text(std::move(object)));
  return write;
}

}  // namespace

void Api::State::create(const ApiCallPtr& call) {
  const Expected<WriteOptions> options = parse_write_options(call->query);
  if (!options) return call->fail(api_error_of(options.error()));
  std::optional<json::object> body = read_object(*call);
  if (!body || !read_by_schema(*call, options->validation, *body)) return;
  if (!fit_to_request(*call, *body)) return;
  json::object& object = *body;
  json::object& metadata = object_at(object, "metadata");
  if (!text_at(metadata, "resourceVersion").empty()) {
    return call->fail(ApiReason::bad_request,
                      "resourceVersion should not be set on objects to be created");
  }
  const std::string prefix(text_at(metadata, "generateName"));
  const bool generated = text_at(metadata, "name").empty() && !prefix.empty();
  if (generated) {
    constexpr std::string_view kAlphabet = "bcdfghjklmnpqrstvwxz2456789";
    std::string name = prefix.substr(0, 58);
    for (int i = 0; i < 5; ++i) name += kAlphabet[sources.random() % kAlphabet.size()];
    metadata["name"] = name;
  }
  const std::string uid = new_uid();
  for (const char* member : {"deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"}) {
    metadata.erase(member);
  }
  metadata["uid"] = uid;
  metadata["creationTimestamp"] = timestamp_text(sources.unix_seconds());
  metadata["hashKey"] = hash_key(uid);
  if (call->kind->status) metadata["generation"] = 1;
  settle_fields(*call->kind, object);
  std::vector<ApiCause> causes = problems_of(*call->kind, object, ObjectPart::main);
  call->path.name = text_at(metadata, "name");
  if (!causes.empty()) return call->fail(invalid_object(std::move(causes)));
  if (!check_place(store, *call)) return;
  set_initial_state(*call->kind, object);
  std::vector<DocumentWrite> writes(1);
  writes[0].key = call->key();
  writes[0].uid = uid;
  writes[0].json = std::make_shared<const std::string>(stored_text(std::move(object)));
  if (!check_readable(sources, *call, *writes[0].json)) return;
  if (call->kind->resource() == "tenants") {
    for (const char* name : {"default", "kube-system", "kube-public"}) {
      writes.push_back(namespace_write(sources, new_uid(), call->path.name, name));
    }
  }
  if (options->dry_run) {
    if (store.get(writes[0].key)) {
      return call->fail(ApiReason::already_exists,
                        call->kind->resource() + " \"" + call->path.name + "\" already exists");
    }
    return answer_written(*call, 201, *writes[0].json, 0);
  }
  const auto text = writes[0].json;
  const auto self = shared_from_this();
  store.commit(
      std::move(writes), true, [self, call, text, generated](const DocumentCommit& commit) {
        const StatusCode code = commit.results.front();
        if (code == StatusCode::ok) {
          answer_written(*call, 201, *text, commit.revision);
        } else if (code == StatusCode::already_exists && generated &&
                   ++call->attempts < kMaxAttempts) {
          call->path.name.clear();
          self->create(call);
        } else if (code == StatusCode::already_exists) {
          call->fail(ApiReason::already_exists,
                     call->kind->resource() + " \"" + call->path.name + "\" already exists");
        } else {
          call->fail(api_error_of({code, "the object could not be written"}));
        }
      });
}

namespace {

/// The wanted version of an object: the body of an update, or the stored one patched. Empty after
/// it has answered.
std::optional<json::object> wanted_object(const ApiCall& call, const json::object& stored) {
  if (call.verb == "update") return read_object(call);
  std::string_view type = call.request.content_type;
  type = type.substr(0, type.find(';'));
  const bool json_patch = type == "application/json-patch+json";
  const bool strategic = type == "application/strategic-merge-patch+json";
  if (!json_patch && !strategic && type != "application/merge-patch+json") {
    call.fail(ApiReason::unsupported_media_type,
              "patches are application/json-patch+json, application/merge-patch+json or "
              "application/strategic-merge-patch+json");
    return std::nullopt;
  }
  if (!check_body_size(call)) return std::nullopt;
  Expected<json::value> patch = parse_json(call.request.body);
  if (!patch) {
    call.fail(ApiReason::bad_request, "body: " + patch.error().message);
    return std::nullopt;
  }
  json::value result = stored;
  if (!json_patch && !patch->is_object()) {
    call.fail(ApiReason::bad_request, "the patch is no object");
    return std::nullopt;
  }
  Status status = Status::success();
  if (json_patch) {
    status = apply_json_patch(result, *patch);
  } else if (strategic) {
    status = apply_strategic_merge(schema_of(*call.kind), result.get_object(), patch->get_object());
  } else {
    apply_merge_patch(result, *patch);
  }
  if (!status.ok()) {
    ApiError error = api_error_of(status);
    if (json_patch) error.reason = ApiReason::invalid;
    call.fail(std::move(error));
    return std::nullopt;
  }
  if (!result.is_object()) {
    call.fail(ApiReason::bad_request, "the patch does not give an object");
    return std::nullopt;
  }
  return std::move(result.get_object());
}

void fail_conflict(const ApiCall& call) {
  call.fail(ApiReason::conflict,
            "Operation cannot be fulfilled on " + call.kind->resource() + " \"" + call.path.name +
                "\": the object has been modified; please apply your changes to the latest "
                "version and try again");
}

}  // namespace

void Api::State::update(const ApiCallPtr& call) {
  const Expected<WriteOptions> options = parse_write_options(call->query);
  if (!options) return call->fail(api_error_of(options.error()));
  const std::optional<Document> current = store.get(call->key());
  if (!current) return call->fail_not_found();
  const json::object stored =
      client_object(*current->json, current->revision, call->kind->api_version());
  std::optional<json::object> wanted = wanted_object(*call, stored);
  if (!wanted || !read_by_schema(*call, options->validation, *wanted)) return;
  if (!fit_to_request(*call, *wanted)) return;
  const std::string based_on(text_at(*wanted, "metadata.resourceVersion"));
  const std::string uid(text_at(*wanted, "metadata.uid"));
  const bool conditional = !based_on.empty() && call->verb == "update";
  if ((!based_on.empty() && based_on != std::to_string(current->revision)) ||
      (!uid.empty() && uid != current->uid)) {
    return fail_conflict(*call);
  }
  const ObjectPart part =
      call->path.subresource == "status" ? ObjectPart::status : ObjectPart::main;
  if (part == ObjectPart::main) settle_fields(*call->kind, *wanted);
  json::object result = kept_and_changed(*call->kind, stored, std::move(*wanted), part);
  std::vector<ApiCause> causes = problems_of(*call->kind, result, part);
  if (const TypeSchema* type = schema_of(*call->kind)) {
    for (ApiCause& cause : changed_fixed_fields(*type, stored, result)) {
      causes.push_back(std::move(cause));
    }
  }
  if (!causes.empty()) return call->fail(invalid_object(std::move(causes)));
  const bool leaves = is_free_to_go(result);
  object_at(result, "metadata")["resourceVersion"] = std::to_string(current->revision);
  const bool is_same = !leaves && result == stored;
  auto text =
      is_same ? current->json : std::make_shared<const std::string>(stored_text(std::move(result)));
  if (!is_same && !leaves && !check_readable(sources, *call, *text)) return;
  if (options->dry_run || is_same) return answer_written(*call, 200, *text, current->revision);
  DocumentWrite write;
  write.verb = leaves ? DocumentWrite::Verb::remove : DocumentWrite::Verb::update;
  write.key = current->key;
  write.uid = current->uid;
  write.expected = current->revision;
  write.json = text;
  const auto self = shared_from_this();
  store.commit({std::move(write)}, true,
               [self, call, text, conditional](const DocumentCommit& commit) {
                 const StatusCode code = commit.results.front();
                 if (code == StatusCode::ok) {
                   answer_written(*call, 200, *text, commit.revision);
                 } else if (code == StatusCode::not_found) {
                   call->fail_not_found();
                 } else if (code != StatusCode::conflict) {
                   call->fail(api_error_of({code, "the object could not be written"}));
                 } else if (!conditional && ++call->attempts < kMaxAttempts) {
                   self->update(call);
                 } else {
                   fail_conflict(*call);
                 }
               });
}

namespace {

/// The body of a delete: grace and preconditions.
struct DeleteOptions {
  std::optional<std::int64_t> grace_seconds;
  std::string uid;
  std::string revision;
  bool dry_run = false;
};

std::optional<DeleteOptions> read_delete_options(const ApiCall& call) {
  const Expected<WriteOptions> query = parse_write_options(call.query);
  if (!query) {
    call.fail(api_error_of(query.error()));
    return std::nullopt;
  }
  DeleteOptions options;
  options.grace_seconds = query->grace_seconds;
  options.dry_run = query->dry_run;
  if (call.request.body.empty()) return options;
  const std::optional<json::object> body = read_object(call);
  if (!body) return std::nullopt;
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
  const json::value* dry_run = body->if_contains("dryRun");
  options.dry_run |= dry_run != nullptr && dry_run->is_array() && !dry_run->get_array().empty();
  return options;
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

/// The write that deletes a version of an object: its removal, or a mark when it must wait.
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

}  // namespace

void Api::State::remove(const ApiCallPtr& call) {
  const std::optional<DeleteOptions> options = read_delete_options(*call);
  if (!options) return;
  const std::optional<Document> current = store.get(call->key());
  if (!current) return call->fail_not_found();
  if (!options->uid.empty() && options->uid != current->uid) return fail_conflict(*call);
  if (!options->revision.empty() && options->revision != std::to_string(current->revision)) {
    return fail_conflict(*call);
  }
  const bool of_tenant = call->kind->resource() == "tenants";
  const std::string& name = call->path.name;
  if ((of_tenant && name == "system") ||
      (call->kind->resource() == "namespaces" &&
       (name == "default" || name == "kube-system" || name == "kube-public"))) {
    return call->fail(ApiReason::forbidden, "it may not be deleted");
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
