#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/exhaustive/small_world.h"

namespace arcas::tests {

/// What a search saw. `complete`: every state within the scenario's bounds was visited.
struct Coverage {
  std::uint64_t states = 0;       ///< distinct, see SmallWorld::digest
  std::uint64_t transitions = 0;  ///< choices taken in new states
  std::uint64_t merged = 0;       ///< arrivals at a state seen before
  std::uint64_t asleep = 0;       ///< choices left out since they commute
  std::uint64_t ends = 0;         ///< states without a choice left
  std::uint64_t crashes = 0;      ///< transitions that were crashes
  std::uint64_t fenced_off = 0;   ///< commits that a store refused for an old epoch, at ends
  std::size_t deepest = 0;        ///< choices from the start
  bool complete = false;
  std::string violation;           ///< the first one; empty: none
  std::vector<std::string> story;  ///< the choices that lead to it
};

/// Makes the world as it is before the first choice.
using MakeWorld = std::function<std::unique_ptr<SmallWorld>()>;
/// What must hold where no choice is left; empty: it does. May run the world on.
using CheckEnd = std::function<std::string(SmallWorld&)>;

/// Visits, depth first, every state that choices can lead to, and stops at the first violation.
/// Roles cannot be copied, so a branch is reached by doing its choices again from the start.
/// Choices that commute with one taken before from the same state are left out while nothing
/// dependent has happened (sleep sets, kept with each state so that a second visit makes up for
/// what the first left out: Godefroid, LNCS 1032, chapter 5). They leave out ways, not states.
/// Cost: O(states × depth) choices. `limit`: of states; one that is reached makes the search
/// incomplete.
Coverage explore(const MakeWorld& make, const CheckEnd& check_end, std::uint64_t limit);

}  // namespace arcas::tests
