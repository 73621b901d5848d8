// What the schema has to say when an object is written.

#include <boost/json.hpp>

#include "real/api/custom_definitions.h"
#include "real/api/job_pods.h"
#include "real/api/object_text.h"
#include "real/api/object_writes.h"
#include "real/api/schema/base64.h"
#include "real/api/schema/custom_schema.h"
#include "real/api/schema/defaults.h"
#include "real/api/schema/problems.h"
#include "real/api/schema/reading.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

/// A secret's entries that were given as text become entries like the others.
void encode_text_entries(json::object& secret) {
  const json::value* given = secret.if_contains("stringData");
  if (given == nullptr || !given->is_object()) return;
  const json::object entries = given->get_object();
  secret.erase("stringData");
  for (const auto& [key, value] : entries) {
    object_at(secret, "data")[key] = json::string(base64_of(value.as_string()));
  }
}

}  // namespace

const TypeSchema* schema_of(const KindInfo& kind) {
  if (kind.custom) return kind.type;
  return Schema::built_in().find_kind(kind.group, kind.version, kind.kind);
}

bool read_by_schema(ApiCall& call, WriteOptions::Validation validation, json::object& object) {
  const TypeSchema* type = schema_of(*call.kind);
  if (type == nullptr) return true;
  const auto refuse = [&call](const std::string& what) {
    const std::string& kind = call.kind->kind;
    call.fail(ApiReason::bad_request, kind + " in version \"" + call.kind->api_version() +
                                          "\" cannot be handled as a " + kind + ": " + what);
    return false;
  };
  const Expected<std::vector<std::string>> unknown = read_as(*type, object);
  if (!unknown) return refuse(unknown.error().message);
  if (validation == WriteOptions::Validation::ignore) return true;
  std::vector<std::string> complaints;
  for (const std::string& field : *unknown) complaints.push_back("unknown field \"" + field + '"');
  if (call.verb != "patch") {
    for (const std::string& field : repeated_members(call.request.body)) {
      complaints.push_back("duplicate field \"" + field + '"');
    }
  }
  if (complaints.empty()) return true;
  if (validation == WriteOptions::Validation::strict) {
    std::string all;
    for (const std::string& complaint : complaints) all += (all.empty() ? "" : ", ") + complaint;
    return refuse("strict decoding error: " + all);
  }
  call.warnings = std::move(complaints);
  return true;
}

void settle_fields(const KindInfo& kind, json::object& object) {
  if (const TypeSchema* type = schema_of(kind)) set_schema_defaults(*type, object);
  if (kind.resource() == "secrets") encode_text_entries(object);
  if (kind.resource() == "jobs.batch") select_own_pods(object);
}

std::vector<ApiCause> problems_of(const KindInfo& kind, const json::object& object,
                                  ObjectPart part) {
  std::vector<ApiCause> causes = problems_of_metadata(kind, object);
  if (const TypeSchema* type = schema_of(kind)) {
    const ObjectSide side = part == ObjectPart::status ? ObjectSide::status : ObjectSide::wanted;
    for (ApiCause& cause : schema_problems(*type, object, side)) causes.push_back(std::move(cause));
  }
  if (kind.rules != nullptr) {
    for (ApiCause& cause : custom_problems(*kind.rules, object)) causes.push_back(std::move(cause));
  }
  if (kind.resource() == kDefinitions && part == ObjectPart::main && causes.empty()) {
    static const KindTable built_in;
    causes = definition_problems(object, built_in);
  }
  return causes;
}

}  // namespace arcas::real
