#include "real/control/service_endpoints.h"

#include <boost/json.hpp>
#include <optional>
#include <set>

#include "real/api/object_text.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr const char* kServices = "services";
constexpr const char* kPods = "pods";
constexpr const char* kEndpoints = "endpoints";
constexpr const char* kSlices = "endpointslices.discovery.k8s.io";

bool has_endpoints(const ServiceText& service) {
  return !service.selector.empty() && !service.external_name;
}

std::string service_of_slice(const Document& slice) {
  const json::object text = stored_object(*slice.json);
  const json::value* labels = value_at(text, "metadata.labels");
  if (labels == nullptr || !labels->is_object()) return {};
  const auto label = [&](std::string_view key) -> std::string_view {
    const json::value* value = labels->get_object().if_contains(key);
    return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : "";
  };
  return label(kSliceOwner) == kSliceController ? std::string(label(kServiceName)) : "";
}

}  // namespace

ServiceEndpoints::ServiceEndpoints(DocumentFollower::Parts parts)
    : follower_(
          std::move(parts),
          {{kServices, true, [this](const DocumentChange& c) { take_service(c); }},
           {kPods, false, [this](const DocumentChange& c) { take_pod(c); }},
           {kEndpoints, false, [this](const DocumentChange& c) { take_written(c); }},
           {kSlices, false, [this](const DocumentChange& c) { take_written(c); }}},
          [this](const Item& item) { sync(item); }, [this] { spaces_.clear(); }) {}

void ServiceEndpoints::take_service(const DocumentChange& change) {
  const DocumentKey& key = change.document.key;
  const Space space{key.tenant, key.name_space};
  Contents& contents = spaces_[space];
  if (change.type == DocumentChange::Type::removed) {
    contents.services.erase(key.name);
  } else {
    ServiceText service = service_text(stored_object(*change.document.json));
    const bool follows = has_endpoints(service);
    contents.services[key.name] = std::move(service);
    if (follows && !contents.followed) read_pods(space, contents);
  }
  follower_.mark({key.tenant, key.name_space, key.name});
}

void ServiceEndpoints::read_pods(const Space& space, Contents& contents) {
  contents.followed = true;
  const Expected<DocumentPage> pods =
      follower_.documents().list({kPods, space.first, space.second}, std::nullopt, 0, 0);
  if (!pods) return;
  for (const Document& pod : pods->documents) {
    contents.pods[pod.key.name] = pod_text(stored_object(*pod.json));
  }
}

void ServiceEndpoints::take_pod(const DocumentChange& change) {
  const DocumentKey& key = change.document.key;
  const auto found = spaces_.find({key.tenant, key.name_space});
  if (found == spaces_.end() || !found->second.followed) return;
  Contents& contents = found->second;
  if (change.type == DocumentChange::Type::removed) {
    contents.pods.erase(key.name);
  } else {
    contents.pods[key.name] = pod_text(stored_object(*change.document.json));
  }
  for (const auto& [name, service] : contents.services) {
    if (has_endpoints(service)) follower_.mark({key.tenant, key.name_space, name});
  }
}

/// Somebody changed what is written here, or this did.
void ServiceEndpoints::take_written(const DocumentChange& change) {
  const DocumentKey& key = change.document.key;
  if (!spaces_.contains({key.tenant, key.name_space})) return;
  const std::string service =
      key.resource == kEndpoints ? key.name : service_of_slice(change.document);
  if (!service.empty()) follower_.mark({key.tenant, key.name_space, service});
}

void ServiceEndpoints::sync(const Item& item) {
  const Contents& contents = spaces_[{item.tenant, item.name_space}];
  const auto found = contents.services.find(item.name);
  std::vector<DocumentWrite> writes;
  if (found == contents.services.end()) {
    draft_removals(item, writes);
  } else if (has_endpoints(found->second)) {
    const ServiceText& service = found->second;
    std::vector<controllers::PodBehindService> pods;
    for (const auto& [name, pod] : contents.pods) {
      if (selects(service.selector, pod.labels)) pods.push_back(pod.pod);
    }
    draft_all(item, service, controllers::group_endpoints(service.ports, pods), writes);
  }
  follower_.commit(item, std::move(writes));
}

void ServiceEndpoints::draft_all(const Item& item, const ServiceText& service, const Groups& groups,
                                 std::vector<DocumentWrite>& writes) {
  follower_.draft(
      {kEndpoints, item.tenant, item.name_space, item.name},
      [&](json::object& text) { write_endpoints(text, service, item.name_space, groups); }, writes);
  std::set<std::string> wanted;
  for (const SlicePart& part : slice_parts(service, groups)) {
    wanted.insert(part.name);
    follower_.draft(
        {kSlices, item.tenant, item.name_space, part.name},
        [&](json::object& text) { write_slice(text, service, item.name_space, part); }, writes);
  }
  for (const Document& slice : slices_of(item)) {
    if (!wanted.contains(slice.key.name)) DocumentFollower::draft_removal(slice, writes);
  }
}

void ServiceEndpoints::draft_removals(const Item& item, std::vector<DocumentWrite>& writes) const {
  const std::vector<Document> slices = slices_of(item);
  for (const Document& slice : slices) DocumentFollower::draft_removal(slice, writes);
  const auto endpoints =
      follower_.documents().get({kEndpoints, item.tenant, item.name_space, item.name});
  // Where there are slices of ours the Endpoints are ours, too; others' stay.
  if (endpoints && !slices.empty()) DocumentFollower::draft_removal(*endpoints, writes);
}

std::vector<Document> ServiceEndpoints::slices_of(const Item& item) const {
  std::vector<Document> found;
  const Expected<DocumentPage> slices =
      follower_.documents().list({kSlices, item.tenant, item.name_space}, std::nullopt, 0, 0);
  if (!slices) return found;
  for (const Document& slice : slices->documents) {
    if (service_of_slice(slice) == item.name) found.push_back(slice);
  }
  return found;
}

}  // namespace arcas::real
