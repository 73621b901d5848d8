// Server-side apply of whole objects.

#include <boost/json.hpp>

#include "real/api/apply/managed_fields.h"
#include "real/api/object_text.h"
#include "real/api/object_writes.h"
#include "real/api/yaml_body.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

/// What a client declares. Empty after it has answered.
std::optional<json::object> declared_object(ApiCall& call, const WriteOptions& options) {
  if (options.field_manager.empty()) {
    ApiError error;
    error.reason = ApiReason::invalid;
    error.message = "fieldManager: Required value: is required for apply patch";
    error.causes = {
        {"fieldManager", "FieldValueRequired", "Required value: is required for apply patch"}};
    call.fail(std::move(error));
    return std::nullopt;
  }
  if (!check_body_size(call)) return std::nullopt;
  Expected<json::value> body = parse_yaml_body(call.request.body);
  if (!body || !body->is_object()) {
    call.fail(ApiReason::bad_request,
              body ? "what is applied is no object" : "body: " + body.error().message);
    return std::nullopt;
  }
  json::object& object = body->get_object();
  for (const char* member : {"apiVersion", "kind"}) {
    if (!text_at(object, member).empty()) continue;
    call.fail(ApiReason::bad_request,
              std::string(member) + ": must be there when an object is applied");
    return std::nullopt;
  }
  if (!read_by_schema(call, options.validation, object) || !fit_to_request(call, object)) {
    return std::nullopt;
  }
  return std::move(object);
}

void fail_with_conflicts(const ApiCall& call, ApplyOutcome outcome) {
  ApiError error;
  error.reason = ApiReason::conflict;
  error.message = std::move(outcome.conflict_message);
  error.causes = std::move(outcome.conflicts);
  call.fail(std::move(error));
}

}  // namespace

FieldWriter field_writer(const ApiCall& call, const WriteOptions& options, std::int64_t now) {
  FieldWriter writer;
  writer.manager = options.field_manager;
  if (writer.manager.empty()) {
    const std::string& agent = call.request.user_agent;
    writer.manager = agent.substr(0, std::min(agent.find('/'), std::size_t{128}));
  }
  if (writer.manager.empty()) writer.manager = "unknown";
  writer.api_version = call.kind->api_version();
  writer.subresource = call.path.subresource;
  writer.time = timestamp_text(now);
  return writer;
}

void Api::State::apply(const ApiCallPtr& call) {
  const Expected<WriteOptions> options = parse_write_options(call->query);
  if (!options) return call->fail(api_error_of(options.error()));
  std::optional<json::object> declared = declared_object(*call, *options);
  if (!declared) return;
  const std::optional<Document> current = store.get(call->key());
  if (!current && !call->path.subresource.empty()) return call->fail_not_found();
  const std::string based_on(text_at(*declared, "metadata.resourceVersion"));
  const std::string uid(text_at(*declared, "metadata.uid"));
  const bool matches = current
                           ? (based_on.empty() || based_on == std::to_string(current->revision)) &&
                                 (uid.empty() || uid == current->uid)
                           : based_on.empty() && uid.empty();
  if (!matches) return fail_conflict(*call);
  const json::object stored =
      current ? client_object(*current->json, current->revision, call->kind->api_version())
              : json::object();
  json::object wanted = stored;
  Expected<ApplyOutcome> outcome =
      apply_declared(schema_of(*call->kind), wanted, *declared,
                     field_writer(*call, *options, sources.unix_seconds()), options->force);
  if (!outcome) return call->fail(api_error_of(outcome.error()));
  if (!outcome->conflicts.empty()) return fail_with_conflicts(*call, std::move(*outcome));
  if (current) return write_changed(call, *options, *current, stored, std::move(wanted));
  wanted["apiVersion"] = call->kind->api_version();
  wanted["kind"] = call->kind->kind;
  json::object& metadata = object_at(wanted, "metadata");
  for (const char* member : {"name", "namespace", "tenant"}) {
    const std::string text(text_at(*declared, std::string("metadata.") + member));
    if (!text.empty()) metadata[member] = text;
  }
  write_new(call, *options, std::move(wanted));
}

}  // namespace arcas::real
