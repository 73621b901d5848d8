// create, update, patch.

#include "real/api/object_writes.h"

#include <algorithm>
#include <boost/json.hpp>

#include "core/manifest/document.h"
#include "real/api/apply/strategic_merge.h"
#include "real/api/custom_definitions.h"
#include "real/api/deletion.h"
#include "real/api/object_text.h"
#include "real/api/patch.h"
#include "real/api/pod_admission.h"
#include "real/api/scale.h"
#include "real/api/schema/pod_update.h"
#include "real/api/schema/problems.h"
#include "real/api/tenant_documents.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

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

/// False after it has answered why a pod may not be.
bool admit_pod(const DocumentStore& store, const ApiCall& call, json::object& object) {
  if (call.kind->resource() != "pods") return true;
  const Status admitted = admit_new_pod(store, call.tenant, call.path.name_space, object);
  if (admitted.ok()) return true;
  call.fail(ApiReason::forbidden, admitted.message);
  return false;
}

/// A name that begins with the prefix and that nobody else has, as a rule.
std::string generated_name(const std::string& prefix, const Api::Sources& sources) {
  constexpr std::string_view kAlphabet = "bcdfghjklmnpqrstvwxz2456789";
  std::string name = prefix.substr(0, 58);
  for (int i = 0; i < 5; ++i) name += kAlphabet[sources.random() % kAlphabet.size()];
  return name;
}

void begin_definition(ApiCall& call, json::object& definition, const Api::Sources& sources) {
  settle_new_definition(definition, sources.unix_seconds());
  std::string warning = definition_warning(definition);
  if (!warning.empty()) call.warnings.push_back(std::move(warning));
}

}  // namespace

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

void fail_conflict(const ApiCall& call) {
  call.fail(ApiReason::conflict,
            "Operation cannot be fulfilled on " + call.kind->resource() + " \"" + call.path.name +
                "\": the object has been modified; please apply your changes to the latest "
                "version and try again");
}

/// Can those who live on the documents read it? True when they can.
bool check_readable(const Api::Sources& sources, const ApiCall& call, const std::string& text) {
  if (!sources.check) return true;
  const Status status = sources.check(call.key(), text);
  if (status.ok()) return true;
  // Clients show the causes alone.
  const std::size_t colon = status.message.find(": ");
  const bool named = colon != std::string::npos && status.message.find(' ') > colon;
  ApiError error;
  error.reason = ApiReason::invalid;
  error.message = status.message;
  error.causes = {{named ? status.message.substr(0, colon) : "", "FieldValueInvalid",
                   named ? status.message.substr(colon + 2) : status.message}};
  call.fail(std::move(error));
  return false;
}

void answer_written(const ApiCall& call, std::uint16_t code, std::string_view stored,
                    Revision revision) {
  if (call.path.subresource == "scale") {
    return call.respond(code, scale_of(client_object(stored, revision, call.kind->api_version())));
  }
  call.respond(code, client_text(stored, revision, call.kind->api_version()));
}

bool is_apply(const ApiCall& call) {
  return call.verb == "patch" &&
         std::string_view(call.request.content_type).starts_with("application/apply-patch+yaml");
}

void Api::State::create(const ApiCallPtr& call) {
  const Expected<WriteOptions> options = parse_write_options(call->query);
  if (!options) return call->fail(api_error_of(options.error()));
  std::optional<json::object> body = read_object(*call);
  if (!body || !read_by_schema(*call, options->validation, *body)) return;
  if (!fit_to_request(*call, *body)) return;
  write_new(call, *options, std::move(*body));
}

void Api::State::write_new(const ApiCallPtr& call, const WriteOptions& options,
                           json::object object) {
  json::object& metadata = object_at(object, "metadata");
  if (!text_at(metadata, "resourceVersion").empty()) {
    return call->fail(ApiReason::bad_request,
                      "resourceVersion should not be set on objects to be created");
  }
  const std::string prefix(text_at(metadata, "generateName"));
  const bool generated = text_at(metadata, "name").empty() && !prefix.empty();
  if (generated) metadata["name"] = generated_name(prefix, sources);
  const std::string uid = new_uid();
  for (const char* member : {"deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"}) {
    metadata.erase(member);
  }
  metadata["uid"] = uid;
  metadata["creationTimestamp"] = timestamp_text(sources.unix_seconds());
  metadata["hashKey"] = hash_key(uid);
  if (call->kind->status) metadata["generation"] = 1;
  settle_fields(*call->kind, object);
  call->path.name = text_at(metadata, "name");
  if (!admit_pod(store, *call, object)) return;
  std::vector<ApiCause> causes = problems_of(*call->kind, object, ObjectPart::main);
  if (!causes.empty()) return call->fail(invalid_object(std::move(causes)));
  if (call->kind->terminating) {
    return call->fail(ApiReason::method_not_allowed,
                      "create not allowed while custom resource definition is terminating");
  }
  if (!check_place(store, *call) || !admit(*call, nullptr, &object)) return;
  set_initial_state(*call->kind, object);
  if (call->kind->resource() == kDefinitions) begin_definition(*call, object, sources);
  if (!is_apply(*call)) {
    record_update(schema_of(*call->kind), {}, object,
                  field_writer(*call, options, sources.unix_seconds()));
  }
  Expected<std::vector<DocumentWrite>> charges = std::vector<DocumentWrite>();
  if (call->kind->resource() == "pods") {
    charges = quota_charges(store, call->tenant, call->path.name_space, object);
    if (!charges) return call->fail(ApiReason::forbidden, charges.error().message);
  }
  std::vector<DocumentWrite> writes(1);
  writes[0].key = call->key();
  writes[0].uid = uid;
  writes[0].json = std::make_shared<const std::string>(stored_text(std::move(object)));
  if (!check_readable(sources, *call, *writes[0].json)) return;
  if (call->kind->resource() == "tenants") {
    for (const char* name : {"default", "kube-system", "kube-public"}) {
      writes.push_back(namespace_write(sources, new_uid(), call->path.name, name));
    }
    for (DocumentWrite& write : tenant_admin_writes(
             call->path.name, [this] { return new_uid(); }, sources.unix_seconds())) {
      writes.push_back(std::move(write));
    }
  }
  if (options.dry_run) {
    if (store.get(writes[0].key)) {
      return call->fail(ApiReason::already_exists,
                        call->kind->resource() + " \"" + call->path.name + "\" already exists");
    }
    return answer_written(*call, 201, *writes[0].json, 0);
  }
  for (DocumentWrite& charge : *charges) writes.push_back(std::move(charge));
  const auto text = writes[0].json;
  store.commit(std::move(writes), true,
               [self = shared_from_this(), call, text, generated](const DocumentCommit& commit) {
                 self->answer_created(call, *text, generated, commit);
               });
}

void Api::State::answer_created(const ApiCallPtr& call, const std::string& text, bool generated,
                                const DocumentCommit& commit) {
  const StatusCode code = commit.results.front();
  const bool charge_raced = code == StatusCode::ok && commit.results.back() == StatusCode::conflict;
  const bool again = code == StatusCode::already_exists && (generated || is_apply(*call));
  if ((charge_raced || again) && ++call->attempts < kMaxAttempts) {
    if (again && generated) call->path.name.clear();
    if (is_apply(*call)) return apply(call);
    return create(call);
  }
  if (charge_raced) return fail_conflict(*call);
  if (code == StatusCode::ok) return answer_written(*call, 201, text, commit.revision);
  if (code == StatusCode::already_exists) {
    return call->fail(ApiReason::already_exists,
                      call->kind->resource() + " \"" + call->path.name + "\" already exists");
  }
  call->fail(api_error_of({code, "the object could not be written"}));
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

/// A workload with the replicas of the Scale that an update or a patch of it gives.
std::optional<json::object> wanted_scale(const ApiCall& call, const json::object& stored) {
  const std::optional<json::object> scale = wanted_object(call, scale_of(stored));
  if (!scale) return std::nullopt;
  Expected<json::object> workload = scaled(stored, *scale);
  if (workload) return std::move(*workload);
  if (workload.error().code == StatusCode::conflict) {
    fail_conflict(call);
  } else {
    call.fail(api_error_of(workload.error()));
  }
  return std::nullopt;
}

}  // namespace

void Api::State::update(const ApiCallPtr& call) {
  if (is_apply(*call)) return apply(call);
  const Expected<WriteOptions> options = parse_write_options(call->query);
  if (!options) return call->fail(api_error_of(options.error()));
  const std::optional<Document> current = store.get(call->key());
  if (!current) return call->fail_not_found();
  const json::object stored =
      client_object(*current->json, current->revision, call->kind->api_version());
  std::optional<json::object> wanted;
  if (call->path.subresource == "scale") {
    wanted = wanted_scale(*call, stored);
    if (!wanted) return;
  } else {
    wanted = wanted_object(*call, stored);
    if (!wanted || !read_by_schema(*call, options->validation, *wanted)) return;
    if (!fit_to_request(*call, *wanted)) return;
  }
  write_changed(call, *options, *current, stored, std::move(*wanted));
}

void Api::State::write_changed(const ApiCallPtr& call, const WriteOptions& options,
                               const Document& current, const json::object& stored,
                               json::object wanted) {
  const std::string based_on(text_at(wanted, "metadata.resourceVersion"));
  const std::string uid(text_at(wanted, "metadata.uid"));
  const bool conditional = !based_on.empty() && call->verb == "update";
  if ((!based_on.empty() && based_on != std::to_string(current.revision)) ||
      (!uid.empty() && uid != current.uid)) {
    return fail_conflict(*call);
  }
  const ObjectPart part =
      call->path.subresource == "status" ? ObjectPart::status : ObjectPart::main;
  if (part == ObjectPart::main) settle_fields(*call->kind, wanted);
  std::optional<json::value> managers;
  if (is_apply(*call) && part == ObjectPart::status) {
    if (const json::value* own = value_at(wanted, "metadata.managedFields")) managers = *own;
  }
  json::object result = kept_and_changed(*call->kind, stored, std::move(wanted), part);
  if (call->kind->resource() == kDefinitions && part == ObjectPart::main) {
    settle_definition_status(result, sources.unix_seconds());
  }
  if (managers) object_at(result, "metadata")["managedFields"] = std::move(*managers);
  std::vector<ApiCause> causes = problems_of(*call->kind, result, part);
  const TypeSchema* type = schema_of(*call->kind);
  if (type != nullptr) {
    for (ApiCause& cause : changed_fixed_fields(*type, stored, result)) {
      causes.push_back(std::move(cause));
    }
  }
  if (call->kind->resource() == "pods" && part == ObjectPart::main) {
    for (ApiCause& cause : pod_update_problems(stored, result)) causes.push_back(std::move(cause));
  }
  if (!causes.empty()) return call->fail(invalid_object(std::move(causes)));
  if (!admit(*call, &stored, &result)) return;
  if (!is_apply(*call)) {
    record_update(type, stored, result, field_writer(*call, options, sources.unix_seconds()));
  }
  const bool leaves = is_free_to_go(result);
  object_at(result, "metadata")["resourceVersion"] = std::to_string(current.revision);
  const bool is_same = !leaves && result == stored;
  auto text =
      is_same ? current.json : std::make_shared<const std::string>(stored_text(std::move(result)));
  if (!is_same && !leaves && !check_readable(sources, *call, *text)) return;
  if (options.dry_run || is_same) return answer_written(*call, 200, *text, current.revision);
  DocumentWrite write;
  write.verb = leaves ? DocumentWrite::Verb::remove : DocumentWrite::Verb::update;
  write.key = current.key;
  write.uid = current.uid;
  write.expected = current.revision;
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

}  // namespace arcas::real
