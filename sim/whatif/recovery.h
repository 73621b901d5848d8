#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/model/catalog.h"
#include "core/model/snapshot.h"
#include "core/roles/profile.h"
#include "core/whatif/change.h"

namespace arcas::sim {

/// How long it takes until the pods that a change displaces run again, simulated.
///
/// - *displaced*: a pod that a controller makes anew and that ran: on a machine that lost power,
///   from then on; one that is evicted or pushed out, from the commit of that on.
/// - *recovered*: the first pods of the same workload that run afterwards, oldest displacement
///   first.
struct Recovery {
  std::string why_not;  ///< there is nothing to simulate; empty: it was simulated
  std::uint32_t displaced = 0;
  std::uint32_t recovered = 0;
  std::uint32_t waiting = 0;      ///< displaced, and not running again by the end
  std::uint32_t refused = 0;      ///< evictions that a budget still refuses at the end
  std::uint32_t left_behind = 0;  ///< on dead machines, which they tolerate for ever
  Duration p50{-1}, p90{-1}, p99{-1}, max{-1};  ///< of the recovered; < 0: none. Nearest rank.
  Duration first{-1};                           ///< from the change until the first of them ran
  Duration over{-1};                            ///< from the change until the last of them ran
  Duration simulated{0};                        ///< after the change
  std::vector<std::string> notes;               ///< what of the snapshot was not in it
};

/// Runs the change against the snapshot's pods where they are, with the roles, parameters and
/// limits of the profile. A zone loses its power, control plane included; drained nodes are
/// cordoned and evicted all at once, with budgets asked again every 5 s; of an upgrade the next
/// batch begins when the pods of the last one run again or have waited for 10 minutes. The end: all
/// run again, or nothing has moved for 10 minutes. Deterministic: a pure function of its input.
/// Cost: about a microsecond for each thing that happens, and O(nodes + pods) for the beginning.
Recovery simulate_recovery(const model::Snapshot& snapshot, const model::Catalog& catalog,
                           const roles::Profile& profile, const whatif::Change& change);
/// The same in two steps: the function that it gives reads the catalog no more, so that it may run
/// on another thread while the catalog grows. It may be called once; `snapshot` must live until
/// then.
std::function<Recovery()> prepared_recovery(const model::Snapshot& snapshot,
                                            const model::Catalog& catalog,
                                            const roles::Profile& profile,
                                            const whatif::Change& change);

}  // namespace arcas::sim
