#pragma once

#include <cstdint>

#include "core/base/id.h"
#include "core/base/time.h"

namespace arcas::model {

/// Every kind of object the core stores. `none` is no object.
enum class Kind : std::uint8_t {
  none,
  tenant,
  name_space,
  node,
  pod,
  replica_set,
  deployment,
  daemon_set,
  job,
  pod_disruption_budget,
  priority_class,
  resource_quota,
  lease,
};

/// A name, or a generated one: `base` followed by "-" and five characters for `suffix` > 0.
struct ObjectName {
  StringId base;
  std::uint32_t suffix = 0;
  constexpr auto operator<=>(const ObjectName&) const = default;
};

/// Who controls an object (the owner reference with controller=true).
struct OwnerReference {
  Uid uid;
  Kind kind = Kind::none;
  constexpr auto operator<=>(const OwnerReference&) const = default;
};

/// The part all objects share. The tenant is in every object's key; cluster-scoped objects have
/// none. `deleted_at` < 0 means: not being deleted.
struct Metadata {
  Uid uid;
  Revision resource_version = 0;
  OwnerReference owner;
  TenantId tenant;
  NamespaceId name_space;
  ObjectName name;
  LabelSetId labels;
  TimePoint created_at;
  TimePoint deleted_at{-1};
  std::uint32_t generation = 1;
  bool operator==(const Metadata&) const = default;

  [[nodiscard]] bool terminating() const { return deleted_at.ns >= 0; }
};

/// Names an object of any kind. Nodes, tenants, priority classes and leases have no namespace.
struct ObjectKey {
  Kind kind = Kind::none;
  TenantId tenant;
  NamespaceId name_space;
  ObjectName name;
  constexpr auto operator<=>(const ObjectKey&) const = default;
};

}  // namespace arcas::model
