#include "real/control/document_edits.h"

#include <boost/json.hpp>
#include <type_traits>

#include "real/api/object_text.h"
#include "real/control/cluster_documents.h"
#include "real/control/status_edits.h"
#include "real/control/workload_documents.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

/// The members that name an object: version, kind, and where it is.
json::object named_document(const model::Object& object, const CoreDocuments& names) {
  const model::Kind kind = model::kind_of(object);
  const DocumentKey key = names.key_of(kind, model::metadata_of(object));
  json::object metadata{{"name", key.name}};
  if (!key.tenant.empty()) metadata["tenant"] = key.tenant;
  if (!key.name_space.empty()) metadata["namespace"] = key.name_space;
  const bool lease = kind == model::Kind::lease;
  return {{"apiVersion", lease ? "coordination.k8s.io/v1" : "v1"},
          {"kind", lease                         ? "Lease"
                   : kind == model::Kind::node   ? "Node"
                   : kind == model::Kind::tenant ? "Tenant"
                                                 : "Namespace"},
          {"metadata", std::move(metadata)}};
}

}  // namespace

json::object new_document(const model::Object& object, const json::object* owner, TimePoint now,
                          const CoreDocuments& names) {
  if (const auto* set = std::get_if<model::ReplicaSet>(&object);
      set != nullptr && owner != nullptr) {
    return new_replica_set_document(*set, *owner, names.catalog);
  }
  json::object document = named_document(object, names);
  edit_object(document, object, now, names);
  return document;
}

void edit_object(json::object& document, const model::Object& after, TimePoint now,
                 const CoreDocuments& names) {
  std::visit(
      [&]<class T>(const T& value) {
        if constexpr (std::is_same_v<T, model::ReplicaSet>) edit_replica_set(document, value);
        if constexpr (std::is_same_v<T, model::Deployment>) edit_deployment(document, value, now);
        if constexpr (std::is_same_v<T, model::DaemonSet>) edit_daemon_set(document, value);
        if constexpr (std::is_same_v<T, model::Job>) edit_job(document, value, now);
        if constexpr (std::is_same_v<T, model::PodDisruptionBudget>) {
          edit_disruption_budget(document, value, now, names.catalog);
        }
        if constexpr (std::is_same_v<T, model::Node>) {
          edit_node(document, value, now, names.catalog);
        }
        if constexpr (std::is_same_v<T, model::Lease>) edit_lease(document, value, names);
        if constexpr (std::is_same_v<T, model::Namespace>) edit_namespace(document, value);
        if constexpr (std::is_same_v<T, model::Tenant>) edit_tenant(document, value);
        if constexpr (std::is_same_v<T, model::ResourceQuota>) {
          edit_quota(document, value, names.catalog);
        }
      },
      after);
}

bool hold_back_removal(json::object& document, TimePoint now) {
  const json::value* finalizers = value_at(document, "metadata.finalizers");
  if (finalizers == nullptr || !finalizers->is_array() || finalizers->get_array().empty()) {
    return false;
  }
  json::object& metadata = object_at(document, "metadata");
  if (!metadata.contains("deletionTimestamp")) metadata["deletionTimestamp"] = time_text(now);
  metadata["deletionGracePeriodSeconds"] = 0;
  return true;
}

}  // namespace arcas::real
