#pragma once

#include <cstdint>
#include <vector>

#include "core/scheduler/batch/batch_input.h"
#include "core/scheduler/batch/node_classes.h"

namespace arcas::scheduler::batch {

/// One measure of size in which pods take room and nodes have it: a resource, or a mixture of
/// resources. Scaled so that all room together is below 2^51: demands are rounded down and room up,
/// so whatever fits in the resources fits in the commodity.
struct Commodity {
  std::vector<std::int64_t> demand;  ///< of one pod, by pod class
  std::vector<std::int64_t> room;    ///< by node class
  int unit_bits = 0;                 ///< of a single resource: one unit is 2^unit_bits of it
};

/// The resource kinds that some class with pods left asks for, ascending.
std::vector<std::size_t> kinds_in_use(const BatchInput& input,
                                      const std::vector<std::uint32_t>& left);

/// The resource as it is.
Commodity measure_resource(const BatchInput& input, const std::vector<NodeClass>& nodes,
                           std::size_t kind);

/// The sum of the resources that what is left asks for, each weighed by how much of its room is
/// asked for: what is plentiful hardly counts.
Commodity measure_mixture(const BatchInput& input, const std::vector<NodeClass>& nodes,
                          const std::vector<std::uint32_t>& left);

}  // namespace arcas::scheduler::batch
