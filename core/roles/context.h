#pragma once

#include <cstdint>
#include <vector>

#include "core/base/id.h"
#include "core/model/catalog.h"
#include "core/ports/actor.h"
#include "core/ports/clock.h"
#include "core/ports/journal.h"
#include "core/ports/network.h"
#include "core/ports/timers.h"
#include "core/roles/profile.h"

namespace arcas::roles {

/// A role instance and the zone it runs in.
struct Instance {
  ActorId actor;
  ZoneId zone;
};

/// A tenant partition: who serves it. Instances of a role are in order of preference.
struct TenantPartitionEndpoints {
  PartitionId id;
  std::vector<Instance> api_servers;
  std::vector<Instance> schedulers;
  std::vector<Instance> controller_managers;
};

/// A resource partition: who owns its nodes.
struct ResourcePartitionEndpoints {
  PartitionId id;
  std::vector<ZoneId> zones;  ///< zones whose nodes it owns
  std::vector<Instance> node_managers;
};

/// Where everybody is. Fixed for the life of a process; shared by all roles, not owned.
struct Endpoints {
  std::vector<TenantPartitionEndpoints> tenant_partitions;      ///< by position
  std::vector<ResourcePartitionEndpoints> resource_partitions;  ///< by position
  std::vector<Instance> gateways;
  /// Resource partition (position) of each node, by NodeId.
  std::vector<std::uint32_t> partition_of_node;
  /// Tenant partition (position) of each tenant, by TenantId; where it was in the beginning.
  std::vector<std::uint32_t> partition_of_tenant;
  std::uint32_t zone_count = 0;
  /// Tenants may move to other partitions than `partition_of_tenant` says: gateways ask for it.
  bool tenants_move = false;

  /// Position of a tenant partition by its id; the caller knows that it exists.
  [[nodiscard]] std::uint32_t tenant_partition(PartitionId id) const;
  [[nodiscard]] std::uint32_t resource_partition(PartitionId id) const;
};

/// What every role is built with. The pointers outlive the role.
struct RoleContext {
  ActorId self;
  ZoneId zone;
  ports::Ports ports;
  model::Catalog* catalog = nullptr;
  const Profile* profile = nullptr;
  const Endpoints* endpoints = nullptr;
  /// Look at every period although there is nothing to see, to show that leaving it out changes
  /// nothing.
  bool every_look = false;

  [[nodiscard]] TimePoint now() const { return ports.clock->now(); }
  void send(ActorId to, ports::Message message, TimePoint not_before = {}) const {
    ports.network->send(self, to, std::move(message), not_before);
  }
  void arm(TimePoint at, std::uint64_t tag) const { ports.timers->arm(self, at, tag); }
  void note(std::string_view what, std::uint64_t subject, std::int64_t amount) const {
    ports.journal->note(self, what, subject, amount);
  }
};

/// The instance to talk to: the `attempt`-th in a cyclic order that begins in the own zone.
ActorId choose_instance(const std::vector<Instance>& instances, ZoneId own_zone,
                        std::uint32_t attempt);

}  // namespace arcas::roles
