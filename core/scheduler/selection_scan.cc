#include <algorithm>

#include "core/scheduler/preemption_dry_run.h"
#include "core/scheduler/selection.h"

namespace arcas::scheduler {
namespace {

/// Nodes that pass by themselves, ascending; only `target` where there is one.
std::vector<NodeId> feasible_nodes(const Cycle& cycle, const Evaluation& evaluation,
                                   NodeId target) {
  if (!target.valid()) return evaluation.feasible();
  const auto& only = evaluation.only();
  const bool listed = !only || std::binary_search(only->begin(), only->end(), target);
  const bool fits = evaluation.pre_filter().ok() && listed && cycle.cluster.nodes().known(target) &&
                    evaluation.passes(target) == Code::success;
  return fits ? std::vector<NodeId>{target} : std::vector<NodeId>{};
}

/// Takes out the nodes where pods that go first are nominated and leave no room.
void respect(const Cycle& cycle, const Evaluation& evaluation, const Nominations& nominations,
             std::vector<NodeId>& nodes) {
  if (nominations.size() == 0) return;
  const SchedulerProfile profile = without_skipped(cycle, evaluation);
  std::erase_if(nodes, [&](NodeId node) {
    if (rivals_on(cycle, nominations, node).empty()) return false;
    return !NodeDryRun(cycle, profile, nominations, node).fits();
  });
}

}  // namespace

bool fits_nominated(const Cycle& cycle, const Nominations& nominations) {
  const NodeId node = cycle.pod.nominated;
  if (!node.valid() || !cycle.cluster.nodes().known(node)) return false;
  const Evaluation evaluation(cycle);
  const auto& only = evaluation.only();
  if (!evaluation.pre_filter().ok()) return false;
  if (only && !std::binary_search(only->begin(), only->end(), node)) return false;
  return NodeDryRun(cycle, without_skipped(cycle, evaluation), nominations, node).fits();
}

std::vector<NodeId> feasible_by_scan(const Cycle& cycle, const Nominations* nominations,
                                     NodeId only) {
  const NodeId target = cycle.pod.target;
  if (only.valid() && target.valid() && only != target) return {};
  const Evaluation evaluation(cycle);
  std::vector<NodeId> feasible = feasible_nodes(cycle, evaluation, only.valid() ? only : target);
  if (nominations != nullptr) respect(cycle, evaluation, *nominations, feasible);
  return feasible;
}

Selection select_by_scan(const Cycle& cycle, const Nominations* nominations) {
  return best_scored(cycle, feasible_by_scan(cycle, nominations));
}

Selection best_scored(const Cycle& cycle, const std::vector<NodeId>& feasible) {
  Selection best;
  if (feasible.empty()) return best;
  // Trying pods on nodes may have moved the counters, so the plugins are made anew.
  const Evaluation::Scores scores = Evaluation(cycle).score(feasible);
  for (std::size_t i = 0; i < feasible.size(); ++i) {
    if (best.node.valid() && scores.total[i] <= best.score) continue;
    best = {feasible[i], scores.total[i]};
  }
  return best;
}

}  // namespace arcas::scheduler
