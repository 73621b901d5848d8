#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/scheduler/preemption.h"
#include "core/scheduler/preemption_index.h"

namespace arcas::scheduler {

/// Preemption for the pods of one profile, at any size: the answer of `preempt`, from an index
/// where one covers the pod, by dry runs on every node otherwise.
///
/// What the scheduler does with it, for a pod that has no feasible node:
///   1. `decide`; on `nominate`: `nominations().add(pod, node)`, take back those of `cleared`,
///      and delete the victims; on `clear`: `nominations().remove(pod)`;
///   2. as victims leave, `Cluster::lift` each;
///   3. try the pod again (its nominated node first); when it is placed, or is deleted,
///      `nominations().remove(pod)`.
/// Whoever sets the start time or the labels of a placed pod calls `nominations().touch(node)`.
///
/// Indexes are made when a shape and priority first asks, at most kIndexes at a time; the one not
/// used for longest goes. Memory: 45 to 50 bytes a node for each index.
class PreemptionDecider {
 public:
  static constexpr std::size_t kIndexes = 8;

  PreemptionDecider(Cluster& cluster, const SchedulerProfile& profile)
      : cluster_(cluster), profile_(profile) {}
  PreemptionDecider(const PreemptionDecider&) = delete;
  PreemptionDecider& operator=(const PreemptionDecider&) = delete;

  [[nodiscard]] Nominations& nominations() { return nominations_; }
  [[nodiscard]] const Nominations& nominations() const { return nominations_; }

  /// As `preempt(cycle, nominations())`, except that an answer `clear` from an index comes without
  /// a message: `preempt` gives it, at the cost of a look at every node. The cycle's cluster and
  /// profile are those of this object.
  PreemptionResult decide(const Cycle& cycle);
  /// The same for an evaluation that is at hand.
  PreemptionResult decide(const Cycle& cycle, const Evaluation& evaluation);

  /// How many nodes take the pod as they are, nominated pods respected; none when no index covers
  /// the pod. Cost: that of a refresh.
  std::optional<std::uint32_t> feasible_count(const Cycle& cycle, const Evaluation& evaluation);

  struct Stats {
    std::uint64_t by_index = 0;
    std::uint64_t by_dry_run = 0;
    std::uint64_t rebuilds = 0;  ///< of indexes, from the first node to the last
  };
  [[nodiscard]] const Stats& stats() const { return stats_; }

 private:
  struct Entry {
    ShapeId shape;
    std::int32_t priority = 0;
    std::uint64_t used_at = 0;
    std::unique_ptr<PreemptionIndex> index;
  };
  PreemptionIndex& index_for(const Cycle& cycle);

  Cluster& cluster_;
  const SchedulerProfile& profile_;
  Nominations nominations_;
  std::vector<Entry> entries_;
  std::uint64_t uses_ = 0;
  Stats stats_;
};

}  // namespace arcas::scheduler
