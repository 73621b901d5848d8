#include "core/scheduler/custom_selection.h"

#include <algorithm>

namespace arcas::scheduler {

CustomSelection::CustomSelection(CustomPolicy& policy, Cluster& cluster,
                                 const SchedulerProfile& profile, const Nominations& nominations)
    : policy_(policy),
      session_(policy.open()),
      cluster_(cluster),
      profile_(profile),
      nominations_(nominations) {}

CustomSelection::Kept& CustomSelection::kept_of(ShapeId shape) {
  for (const auto& kept : kept_) {
    if (kept->id == shape) return *kept;
  }
  if (kept_.size() == kMostShapes) {
    kept_.erase(std::min_element(kept_.begin(), kept_.end(), [](const auto& a, const auto& b) {
      return a->last_use < b->last_use;
    }));
  }
  Kept& made =
      *kept_.emplace_back(std::make_unique<Kept>(cluster_, profile_, cluster_.shapes()[shape]));
  made.id = shape;
  return made;
}

bool CustomSelection::passes(const Kept& kept, NodeId node, const policies::PodView& pod) const {
  return cluster_.nodes().known(node) && kept.local.static_ok(node) &&
         kept.local.score(node) != LocalPlugins::kInfeasible &&
         (pod.devices == 0 || cluster_.placement()->fits(node, pod));
}

/// The nodes to ask about, ascending: all of them when the log does not pay.
std::vector<NodeId> CustomSelection::changed_since(Kept& kept) const {
  const NodeTable& nodes = cluster_.nodes();
  const std::uint64_t end = nodes.log_end();
  std::vector<NodeId> changed;
  const bool far_behind = !kept.built || kept.log_position < nodes.log_start() ||
                          end - kept.log_position > nodes.size() / 2 + 64;
  if (far_behind) {
    kept.scores.reset(nodes.size());
    for (std::uint32_t i = 0; i < nodes.size(); ++i) changed.push_back(NodeId{i});
    return changed;
  }
  for (std::uint64_t at = kept.log_position; at != end; ++at) {
    changed.push_back(NodeId{nodes.log_at(at) & ~NodeTable::kStatic});
  }
  std::sort(changed.begin(), changed.end());
  changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
  return changed;
}

bool CustomSelection::refresh(Kept& kept, const PolicyQuestion& question) {
  const policies::PodView& pod = cluster_.placement()->pod(question.pod.spec);
  std::vector<NodeId> changed = changed_since(kept);
  // A node that is new has no leaf yet: everything is counted anew.
  if (!changed.empty() && kept.built && !kept.scores.holds(changed.back().index)) {
    kept.built = false;
    changed = changed_since(kept);
  }
  kept.built = true;
  kept.log_position = cluster_.nodes().log_end();
  std::erase_if(changed, [&](NodeId node) {
    if (passes(kept, node, pod)) return false;
    kept.scores.set(node.index, PolicySession::kRefused);
    return true;
  });
  if (changed.empty()) return true;
  ratings_.assign(changed.size(), PolicySession::kRefused);
  const bool rated = session_->rate(question, changed, ratings_);
  for (std::size_t i = 0; i < changed.size(); ++i) {
    kept.scores.set(changed[i].index, rated ? ratings_[i] : PolicySession::kRefused);
  }
  kept.built = rated;
  return rated;
}

Selection CustomSelection::select(TimePoint now, Uid uid, const PodEntry& pod,
                                  const PodClass& pod_class) {
  const PolicyQuestion question{cluster_, pod, uid, now};
  const Cycle cycle{cluster_, profile_, pod, uid};
  const bool local = pod_class.local_filters && !pod.target.valid() && nominations_.size() == 0;
  Kept& kept = kept_of(pod_class.shape);
  kept.last_use = ++uses_;
  if (policy_.row_wise() && !policy_.selects()) {
    if (!refresh(kept, question)) return {};
    if (local) {
      const auto best = kept.scores.best();
      return best ? Selection{NodeId{static_cast<std::uint32_t>(*best)}, 0} : Selection{};
    }
    Selection best;
    double score = PolicySession::kRefused;
    for (const NodeId node : feasible_by_scan(cycle, &nominations_)) {
      if (kept.scores[node.index] <= score) continue;
      best.node = node;
      score = kept.scores[node.index];
    }
    return best;
  }
  if (!local) return among(question, feasible_by_scan(cycle, &nominations_));
  std::vector<NodeId> feasible;
  const policies::PodView& view = cluster_.placement()->pod(pod.spec);
  for (std::uint32_t i = 0; i < cluster_.nodes().size(); ++i) {
    if (passes(kept, NodeId{i}, view)) feasible.push_back(NodeId{i});
  }
  return among(question, feasible);
}

Selection CustomSelection::among(const PolicyQuestion& question,
                                 const std::vector<NodeId>& feasible) {
  if (feasible.empty()) return {};
  ratings_.assign(feasible.size(), PolicySession::kRefused);
  if (!session_->rate(question, feasible, ratings_)) return {};
  std::vector<NodeId> nodes;
  std::vector<double> scores;
  for (std::size_t i = 0; i < feasible.size(); ++i) {
    if (ratings_[i] == PolicySession::kRefused) continue;
    nodes.push_back(feasible[i]);
    scores.push_back(ratings_[i]);
  }
  if (nodes.empty()) return {};
  if (!policy_.selects()) {
    const auto best = std::max_element(scores.begin(), scores.end());
    return {nodes[static_cast<std::size_t>(best - scores.begin())], 0};
  }
  const auto chosen = session_->select(question, nodes, scores);
  return chosen ? Selection{nodes[*chosen], 0} : Selection{};
}

}  // namespace arcas::scheduler
