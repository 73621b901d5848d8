#pragma once

#include <vector>

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// The first NoSchedule or NoExecute taint that nothing tolerates, or nullptr.
/// Cost: O(taints × tolerations).
const model::Taint* first_untolerated(const std::vector<model::Toleration>& tolerations,
                                      const std::vector<model::Taint>& taints);
/// How many PreferNoSchedule taints nothing tolerates: the raw score. Same cost.
std::int64_t count_untolerated_soft(const std::vector<model::Toleration>& tolerations,
                                    const std::vector<model::Taint>& taints);

/// TaintToleration. A node in a zone that is lost takes no pod at all, as if tainted with
/// node.kubernetes.io/unreachable:NoExecute against every toleration. Cost: as above, a node.
std::unique_ptr<FilterPlugin> make_taint_toleration_filter(const Cycle& cycle);
/// Fewer untolerated PreferNoSchedule taints are better; normalised in reverse.
std::unique_ptr<ScorePlugin> make_taint_toleration_score(const Cycle& cycle);

}  // namespace arcas::scheduler
