#include <algorithm>

#include "core/scheduler/selection.h"

namespace arcas::scheduler {

Selection select_by_scan(const Cycle& cycle) {
  const Evaluation evaluation(cycle);
  std::vector<NodeId> feasible;
  if (cycle.pod.target.valid()) {
    const bool listed =
        !evaluation.only() ||
        std::binary_search(evaluation.only()->begin(), evaluation.only()->end(), cycle.pod.target);
    if (evaluation.pre_filter().ok() && listed && cycle.cluster.nodes().known(cycle.pod.target) &&
        evaluation.passes(cycle.pod.target) == Code::success) {
      feasible.push_back(cycle.pod.target);
    }
  } else {
    feasible = evaluation.feasible();
  }
  Selection best;
  if (feasible.empty()) return best;
  const Evaluation::Scores scores = evaluation.score(feasible);
  for (std::size_t i = 0; i < feasible.size(); ++i) {
    if (best.node.valid() && scores.total[i] <= best.score) continue;
    best = {feasible[i], scores.total[i]};
  }
  return best;
}

}  // namespace arcas::scheduler
