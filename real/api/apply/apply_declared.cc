#include <algorithm>
#include <boost/json.hpp>

#include "real/api/apply/managed_fields.h"
#include "real/api/apply/typed_values.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

/// The fields of an object that was there before anybody applied anything belong to somebody, so
/// that the first apply does not take them unasked.
void own_what_was_there(const SchemaPlace& root, const TypeSchema* type, const json::object& object,
                        const FieldWriter& writer, std::vector<ManagedFields>& entries) {
  if (!entries.empty() || object.empty()) return;
  entries.push_back({"before-first-apply",
                     false,
                     writer.api_version,
                     {},
                     writer.time,
                     fields_of(root, tracked_object(type, object, {}))});
}

std::string conflict_text(const ManagedFields& entry) {
  std::string text = "conflict with \"" + entry.manager + '"';
  if (!entry.subresource.empty()) text += " with subresource \"" + entry.subresource + '"';
  if (!entry.applies) text += " using " + entry.api_version;
  return text;
}

void add_conflicts(const ManagedFields& entry, const FieldSet& shared, ApplyOutcome& outcome) {
  const std::string text = conflict_text(entry);
  for (const std::string& path : shared.paths()) {
    outcome.conflicts.push_back({path, "FieldManagerConflict", text});
    outcome.conflict_message += (outcome.conflict_message.empty() ? "" : ", ") + text + ": " + path;
  }
}

/// Entries of lists that the client declares must be told apart.
Status check_entries(const SchemaPlace& place, const json::value& value, const std::string& path) {
  if (const json::object* members = value.if_object()) {
    for (const auto& [name, member] : *members) {
      Status status = check_entries(place.member(name), member, path + '.' + std::string(name));
      if (!status.ok()) return status;
    }
    return Status::success();
  }
  const json::array* list = value.if_array();
  if (list == nullptr) return Status::success();
  if (place.list_type() != ListType::atomic && !list->empty() &&
      entry_steps(place, *list).empty()) {
    return Status::invalid(path +
                           ": an entry lacks its key or stands twice; allowed is one entry "
                           "of each key");
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    Status status =
        check_entries(place.element(), (*list)[i], path + '[' + std::to_string(i) + ']');
    if (!status.ok()) return status;
  }
  return Status::success();
}

}  // namespace

Expected<ApplyOutcome> apply_declared(const TypeSchema* type, json::object& object,
                                      const json::object& config, const FieldWriter& writer,
                                      bool force) {
  Expected<std::vector<ManagedFields>> sent = managed_fields_of(config);
  if (!sent || !sent->empty()) {
    return Status::invalid("metadata.managedFields must be nil");
  }
  const RootPlace root(type);
  const json::value declared = tracked_object(type, config, writer.subresource);
  if (Status status = check_entries(root.place(), declared, ""); !status.ok()) return status;
  Expected<std::vector<ManagedFields>> stored = managed_fields_of(object);
  std::vector<ManagedFields> entries = stored ? std::move(*stored) : std::vector<ManagedFields>();
  own_what_was_there(root.place(), type, object, writer, entries);

  ManagedFields own{writer.manager, true, writer.api_version, writer.subresource, writer.time, {}};
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&own](const ManagedFields& entry) { return entry.is_of(own); });
  FieldSet last;
  std::string last_time;
  if (found != entries.end()) {
    last = std::move(found->fields);
    last_time = found->time;
    entries.erase(found);
  }
  own.fields = fields_of(root.place(), declared);
  FieldSet others;
  for (const ManagedFields& entry : entries) others.add(entry.fields);

  json::value result = laid_over(root.place(), object, declared);
  FieldSet next = own.fields;
  next.insert({"f:metadata"});  // the holder of the object's identity stays
  take_out(root.place(), result, last, next, others);
  const FieldChanges changes =
      changes_between(root.place(), tracked_object(type, object, writer.subresource),
                      tracked_object(type, result.as_object(), writer.subresource));
  FieldSet changed = changes.added;
  changed.add(changes.modified);

  ApplyOutcome outcome;
  for (ManagedFields& entry : entries) {
    const FieldSet shared = entry.fields.common(changed);
    if (!shared.empty() && !force) add_conflicts(entry, shared, outcome);
    entry.fields.remove(changed);
    entry.fields.remove(changes.removed);
  }
  if (!outcome.conflicts.empty()) {
    const std::size_t count = outcome.conflicts.size();
    outcome.conflict_message = "Apply failed with " + std::to_string(count) +
                               (count == 1 ? " conflict: " : " conflicts: ") +
                               outcome.conflict_message;
    return outcome;
  }
  if (own.fields == last && changes.empty() && !last_time.empty()) own.time = last_time;
  entries.push_back(std::move(own));
  object = std::move(result.get_object());
  set_managed_fields(object, std::move(entries));
  return outcome;
}

}  // namespace arcas::real
