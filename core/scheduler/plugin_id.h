#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace arcas::scheduler {

/// The plugins, in the order of Kubernetes's default profile (1.32), then ours.
enum class PluginId : std::uint8_t {
  scheduling_gates,
  priority_sort,
  node_unschedulable,
  node_name,
  taint_toleration,
  node_affinity,
  node_ports,
  node_resources_fit,
  volume_restrictions,
  node_volume_limits,
  volume_binding,
  volume_zone,
  pod_topology_spread,
  inter_pod_affinity,
  default_preemption,
  node_resources_balanced_allocation,
  image_locality,
  default_binder,
  node_runtime_ready,  ///< Arktos: a VM needs a ready VM runtime, other pods a container runtime
  placement_policy,    ///< SchedulerProfile::use_policy; no configuration file names it
  none,
};

/// "NodeResourcesFit", as configuration files and explanations spell it.
std::string_view name(PluginId plugin);
std::optional<PluginId> plugin_named(std::string_view name);

/// Outcome of a plugin, with Kubernetes's meaning: `unschedulable` may change when pods leave the
/// node, `unresolvable` (UnschedulableAndUnresolvable) may not.
enum class Code : std::uint8_t { success, unschedulable, unresolvable, skip, error };
std::string_view name(Code code);

}  // namespace arcas::scheduler
