#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/scheduler/batch/batch_input.h"
#include "core/scheduler/batch/placement.h"

namespace arcas::scheduler::batch {

/// One reason why pods of a batch stay without a node.
struct Bottleneck {
  enum class Kind : std::uint8_t {
    no_node,        ///< no node of an allowed kind in an allowed domain
    node_size,      ///< no allowed node has as much free as one pod asks for
    limits,         ///< the limits per domain or per node allow fewer pods
    resource,       ///< a resource runs out: the minimum cut of its flow
    fragmentation,  ///< free room adds up, but not on single nodes as they are packed
  };
  Kind kind = Kind::resource;
  ResourceId resource;  ///< of `resource` and, if a single one is to blame, `node_size`
  std::vector<std::uint32_t> domains;  ///< where, ascending
  /// What is missing for `pods`, in the resource's unit; for `limits` in pods.
  std::int64_t short_by = 0;
  std::uint64_t pods = 0;              ///< how many stay without a node for this reason
  std::vector<std::uint32_t> classes;  ///< whose, ascending
  bool others_compete = false;         ///< classes that the viewer may not see want the same room
  std::string text;                    ///< in plain words
};

/// Why not all of a batch fits, the reason with the most pods first. Reasons overlap: a pod that
/// lacks cpu and memory counts in both.
///
/// For each resource a maximum flow is found in the order of placement (priority, then small pods
/// first); what its unserved classes still reach is the source side of a minimum cut, and each
/// connected part of it is one bottleneck, short by what its classes ask for beyond the cut.
/// `viewer`: only this tenant's classes are named, counted and summed up; none: all are.
/// Cost: one maximum flow for each resource kind.
std::vector<Bottleneck> explain(const BatchInput& input, const BatchPlacement& placement,
                                std::optional<TenantId> viewer);

}  // namespace arcas::scheduler::batch
