#include "core/scheduler/framework.h"

#include "core/scheduler/plugins/balanced_allocation.h"
#include "core/scheduler/plugins/image_locality.h"
#include "core/scheduler/plugins/inter_pod_affinity.h"
#include "core/scheduler/plugins/node_affinity.h"
#include "core/scheduler/plugins/node_name.h"
#include "core/scheduler/plugins/node_ports.h"
#include "core/scheduler/plugins/node_resources_fit.h"
#include "core/scheduler/plugins/node_runtime_ready.h"
#include "core/scheduler/plugins/node_unschedulable.h"
#include "core/scheduler/plugins/node_volume_limits.h"
#include "core/scheduler/plugins/placement_policy.h"
#include "core/scheduler/plugins/taint_toleration.h"
#include "core/scheduler/plugins/topology_spread.h"
#include "core/scheduler/plugins/volume_binding.h"
#include "core/scheduler/plugins/volume_restrictions.h"
#include "core/scheduler/plugins/volume_zone.h"

namespace arcas::scheduler {

std::unique_ptr<FilterPlugin> make_filter(PluginId plugin, const Cycle& cycle) {
  switch (plugin) {
    case PluginId::node_unschedulable:
      return make_node_unschedulable_filter(cycle);
    case PluginId::node_name:
      return make_node_name_filter(cycle);
    case PluginId::node_runtime_ready:
      return make_node_runtime_ready_filter(cycle);
    case PluginId::taint_toleration:
      return make_taint_toleration_filter(cycle);
    case PluginId::node_affinity:
      return make_node_affinity_filter(cycle);
    case PluginId::node_ports:
      return make_node_ports_filter(cycle);
    case PluginId::node_resources_fit:
      return make_node_resources_fit_filter(cycle);
    case PluginId::volume_restrictions:
      return make_volume_restrictions_filter(cycle);
    case PluginId::node_volume_limits:
      return make_node_volume_limits_filter(cycle);
    case PluginId::volume_binding:
      return make_volume_binding_filter(cycle);
    case PluginId::volume_zone:
      return make_volume_zone_filter(cycle);
    case PluginId::pod_topology_spread:
      return make_topology_spread_filter(cycle);
    case PluginId::inter_pod_affinity:
      return make_inter_pod_affinity_filter(cycle);
    case PluginId::placement_policy:
      return make_placement_policy_filter(cycle);
    case PluginId::scheduling_gates:
    case PluginId::priority_sort:
    case PluginId::default_preemption:
    case PluginId::node_resources_balanced_allocation:
    case PluginId::image_locality:
    case PluginId::default_binder:
    case PluginId::none:
      return nullptr;
  }
  return nullptr;
}

std::unique_ptr<ScorePlugin> make_score(PluginId plugin, const Cycle& cycle) {
  switch (plugin) {
    case PluginId::taint_toleration:
      return make_taint_toleration_score(cycle);
    case PluginId::node_affinity:
      return make_node_affinity_score(cycle);
    case PluginId::node_resources_fit:
      return make_node_resources_fit_score(cycle);
    case PluginId::volume_binding:
      return make_volume_binding_score(cycle);
    case PluginId::pod_topology_spread:
      return make_topology_spread_score(cycle);
    case PluginId::inter_pod_affinity:
      return make_inter_pod_affinity_score(cycle);
    case PluginId::node_resources_balanced_allocation:
      return make_balanced_allocation_score(cycle);
    case PluginId::image_locality:
      return make_image_locality_score(cycle);
    case PluginId::placement_policy:
      return make_placement_policy_score(cycle);
    case PluginId::scheduling_gates:
    case PluginId::priority_sort:
    case PluginId::node_unschedulable:
    case PluginId::node_name:
    case PluginId::node_runtime_ready:
    case PluginId::node_ports:
    case PluginId::volume_restrictions:
    case PluginId::node_volume_limits:
    case PluginId::volume_zone:
    case PluginId::default_preemption:
    case PluginId::default_binder:
    case PluginId::none:
      return nullptr;
  }
  return nullptr;
}

}  // namespace arcas::scheduler
