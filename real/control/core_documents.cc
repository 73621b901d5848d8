#include "real/control/core_documents.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <utility>

#include "core/manifest/cluster_objects.h"
#include "core/manifest/controlled.h"
#include "core/manifest/node.h"
#include "core/manifest/pod.h"
#include "core/manifest/workloads.h"
#include "real/control/object_uid.h"
#include "real/control/pod_documents.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

using manifest::Decoding;
using manifest::Field;
using model::Kind;

struct Resource {
  Kind kind;
  std::string_view name;
  std::string_view owner_kind;  ///< as owner references name it
};
constexpr std::array kResources{
    Resource{Kind::pod, "pods", "Pod"},
    Resource{Kind::node, "nodes", "Node"},
    Resource{Kind::tenant, "tenants", "Tenant"},
    Resource{Kind::name_space, "namespaces", "Namespace"},
    Resource{Kind::replica_set, "replicasets.apps", "ReplicaSet"},
    Resource{Kind::deployment, "deployments.apps", "Deployment"},
    Resource{Kind::daemon_set, "daemonsets.apps", "DaemonSet"},
    Resource{Kind::job, "jobs.batch", "Job"},
    Resource{Kind::pod_disruption_budget, "poddisruptionbudgets.policy", "PodDisruptionBudget"},
    Resource{Kind::priority_class, "priorityclasses.scheduling.k8s.io", "PriorityClass"},
    Resource{Kind::resource_quota, "resourcequotas", "ResourceQuota"},
    Resource{Kind::lease, "leases.coordination.k8s.io", "Lease"}};

constexpr std::string_view kSystem = "system";
constexpr std::string_view kLeaseSpace = "kube-system";

bool of_cluster(Kind kind) {
  return kind == Kind::node || kind == Kind::tenant || kind == Kind::priority_class;
}

CoreObject object_at(Kind kind, const Field& root, const Decoding& decoding) {
  switch (kind) {
    case Kind::pod:
      return decoded_pod(root, decoding);
    case Kind::node:
      return model::Object(manifest::node_at(root, decoding));
    case Kind::tenant:
      return model::Object(manifest::tenant_at(root, decoding));
    case Kind::name_space:
      return model::Object(manifest::namespace_at(root, decoding));
    case Kind::replica_set:
      return model::Object(manifest::controlled_replica_set_at(root, decoding));
    case Kind::deployment:
      return model::Object(manifest::deployment_at(root, decoding));
    case Kind::daemon_set:
      return model::Object(manifest::daemon_set_at(root, decoding));
    case Kind::job:
      return model::Object(manifest::job_at(root, decoding));
    case Kind::pod_disruption_budget:
      return model::Object(manifest::budget_at(root, decoding));
    case Kind::priority_class:
      return model::Object(manifest::priority_class_at(root, decoding));
    case Kind::resource_quota:
      return model::Object(manifest::resource_quota_at(root, decoding));
    case Kind::lease:
    case Kind::none:
      break;
  }
  return model::Object(manifest::lease_at(root, decoding));
}

/// A name as its maker composed it, which must not hang on the owner: owners come and go.
model::ObjectName composed_name(std::string_view text, model::Catalog& catalog) {
  return catalog.intern_name(text, text.substr(0, std::min(text.rfind('-'), text.size())));
}

/// The controller of the object.
void owner_at(const Field& metadata, model::Metadata& meta) {
  for (const Field& entry : metadata["ownerReferences"].elements()) {
    if (!entry["controller"].boolean()) continue;
    const auto uid = uid_of(entry["uid"].text());
    for (const Resource& resource : kResources) {
      if (uid && resource.owner_kind == entry["kind"].text()) meta.owner = {*uid, resource.kind};
    }
  }
}

}  // namespace

model::Metadata& metadata_of(CoreObject& object) {
  if (auto* pod = std::get_if<model::Pod>(&object)) return pod->meta;
  return model::metadata_of(std::get<model::Object>(object));
}

Kind CoreDocuments::kind_of(const DocumentKey& key) {
  for (const Resource& resource : kResources) {
    if (resource.name != key.resource) continue;
    const bool other_lease =
        resource.kind == Kind::lease && (key.tenant != kSystem || key.name_space != kLeaseSpace);
    return other_lease ? Kind::none : resource.kind;
  }
  return Kind::none;
}

std::string_view CoreDocuments::resource_of(Kind kind) {
  for (const Resource& resource : kResources) {
    if (resource.kind == kind) return resource.name;
  }
  return "";
}

DocumentKey CoreDocuments::key_of(Kind kind, const model::Metadata& meta) const {
  DocumentKey key;
  key.resource = resource_of(kind);
  key.name = catalog.name_text(meta.name);
  if (kind == Kind::lease) {
    key.tenant = kSystem;
    key.name_space = kLeaseSpace;
  } else if (!of_cluster(kind)) {
    key.tenant = catalog.tenants.text(meta.tenant);
    if (kind != Kind::name_space) key.name_space = catalog.namespace_name(meta.name_space);
  }
  return key;
}

std::string CoreDocuments::holder_text(ActorId holder) const {
  return incarnation + '_' + std::to_string(holder.index);
}

ActorId CoreDocuments::holder_of(std::string_view text) const {
  if (!text.starts_with(incarnation + '_')) return {};
  text.remove_prefix(incarnation.size() + 1);
  ActorId holder;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), holder.index);
  return error == std::errc() && stop == text.data() + text.size() ? holder : ActorId{};
}

Expected<CoreObject> CoreDocuments::decode(const Document& document) const {
  const Kind kind = kind_of(document.key);
  if (kind == Kind::none) return Status::invalid("the core has no such kind");
  const auto uid = uid_of(document.uid);
  if (!uid) return Status::invalid("metadata.uid: was not given by this cluster");
  boost::system::error_code broken;
  unsigned char room[std::size_t{1} << 14U];  // most documents need no more
  json::monotonic_resource memory(room, sizeof room);
  const json::value value = json::parse(*document.json, broken, &memory);
  if (broken) return Status::invalid("is no JSON");
  const Decoding decoding{
      catalog, catalog.tenants.intern(document.key.tenant.empty() ? kSystem : document.key.tenant)};
  return manifest::decode_document(value, [&](const Field& root) {
    CoreObject object = object_at(kind, root, decoding);
    model::Metadata& meta = metadata_of(object);
    meta.uid = *uid;
    meta.resource_version = document.revision;
    if (of_cluster(kind) && kind != Kind::tenant) meta.tenant = {};
    owner_at(root["metadata"], meta);
    if (kind == Kind::pod || kind == Kind::replica_set) {
      meta.name = composed_name(root["metadata"]["name"].text(), catalog);
    }
    if (kind == Kind::node) {
      model::Node& node = std::get<model::Node>(std::get<model::Object>(object));
      if (!node.zone.valid()) node.zone = catalog.zones.intern("");  // as Kubernetes has it
      const std::string_view epoch = root["metadata"]["annotations"][kAgentEpoch].text();
      std::from_chars(epoch.data(), epoch.data() + epoch.size(), node.agent_epoch);
    }
    if (kind == Kind::lease) {
      meta.tenant = {};
      meta.name_space = {};
      std::get<model::Lease>(std::get<model::Object>(object)).holder =
          holder_of(root["spec"]["holderIdentity"].text());
    }
    return object;
  });
}

}  // namespace arcas::real
