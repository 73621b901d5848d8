#include "real/control/endpoint_documents.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdint>
#include <utility>

#include "core/base/hash.h"
#include "real/api/object_text.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

using controllers::EndpointGroup;
using controllers::EndpointPort;
using controllers::PodBehindService;

std::map<std::string, std::string> texts_at(const json::object& document, std::string_view path) {
  std::map<std::string, std::string> texts;
  const json::value* value = value_at(document, path);
  if (value == nullptr || !value->is_object()) return texts;
  for (const auto& [key, text] : value->get_object()) {
    if (text.is_string()) texts.emplace(key, std::string(text.get_string()));
  }
  return texts;
}

template <class Visit>
void each_object(const json::object& document, std::string_view path, Visit visit) {
  const json::value* list = value_at(document, path);
  if (list == nullptr || !list->is_array()) return;
  for (const json::value& entry : list->get_array()) {
    if (entry.is_object()) visit(entry.get_object());
  }
}

std::string text_or(const json::object& object, std::string_view path, std::string_view otherwise) {
  const std::string_view text = text_at(object, path);
  return std::string(text.empty() ? otherwise : text);
}

controllers::ServicePort service_port(const json::object& entry) {
  controllers::ServicePort port;
  port.name = text_at(entry, "name");
  port.protocol = text_or(entry, "protocol", "TCP");
  port.app_protocol = text_at(entry, "appProtocol");
  port.target_name = text_at(entry, "targetPort");
  if (port.target_name.empty()) {
    const std::int64_t target = integer_at(entry, "targetPort");
    port.target = static_cast<std::int32_t>(target != 0 ? target : integer_at(entry, "port"));
  }
  return port;
}

json::object label_object(const std::map<std::string, std::string>& labels) {
  json::object object;
  for (const auto& [key, value] : labels) object[key] = value;
  return object;
}

json::array port_list(const std::vector<EndpointPort>& ports, bool slice) {
  json::array list;
  for (const EndpointPort& port : ports) {
    json::object entry{{"port", port.number}, {"protocol", port.protocol}};
    // A slice names the port of a Service that gives it none "".
    if (slice || !port.name.empty()) entry["name"] = port.name;
    if (!port.app_protocol.empty()) entry["appProtocol"] = port.app_protocol;
    list.emplace_back(std::move(entry));
  }
  return list;
}

json::object reference_to(const PodBehindService& pod, std::string_view name_space) {
  return {{"kind", "Pod"}, {"name", pod.name}, {"namespace", name_space}, {"uid", pod.uid}};
}

json::object address_of(const PodBehindService& pod, std::string_view name_space) {
  json::object address{{"ip", pod.address}, {"targetRef", reference_to(pod, name_space)}};
  if (!pod.node.empty()) address["nodeName"] = pod.node;
  if (!pod.hostname.empty()) address["hostname"] = pod.hostname;
  return address;
}

json::object endpoint_of(const PodBehindService& pod, const ServiceText& service,
                         std::string_view name_space) {
  json::object endpoint{
      {"addresses", json::array{pod.address}},
      {"conditions", json::object{{"ready", serves(pod, service.publish_not_ready)},
                                  {"serving", pod.ready},
                                  {"terminating", pod.terminating}}},
      {"targetRef", reference_to(pod, name_space)}};
  if (!pod.node.empty()) endpoint["nodeName"] = pod.node;
  if (!pod.hostname.empty()) endpoint["hostname"] = pod.hostname;
  return endpoint;
}

/// Five letters and digits, as Kubernetes's names end.
std::string name_end(std::uint64_t hash) {
  constexpr std::string_view kLetters = "bcdfghjklmnpqrstvwxz2456789";
  std::string text;
  for (int i = 0; i < 5; ++i) {
    text += kLetters[hash % kLetters.size()];
    hash /= kLetters.size();
  }
  return text;
}

std::uint64_t slice_hash(const ServiceText& service, const EndpointGroup& group, std::size_t part,
                         bool ipv6) {
  std::uint64_t hash = hash_combine(hash_bytes(service.uid), hash_combine(part, ipv6 ? 1 : 0));
  for (const EndpointPort& port : group.ports) {
    hash = hash_combine(hash, hash_bytes(port.name));
    hash = hash_combine(hash, hash_bytes(port.protocol));
    hash = hash_combine(hash, static_cast<std::uint64_t>(port.number));
  }
  return hash;
}

}  // namespace

ServiceText service_text(const json::object& document) {
  ServiceText service;
  service.name = text_at(document, "metadata.name");
  service.uid = text_at(document, "metadata.uid");
  service.labels = texts_at(document, "metadata.labels");
  service.selector = texts_at(document, "spec.selector");
  each_object(document, "spec.ports",
              [&](const json::object& entry) { service.ports.push_back(service_port(entry)); });
  service.headless = text_at(document, "spec.clusterIP") == "None";
  service.external_name = text_at(document, "spec.type") == "ExternalName";
  const json::value* publish = value_at(document, "spec.publishNotReadyAddresses");
  service.publish_not_ready = publish != nullptr && publish->is_bool() && publish->get_bool();
  return service;
}

PodText pod_text(const json::object& document) {
  PodText text;
  text.labels = texts_at(document, "metadata.labels");
  PodBehindService& pod = text.pod;
  pod.name = text_at(document, "metadata.name");
  pod.uid = text_at(document, "metadata.uid");
  pod.address = text_at(document, "status.podIP");
  pod.node = text_at(document, "spec.nodeName");
  pod.hostname = text_at(document, "spec.hostname");
  pod.terminating = !text_at(document, "metadata.deletionTimestamp").empty();
  const std::string_view phase = text_at(document, "status.phase");
  pod.finished = phase == "Succeeded" || phase == "Failed";
  each_object(document, "spec.containers", [&](const json::object& container) {
    each_object(container, "ports", [&](const json::object& port) {
      pod.ports.push_back({std::string(text_at(port, "name")), text_or(port, "protocol", "TCP"),
                           static_cast<std::int32_t>(integer_at(port, "containerPort"))});
    });
  });
  each_object(document, "status.conditions", [&](const json::object& condition) {
    if (text_at(condition, "type") == "Ready") pod.ready = text_at(condition, "status") == "True";
  });
  return text;
}

bool selects(const std::map<std::string, std::string>& selector,
             const std::map<std::string, std::string>& labels) {
  return std::all_of(selector.begin(), selector.end(), [&](const auto& wanted) {
    const auto found = labels.find(wanted.first);
    return found != labels.end() && found->second == wanted.second;
  });
}

void write_endpoints(json::object& document, const ServiceText& service,
                     std::string_view name_space, const std::vector<EndpointGroup>& groups) {
  document["apiVersion"] = "v1";
  document["kind"] = "Endpoints";
  json::object& metadata = object_at(document, "metadata");
  metadata["name"] = service.name;
  metadata["namespace"] = name_space;
  json::object labels = label_object(service.labels);
  if (service.headless) labels["service.kubernetes.io/headless"] = "";
  metadata.erase("labels");
  if (!labels.empty()) metadata["labels"] = std::move(labels);
  std::size_t room = kMostAddresses;
  bool truncated = false;
  json::array subsets;
  for (const EndpointGroup& group : groups) {
    json::array ready;
    json::array not_ready;
    for (const PodBehindService* pod : group.pods) {
      if (!in_endpoints(*pod, service.publish_not_ready)) continue;
      truncated = truncated || room == 0;
      if (room == 0) continue;
      --room;
      json::array& list = serves(*pod, service.publish_not_ready) ? ready : not_ready;
      list.emplace_back(address_of(*pod, name_space));
    }
    if (ready.empty() && not_ready.empty()) continue;
    json::object subset;
    if (!ready.empty()) subset["addresses"] = std::move(ready);
    if (!not_ready.empty()) subset["notReadyAddresses"] = std::move(not_ready);
    if (!group.ports.empty()) subset["ports"] = port_list(group.ports, false);
    subsets.emplace_back(std::move(subset));
  }
  constexpr std::string_view kOverCapacity = "endpoints.kubernetes.io/over-capacity";
  if (truncated) {
    object_at(metadata, "annotations")[kOverCapacity] = "truncated";
  } else if (metadata.contains("annotations")) {
    object_at(metadata, "annotations").erase(kOverCapacity);
  }
  document.erase("subsets");
  if (!subsets.empty()) document["subsets"] = std::move(subsets);
}

std::vector<SlicePart> slice_parts(const ServiceText& service,
                                   const std::vector<EndpointGroup>& groups) {
  std::vector<SlicePart> parts;
  for (const EndpointGroup& group : groups) {
    for (const bool ipv6 : {false, true}) {
      std::size_t number = 0;
      bool open = false;
      for (const PodBehindService* pod : group.pods) {
        if ((pod->address.find(':') != std::string::npos) != ipv6) continue;
        if (!open || parts.back().group.pods.size() == kMostInSlice) {
          const std::uint64_t hash = slice_hash(service, group, number++, ipv6);
          parts.push_back({service.name + "-" + name_end(hash), {group.ports, {}}, ipv6});
          open = true;
        }
        parts.back().group.pods.push_back(pod);
      }
    }
  }
  // So that who watches slices knows that the Service has been looked at, as in Kubernetes.
  if (parts.empty()) {
    parts.push_back({service.name + "-" + name_end(slice_hash(service, {}, 0, false)), {}, false});
  }
  return parts;
}

void write_slice(json::object& document, const ServiceText& service, std::string_view name_space,
                 const SlicePart& part) {
  document["apiVersion"] = "discovery.k8s.io/v1";
  document["kind"] = "EndpointSlice";
  json::object labels = label_object(service.labels);
  labels[kServiceName] = service.name;
  labels[kSliceOwner] = kSliceController;
  if (service.headless) labels["service.kubernetes.io/headless"] = "";
  json::object owner{{"apiVersion", "v1"}, {"kind", "Service"},  {"name", service.name},
                     {"uid", service.uid}, {"controller", true}, {"blockOwnerDeletion", true}};
  json::object& metadata = object_at(document, "metadata");
  metadata["name"] = part.name;
  metadata["generateName"] = service.name + "-";
  metadata["namespace"] = name_space;
  metadata["labels"] = std::move(labels);
  metadata["ownerReferences"] = json::array{std::move(owner)};
  json::array endpoints;
  for (const PodBehindService* pod : part.group.pods) {
    endpoints.emplace_back(endpoint_of(*pod, service, name_space));
  }
  document["addressType"] = part.ipv6 ? "IPv6" : "IPv4";
  document["endpoints"] = std::move(endpoints);
  document["ports"] = port_list(part.group.ports, true);
}

}  // namespace arcas::real
