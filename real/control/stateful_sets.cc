#include "real/control/stateful_sets.h"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>

#include "real/api/deletion.h"
#include "real/api/object_text.h"
#include "real/api/pod_admission.h"
#include "real/control/stateful_set_documents.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr const char* kSets = "statefulsets.apps";
constexpr const char* kPods = "pods";
constexpr const char* kRevisions = "controllerrevisions.apps";
constexpr const char* kClaims = "persistentvolumeclaims";

/// The controller of an object, when that is a StatefulSet.
const json::object* set_behind(const json::object& text) {
  const json::value* owners = value_at(text, "metadata.ownerReferences");
  if (owners == nullptr || !owners->is_array()) return nullptr;
  for (const json::value& owner : owners->get_array()) {
    if (!owner.is_object() || text_at(owner.get_object(), "kind") != "StatefulSet") continue;
    const json::value* controls = owner.get_object().if_contains("controller");
    if (controls != nullptr && controls->is_bool() && controls->get_bool()) {
      return &owner.get_object();
    }
  }
  return nullptr;
}

bool is_ready(const json::object& pod) {
  const json::value* conditions = value_at(pod, "status.conditions");
  if (conditions == nullptr || !conditions->is_array()) return false;
  return std::any_of(conditions->get_array().begin(), conditions->get_array().end(),
                     [](const json::value& entry) {
                       return entry.is_object() && text_at(entry.get_object(), "type") == "Ready" &&
                              text_at(entry.get_object(), "status") == "True";
                     });
}

std::string label_of(const json::object& object, std::string_view name) {
  const json::value* labels = value_at(object, "metadata.labels");
  if (labels == nullptr || !labels->is_object()) return {};
  const json::value* value = labels->get_object().if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

}  // namespace

StatefulSets::StatefulSets(DocumentFollower::Parts parts)
    : follower_(
          std::move(parts),
          {{kSets, true, [this](const DocumentChange& c) { take_set(c); }},
           {kPods, true, [this](const DocumentChange& c) { take_pod(c); }}},
          [this](const Item& item) { sync(item); }, [this] { pods_.clear(); }) {}

void StatefulSets::take_set(const DocumentChange& change) {
  const DocumentKey& key = change.document.key;
  follower_.mark({key.tenant, key.name_space, key.name});
}

void StatefulSets::take_pod(const DocumentChange& change) {
  // Most pods are not of a StatefulSet, and to see that they need not be parsed.
  const auto names_a_set = [](const std::string& text) {
    return text.find("\"StatefulSet\"") != std::string::npos;
  };
  const DocumentKey& key = change.document.key;
  const bool did = change.before != nullptr && names_a_set(*change.before);
  if (!did && !names_a_set(*change.document.json)) return;
  const json::object text = stored_object(*change.document.json);
  const json::object* owner = set_behind(text);
  if (owner == nullptr) {
    if (did) forget_pod(stored_object(*change.before), key);
    return;
  }
  const Item item{key.tenant, key.name_space, std::string(text_at(*owner, "name"))};
  const auto ordinal = ordinal_of(item.name, key.name);
  if (!ordinal) return;
  follower_.mark(item);
  if (change.type == DocumentChange::Type::removed) {
    return forget_pod(text, key);
  }
  PodState state;
  state.owner_uid = text_at(*owner, "uid");
  state.revision = label_of(text, kRevisionLabel);
  state.pod.ordinal = *ordinal;
  state.pod.ready = is_ready(text);
  state.pod.terminating = !text_at(text, "metadata.deletionTimestamp").empty();
  const std::string_view phase = text_at(text, "status.phase");
  state.pod.finished = phase == "Succeeded" || phase == "Failed";
  pods_[item][key.name] = std::move(state);
}

/// A pod is gone, or no longer its set's.
void StatefulSets::forget_pod(const json::object& last, const DocumentKey& key) {
  const json::object* owner = set_behind(last);
  if (owner == nullptr) return;
  const Item item{key.tenant, key.name_space, std::string(text_at(*owner, "name"))};
  const auto known = pods_.find(item);
  if (known == pods_.end()) return;
  follower_.mark(item);
  known->second.erase(key.name);
  if (known->second.empty()) pods_.erase(known);
}

void StatefulSets::sync(const Item& item) {
  const auto set = follower_.documents().get({kSets, item.tenant, item.name_space, item.name});
  Writes writes;
  if (!set) return;
  // Pods of an earlier set of this name go first.
  const auto known = pods_.find(item);
  bool strangers = false;
  if (known != pods_.end()) {
    for (const auto& [name, state] : known->second) {
      strangers = strangers || state.owner_uid != set->uid;
    }
  }
  if (!strangers && !follower_.is_ending(item)) sync_set(item, *set, writes);
  follower_.commit(item, std::move(writes));
}

void StatefulSets::sync_set(const Item& item, const Document& document, Writes& writes) {
  const json::object set = stored_object(*document.json);
  if (!text_at(set, "metadata.deletionTimestamp").empty()) return;
  const Revisions revisions = revisions_of(item, set, writes);
  std::vector<controllers::StatefulPod> pods;
  for (const auto& [name, state] : pods_[item]) {
    pods.push_back(state.pod);
    pods.back().updated = state.revision == revisions.update;
    pods.back().current = state.revision == revisions.current;
  }
  if (pods_[item].empty()) pods_.erase(item);
  const controllers::StatefulSetPlan plan = controllers::plan_stateful_set(
      stateful_set_spec(set), revisions.update == revisions.current, pods);
  for (const auto& creation : plan.create) {
    create(item, set, creation.updated ? revisions.update : revisions.current, creation.ordinal,
           writes);
  }
  for (const std::int32_t ordinal : plan.remove) {
    remove(item, item.name + '-' + std::to_string(ordinal), writes);
  }
  follower_.draft(
      document.key,
      [&](json::object& text) { write_stateful_set_status(text, plan, revisions.update); }, writes);
  prune(item, set, revisions, writes);
}

StatefulSets::Revisions StatefulSets::revisions_of(const Item& item, const json::object& set,
                                                   Writes& writes) {
  Revisions revisions{revision_name(set), std::string(text_at(set, "status.currentRevision"))};
  if (revisions.current.empty()) revisions.current = revisions.update;
  std::int64_t highest = 0;
  std::int64_t own = 0;
  for (const Document& revision : history_of(item, text_at(set, "metadata.uid"))) {
    const std::int64_t number = integer_at(stored_object(*revision.json), "revision");
    highest = std::max(highest, number);
    if (revision.key.name == revisions.update) own = number;
  }
  // A template that comes back is the newest revision again.
  const std::int64_t number = own != 0 && own == highest ? own : highest + 1;
  follower_.draft(
      {kRevisions, item.tenant, item.name_space, revisions.update},
      [&](json::object& text) { write_revision_document(text, set, number); }, writes);
  return revisions;
}

/// Revisions that no pod is of, beyond the history that is wanted, the oldest first.
void StatefulSets::prune(const Item& item, const json::object& set, const Revisions& revisions,
                         Writes& writes) {
  const json::value* limit = value_at(set, "spec.revisionHistoryLimit");
  const std::size_t keep =
      limit != nullptr && limit->is_int64()
          ? static_cast<std::size_t>(std::max<std::int64_t>(limit->get_int64(), 0))
          : 10;
  std::vector<Document> unused = history_of(item, text_at(set, "metadata.uid"));
  const auto known = pods_.find(item);
  std::erase_if(unused, [&](const Document& revision) {
    const std::string& name = revision.key.name;
    if (name == revisions.update || name == revisions.current) return true;
    return known != pods_.end() &&
           std::any_of(known->second.begin(), known->second.end(),
                       [&](const auto& entry) { return entry.second.revision == name; });
  });
  if (unused.size() <= keep) return;
  std::sort(unused.begin(), unused.end(), [](const Document& a, const Document& b) {
    return integer_at(stored_object(*a.json), "revision") <
           integer_at(stored_object(*b.json), "revision");
  });
  for (std::size_t i = 0; i + keep < unused.size(); ++i) {
    DocumentFollower::draft_removal(unused[i], writes);
  }
}

void StatefulSets::create(const Item& item, const json::object& set, const std::string& revision,
                          std::int32_t ordinal, Writes& writes) {
  json::object pod_template;
  if (revision == revision_name(set)) {
    const json::value* own = value_at(set, "spec.template");
    if (own != nullptr && own->is_object()) pod_template = own->get_object();
  } else {
    const auto kept =
        follower_.documents().get({kRevisions, item.tenant, item.name_space, revision});
    if (!kept) return follower_.mark(item);
    pod_template = template_of_revision(stored_object(*kept->json));
  }
  for (const ClaimOfPod& claim : claims_of(set, ordinal)) {
    const DocumentKey key{kClaims, item.tenant, item.name_space, claim.name};
    if (follower_.documents().get(key)) continue;
    follower_.draft(
        key, [&](json::object& text) { write_claim(text, set, *claim.claim); }, writes);
  }
  const DocumentKey key{kPods, item.tenant, item.name_space,
                        item.name + '-' + std::to_string(ordinal)};
  if (follower_.documents().get(key)) return;  // somebody else's of that name, or not gone yet
  json::object pod;
  write_stateful_pod(pod, set, pod_template, revision, ordinal);
  if (!admit_new_pod(follower_.documents(), item.tenant, item.name_space, pod).ok()) return;
  follower_.draft(
      key, [&](json::object& text) { text = std::move(pod); }, writes);
}

void StatefulSets::remove(const Item& item, const std::string& pod, Writes& writes) const {
  const auto document = follower_.documents().get({kPods, item.tenant, item.name_space, pod});
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  if (document) writes.push_back(deletion_of(*document, follower_.now().ns / kNanoseconds));
}

/// The ControllerRevisions of a set.
std::vector<Document> StatefulSets::history_of(const Item& item, std::string_view uid) const {
  std::vector<Document> found;
  const auto page =
      follower_.documents().list({kRevisions, item.tenant, item.name_space}, std::nullopt, 0, 0);
  if (!page) return found;
  for (const Document& revision : page->documents) {
    const json::object text = stored_object(*revision.json);
    const json::object* owner = set_behind(text);
    if (owner != nullptr && text_at(*owner, "uid") == uid) found.push_back(revision);
  }
  return found;
}

}  // namespace arcas::real
