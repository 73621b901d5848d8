#include "real/control/adoptions.h"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <string_view>

#include "real/api/label_match.h"
#include "real/api/object_text.h"
#include "real/control/metadata_text.h"
#include "real/control/pod_documents.h"
#include "real/control/stateful_set_documents.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr const char* kPods = "pods";
constexpr const char* kReplicaSets = "replicasets.apps";
constexpr const char* kDeployments = "deployments.apps";
constexpr const char* kDaemonSets = "daemonsets.apps";
constexpr const char* kStatefulSets = "statefulsets.apps";

std::string item_name(const DocumentKey& key) { return key.resource + '/' + key.name; }

/// The reference to the controller; null when there is none.
const json::object* controller_of(const json::object& metadata) {
  const json::value* owners = metadata.if_contains("ownerReferences");
  if (owners == nullptr || !owners->is_array()) return nullptr;
  for (const json::value& entry : owners->get_array()) {
    if (!entry.is_object()) continue;
    const json::value* controls = entry.get_object().if_contains("controller");
    if (controls != nullptr && *controls == json::value(true)) return &entry.get_object();
  }
  return nullptr;
}

/// Can objects of this resource have such controllers?
bool may_control(const std::string& controller, const DocumentKey& object) {
  return object.resource == kReplicaSets ? controller == kDeployments : controller != kDeployments;
}

void drop_controller(json::object& metadata) {
  json::array kept;
  for (json::value& entry : metadata["ownerReferences"].as_array()) {
    const json::value* controls =
        entry.is_object() ? entry.get_object().if_contains("controller") : nullptr;
    if (controls == nullptr || *controls != json::value(true)) kept.push_back(std::move(entry));
  }
  metadata.erase("ownerReferences");
  if (!kept.empty()) metadata["ownerReferences"] = std::move(kept);
}

DocumentWrite write_of(const Document& document, json::object text) {
  return {DocumentWrite::Verb::update, document.key, document.uid, document.revision,
          std::make_shared<const std::string>(stored_text(std::move(text)))};
}

}  // namespace

Adoptions::Adoptions(DocumentFollower::Parts parts)
    : follower_(
          std::move(parts),
          {{kDeployments, true, [this](const DocumentChange& c) { take_controller(c); }},
           {kReplicaSets, true,
            [this](const DocumentChange& c) {
              take_controller(c);
              take_claimed(c);
            }},
           {kDaemonSets, true, [this](const DocumentChange& c) { take_controller(c); }},
           {kStatefulSets, true, [this](const DocumentChange& c) { take_controller(c); }},
           {kPods, true, [this](const DocumentChange& c) { take_claimed(c); }}},
          [this](const Item& item) { sync(item); }, [this] { spaces_.clear(); }) {}

void Adoptions::take_controller(const DocumentChange& change) {
  const DocumentKey& key = change.document.key;
  Contents& contents = spaces_[{key.tenant, key.name_space}];
  const auto place = std::pair(key.resource, key.name);
  if (change.type == DocumentChange::Type::removed) {
    contents.controllers.erase(place);
    return;
  }
  const json::object text = stored_object(*change.document.json);
  Controller controller{key, change.document.uid, {}, false};
  const json::value* selector = value_at(text, "spec.selector");
  const bool selects = selector != nullptr && selector->is_object();
  if (selects) controller.selector = selector_of(selector->get_object());
  controller.deleting = !text_at(text, "metadata.deletionTimestamp").empty() || !selects;
  const auto known = contents.controllers.find(place);
  const bool same = known != contents.controllers.end() && known->second.uid == controller.uid &&
                    known->second.deleting == controller.deleting;
  contents.controllers.insert_or_assign(place, std::move(controller));
  if (same) return;  // selectors do not change
  for (const std::string& free : contents.free) follower_.mark({key.tenant, key.name_space, free});
}

void Adoptions::take_claimed(const DocumentChange& change) {
  const DocumentKey& key = change.document.key;
  const std::string name = item_name(key);
  if (change.type == DocumentChange::Type::removed) {
    spaces_[{key.tenant, key.name_space}].free.erase(name);
    return;
  }
  const std::string_view now = metadata_text(*change.document.json);
  if (change.before != nullptr && metadata_text(*change.before) == now) return;
  // At the start there are many of these.
  if (change.before == nullptr && now.find("\"controller\":true") != std::string_view::npos) return;
  const json::object metadata = stored_object(now);
  Contents& contents = spaces_[{key.tenant, key.name_space}];
  const bool free = controller_of(metadata) == nullptr;
  if (free) {
    contents.free.insert(name);
  } else {
    contents.free.erase(name);
  }
  follower_.mark({key.tenant, key.name_space, name});
}

void Adoptions::sync(const Item& item) {
  const std::size_t slash = item.name.find('/');
  const auto document = follower_.documents().get(
      {item.name.substr(0, slash), item.tenant, item.name_space, item.name.substr(slash + 1)});
  const auto space = spaces_.find({item.tenant, item.name_space});
  if (!document || space == spaces_.end()) return;
  json::object text = stored_object(*document->json);
  json::object& metadata = object_at(text, "metadata");
  controllers::ClaimedObject object;
  if (const json::object* owner = controller_of(metadata))
    object.controller = text_at(*owner, "uid");
  object.deleting = metadata.contains("deletionTimestamp");
  const std::string_view phase = text_at(text, "status.phase");
  object.finished = phase == "Succeeded" || phase == "Failed";
  const json::value* labels = metadata.if_contains("labels");
  std::vector<controllers::Claimant> claimants;
  std::vector<const Controller*> places;
  for (const auto& [place, controller] : space->second.controllers) {
    if (!may_control(place.first, document->key)) continue;
    controllers::Claimant claimant{controller.uid, false, controller.deleting};
    claimant.fits =
        matches_labels(controller.selector, labels == nullptr ? nullptr : labels->if_object()) &&
        (place.first != kStatefulSets || ordinal_of(place.second, document->key.name).has_value());
    claimants.push_back(std::move(claimant));
    places.push_back(&controller);
  }
  const controllers::ClaimPlan plan = controllers::plan_claim(object, claimants);
  std::vector<DocumentWrite> writes;
  if (plan.release) {
    drop_controller(metadata);
    writes.push_back(write_of(*document, std::move(text)));
  } else if (plan.adopt) {
    give(*document, *places[*plan.adopt], writes);
  }
  follower_.commit(item, std::move(writes));
}

/// Only to a controller that is there as it was seen: else its change is told soon.
void Adoptions::give(const Document& document, const Controller& controller,
                     std::vector<DocumentWrite>& writes) {
  const auto owner = follower_.documents().get(controller.key);
  if (!owner || owner->uid != controller.uid) return;
  const json::object owner_text = stored_object(*owner->json);
  if (!text_at(owner_text, "metadata.deletionTimestamp").empty()) return;
  json::object text = stored_object(*document.json);
  json::value& owners = object_at(text, "metadata")["ownerReferences"];
  if (!owners.is_array()) owners = json::array();
  json::array& list = owners.get_array();
  const auto own = std::find_if(list.begin(), list.end(), [&](const json::value& entry) {
    return entry.is_object() && text_at(entry.get_object(), "uid") == controller.uid;
  });
  if (own != list.end()) list.erase(own);
  list.push_back(owner_reference(owner_text));
  writes.push_back(write_of(document, std::move(text)));
}

}  // namespace arcas::real
