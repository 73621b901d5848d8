#include "core/scheduler/scheduler_profile.h"

#include <algorithm>
#include <utility>

#include "core/model/resources.h"

namespace arcas::scheduler {

SchedulerProfile SchedulerProfile::kubernetes() {
  using enum PluginId;
  SchedulerProfile profile;
  profile.pre_enqueue = {scheduling_gates, default_preemption};
  profile.pre_filters = {
      PluginId::node_affinity,     node_ports,     node_resources_fit, volume_restrictions,
      node_volume_limits,          volume_binding, volume_zone,        pod_topology_spread,
      PluginId::inter_pod_affinity};
  profile.filters = {node_unschedulable,  node_name,           taint_toleration,
                     node_affinity,       node_ports,          node_resources_fit,
                     volume_restrictions, node_volume_limits,  volume_binding,
                     volume_zone,         pod_topology_spread, inter_pod_affinity};
  profile.post_filters = {default_preemption};
  profile.pre_scores = {taint_toleration,
                        PluginId::node_affinity,
                        node_resources_fit,
                        volume_binding,
                        pod_topology_spread,
                        PluginId::inter_pod_affinity,
                        node_resources_balanced_allocation};
  profile.scores = {{taint_toleration, 3},
                    {PluginId::node_affinity, 2},
                    {node_resources_fit, 1},
                    {volume_binding, 1},
                    {pod_topology_spread, 2},
                    {PluginId::inter_pod_affinity, 2},
                    {node_resources_balanced_allocation, 1},
                    {image_locality, 1}};
  profile.fit.resources = {{model::kCpu, 1}, {model::kMemory, 1}};
  profile.balanced.resources = {{model::kCpu, 1}, {model::kMemory, 1}};
  return profile;
}

SchedulerProfile SchedulerProfile::arcas() {
  SchedulerProfile profile = kubernetes();
  profile.filters.insert(profile.filters.begin() + 2, PluginId::node_runtime_ready);
  return profile;
}

void SchedulerProfile::use_policy(std::string name) {
  policy = std::move(name);
  filters.push_back(PluginId::placement_policy);
  pre_scores.clear();
  scores = {{PluginId::placement_policy, 1}};
}

bool SchedulerProfile::filters_with(PluginId plugin) const {
  return std::find(filters.begin(), filters.end(), plugin) != filters.end();
}

}  // namespace arcas::scheduler
