#include "core/scheduler/preemption_decider.h"

#include <algorithm>

namespace arcas::scheduler {

PreemptionIndex& PreemptionDecider::index_for(const Cycle& cycle) {
  const ShapeId shape = cluster_.shapes().of(cycle.pod.spec);
  const std::int32_t priority = cycle.spec().priority;
  auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) {
    return e.shape == shape && e.priority == priority;
  });
  if (entry == entries_.end()) {
    if (entries_.size() == kIndexes) {
      entries_.erase(
          std::min_element(entries_.begin(), entries_.end(),
                           [](const Entry& a, const Entry& b) { return a.used_at < b.used_at; }));
    }
    entry = entries_.insert(
        entries_.end(),
        {shape, priority, 0,
         std::make_unique<PreemptionIndex>(cluster_, profile_, nominations_, shape, priority)});
  }
  entry->used_at = ++uses_;
  PreemptionIndex& index = *entry->index;
  const std::uint64_t before = index.rebuilds();
  index.refresh(cycle);
  stats_.rebuilds += index.rebuilds() - before;
  if (const NodeId own = nominations_.node_of(cycle.uid); own.valid()) {
    index.leave_out(cycle.uid, own);
  }
  return index;
}

std::optional<std::uint32_t> PreemptionDecider::feasible_count(const Cycle& cycle,
                                                               const Evaluation& evaluation) {
  if (!PreemptionIndex::covers(cycle, evaluation)) return std::nullopt;
  return index_for(cycle).feasible_count();
}

PreemptionResult PreemptionDecider::decide(const Cycle& cycle) {
  return decide(cycle, Evaluation(cycle));
}

PreemptionResult PreemptionDecider::decide(const Cycle& cycle, const Evaluation& evaluation) {
  const bool index_knows =
      PreemptionIndex::covers(cycle, evaluation) && cluster_.nodes().known_count() != 0;
  if (!index_knows) {
    ++stats_.by_dry_run;
    return preempt(cycle, nominations_);
  }
  ++stats_.by_index;
  PreemptionResult result;
  if (const auto why = refuses_to_preempt(cycle, evaluation, nominations_)) {
    result.message = "preemption: " + *why;
    return result;
  }
  PreemptionIndex& index = index_for(cycle);
  result.node = index.best();
  if (!result.node.valid()) {
    result.outcome = PreemptionResult::Outcome::clear;
    return result;
  }
  result.outcome = PreemptionResult::Outcome::nominate;
  result.code = Code::success;
  for (const Victim& victim : index.eviction_on(result.node).victims) {
    result.victims.push_back(victim.uid);
  }
  result.cleared = outranked_on(cycle, nominations_, result.node);
  return result;
}

}  // namespace arcas::scheduler
