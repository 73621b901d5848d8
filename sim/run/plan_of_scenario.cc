#include "sim/run/plan_of_scenario.h"

#include <algorithm>
#include <array>
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
  plan.store_members = static_cast<std::uint32_t>(s.store_members);
  plan.tenants = static_cast<std::uint32_t>(s.tenants);
  return plan;
}

FaultSpec fault_of(const Scenario& s, const FaultLine& line, TimePoint settled) {
  using Kind = FaultSpec::Kind;
  static constexpr std::array<std::pair<std::string_view, Kind>, 8> kKinds{{
      {"zone_power_loss", Kind::zone_power_loss},
      {"zone_partition", Kind::zone_partition},
      {"rack_loss", Kind::rack_loss},
      {"rack_uplink_loss", Kind::rack_uplink_loss},
      {"node_crash", Kind::node_crash},
      {"node_crash_random", Kind::node_crash_random},
      {"control_plane_cut", Kind::control_plane_cut},
      {"zone_flapping", Kind::zone_flapping},
  }};
  FaultSpec spec;
  for (const auto& [name, kind] : kKinds) {
    if (line.kind == name) spec.kind = kind;
  }
  spec.path = line.path;
  spec.at = line.at.ns >= 0 ? TimePoint{} + line.at : settled + line.after_settled;
  spec.lasts = line.lasts;
  for (std::uint32_t i = 0; i < s.zones.size(); ++i) {
    if (s.zones[i] == line.zone) spec.zone = ZoneId{i};
  }
  spec.count = static_cast<std::uint32_t>(line.count);
  spec.returns_over = line.returns_over;
  spec.crashes_per_million_node_hours = line.per_million_node_hours;
  spec.down_min = line.down_min;
  spec.down_max = line.down_max;
  spec.period = line.period;
  return spec;
}

}  // namespace arcas::sim
