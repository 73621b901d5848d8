#include "core/scheduler/group_chooser.h"
#include "core/scheduler/selection.h"

namespace arcas::scheduler {

Selection select_by_index(Cluster& cluster, const SchedulerProfile& profile,
                          const PodClass& pod_class, NodeIndex& index) {
  GroupChooser chooser(cluster, profile, pod_class);
  for (std::uint32_t g = 0; g < index.group_count(); ++g) {
    if (index.feasible(g) == 0 || !chooser.passes(index.traits(g))) continue;
    chooser.offer(index.traits(g), index.best_score(g), index.feasible(g), g);
  }
  Selection best;
  for (const GroupChooser::Choice& choice : chooser.best()) {
    const NodeId node = index.best_node(choice.group);
    if (!best.node.valid() || node < best.node) best = {node, choice.total};
  }
  return best;
}

}  // namespace arcas::scheduler
