#include "real/api/apply/strategic_merge.h"

#include <algorithm>
#include <boost/json.hpp>
#include <vector>

#include "core/manifest/document.h"
#include "real/api/schema/field_path.h"
#include "real/api/schema/schema_place.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::string_view kPatch = "$patch";
constexpr std::string_view kRetainKeys = "$retainKeys";
constexpr std::string_view kDeleteFromList = "$deleteFromPrimitiveList/";
constexpr std::string_view kElementOrder = "$setElementOrder/";
constexpr std::size_t kMaxComparisons = 10'000'000;  // of entries with entries, in one list

bool is_directive(std::string_view name) { return name.starts_with('$'); }

/// A patch's value where there was none before: without directives, nulls and deleted entries.
json::value plain(const json::value& patch) {
  if (const json::object* members = patch.if_object()) {
    json::object result;
    for (const auto& [name, value] : *members) {
      if (!is_directive(name) && !value.is_null()) result[name] = plain(value);
    }
    return result;
  }
  const json::array* entries = patch.if_array();
  if (entries == nullptr) return patch;
  json::array result;
  for (const json::value& entry : *entries) {
    const json::object* members = entry.if_object();
    const json::value* directive = members == nullptr ? nullptr : members->if_contains(kPatch);
    const bool whole = directive != nullptr && members->size() == 1;
    if (directive != nullptr && (*directive == json::value("delete") || whole)) continue;
    result.emplace_back(plain(entry));
  }
  return result;
}

/// What tells the entries of a merged list apart: the entry itself, or its merge key.
const json::value* identity_of(const json::value& entry, std::string_view merge_key) {
  if (merge_key.empty()) return &entry;
  const json::object* members = entry.if_object();
  return members == nullptr ? nullptr : members->if_contains(merge_key);
}

std::size_t index_of(const json::array& list, const json::value* identity,
                     std::string_view merge_key) {
  for (std::size_t i = 0; identity != nullptr && i < list.size(); ++i) {
    const json::value* other = identity_of(list[i], merge_key);
    if (other != nullptr && *other == *identity) return i;
  }
  return list.size();
}

/// Brings a merged list into the order of a patch: entries that the patch names in its order,
/// others in the server's, each before the first entry of the patch that the server had after it.
json::array ordered(const json::array& merged, const json::array& wanted, const json::array& server,
                    std::string_view merge_key) {
  struct Entry {
    const json::value* value;
    std::size_t wanted;
    std::size_t server;
  };
  std::vector<Entry> named;
  std::vector<Entry> others;
  for (const json::value& value : merged) {
    const json::value* identity = identity_of(value, merge_key);
    const Entry entry{&value, index_of(wanted, identity, merge_key),
                      index_of(server, identity, merge_key)};
    (entry.wanted < wanted.size() ? named : others).push_back(entry);
  }
  std::stable_sort(named.begin(), named.end(),
                   [](const Entry& a, const Entry& b) { return a.wanted < b.wanted; });
  std::stable_sort(others.begin(), others.end(),
                   [](const Entry& a, const Entry& b) { return a.server < b.server; });
  json::array result;
  auto other = others.begin();
  for (const Entry& entry : named) {
    while (other != others.end() && entry.server < server.size() && other->server < entry.server) {
      result.emplace_back(*(other++)->value);
    }
    result.emplace_back(*entry.value);
  }
  for (; other != others.end(); ++other) result.emplace_back(*other->value);
  return result;
}

class StrategicMerge {
 public:
  Status merge_object(const FieldPath& path, const SchemaPlace& place, json::object& object,
                      const json::object& patch) {
    if (const json::value* directive = patch.if_contains(kPatch)) {
      if (*directive == json::value("replace")) {
        object = plain(patch).get_object();
        return Status::success();
      }
      if (*directive == json::value("delete")) {
        object.clear();
        return Status::success();
      }
      if (*directive != json::value("merge")) return unknown_directive(path, *directive);
    }
    if (Status status = retain(path, object, patch); !status.ok()) return status;
    for (const auto& [name, change] : patch) {
      Status status = Status::success();
      if (name.starts_with(json::string_view(kDeleteFromList))) {
        status = delete_from_list(path, object, name, change);
      } else if (name.starts_with(json::string_view(kElementOrder))) {
        status = order_list(path, place, object, patch, name, change);
      } else if (!is_directive(name)) {
        status = merge_member(path.member(name), place.member(name), object, patch, name, change);
      }
      if (!status.ok()) return status;
    }
    return Status::success();
  }

 private:
  static Status refuse(const FieldPath& path, std::string what) {
    const std::string where = path.text();
    return Status::invalid((where.empty() ? "patch" : where) + ": " + std::move(what));
  }
  static Status unknown_directive(const FieldPath& path, const json::value& directive) {
    return refuse(path, "$patch " + manifest::quoted(json::serialize(directive)) +
                            " is none of merge, replace, delete");
  }

  static Status retain(const FieldPath& path, json::object& object, const json::object& patch) {
    const json::value* keys = patch.if_contains(kRetainKeys);
    if (keys == nullptr) return Status::success();
    if (!keys->is_array()) return refuse(path, "$retainKeys is a list of names");
    const json::array& names = keys->get_array();
    if (names.size() * (patch.size() + object.size()) > kMaxComparisons) {
      return refuse(path, "$retainKeys lists too many names");
    }
    const auto listed = [&names](std::string_view name) {
      return std::find(names.begin(), names.end(), json::value(name)) != names.end();
    };
    for (const auto& [name, change] : patch) {
      if (is_directive(name) || change.is_null() || listed(name)) continue;
      return refuse(
          path, "$retainKeys does not list " + manifest::quoted(name) + ", which the patch sets");
    }
    for (auto member = object.begin(); member != object.end();) {
      member = listed(member->key()) ? member + 1 : object.stable_erase(member);
    }
    return Status::success();
  }

  static Status delete_from_list(const FieldPath& path, json::object& object, std::string_view name,
                                 const json::value& change) {
    if (!change.is_array()) return refuse(path, std::string(name) + " is a list of values");
    json::value* value = object.if_contains(name.substr(kDeleteFromList.size()));
    json::array* list = value == nullptr ? nullptr : value->if_array();
    if (list == nullptr) return Status::success();
    const json::array& gone = change.get_array();
    if (gone.size() * list->size() > kMaxComparisons) {
      return refuse(path, "too many values to be deleted one by one");
    }
    const auto end = std::remove_if(list->begin(), list->end(), [&gone](const json::value& entry) {
      return std::find(gone.begin(), gone.end(), entry) != gone.end();
    });
    list->erase(end, list->end());
    return Status::success();
  }

  /// The order of a list whose entries the patch may change as well.
  Status order_list(const FieldPath& path, const SchemaPlace& place, json::object& object,
                    const json::object& patch, std::string_view name, const json::value& order) {
    const std::string_view list_name = name.substr(kElementOrder.size());
    const FieldPath where = path.member(list_name);
    const SchemaPlace list_place = place.member(list_name);
    if (!order.is_array()) return refuse(where, "$setElementOrder is a list");
    json::array server;
    if (const json::value* before = object.if_contains(list_name); before && before->is_array()) {
      server = before->get_array();
    }
    if (const json::value* change = patch.if_contains(list_name)) {
      // The member itself is passed over later: see merge_member.
      Status status = merge_value(where, list_place, object, list_name, *change);
      if (!status.ok()) return status;
    }
    json::value* merged = object.if_contains(list_name);
    if (merged == nullptr || !merged->is_array()) return Status::success();
    if (merged->get_array().size() * (order.get_array().size() + server.size()) > kMaxComparisons) {
      return refuse(where, "too many entries to be ordered");
    }
    *merged = ordered(merged->get_array(), order.get_array(), server, list_place.merge_key());
    return Status::success();
  }

  Status merge_member(const FieldPath& path, const SchemaPlace& place, json::object& object,
                      const json::object& patch, std::string_view name, const json::value& change) {
    const std::string order = std::string(kElementOrder).append(name);
    if (patch.contains(order) && change.is_array()) return Status::success();
    return merge_value(path, place, object, name, change);
  }

  Status merge_value(const FieldPath& path, const SchemaPlace& place, json::object& object,
                     std::string_view name, const json::value& change) {
    if (change.is_null()) {
      object.erase(name);
      return Status::success();
    }
    json::value* before = object.if_contains(name);
    const bool replaces = place.field != nullptr && place.field->replaces;
    if (before != nullptr && before->is_object() && change.is_object() && !replaces) {
      return merge_object(path, place, before->get_object(), change.get_object());
    }
    if (place.merges() && change.is_array()) {
      json::array none;
      const bool was_list = before != nullptr && before->is_array();
      json::array& list = was_list ? before->get_array() : none;
      Status status = merge_list(path, place, list, change.get_array());
      if (status.ok() && !was_list) object[name] = std::move(none);
      return status;
    }
    object[name] = plain(change);
    return Status::success();
  }

  Status merge_list(const FieldPath& path, const SchemaPlace& place, json::array& list,
                    const json::array& patch) {
    const std::string_view key = place.merge_key();
    const json::array server = list;
    if (patch.size() * (list.size() + patch.size()) > kMaxComparisons) {
      return refuse(path, "too many entries to be merged one by one");
    }
    if (replaces_all(patch)) {
      list = plain(patch).get_array();
      return Status::success();
    }
    for (std::size_t i = 0; i < patch.size(); ++i) {
      Status status = merge_entry(path.element(i), place, list, patch[i]);
      if (!status.ok()) return status;
    }
    list = ordered(list, patch, server, key);
    return Status::success();
  }

  static bool replaces_all(const json::array& patch) {
    return std::any_of(patch.begin(), patch.end(), [](const json::value& entry) {
      const json::object* members = entry.if_object();
      const json::value* directive = members == nullptr ? nullptr : members->if_contains(kPatch);
      return directive != nullptr && *directive == json::value("replace");
    });
  }

  Status merge_entry(const FieldPath& path, const SchemaPlace& place, json::array& list,
                     const json::value& entry) {
    const std::string_view key = place.merge_key();
    if (key.empty()) {
      if (std::find(list.begin(), list.end(), entry) == list.end()) list.push_back(entry);
      return Status::success();
    }
    const json::object* change = entry.if_object();
    if (change == nullptr) return refuse(path, "the entries of this list are objects");
    const json::value* identity = change->if_contains(key);
    const json::value* directive = change->if_contains(kPatch);
    if (identity == nullptr) {
      return refuse(path, "the merge key " + manifest::quoted(key) + " is missing");
    }
    const std::size_t at = index_of(list, identity, key);
    if (directive != nullptr && *directive == json::value("delete")) {
      const auto gone = std::remove_if(list.begin(), list.end(), [&](const json::value& other) {
        const json::value* found = identity_of(other, key);
        return found != nullptr && *found == *identity;
      });
      list.erase(gone, list.end());
      return Status::success();
    }
    if (at == list.size()) {
      list.emplace_back(plain(entry));
      return Status::success();
    }
    return merge_object(path, place.element(), list[at].get_object(), *change);
  }
};

}  // namespace

Status apply_strategic_merge(const TypeSchema* type, json::object& object,
                             const json::object& patch) {
  ValueSchema root;
  root.kind = type == nullptr ? ValueKind::any : ValueKind::object;
  root.type = type;
  json::object result = object;
  Status status = StrategicMerge().merge_object(FieldPath(), {&root, nullptr}, result, patch);
  if (status.ok()) object = std::move(result);
  return status;
}

}  // namespace arcas::real
