#include "real/api/apply/managed_fields.h"

#include <algorithm>
#include <boost/json.hpp>
#include <tuple>

#include "real/api/apply/typed_values.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxUpdaters = 10;

std::string text_of(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

const json::value* entries_of(const json::object& object) {
  const json::value* metadata = object.if_contains("metadata");
  return metadata == nullptr || !metadata->is_object()
             ? nullptr
             : metadata->get_object().if_contains("managedFields");
}

/// Does a client end the bookkeeping, by a single empty entry?
bool is_reset(const json::object& object) {
  const json::value* entries = entries_of(object);
  return entries != nullptr && entries->is_array() && entries->get_array().size() == 1 &&
         entries->get_array()[0] == json::value(json::object());
}

/// The entries that count: the new object's, if they can be read and are there, or the stored ones.
std::vector<ManagedFields> entries_to_go_by(const json::object& before, const json::object& after) {
  Expected<std::vector<ManagedFields>> sent = managed_fields_of(after);
  if (sent && !sent->empty()) return std::move(*sent);
  Expected<std::vector<ManagedFields>> stored = managed_fields_of(before);
  return stored ? std::move(*stored) : std::vector<ManagedFields>();
}

/// Of too many that update, the oldest become one.
void join_oldest(std::vector<ManagedFields>& entries) {
  while (true) {
    std::vector<ManagedFields*> updaters;
    for (ManagedFields& entry : entries) {
      if (!entry.applies && entry.subresource.empty()) updaters.push_back(&entry);
    }
    if (updaters.size() <= kMaxUpdaters) return;
    std::sort(updaters.begin(), updaters.end(), [](const ManagedFields* a, const ManagedFields* b) {
      return std::tie(a->time, a->manager) < std::tie(b->time, b->manager);
    });
    ManagedFields& oldest = *updaters[0];
    ManagedFields& next = *updaters[1];
    next.fields.add(oldest.fields);
    next.manager = "ancient-changes";
    oldest.fields = FieldSet();
    std::erase_if(entries, [](const ManagedFields& entry) { return entry.fields.empty(); });
  }
}

}  // namespace

Expected<std::vector<ManagedFields>> managed_fields_of(const json::object& object) {
  std::vector<ManagedFields> entries;
  const json::value* list = entries_of(object);
  if (list == nullptr || list->is_null()) return entries;
  if (!list->is_array()) return Status::invalid("metadata.managedFields: must be a list");
  for (const json::value& value : list->get_array()) {
    const json::object* members = value.if_object();
    const json::value* fields = members == nullptr ? nullptr : members->if_contains("fieldsV1");
    if (fields == nullptr) return Status::invalid("metadata.managedFields: fieldsV1 is missing");
    Expected<FieldSet> set = FieldSet::from_json(*fields);
    if (!set) return Status::invalid("metadata.managedFields: " + set.error().message);
    ManagedFields& entry = entries.emplace_back();
    entry.manager = text_of(*members, "manager");
    entry.applies = text_of(*members, "operation") == "Apply";
    entry.api_version = text_of(*members, "apiVersion");
    entry.subresource = text_of(*members, "subresource");
    entry.time = text_of(*members, "time");
    entry.fields = std::move(*set);
  }
  return entries;
}

void set_managed_fields(json::object& object, std::vector<ManagedFields> entries) {
  std::erase_if(entries, [](const ManagedFields& entry) { return entry.fields.empty(); });
  join_oldest(entries);
  std::sort(entries.begin(), entries.end(), [](const ManagedFields& a, const ManagedFields& b) {
    return std::tuple(!a.applies, std::tie(a.time, a.manager, a.api_version, a.subresource)) <
           std::tuple(!b.applies, std::tie(b.time, b.manager, b.api_version, b.subresource));
  });
  json::value& metadata = object["metadata"];
  if (!metadata.is_object()) metadata.emplace_object();
  if (entries.empty()) {
    metadata.get_object().erase("managedFields");
    return;
  }
  json::array list;
  for (const ManagedFields& entry : entries) {
    json::object members{{"manager", json::string(entry.manager)},
                         {"operation", entry.applies ? "Apply" : "Update"},
                         {"apiVersion", json::string(entry.api_version)},
                         {"time", json::string(entry.time)},
                         {"fieldsType", "FieldsV1"},
                         {"fieldsV1", entry.fields.to_json()}};
    if (!entry.subresource.empty()) members["subresource"] = json::string(entry.subresource);
    list.emplace_back(std::move(members));
  }
  metadata.get_object()["managedFields"] = std::move(list);
}

json::object tracked_object(const TypeSchema* type, const json::object& object,
                            std::string_view subresource) {
  if (subresource == "status") {
    json::object status;
    if (const json::value* value = object.if_contains("status")) status["status"] = *value;
    return status;
  }
  const bool has_status = type == nullptr || type->find("status") != nullptr;
  json::object result;
  for (const auto& [name, value] : object) {
    if (name == "apiVersion" || name == "kind" || (name == "status" && has_status)) continue;
    result.emplace(name, value);
  }
  json::value* metadata = result.if_contains("metadata");
  if (metadata == nullptr || !metadata->is_object()) return result;
  for (const char* member : {"name", "namespace", "tenant", "hashKey", "uid", "creationTimestamp",
                             "deletionTimestamp", "deletionGracePeriodSeconds", "generation",
                             "resourceVersion", "selfLink", "managedFields"}) {
    metadata->get_object().erase(member);
  }
  if (metadata->get_object().empty()) result.erase("metadata");
  return result;
}

void record_update(const TypeSchema* type, const json::object& before, json::object& after,
                   const FieldWriter& writer) {
  if (is_reset(after)) {
    set_managed_fields(after, {});
    return;
  }
  std::vector<ManagedFields> entries = entries_to_go_by(before, after);
  const RootPlace root(type);
  const FieldChanges changes =
      changes_between(root.place(), tracked_object(type, before, writer.subresource),
                      tracked_object(type, after, writer.subresource));
  if (!changes.empty()) {
    FieldSet changed = changes.added;
    changed.add(changes.modified);
    ManagedFields own{writer.manager,     false,       writer.api_version,
                      writer.subresource, writer.time, {}};
    auto found = std::find_if(entries.begin(), entries.end(),
                              [&own](const ManagedFields& entry) { return entry.is_of(own); });
    if (found == entries.end()) found = entries.insert(entries.end(), std::move(own));
    FieldSet mine = found->fields;
    mine.add(changed);
    mine.remove(changes.removed);
    if (mine != found->fields) found->time = writer.time;
    for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
      if (entry == found) continue;
      entry->fields.remove(changed);
      entry->fields.remove(changes.removed);
    }
    found->fields = std::move(mine);
  }
  set_managed_fields(after, std::move(entries));
}

}  // namespace arcas::real
