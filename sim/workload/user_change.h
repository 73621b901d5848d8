#pragma once

#include <cstdint>

#include "core/base/id.h"
#include "core/model/metadata.h"

namespace arcas::sim {

/// What a user does to something that is there already: reads it, changes it, writes it back with
/// the revision that was read, and again from the reading when somebody was faster.
struct UserChange {
  enum class Verb : std::uint8_t {
    scale,        ///< `deployment` to `replicas`
    update,       ///< `deployment` to `image`: a rolling update
    remove,       ///< `deployment`
    cordon,       ///< `node` takes no new pods
    uncordon,     ///< `node` does again
    drain,        ///< cordon, then the node's pods but those of DaemonSets are deleted
    delete_pods,  ///< the `count` oldest active pods of `deployment`
    move_tenant,  ///< `tenant` to the tenant partition `target`, by whoever runs the region
    evict,        ///< `pod`, when its budget allows: asked again every 5 s, as kubectl drain does
  };
  Verb verb = Verb::scale;
  model::ObjectKey deployment;
  NodeId node;
  StringId node_name;
  Uid pod;
  TenantId tenant;  ///< of `pod`, or the one to move
  PartitionId target;
  StringId image;
  std::int32_t replicas = 0;
  std::int32_t count = 1;
};

}  // namespace arcas::sim
