#include "real/api/custom_definitions.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <set>

#include "core/model/names.h"
#include "real/api/object_text.h"
#include "real/api/schema/custom_schema.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

void add(std::vector<FieldProblem>& problems, std::string field, const std::string& message) {
  problems.push_back({std::move(field), "FieldValueInvalid", "Invalid value: " + message});
}

std::vector<const json::object*> versions_of(const json::object& definition) {
  std::vector<const json::object*> versions;
  const json::value* list = value_at(definition, "spec.versions");
  if (list == nullptr || !list->is_array()) return versions;
  for (const json::value& entry : list->get_array()) {
    if (entry.is_object()) versions.push_back(&entry.get_object());
  }
  return versions;
}

bool flag_at(const json::object& object, std::string_view path) {
  const json::value* value = value_at(object, path);
  return value != nullptr && value->is_bool() && value->get_bool();
}

std::vector<std::string> words_at(const json::object& object, std::string_view path) {
  std::vector<std::string> words;
  const json::value* list = value_at(object, path);
  if (list == nullptr || !list->is_array()) return words;
  for (const json::value& entry : list->get_array()) {
    if (entry.is_string()) words.emplace_back(entry.get_string());
  }
  return words;
}

void check_names(std::vector<FieldProblem>& problems, const json::object& definition,
                 const KindTable& built_in) {
  const std::string group(text_at(definition, "spec.group"));
  const std::string plural(text_at(definition, "spec.names.plural"));
  const std::string name = plural + '.' + group;
  if (text_at(definition, "metadata.name") != name) {
    add(problems, "metadata.name", "must be spec.names.plural+\".\"+spec.group: \"" + name + '"');
  }
  for (const std::string& problem : model::problems_of_dns1123_subdomain(group)) {
    add(problems, "spec.group", problem);
  }
  if (group.find('.') == std::string::npos) {
    add(problems, "spec.group", "should be a domain with at least one dot");
  }
  for (const std::string& problem : model::problems_of_dns1035_label(plural)) {
    add(problems, "spec.names.plural", problem);
  }
  if (built_in.find_resource(name) != nullptr) {
    add(problems, "spec.names.plural", '"' + name + "\" is a built-in kind");
  }
}

void check_columns(std::vector<FieldProblem>& problems, const json::object& version,
                   const FieldPath& path) {
  const json::value* columns = version.if_contains("additionalPrinterColumns");
  if (columns == nullptr || !columns->is_array()) return;
  constexpr std::array<std::string_view, 5> kTypes{"integer", "number", "string", "boolean",
                                                   "date"};
  for (std::size_t i = 0; i < columns->get_array().size(); ++i) {
    const json::value& column = columns->get_array()[i];
    if (!column.is_object()) continue;
    const std::string_view type = text_at(column.get_object(), "type");
    if (std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end()) continue;
    add(problems, path.member("additionalPrinterColumns").element(i).member("type").text(),
        "allowed are integer, number, string, boolean, date");
  }
}

void check_versions(std::vector<FieldProblem>& problems, const json::object& definition) {
  std::set<std::string> names;
  int stored = 0;
  const FieldPath root;
  const FieldPath spec = root.member("spec");
  const FieldPath list = spec.member("versions");
  std::size_t index = 0;
  for (const json::object* version : versions_of(definition)) {
    const FieldPath path = list.element(index++);
    const std::string name(text_at(*version, "name"));
    if (!names.insert(name).second) add(problems, path.member("name").text(), "stands twice");
    for (const std::string& problem : model::problems_of_dns1035_label(name)) {
      add(problems, path.member("name").text(), problem);
    }
    stored += flag_at(*version, "storage") ? 1 : 0;
    check_columns(problems, *version, path);
    const FieldPath schema_path = path.member("schema");
    const FieldPath open_path = schema_path.member("openAPIV3Schema");
    const json::value* schema = value_at(*version, "schema.openAPIV3Schema");
    if (schema == nullptr || !schema->is_object()) {
      problems.push_back(
          {open_path.text(), "FieldValueRequired", "Required value: schemas are required"});
      continue;
    }
    for (FieldProblem& problem : custom_schema_problems(schema->get_object(), open_path)) {
      problems.push_back(std::move(problem));
    }
  }
  if (stored != 1)
    add(problems, "spec.versions", "must have exactly one version marked as storage version");
}

json::object condition(std::string_view type, std::string_view reason, std::string_view message,
                       std::int64_t unix_seconds) {
  return {{"type", type},
          {"status", "True"},
          {"reason", reason},
          {"message", message},
          {"lastTransitionTime", timestamp_text(unix_seconds)}};
}

/// A column's path as tables know it: plain members, or a JSONPath.
std::string source_of(const std::string& type, std::string_view path) {
  const bool plain =
      path.starts_with('.') && path.find_first_of("[]{}*\\'\"") == std::string_view::npos;
  if (plain && type == "string") return std::string(path.substr(1));
  return (type == "date" ? "@json-path-age:" : "@json-path:") + std::string(path);
}

std::vector<PrinterColumn> columns_of(const json::object& version) {
  std::vector<PrinterColumn> columns{{"Name", "string", "metadata.name", 0}};
  const json::value* list = version.if_contains("additionalPrinterColumns");
  if (list == nullptr || !list->is_array() || list->get_array().empty()) {
    columns.push_back({"Age", "date", "@age", 0});
    return columns;
  }
  for (const json::value& entry : list->get_array()) {
    if (!entry.is_object()) continue;
    const json::object& given = entry.get_object();
    PrinterColumn column;
    column.name = text_at(given, "name");
    const std::string type(text_at(given, "type"));
    column.type = type == "date" || type == "integer" ? type : "string";
    column.source = source_of(type, text_at(given, "jsonPath"));
    column.priority = static_cast<std::int32_t>(integer_at(given, "priority"));
    columns.push_back(std::move(column));
  }
  return columns;
}

std::vector<std::string> selectable_of(const json::object& version) {
  std::vector<std::string> fields;
  const json::value* list = version.if_contains("selectableFields");
  if (list == nullptr || !list->is_array()) return fields;
  for (const json::value& entry : list->get_array()) {
    const std::string_view path =
        entry.is_object() ? text_at(entry.get_object(), "jsonPath") : std::string_view();
    if (path.starts_with('.')) fields.emplace_back(path.substr(1));
  }
  return fields;
}

bool has_rules(const json::value& schema, int levels) {
  if (levels > 64) return false;
  if (const json::array* list = schema.if_array()) {
    return std::any_of(list->begin(), list->end(),
                       [levels](const json::value& entry) { return has_rules(entry, levels + 1); });
  }
  const json::object* object = schema.if_object();
  if (object == nullptr) return false;
  if (object->contains("x-kubernetes-validations")) return true;
  return std::any_of(object->begin(), object->end(),
                     [levels](const auto& entry) { return has_rules(entry.value(), levels + 1); });
}

}  // namespace

std::vector<FieldProblem> definition_problems(const json::object& definition,
                                              const KindTable& built_in) {
  std::vector<FieldProblem> problems;
  check_names(problems, definition, built_in);
  check_versions(problems, definition);
  if (text_at(definition, "spec.conversion.strategy") == "Webhook") {
    add(problems, "spec.conversion.strategy", "only None is supported");
  }
  if (problems.size() > 50) problems.resize(50);
  return problems;
}

void settle_new_definition(json::object& definition, std::int64_t unix_seconds) {
  json::value& finalizers = object_at(definition, "metadata")["finalizers"];
  json::array& list = finalizers.is_array() ? finalizers.get_array() : finalizers.emplace_array();
  const json::value ours(kDefinitionFinalizer);
  if (std::find(list.begin(), list.end(), ours) == list.end()) list.push_back(ours);
  definition["status"] = json::object{
      {"conditions",
       json::array{condition("NamesAccepted", "NoConflicts", "no conflicts found", unix_seconds),
                   condition("Established", "InitialNamesAccepted",
                             "the initial names have been accepted", unix_seconds)}}};
  settle_definition_status(definition, unix_seconds);
}

void settle_definition_status(json::object& definition, std::int64_t /*unix_seconds*/) {
  json::object& status = object_at(definition, "status");
  if (const json::value* names = value_at(definition, "spec.names"))
    status["acceptedNames"] = *names;
  json::value& kept = status["storedVersions"];
  json::array& stored = kept.is_array() ? kept.get_array() : kept.emplace_array();
  for (const json::object* version : versions_of(definition)) {
    if (!flag_at(*version, "storage")) continue;
    const json::value name(json::string(text_at(*version, "name")));
    if (std::find(stored.begin(), stored.end(), name) == stored.end()) stored.push_back(name);
  }
}

std::vector<KindInfo> kinds_of_definition(const json::object& definition, Schema& schema) {
  std::vector<KindInfo> kinds;
  KindInfo common;
  common.group = text_at(definition, "spec.group");
  common.kind = text_at(definition, "spec.names.kind");
  common.plural = text_at(definition, "spec.names.plural");
  common.singular = text_at(definition, "spec.names.singular");
  common.short_names = words_at(definition, "spec.names.shortNames");
  common.categories = words_at(definition, "spec.names.categories");
  // A definition belongs to a tenant, and so do its objects: none is of the whole cluster.
  const bool spaced = text_at(definition, "spec.scope") == "Namespaced";
  common.scope = spaced ? KindScope::name_space : KindScope::tenant;
  common.custom = true;
  common.terminating = !text_at(definition, "metadata.deletionTimestamp").empty();
  if (common.group.empty() || common.kind.empty() || common.plural.empty()) return kinds;
  for (const json::object* version : versions_of(definition)) {
    if (!flag_at(*version, "served")) continue;
    KindInfo kind = common;
    kind.version = text_at(*version, "name");
    kind.status = value_at(*version, "subresources.status") != nullptr;
    kind.scale = text_at(*version, "subresources.scale.specReplicasPath") == ".spec.replicas" &&
                 text_at(*version, "subresources.scale.statusReplicasPath") == ".status.replicas";
    kind.preferred = flag_at(*version, "storage");
    kind.selectable = selectable_of(*version);
    kind.columns = columns_of(*version);
    const json::value* root = value_at(*version, "schema.openAPIV3Schema");
    const json::object* given = root == nullptr ? nullptr : root->if_object();
    CustomSchemaBuilder builder(schema);
    kind.type = builder.add_kind(kind.group, kind.version, kind.kind, given);
    if (given != nullptr) kind.rules = std::make_shared<const json::object>(*given);
    kinds.push_back(std::move(kind));
  }
  const bool any_stored =
      std::any_of(kinds.begin(), kinds.end(), [](const KindInfo& kind) { return kind.preferred; });
  if (!kinds.empty() && !any_stored) kinds.front().preferred = true;
  return kinds;
}

std::string definition_warning(const json::object& definition) {
  const json::value* versions = value_at(definition, "spec.versions");
  if (versions == nullptr || !has_rules(*versions, 0)) return {};
  return "x-kubernetes-validations: rules in CEL are stored and not checked";
}

}  // namespace arcas::real
