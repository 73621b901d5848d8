// The scheduler's part in placing a cycle's pods by min-cost flow. The flow proposes; every place
// is asked of the exact filters before it is taken, and whoever has none is decided one by one.
#include <algorithm>
#include <map>
#include <memory>

#include "core/scheduler/batch/explain.h"
#include "core/scheduler/batch/placement.h"
#include "core/scheduler/batch_places.h"
#include "core/scheduler/batch_problem.h"
#include "core/scheduler/local_plugins.h"
#include "core/scheduler/scheduler.h"

namespace arcas::scheduler {

/// Asks the exact filters whether a pod may go to a node now. Pods without rules between pods need
/// no more than what the index asks of a node; all others are asked as the full scan would.
class Scheduler::PlaceCheck {
 public:
  PlaceCheck(Cluster& cluster, const SchedulerProfile& profile, const Nominations& nominations)
      : cluster_(cluster), profile_(profile), nominations_(nominations) {}

  bool passes(Uid uid, const PodEntry& pod, const PodClass& pod_class, NodeId node) {
    if (pod_class.spread.hard.empty() && nominations_.size() == 0) {
      const LocalPlugins& local = of(pod_class.shape);
      return local.static_ok(node) && local.score(node) != LocalPlugins::kInfeasible;
    }
    return !feasible_by_scan({cluster_, profile_, pod, uid}, &nominations_, node).empty();
  }

 private:
  const LocalPlugins& of(ShapeId shape) {
    std::unique_ptr<LocalPlugins>& local = local_[shape];
    if (local == nullptr) {
      shapes_.push_back(std::make_unique<Shape>(cluster_.shapes()[shape]));
      local = std::make_unique<LocalPlugins>(cluster_, profile_, *shapes_.back(), SpecId{});
    }
    return *local;
  }

  Cluster& cluster_;
  const SchedulerProfile& profile_;
  const Nominations& nominations_;
  std::vector<std::unique_ptr<Shape>> shapes_;
  std::map<ShapeId, std::unique_ptr<LocalPlugins>> local_;
};

bool Scheduler::places_batches() const {
  return config_.batch_threshold != 0 && !config_.full_scan && config_.profile.policy.empty() &&
         fair_ == nullptr;
}

std::size_t Scheduler::cycle_size(std::size_t usual) const {
  if (!places_batches() || queue_.active_count() < config_.batch_threshold) return usual;
  return std::max(usual, kLargestBatch);
}

/// Places what a flow can place of this cycle's pods and takes them out of `order_`.
void Scheduler::decide_by_flow(std::vector<Decision>& out) {
  if (!places_batches() || order_.size() < config_.batch_threshold) return;
  std::vector<Uid> pods;
  pods.reserve(order_.size());
  for (const auto& [unused, uid] : order_) pods.push_back(uid);
  const BatchProblem problem = batch_problem(cluster_, config_.profile, classes_, pods, {});
  const auto placement = batch::place_batch(problem.input);
  if (!placement) return;  // amounts beyond what a flow counts: one by one
  ++stats_.flow_batches;
  stats_.flow_gap += placement->gap();
  BatchPlaces places(problem, *placement);
  PlaceCheck check(cluster_, config_.profile, preemption_.nominations());
  for (std::uint32_t c = 0; c < problem.members.size(); ++c) {
    for (const Uid uid : problem.members[c]) {
      PodEntry& entry = *cluster_.pods().find(uid);
      const PodClass& pod_class = classes_.of(entry);
      const SpreadConstraint* rule = zone_spread(pod_class, cluster_.zone_key());
      const NodeId node =
          places.next(c, rule == nullptr ? nullptr : &cluster_.counters()[rule->counter]);
      if (!node.valid() || !check.passes(uid, entry, pod_class, node)) continue;
      cluster_.place(uid, entry, node, PodState::assumed);
      ++stats_.decisions;
      ++stats_.by_flow;
      out.push_back({uid, entry.spec, node, {}, {}});
    }
  }
  std::erase_if(order_,
                [&](const auto& item) { return cluster_.pods().find(item.second)->node.valid(); });
  stats_.flow_fallbacks += order_.size();
}

Expected<BatchReason> Scheduler::explain_batch(std::span<const Uid> pods, const BatchNaming& naming,
                                               std::optional<TenantId> viewer) {
  std::vector<Uid> waiting;
  for (const Uid uid : pods) {
    const PodEntry* entry = cluster_.pods().find(uid);
    if (entry != nullptr && !entry->node.valid() && entry->state != PodState::gated) {
      waiting.push_back(uid);
    }
  }
  const BatchProblem problem = batch_problem(cluster_, config_.profile, classes_, waiting, naming);
  const auto placement = batch::place_batch(problem.input);
  if (!placement) return placement.error();
  BatchReason reason;
  reason.domains = problem.input.domain_names;
  reason.resources = problem.input.resource_names;
  for (std::uint32_t c = 0; c < problem.input.classes.size(); ++c) {
    const batch::PodClass& pod_class = problem.input.classes[c];
    const bool visible = !viewer || pod_class.tenant == *viewer;
    reason.classes.push_back({visible ? pod_class.name : "", pod_class.tenant, pod_class.count});
    if (!visible) continue;
    reason.wanted += pod_class.count;
    reason.placed += pod_class.count - placement->fall_back[c];
  }
  reason.bound = viewer ? 0 : placement->bound;
  for (const Uid uid : problem.left_out) {
    if (!viewer || !naming || naming(uid, *cluster_.pods().find(uid)).tenant == *viewer) {
      ++reason.left_out;
    }
  }
  reason.bottlenecks = batch::explain(problem.input, *placement, viewer);
  return reason;
}

}  // namespace arcas::scheduler
