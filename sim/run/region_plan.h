#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/time.h"
#include "core/model/objects.h"
#include "core/model/resources.h"
#include "core/roles/profile.h"
#include "sim/faults/fault_plan.h"
#include "sim/world/region.h"
#include "sim/world/sim_runtime.h"

namespace arcas::sim {

/// Machines of one shape, dealt over the zones in turn and over each zone's racks in turn.
struct NodeShapePlan {
  std::string name;
  std::uint32_t count = 0;
  model::ResourceList allocatable;
  std::vector<std::pair<std::string, std::string>> labels;
  std::vector<model::Taint> taints;
  bool runs_containers = true;
  bool runs_vms = true;
};

/// Everything that makes a region, with all names resolved: what a scenario comes down to.
struct RegionPlan {
  std::uint64_t seed = 0;
  roles::Profile profile;
  std::vector<std::string> zones;
  std::uint32_t racks_per_zone = 1;
  std::vector<NodeShapePlan> nodes;
  /// Machines that are known one by one, in place of `nodes`: named, each with its labels and its
  /// zone, which is one of `zones`.
  std::vector<model::Node> machines;
  LinkConfig links;
  RuntimeConfig runtime;
  Duration keep_alive = seconds(3);
  bool individual_heartbeats = false;

  std::uint32_t tenant_partitions = 1;
  /// One resource partition for each zone, its control plane inside; else one for the region, its
  /// control plane spread over the zones.
  bool zonal_resource_partitions = true;
  std::uint32_t api_servers_per_zone = 1;
  std::uint32_t schedulers = 1;  ///< that share the pods of a tenant partition; each in every zone
  std::uint32_t store_members = 3;  ///< of each partition
  std::uint32_t tenants = 1;        ///< besides `system`
  bool tenants_move = false;        ///< somebody may ask for it
};

}  // namespace arcas::sim
