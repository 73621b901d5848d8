// Puts a region together: hosts, partitions, roles, agents.
#include <algorithm>
#include <string>
#include <utility>

#include "core/base/check.h"
#include "core/roles/api_server.h"
#include "core/roles/controller_manager.h"
#include "core/roles/gateway.h"
#include "core/roles/node_manager.h"
#include "sim/run/region_run.h"

namespace arcas::sim {
namespace {

/// By zone: the shape, or the machine, of each node in it.
std::vector<std::vector<std::uint32_t>> dealt(const RegionPlan& plan) {
  std::vector<std::vector<std::uint32_t>> by_zone(plan.zones.size());
  for (std::uint32_t m = 0; m < plan.machines.size(); ++m) {
    by_zone[plan.machines[m].zone.index].push_back(m);
  }
  std::size_t next = 0;
  for (std::uint32_t s = 0; plan.machines.empty() && s < plan.nodes.size(); ++s) {
    for (std::uint32_t i = 0; i < plan.nodes[s].count; ++i) {
      by_zone[next++ % by_zone.size()].push_back(s);
    }
  }
  return by_zone;
}

}  // namespace

RegionRun::RegionRun(const RegionPlan& plan, model::Catalog& catalog, CheckOptions checks)
    : plan_(plan),
      catalog_(catalog),
      random_(plan.seed),
      region_(plan.links, random_.stream("links")),
      cores_(region_),
      world_({plan.seed, plan.keep_alive, plan.individual_heartbeats}, engine_, region_, *this),
      runtime_(
          plan.runtime, catalog,
          [&] {
            auto nodes = static_cast<std::uint32_t>(plan.machines.size());
            for (const NodeShapePlan& shape : plan.nodes) nodes += shape.count;
            return nodes;
          }(),
          random_.stream("runtime")),
      checks_(std::make_unique<CheckSuite>(catalog, std::move(checks))) {
  checks_->attach(&outcome_);
  runtime_.set_observer(this);
  build_hosts(plan_);
  // The machines lose their pods before the roles hear of it.
  region_.add_listener(this);
  const auto zones = static_cast<std::uint32_t>(plan_.zones.size());
  endpoints_.zone_count = zones;
  endpoints_.tenants_move = plan_.tenants_move;
  endpoints_.partition_of_tenant.resize(plan_.tenants + 1);
  for (std::uint32_t i = 0; i <= plan_.tenants; ++i) {
    endpoints_.partition_of_tenant[i] = i % plan_.tenant_partitions;
  }
  // Roles hold a pointer to the endpoints, so their instances are listed before any is built.
  const std::uint32_t resource_partitions = plan_.zonal_resource_partitions ? zones : 1;
  endpoints_.tenant_partitions.resize(plan_.tenant_partitions);
  endpoints_.resource_partitions.resize(resource_partitions);
  for (std::uint32_t i = 0; i < plan_.tenant_partitions; ++i) {
    endpoints_.tenant_partitions[i].id = PartitionId{i + 1};
  }
  for (std::uint32_t i = 0; i < resource_partitions; ++i) {
    endpoints_.resource_partitions[i].id = PartitionId{kFirstResourcePartition + i};
    for (std::uint32_t z = 0; z < zones; ++z) {
      if (!plan_.zonal_resource_partitions || z == i) {
        endpoints_.resource_partitions[i].zones.push_back(ZoneId{z});
      }
    }
  }
  for (std::uint32_t i = 0; i < plan_.tenant_partitions; ++i) build_tenant_partition(plan_, i);
  for (std::uint32_t i = 0; i < resource_partitions; ++i) build_resource_partition(plan_, i);
  for (std::uint32_t z = 0; z < zones; ++z) {
    const ActorId id = place(ZoneId{z}, {ControlRole::gateway, {}});
    add_role<roles::Gateway>(id, context(id, ZoneId{z}));
    endpoints_.gateways.push_back({id, ZoneId{z}});
  }
  build_agents(plan_);
}

RegionRun::~RegionRun() = default;

void RegionRun::build_hosts(const RegionPlan& plan) {
  std::vector<std::vector<RackId>> racks(plan.zones.size());
  for (std::uint32_t z = 0; z < plan.zones.size(); ++z) {
    const ZoneId zone = region_.add_zone(plan.zones[z]);
    ARCAS_CHECK(catalog_.zones.intern(plan.zones[z]) == zone);
    for (std::uint32_t r = 0; r < plan.racks_per_zone; ++r) {
      racks[z].push_back(region_.add_rack(zone));
    }
  }
  // Nodes of a zone are neighbours in the order of ids, and so are those of a rack.
  const std::vector<std::vector<std::uint32_t>> by_zone = dealt(plan);
  const std::size_t zones = plan.zones.size();
  std::size_t nodes = 0;
  for (const auto& here : by_zone) nodes += here.size();
  agents_.reserve(nodes);
  endpoints_.partition_of_node.resize(nodes);
  std::uint32_t next = 0;
  for (std::uint32_t z = 0; z < zones; ++z) {
    const std::vector<std::uint32_t>& here = by_zone[z];
    for (std::uint32_t r = 0; r < plan.racks_per_zone; ++r) {
      for (std::size_t i = r; i < here.size(); i += plan.racks_per_zone) {
        const NodeId id = region_.add_node(racks[z][r]);
        ARCAS_CHECK(id.index == next);
        endpoints_.partition_of_node[next] = plan.zonal_resource_partitions ? z : 0;
        ++next;
        node_shapes_.push_back(here[i]);
      }
    }
  }
  const auto per_zone = (3 + plan.schedulers) * plan.tenant_partitions + 8 +
                        plan.tenant_partitions * plan.api_servers_per_zone + plan.store_members * 2;
  control_hosts_.resize(zones);
  for (std::uint32_t z = 0; z < zones; ++z) {
    for (std::uint32_t i = 0; i < per_zone; ++i) {
      control_hosts_[z].push_back(region_.add_control_host(ZoneId{z}));
    }
  }
  region_.finish();
}

HostId RegionRun::control_host(ZoneId zone, ControlDuty duty) {
  ARCAS_CHECK(!control_hosts_[zone.index].empty());
  const HostId host = control_hosts_[zone.index].back();
  control_hosts_[zone.index].pop_back();
  region_.assign(host, duty);
  return host;
}

ActorId RegionRun::place(ZoneId zone, ControlDuty duty) {
  return world_.add_actor(control_host(zone, duty));
}

roles::RoleContext RegionRun::context(ActorId id, ZoneId zone) {
  roles::RoleContext context;
  context.self = id;
  context.zone = zone;
  context.ports = {&world_.clock_of(id), &world_, &world_, &world_};
  context.catalog = &catalog_;
  context.profile = &plan_.profile;
  context.endpoints = &endpoints_;
  context.every_look = plan_.individual_heartbeats;
  return context;
}

template <class Role, class... Arguments>
Role& RegionRun::add_role(ActorId id, Arguments&&... arguments) {
  auto role = std::make_unique<Role>(std::forward<Arguments>(arguments)...);
  Role& reference = *role;
  world_.bind_actor(id, reference);
  roles_.push_back(std::move(role));
  return reference;
}

void RegionRun::build_tenant_partition(const RegionPlan& plan, std::uint32_t index) {
  roles::TenantPartitionEndpoints& endpoints = endpoints_.tenant_partitions[index];
  const auto zones = static_cast<std::uint32_t>(plan.zones.size());
  std::vector<HostId> members;
  for (std::uint32_t i = 0; i < plan.store_members; ++i) {
    members.push_back(
        control_host(ZoneId{(index + i) % zones}, {ControlRole::store_member, endpoints.id}));
  }
  stores_.push_back(std::make_unique<StoreHost>(
      static_cast<std::uint32_t>(stores_.size()), endpoints.id, world_, region_, std::move(members),
      random_.stream("store", endpoints.id.index), *this));
  StoreHost& store = *stores_.back();
  for (std::uint32_t z = 0; z < zones; ++z) {
    for (std::uint32_t i = 0; i < plan.api_servers_per_zone; ++i) {
      const ActorId id = place(ZoneId{z}, {ControlRole::api_server, endpoints.id});
      endpoints.api_servers.push_back({id, ZoneId{z}});
      add_role<roles::ApiServer>(id, context(id, ZoneId{z}), endpoints.id, store);
    }
  }
  for (std::uint32_t i = 0; i < zones; ++i) {
    const ZoneId zone{(index + i) % zones};
    for (std::uint32_t share = 0; share < plan.schedulers; ++share) {
      const ActorId scheduler = place(zone, {ControlRole::scheduler, endpoints.id, share});
      endpoints.schedulers.push_back({scheduler, zone});
      schedulers_.push_back(
          &add_role<roles::SchedulerRole>(scheduler, context(scheduler, zone), endpoints.id,
                                          roles::SchedulerShare(share, plan.schedulers)));
    }
    const ActorId manager = place(zone, {ControlRole::controller_manager, endpoints.id});
    endpoints.controller_managers.push_back({manager, zone});
    add_role<roles::ControllerManager>(manager, context(manager, zone), endpoints.id);
  }
}

void RegionRun::build_resource_partition(const RegionPlan& plan, std::uint32_t index) {
  roles::ResourcePartitionEndpoints& endpoints = endpoints_.resource_partitions[index];
  const auto& zones = endpoints.zones;
  std::vector<HostId> members;
  for (std::uint32_t i = 0; i < plan.store_members; ++i) {
    members.push_back(
        control_host(zones[i % zones.size()], {ControlRole::store_member, endpoints.id}));
  }
  stores_.push_back(std::make_unique<StoreHost>(
      static_cast<std::uint32_t>(stores_.size()), endpoints.id, world_, region_, std::move(members),
      random_.stream("store", endpoints.id.index), *this));
  StoreHost& store = *stores_.back();
  const std::size_t instances = std::max<std::size_t>(zones.size(), 2);
  for (std::size_t i = 0; i < instances; ++i) {
    const ZoneId zone = zones[i % zones.size()];
    const ActorId id = place(zone, {ControlRole::node_manager, endpoints.id});
    endpoints.node_managers.push_back({id, zone});
    add_role<roles::NodeManager>(id, context(id, zone), endpoints.id, store);
  }
}

/// A machine of a shape, named for its zone.
model::Node RegionRun::machine_of(const NodeShapePlan& shape, NodeId id, ZoneId zone) const {
  const std::string name = plan_.zones[zone.index] + "-node-" + std::to_string(id.index);
  model::Node node;
  node.id = catalog_.nodes.intern(name);
  node.meta.name = {catalog_.intern(name), 0};
  node.zone = zone;
  node.allocatable = shape.allocatable;
  node.taints = shape.taints;
  node.container_runtime_ready =
      shape.runs_containers ? model::ConditionStatus::yes : model::ConditionStatus::no;
  node.vm_runtime_ready = shape.runs_vms ? model::ConditionStatus::yes : model::ConditionStatus::no;
  model::LabelSet labels;
  for (const auto& [key, value] : shape.labels) {
    labels.set(catalog_.intern(key), catalog_.intern(value));
  }
  labels.set(catalog_.intern("topology.kubernetes.io/zone"),
             catalog_.intern(plan_.zones[zone.index]));
  labels.set(catalog_.intern("kubernetes.io/hostname"), catalog_.intern(name));
  node.meta.labels = catalog_.label_sets.intern(std::move(labels));
  return node;
}

void RegionRun::build_agents(const RegionPlan& plan) {
  agent_context_ = {
      {&world_, &world_, &world_, &world_}, this, &catalog_, &plan_.profile, &endpoints_};
  catalog_.intern("topology.kubernetes.io/zone");
  catalog_.intern("kubernetes.io/hostname");
  for (std::uint32_t i = 0; i < region_.node_count(); ++i) {
    const HostId host{i};
    model::Node node;
    if (plan.machines.empty()) {
      node = machine_of(plan.nodes[node_shapes_[i]], NodeId{i}, region_.zone_of(host));
    } else {
      node = plan.machines[node_shapes_[i]];
      node.id = catalog_.nodes.intern(catalog_.name_text(node.meta.name));
    }
    ARCAS_CHECK(node.id.index == i);
    node.rack = region_.rack_of(host);
    const ActorId id = world_.add_actor(host);
    if (i == 0) first_agent_ = id.index;
    world_.bind_actor(id, agents_.emplace_back(agent_context_, id, std::move(node)));
  }
}

}  // namespace arcas::sim
