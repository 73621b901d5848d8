#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "core/controllers/disruption.h"
#include "core/whatif/prediction.h"
#include "core/whatif/trial.h"

namespace arcas::whatif {

/// The budgets of a snapshot, counted by the disruption controller itself.
class Budgets {
 public:
  /// Cost: O(pods).
  Budgets(const model::Snapshot& snapshot, const model::Catalog& catalog);

  /// Budgets that select one of the pods that go, ascending. `gone`: pods that a change takes off
  /// their nodes; `without_place`: those of them that find no other. `voluntary`: by evictions,
  /// which wait for budgets. Afterwards everything is counted as before. Cost: O(gone).
  std::vector<BudgetEffect> effects(const std::vector<PodPlace>& gone,
                                    const std::set<PodPlace>& without_place, bool voluntary);

 private:
  void refresh();

  const model::Snapshot& snapshot_;
  std::vector<model::PodDisruptionBudget> budgets_;  // with the present status
  controllers::DisruptionController controller_;
};

/// How far each spread constraint of running pods is from even. One entry for each constraint of
/// each kind of pod that has any; the scheduler's own counters are read.
class SpreadLevels {
 public:
  /// Cost: O(pods), and O(domains) for each constraint.
  static SpreadLevels of(Trial& trial, const model::Snapshot& snapshot);
  /// Constraints that hold before and not afterwards, or that are exceeded by more than before.
  static std::vector<SpreadEffect> worse(const SpreadLevels& before, const SpreadLevels& after);

 private:
  using Key = std::tuple<NamespaceId, LabelSetId, SpecId, std::uint32_t>;  // the last: constraint
  struct Level {
    SpreadEffect effect;  // `after` is not used
  };
  std::map<Key, Level> levels_;
};

}  // namespace arcas::whatif
