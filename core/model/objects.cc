#include "core/model/objects.h"

namespace arcas::model {
namespace {

template <class T>
constexpr Kind kKindOf = Kind::none;
template <>
constexpr Kind kKindOf<Tenant> = Kind::tenant;
template <>
constexpr Kind kKindOf<Namespace> = Kind::name_space;
template <>
constexpr Kind kKindOf<Node> = Kind::node;
template <>
constexpr Kind kKindOf<ReplicaSet> = Kind::replica_set;
template <>
constexpr Kind kKindOf<Deployment> = Kind::deployment;
template <>
constexpr Kind kKindOf<DaemonSet> = Kind::daemon_set;
template <>
constexpr Kind kKindOf<Job> = Kind::job;
template <>
constexpr Kind kKindOf<PodDisruptionBudget> = Kind::pod_disruption_budget;
template <>
constexpr Kind kKindOf<PriorityClass> = Kind::priority_class;
template <>
constexpr Kind kKindOf<ResourceQuota> = Kind::resource_quota;
template <>
constexpr Kind kKindOf<Lease> = Kind::lease;

}  // namespace

Kind kind_of(const Object& object) {
  return std::visit([]<class T>(const T&) { return kKindOf<T>; }, object);
}

const Metadata& metadata_of(const Object& object) {
  return std::visit([](const auto& value) -> const Metadata& { return value.meta; }, object);
}

Metadata& metadata_of(Object& object) {
  return std::visit([](auto& value) -> Metadata& { return value.meta; }, object);
}

ObjectKey key_of(Kind kind, const Metadata& meta) {
  return {kind, meta.tenant, meta.name_space, meta.name};
}

}  // namespace arcas::model
