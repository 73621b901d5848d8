#include "real/control/place_ends.h"

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "real/api/deletion.h"
#include "real/api/object_text.h"
#include "real/control/metadata_text.h"
#include "real/control/status_edits.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr const char* kNamespaces = "namespaces";
constexpr const char* kTenants = "tenants";
constexpr std::size_t kBurst = 1000;
constexpr std::int64_t kNanoseconds = 1'000'000'000;

DocumentKey key_of(const DocumentFollower::Item& item) {
  return item.name_space.empty() ? DocumentKey{kTenants, "", "", item.tenant}
                                 : DocumentKey{kNamespaces, item.tenant, "", item.name_space};
}

controllers::RemainingObject remaining_object(const Document& document) {
  const DocumentKey& key = document.key;
  controllers::RemainingObject object;
  object.place = {key.resource, key.tenant, key.name_space, key.name};
  const json::object metadata = stored_object(metadata_text(*document.json));
  object.deleting = !text_at(metadata, "deletionTimestamp").empty();
  const json::value* finalizers = metadata.if_contains("finalizers");
  if (finalizers == nullptr || !finalizers->is_array()) return object;
  for (const json::value& entry : finalizers->get_array()) {
    if (entry.is_string()) object.finalizers.emplace_back(entry.get_string());
  }
  return object;
}

/// Kubernetes's words. "Some resources are remaining: pods. has 2 resource instances".
std::string resources_text(const controllers::EndPlan& plan) {
  std::string text = "Some resources are remaining: ";
  bool first = true;
  for (const auto& [resource, count] : plan.resources) {
    if (!std::exchange(first, false)) text += ", ";
    const std::string dot = resource.find('.') == std::string::npos ? "." : "";
    text += resource + dot + " has " + std::to_string(count) + " resource instances";
  }
  return text;
}

std::string finalizers_text(const controllers::EndPlan& plan) {
  std::string text = "Some content in the namespace has finalizers remaining: ";
  bool first = true;
  for (const auto& [finalizer, count] : plan.finalizers) {
    if (!std::exchange(first, false)) text += ", ";
    text += finalizer + " in " + std::to_string(count) + " resource instances";
  }
  return text;
}

void write_conditions(json::object& place, const controllers::EndPlan& plan, TimePoint now) {
  json::object& status = object_at(place, "status");
  status["phase"] = "Terminating";
  const std::string resources = resources_text(plan);
  const std::string finalizers = finalizers_text(plan);
  set_condition(
      status,
      plan.resources.empty()
          ? ConditionText{"NamespaceContentRemaining", "False", "ContentRemoved",
                          "All content successfully removed"}
          : ConditionText{"NamespaceContentRemaining", "True", "SomeResourcesRemain", resources},
      now);
  set_condition(
      status,
      plan.finalizers.empty()
          ? ConditionText{"NamespaceFinalizersRemaining", "False", "ContentHasNoFinalizers",
                          "All content-preserving finalizers finished"}
          : ConditionText{"NamespaceFinalizersRemaining", "True", "SomeFinalizersRemain",
                          finalizers},
      now);
}

}  // namespace

PlaceEnds::PlaceEnds(DocumentFollower::Parts parts)
    : follower_(
          std::move(parts),
          {{kNamespaces, true, [this](const DocumentChange& c) { take_place(c); }},
           {kTenants, true, [this](const DocumentChange& c) { take_place(c); }},
           {"", false, [this](const DocumentChange& c) { take_content(c); }}},
          [this](const Item& item) { sync(item); }, [this] { ending_.clear(); }) {}

void PlaceEnds::take_place(const DocumentChange& change) {
  const DocumentKey& key = change.document.key;
  const Item item =
      key.resource == kTenants ? Item{key.name, "", ""} : Item{key.tenant, key.name, ""};
  const json::object metadata = stored_object(metadata_text(*change.document.json));
  if (change.type == DocumentChange::Type::removed ||
      text_at(metadata, "deletionTimestamp").empty()) {
    ending_.erase(item);
    return;
  }
  ending_.insert(item);
  follower_.mark(item);
}

void PlaceEnds::take_content(const DocumentChange& change) {
  if (ending_.empty()) return;
  const DocumentKey& key = change.document.key;
  const Item space{key.tenant, key.name_space, ""};
  const Item tenant{key.tenant, "", ""};
  if (ending_.contains(space)) follower_.mark(space);
  if (ending_.contains(tenant)) follower_.mark(tenant);
}

void PlaceEnds::sync(const Item& item) {
  const std::optional<Document> place = follower_.documents().get(key_of(item));
  if (!place || !ending_.contains(item)) return;
  const auto inside =
      follower_.documents().list({"", item.tenant, item.name_space}, std::nullopt, 0, 0);
  if (!inside) return;
  std::vector<controllers::RemainingObject> left;
  for (const Document& document : inside->documents) left.push_back(remaining_object(document));
  const bool of_tenant = item.name_space.empty();
  const controllers::EndPlan plan = of_tenant ? controllers::plan_tenant_end(left, kBurst)
                                              : controllers::plan_namespace_end(left, kBurst);
  std::vector<DocumentWrite> writes;
  for (const std::size_t index : plan.remove) {
    writes.push_back(deletion_of(inside->documents[index], follower_.now().ns / kNanoseconds,
                                 {std::nullopt, controllers::Propagation::background}));
  }
  if (plan.finished) {
    writes.push_back(emptied(*place));
  } else if (plan.remove.empty() && !of_tenant) {
    follower_.draft(
        place->key, [&](json::object& text) { write_conditions(text, plan, follower_.now()); },
        writes);
  }
  follower_.commit(item, std::move(writes));
}

}  // namespace arcas::real
