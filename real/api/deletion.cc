#include "real/api/deletion.h"

#include <algorithm>
#include <boost/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "real/api/object_text.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

std::vector<std::string> finalizers_of(const json::object& object) {
  std::vector<std::string> names;
  const json::value* list = value_at(object, "metadata.finalizers");
  if (list == nullptr || !list->is_array()) return names;
  for (const json::value& entry : list->get_array()) {
    if (entry.is_string()) names.emplace_back(entry.get_string());
  }
  return names;
}

void set_finalizers(json::object& object, const std::vector<std::string>& names) {
  json::object& metadata = object_at(object, "metadata");
  if (names.empty()) {
    metadata.erase("finalizers");
  } else {
    metadata["finalizers"] = json::array(names.begin(), names.end());
  }
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
std::int64_t grace_of(const Document& document, const json::object& object,
                      const std::optional<std::int64_t>& asked) {
  if (document.key.resource != "pods" || text_at(object, "spec.nodeName").empty()) return 0;
  const std::string_view phase = text_at(object, "status.phase");
  if (phase == "Succeeded" || phase == "Failed") return 0;
  if (asked) return *asked;
  const json::value* own = value_at(object, "spec.terminationGracePeriodSeconds");
  return own != nullptr && own->is_int64() ? std::max<std::int64_t>(own->get_int64(), 0) : 30;
}

DocumentWrite write_of(const Document& document, json::object object) {
  DocumentWrite write;
  write.verb = is_free_to_go(object) ? DocumentWrite::Verb::remove : DocumentWrite::Verb::update;
  write.key = document.key;
  write.uid = document.uid;
  write.expected = document.revision;
  write.json = std::make_shared<const std::string>(stored_text(std::move(object)));
  return write;
}

}  // namespace

bool is_free_to_go(const json::object& object) {
  if (text_at(object, "metadata.deletionTimestamp").empty()) return false;
  if (!finalizers_of(object).empty()) return false;
  const json::value* contents = value_at(object, "spec.finalizers");
  const bool holds_others =
      text_at(object, "kind") == "Namespace" || text_at(object, "kind") == "Tenant";
  if (holds_others && contents != nullptr && contents->is_array() &&
      !contents->get_array().empty()) {
    return false;
  }
  return integer_at(object, "metadata.deletionGracePeriodSeconds") == 0;
}

DocumentWrite deletion_of(const Document& document, std::int64_t unix_seconds,
                          const DeletionWish& wish) {
  json::object object = stored_object(*document.json);
  mark_deleted(object, unix_seconds, grace_of(document, object, wish.grace_seconds));
  set_finalizers(object, controllers::finalizers_for(wish.propagation, finalizers_of(object)));
  return write_of(document, std::move(object));
}

DocumentWrite release_of(const Document& document, std::string_view finalizer) {
  json::object object = stored_object(*document.json);
  std::vector<std::string> names = finalizers_of(object);
  std::erase(names, finalizer);
  set_finalizers(object, names);
  return write_of(document, std::move(object));
}

DocumentWrite emptied(const Document& place) {
  json::object object = stored_object(*place.json);
  const json::value name(place.key.resource == "tenants" ? "arktos" : "kubernetes");
  json::object& spec = object_at(object, "spec");
  if (json::value* list = spec.if_contains("finalizers"); list != nullptr && list->is_array()) {
    json::array& names = list->get_array();
    names.erase(std::remove(names.begin(), names.end(), name), names.end());
  }
  return write_of(place, std::move(object));
}

}  // namespace arcas::real
