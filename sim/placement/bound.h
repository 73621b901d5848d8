#pragma once

#include "sim/placement/trace.h"

namespace arcas::sim {

/// No policy allocates more, on average over seeds: percent of all GPUs when 100 % and 130 % of
/// them have been asked for.
struct AllocationBound {
  double at_100 = 0;
  double at_130 = 0;
};

/// The fluid packing (`policies::solve_fluid_packing`) of all kinds of the workload, in its own
/// proportions, with cpu and memory, on the trace's nodes. At 100 % it counts what has arrived at
/// 100.5 %, the end of that row of the table. It holds for the mean over seeds, since the packing's
/// value is concave in what arrives. It also holds for a policy that sees the future and refuses
/// pods at will, which at 130 % makes it loose: whoever may refuse pods that waste a device fills
/// the cluster. Cost: about 0.3 s.
AllocationBound bound_allocation(const PlacementTrace& trace);

}  // namespace arcas::sim
