#pragma once

#include <cstdint>
#include <vector>

#include "core/scheduler/batch/batch_input.h"

namespace arcas::scheduler::batch {

/// Nodes of one domain and kind whose free amounts are of one size: for each resource that the
/// batch asks for, the free amounts lie between the same powers of two.
struct NodeClass {
  std::uint32_t domain = 0;
  std::uint32_t kind = 0;
  std::vector<std::uint32_t> nodes;  ///< positions in BatchInput::nodes, ascending
  ResourceRow free_max;              ///< by resource kind: the largest free amount on one node
  std::vector<Wide> free_sum;        ///< by resource kind, over the nodes
};

/// The histogram of free room: every node in exactly one class, classes ordered by domain, kind,
/// sizes. `free` has one row for each of the input's nodes, none negative; sizes are those of the
/// resource `kinds`.
/// Cost: O(nodes × kinds + nodes log nodes).
std::vector<NodeClass> classify(const BatchInput& input, const std::vector<ResourceRow>& free,
                                const std::vector<std::size_t>& kinds);

/// The free amounts of the input, negative ones as 0, one row with every kind for each node.
std::vector<ResourceRow> free_rows(const BatchInput& input);

/// Whether one pod of the class could fit on some node of the node class, as far as the largest
/// free amounts tell; false is certain.
bool may_fit(const PodClass& pods, const NodeClass& nodes);

/// log2 in quarters, rounded down: 4 × log2(amount). 0 for amounts below 2.
std::int64_t quarter_log2(std::int64_t amount);

}  // namespace arcas::scheduler::batch
