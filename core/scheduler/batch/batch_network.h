#pragma once

#include <cstdint>
#include <vector>

#include "core/scheduler/batch/batch_input.h"
#include "core/scheduler/batch/commodity.h"
#include "core/scheduler/batch/flow_network.h"
#include "core/scheduler/batch/node_classes.h"

namespace arcas::scheduler::batch {

/// What is still to be placed, and where it still may go.
struct Remaining {
  std::vector<std::uint32_t> left;  ///< pods, by class
  /// By class, then by domain: how many more the limits allow. Empty for a class without limits.
  std::vector<std::vector<std::uint32_t>> domain_room;
};

/// Everything of the batch is still to be placed.
Remaining all_of(const BatchInput& input);

/// The batch as a flow: source → pod class → station → node class → sink. A station stands for all
/// pods of one group (the same allowed node kinds, demands between the same powers of two) in one
/// domain, or anywhere for classes without domain limits. So an arc between pods and nodes is
/// there once for each group and not for each class, and the graph stays small.
struct BatchNetwork {
  static constexpr std::uint32_t kNone = 0xffffffffU;

  struct Station {
    std::uint32_t vertex = 0;
    std::uint32_t group = 0;
    std::uint32_t domain = kNone;  ///< kNone: any
    std::uint32_t nodes = 0;       ///< nodes that its arcs reach
  };
  struct Entry {  ///< pod class → station
    std::uint32_t pod_class = 0;
    std::uint32_t station = 0;
    std::uint32_t arc = 0;
  };
  struct Stop {  ///< station → node class
    std::uint32_t station = 0;
    std::uint32_t node_class = 0;
    std::uint32_t arc = 0;
  };

  FlowNetwork network;
  std::uint32_t source = 0;
  std::uint32_t sink = 0;
  std::vector<std::uint32_t> class_vertex;  ///< by pod class; kNone: nothing left or no demand
  std::vector<std::uint32_t> source_arc;    ///< by pod class; kNone as above
  std::vector<std::uint32_t> node_vertex;   ///< by node class
  std::vector<Station> stations;
  std::vector<Entry> entries;  ///< ordered by pod class
  std::vector<Stop> stops;     ///< ordered by station
};

/// What arcs cost.
enum class Costs : std::uint8_t {
  none,
  /// Priority first, then small pods; among equals nodes whose free resources are in the ratio of
  /// the demand, and emptier node classes.
  preferences,
};

/// Builds the network for what remains, in units of the commodity. Classes that the commodity does
/// not measure (demand 0) are left out.
/// Cost: O(classes × domains with limits + groups × node classes).
BatchNetwork build_network(const BatchInput& input, const std::vector<NodeClass>& nodes,
                           const Remaining& remaining, const Commodity& commodity, Costs costs);

}  // namespace arcas::scheduler::batch
