#include "real/control/service_endpoints.h"

#include <boost/json.hpp>

#include "real/api/object_text.h"
#include "real/control/status_edits.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr Duration kGather = milliseconds(100);
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

void ServiceEndpoints::start() {
  stop();
  alive_ = std::make_shared<bool>(true);
  begin();
}

void ServiceEndpoints::stop() {
  alive_ = nullptr;
  for (const std::uint64_t watch : watches_) parts_.documents.unwatch(watch);
  watches_.clear();
  if (timer_) parts_.loop.cancel(*timer_);
  timer_.reset();
  spaces_.clear();
  marked_.clear();
}

void ServiceEndpoints::begin() {
  const Revision now = parts_.documents.revision();
  const Expected<DocumentPage> services =
      parts_.documents.list({kServices, "", ""}, std::nullopt, 0, 0);
  if (!services) return;
  for (const Document& service : services->documents) {
    take_service({DocumentChange::Type::added, service, nullptr});
  }
  const std::pair<const char*, void (ServiceEndpoints::*)(const DocumentChange&)> wanted[] = {
      {kServices, &ServiceEndpoints::take_service},
      {kPods, &ServiceEndpoints::take_pod},
      {kEndpoints, &ServiceEndpoints::take_written},
      {kSlices, &ServiceEndpoints::take_written}};
  for (const auto& [resource, take] : wanted) {
    const auto watch =
        parts_.documents.watch({resource, "", ""}, now,
                               [this, take = take, weak = std::weak_ptr<bool>(alive_)](
                                   Revision, const Changes& changes, bool compacted) {
                                 if (weak.expired()) return;
                                 // Fell behind: everything anew, but not from within the call.
                                 if (compacted) {
                                   return parts_.loop.post([this, weak] {
                                     if (!weak.expired()) start();
                                   });
                                 }
                                 for (const DocumentChange& change : changes) (this->*take)(change);
                               });
    if (watch) watches_.push_back(*watch);
  }
}

void ServiceEndpoints::take_service(const DocumentChange& change) {
  const DocumentKey& key = change.document.key;
  const Space space{key.tenant, key.name_space};
  Contents& contents = spaces_[space];
  if (change.type == DocumentChange::Type::removed) {
    contents.services.erase(key.name);
    mark(space, key.name);
    return;
  }
  ServiceText service = service_text(stored_object(*change.document.json));
  const bool follows = has_endpoints(service);
  contents.services[key.name] = std::move(service);
  if (follows && !contents.followed) read_pods(space, contents);
  mark(space, key.name);
}

void ServiceEndpoints::read_pods(const Space& space, Contents& contents) {
  contents.followed = true;
  const Expected<DocumentPage> pods =
      parts_.documents.list({kPods, space.first, space.second}, std::nullopt, 0, 0);
  if (!pods) return;
  for (const Document& pod : pods->documents) {
    contents.pods[pod.key.name] = pod_text(stored_object(*pod.json));
  }
}

void ServiceEndpoints::take_pod(const DocumentChange& change) {
  const DocumentKey& key = change.document.key;
  const Space space{key.tenant, key.name_space};
  const auto found = spaces_.find(space);
  if (found == spaces_.end() || !found->second.followed) return;
  if (change.type == DocumentChange::Type::removed) {
    found->second.pods.erase(key.name);
  } else {
    found->second.pods[key.name] = pod_text(stored_object(*change.document.json));
  }
  mark_all(space);
}

/// Somebody changed what is written here, or this did.
void ServiceEndpoints::take_written(const DocumentChange& change) {
  const DocumentKey& key = change.document.key;
  const Space space{key.tenant, key.name_space};
  if (!spaces_.contains(space)) return;
  if (key.resource == kEndpoints) return mark(space, key.name);
  const std::string service = service_of_slice(change.document);
  if (!service.empty()) mark(space, service);
}

void ServiceEndpoints::mark(const Space& space, const std::string& service) {
  marked_.insert({space, service});
  if (timer_) return;
  timer_ = parts_.loop.at(parts_.loop.now() + kGather, [this, weak = std::weak_ptr<bool>(alive_)] {
    if (weak.expired()) return;
    timer_.reset();
    sync_marked();
  });
}

void ServiceEndpoints::mark_all(const Space& space) {
  for (const auto& [name, service] : spaces_[space].services) {
    if (has_endpoints(service)) mark(space, name);
  }
}

void ServiceEndpoints::sync_marked() {
  const auto marked = std::exchange(marked_, {});
  for (const auto& [space, name] : marked) sync(space, name);
}

void ServiceEndpoints::sync(const Space& space, const std::string& name) {
  const Contents& contents = spaces_[space];
  const auto found = contents.services.find(name);
  std::vector<DocumentWrite> writes;
  if (found == contents.services.end()) {
    draft_removals(space, name, writes);
  } else if (has_endpoints(found->second)) {
    const ServiceText& service = found->second;
    std::vector<controllers::PodBehindService> pods;
    for (const auto& [pod_name, pod] : contents.pods) {
      if (selects(service.selector, pod.labels)) pods.push_back(pod.pod);
    }
    const auto groups = controllers::group_endpoints(service.ports, pods);
    draft_endpoints(space, service, groups, writes);
    draft_slices(space, service, groups, writes);
  }
  if (writes.empty()) return;
  parts_.documents.commit(
      std::move(writes), false,
      [this, space = space, name = name,
       weak = std::weak_ptr<bool>(alive_)](const DocumentCommit& commit) {
        if (weak.expired()) return;
        for (const StatusCode code : commit.results) {
          if (code == StatusCode::conflict || code == StatusCode::already_exists) {
            return mark(space, name);
          }
        }
      });
}

/// Edits the document there, or a new one; writes nothing where that changes nothing.
template <class Edit>
void ServiceEndpoints::draft(const DocumentKey& key, const Edit& edit,
                             std::vector<DocumentWrite>& writes) {
  const std::optional<Document> known = parts_.documents.get(key);
  DocumentWrite write;
  write.key = key;
  json::object text = known ? stored_object(*known->json) : json::object();
  edit(text);
  if (known) {
    write.verb = DocumentWrite::Verb::update;
    write.uid = known->uid;
    write.expected = known->revision;
  } else {
    write.uid = parts_.new_uuid();
    json::object& metadata = object_at(text, "metadata");
    metadata["tenant"] = key.tenant;
    metadata["uid"] = write.uid;
    metadata["creationTimestamp"] = time_text(parts_.loop.now());
  }
  // Members in another order are the same document.
  if (known && stored_object(*known->json) == text) return;
  write.json = std::make_shared<const std::string>(stored_text(std::move(text)));
  writes.push_back(std::move(write));
}

void ServiceEndpoints::draft_endpoints(const Space& space, const ServiceText& service,
                                       const std::vector<controllers::EndpointGroup>& groups,
                                       std::vector<DocumentWrite>& writes) {
  draft(
      {kEndpoints, space.first, space.second, service.name},
      [&](json::object& text) { write_endpoints(text, service, space.second, groups); }, writes);
}

void ServiceEndpoints::draft_slices(const Space& space, const ServiceText& service,
                                    const std::vector<controllers::EndpointGroup>& groups,
                                    std::vector<DocumentWrite>& writes) {
  std::set<std::string> wanted;
  for (const SlicePart& part : slice_parts(service, groups)) {
    wanted.insert(part.name);
    draft(
        {kSlices, space.first, space.second, part.name},
        [&](json::object& text) { write_slice(text, service, space.second, part); }, writes);
  }
  for (const Document& slice : slices_of(space, service.name)) {
    if (wanted.contains(slice.key.name)) continue;
    writes.push_back(
        {DocumentWrite::Verb::remove, slice.key, slice.uid, slice.revision, slice.json});
  }
}

void ServiceEndpoints::draft_removals(const Space& space, const std::string& name,
                                      std::vector<DocumentWrite>& writes) {
  std::vector<Document> gone = slices_of(space, name);
  const auto endpoints = parts_.documents.get({kEndpoints, space.first, space.second, name});
  // Where there are slices of ours the Endpoints are ours, too; others' stay.
  if (endpoints && !gone.empty()) gone.push_back(*endpoints);
  for (const Document& document : gone) {
    writes.push_back({DocumentWrite::Verb::remove, document.key, document.uid, document.revision,
                      document.json});
  }
}

std::vector<Document> ServiceEndpoints::slices_of(const Space& space,
                                                  const std::string& name) const {
  std::vector<Document> found;
  const Expected<DocumentPage> slices =
      parts_.documents.list({kSlices, space.first, space.second}, std::nullopt, 0, 0);
  if (!slices) return found;
  for (const Document& slice : slices->documents) {
    if (service_of_slice(slice) == name) found.push_back(slice);
  }
  return found;
}

}  // namespace arcas::real
