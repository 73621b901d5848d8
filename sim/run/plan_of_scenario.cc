#include "sim/run/plan_of_scenario.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "sim/workload/pod_specs.h"

namespace arcas::sim {

RegionPlan plan_of(const Scenario& s, const std::vector<NodeShapeSpec>& nodes,
                   model::Catalog& catalog) {
  RegionPlan plan;
  plan.seed = s.seed;
  plan.profile = s.profile;
  plan.profile.placement_policy = s.scheduler.policy;
  plan.profile.fair_share = s.scheduler.fair_share;
  plan.profile.gang_timeout = s.scheduler.gang_timeout;
  plan.profile.batch_threshold = s.scheduler.batch ? s.scheduler.batch_threshold : 0;
  plan.zones = s.zones;
  plan.racks_per_zone = static_cast<std::uint32_t>(s.racks_per_zone);
  for (const NodeShapeSpec& shape : nodes) {
    NodeShapePlan& node = plan.nodes.emplace_back();
    node.name = shape.name;
    node.count = static_cast<std::uint32_t>(shape.count);
    node.allocatable.set(model::kCpu, shape.cpu_milli);
    node.allocatable.set(model::kMemory, shape.memory_bytes);
    node.allocatable.set(model::kPods, shape.pods);
    for (const auto& [name, amount] : shape.extended) {
      node.allocatable.set(catalog.resources.intern(name), amount);
    }
    node.labels = shape.labels;
    if (shape.ephemeral_bytes > 0) {
      node.allocatable.set(model::kEphemeralStorage, shape.ephemeral_bytes);
    }
    for (const TaintSpec& taint : shape.taints) {
      node.taints.push_back({catalog.intern(taint.key),
                             taint.value.empty() ? StringId{} : catalog.intern(taint.value),
                             effect_of(taint.effect), 0});
    }
    node.runs_containers = shape.containers;
    node.runs_vms = shape.vms;
  }
  plan.links.within_rack = {s.latency_rack, s.latency_rack / 5};
  plan.links.within_zone = {s.latency_zone, s.latency_zone / 5};
  plan.links.between_zones = {s.latency_region, s.latency_region / 5};
  plan.runtime.container_start_min = s.container_start_min;
  plan.runtime.container_start_max = s.container_start_max;
  plan.runtime.vm_boot_min = s.vm_boot_min;
  plan.runtime.vm_boot_max = s.vm_boot_max;
  plan.runtime.pull_bytes_per_second = s.pull_bytes_per_second;
  plan.runtime.parallel_pulls = static_cast<std::uint32_t>(s.parallel_pulls);
  plan.keep_alive = s.keep_alive;
  plan.individual_heartbeats = s.individual_heartbeats;
  plan.tenant_partitions = static_cast<std::uint32_t>(s.tenant_partitions);
  plan.zonal_resource_partitions = s.zonal_resource_partitions;
  plan.api_servers_per_zone = static_cast<std::uint32_t>(s.api_servers_per_zone);
  plan.schedulers = static_cast<std::uint32_t>(s.schedulers);
  plan.store_members = static_cast<std::uint32_t>(s.store_members);
  plan.tenants = static_cast<std::uint32_t>(s.tenants);
  plan.tenants_move =
      std::any_of(s.workload.changes.begin(), s.workload.changes.end(),
                  [](const ChangeSpec& change) { return change.op == "move_tenant"; });
  return plan;
}

namespace {

ControlRole role_of(std::string_view name) {
  for (const ControlRole role :
       {ControlRole::gateway, ControlRole::api_server, ControlRole::scheduler,
        ControlRole::controller_manager, ControlRole::node_manager, ControlRole::store_member}) {
    if (name == name_of(role)) return role;
  }
  return ControlRole::none;
}

/// None when no name is given; the reader has made sure that there is such a partition.
PartitionId partition_of(const Scenario& s, std::string_view name) {
  for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(s.tenant_partitions); ++i) {
    if (name == name_of(PartitionId{i + 1})) return {i + 1};
  }
  for (std::uint32_t i = 0; i < s.zones.size(); ++i) {
    if (name == name_of(PartitionId{kFirstResourcePartition + i})) {
      return {kFirstResourcePartition + i};
    }
  }
  return {};
}

/// None when it is no kind of link trouble.
std::optional<LinkTrouble::What> trouble_of(std::string_view kind) {
  using What = LinkTrouble::What;
  static constexpr std::array<std::pair<std::string_view, What>, 6> kKinds{{
      {"link_loss", What::loss},
      {"link_delay", What::delay},
      {"link_repeat", What::repeat},
      {"link_clog", What::clog},
      {"link_large_loss", What::large_loss},
      {"link_reset", What::reset},
  }};
  for (const auto& [name, what] : kKinds) {
    if (kind == name) return what;
  }
  return std::nullopt;
}

}  // namespace

FaultSpec fault_of(const Scenario& s, const FaultLine& line, TimePoint settled) {
  using Kind = FaultSpec::Kind;
  static constexpr std::array<std::pair<std::string_view, Kind>, 19> kKinds{{
      {"zone_power_loss", Kind::zone_power_loss},
      {"zone_partition", Kind::zone_partition},
      {"rack_loss", Kind::rack_loss},
      {"rack_uplink_loss", Kind::rack_uplink_loss},
      {"node_crash", Kind::node_crash},
      {"node_crash_random", Kind::node_crash_random},
      {"control_plane_cut", Kind::control_plane_cut},
      {"zone_flapping", Kind::zone_flapping},
      {"node_isolate", Kind::node_isolate},
      {"process_crash", Kind::process_crash},
      {"process_isolate", Kind::process_isolate},
      {"process_pause", Kind::process_pause},
      {"store_leader_loss", Kind::store_leader_loss},
      {"disk_slow", Kind::disk_slow},
      {"registry_loss", Kind::registry_loss},
      {"start_failures", Kind::start_failures},
      {"disk_loss", Kind::disk_loss},
      {"clock_jump", Kind::clock_jump},
      {"rolling_restart", Kind::rolling_restart},
  }};
  FaultSpec spec;
  for (const auto& [name, kind] : kKinds) {
    if (line.kind == name) spec.kind = kind;
  }
  if (const auto what = trouble_of(line.kind)) {
    spec.kind = Kind::link_trouble;
    spec.trouble.what = *what;
    spec.trouble.per_million = static_cast<std::uint32_t>(line.per_million);
    spec.trouble.delay = line.delay;
    spec.trouble.period = line.period;
    spec.trouble.larger_than = static_cast<std::uint32_t>(line.larger_than);
    spec.racks = line.racks;
  }
  spec.path = line.path;
  spec.at = line.at.ns >= 0 ? TimePoint{} + line.at : settled + line.after_settled;
  spec.lasts = line.lasts;
  for (std::uint32_t i = 0; i < s.zones.size(); ++i) {
    if (s.zones[i] == line.zone) spec.zone = ZoneId{i};
    if (s.zones[i] == line.to_zone) spec.to_zone = ZoneId{i};
  }
  if (spec.to_zone.valid()) spec.from_zone = std::exchange(spec.zone, ZoneId{});
  spec.one_way = line.one_way;
  const bool of_disk = spec.kind == Kind::disk_slow || spec.kind == Kind::disk_loss;
  spec.role = of_disk ? ControlRole::store_member : role_of(line.role);
  spec.partition = partition_of(s, line.partition);
  spec.write = line.write;
  spec.by = line.by;
  spec.behind = line.behind;
  spec.per_million = static_cast<std::uint32_t>(line.per_million);
  spec.count = static_cast<std::uint32_t>(line.count);
  spec.returns_over = line.returns_over;
  spec.crashes_per_million_node_hours = line.per_million_node_hours;
  spec.down_min = line.down_min;
  spec.down_max = line.down_max;
  spec.period = line.period;
  return spec;
}

}  // namespace arcas::sim
