#include "core/scheduler/node_sampling.h"

#include <algorithm>
#include <map>

namespace arcas::scheduler {

std::uint32_t feasible_nodes_to_find(std::int32_t percentage, std::uint32_t nodes) {
  constexpr std::uint32_t kFewest = 100;
  if (nodes < kFewest) return nodes;
  std::int64_t share = percentage;
  if (share == 0) share = std::max<std::int64_t>(50 - std::int64_t{nodes} / 125, 5);
  const auto wanted = static_cast<std::uint32_t>(std::int64_t{nodes} * share / 100);
  return std::max(wanted, kFewest);
}

void NodeSampling::refresh(const NodeTable& nodes) {
  if (static_epoch_ == nodes.static_epoch()) return;
  static_epoch_ = nodes.static_epoch();
  std::map<StringId, std::vector<NodeId>> zones;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    if (nodes.known(NodeId{i})) zones[nodes[NodeId{i}].zone_label].push_back(NodeId{i});
  }
  order_.clear();
  for (std::size_t round = 0; order_.size() < nodes.known_count(); ++round) {
    for (const auto& [zone, members] : zones) {
      if (round < members.size()) order_.push_back(members[round]);
    }
  }
}

Selection NodeSampling::select(const Cycle& cycle, const Nominations& nominations) {
  refresh(cycle.cluster.nodes());
  Evaluation evaluation(cycle);
  // Nodes that PreFilter or a target names are few, and a fit beside nominated pods moves pods.
  if (!evaluation.pre_filter().ok()) return {};
  if (evaluation.only() || cycle.pod.target.valid() || nominations.size() != 0) {
    return select_by_scan(cycle, &nominations);
  }
  const bool scored = !cycle.profile.scores.empty();
  const std::size_t enough =
      scored ? feasible_nodes_to_find(cycle.profile.percentage_of_nodes_to_score,
                                      cycle.cluster.nodes().known_count())
             : 1;
  std::vector<NodeId> feasible;
  std::size_t looked = 0;
  for (; looked < order_.size() && feasible.size() < enough; ++looked) {
    const NodeId node = order_[(start_ + looked) % order_.size()];
    if (evaluation.passes(node) == Code::success) feasible.push_back(node);
  }
  if (!order_.empty()) start_ = (start_ + looked) % order_.size();
  std::sort(feasible.begin(), feasible.end());  // ties go to the lowest
  return best_scored(cycle, feasible);
}

}  // namespace arcas::scheduler
