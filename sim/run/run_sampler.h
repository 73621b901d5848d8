#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/base/time.h"
#include "core/ports/transaction.h"
#include "core/roles/context.h"
#include "sim/check/cluster_facts.h"
#include "sim/check/outcome_tracker.h"
#include "sim/faults/fault_log.h"
#include "sim/report/run_record.h"
#include "sim/run/tenant_fairness.h"
#include "sim/run/wait_histogram.h"
#include "sim/run/zone_map.h"

namespace arcas::sim {

/// Watches a run and keeps how it went, second by second while something changes. Only looks: what
/// it sees is the same with and without it, event by event.
///
/// Memory is bounded, whatever the length of the run: when there are more than kMostPoints rows,
/// every second one goes and rows are twice as far apart from then on; the same for pictures of
/// the map. Cost: about 50 ns for each pod that starts, stops or changes.
class RunSampler {
 public:
  static constexpr std::size_t kMostPoints = 2'048;
  static constexpr std::size_t kMostFrames = 128;

  struct Sources {
    const Region& region;
    const model::Catalog& catalog;
    const ClusterFacts& facts;
    const OutcomeTracker& outcome;
    const roles::Endpoints& endpoints;
    std::function<const model::ResourceList&(NodeId)> allocatable_of;
    std::function<std::int64_t()> decisions;  ///< of all schedulers, from the beginning
  };
  explicit RunSampler(Sources sources);

  // Each before the checkers hear of it: what the facts say is how it was.
  void on_commit(PartitionId partition, const ports::ChangeBatch& batch, TimePoint now);
  void on_running(Uid pod, NodeId node, TimePoint now) { runs(pod, node, 1, now); }
  void on_stopped(Uid pod, NodeId node, TimePoint now) { runs(pod, node, -1, now); }
  void on_host(NodeId node, bool up, TimePoint now);
  void on_fault(const FaultAction& action, TimePoint now);
  void on_message(ActorId to, TimePoint now) {
    if (to.index >= partition_of_actor_.size()) return;
    const std::uint16_t partition = partition_of_actor_[to.index];
    if (partition == kNoPartition) return;
    advance(now);
    ++requests_[partition];
  }

  /// Everything so far. What it has, up to `now`.
  [[nodiscard]] RunSeries series(TimePoint now);

 private:
  static constexpr std::uint16_t kNoPartition = 0xffff;

  void name_partitions();
  void list_resources();
  [[nodiscard]] std::size_t column(PartitionId partition) const;
  void advance(TimePoint now) {
    if (now.ns >= row_ends_.ns) close_row(now);
  }
  void close_row(TimePoint now);
  void add_point(TimePoint at);
  void add_frame(TimePoint at, bool surely);
  void runs(Uid pod, NodeId node, std::int64_t sign, TimePoint now);
  void take_arrivals(std::size_t partition, const ports::ChangeBatch& batch);
  void take_pod(std::size_t partition, const ports::PodChange& change, TimePoint now);
  void carry(NodeId node, std::uint32_t spec, std::uint32_t tenant, std::int64_t sign);
  [[nodiscard]] std::vector<RunSeries::Tenant> tenants_by_fate() const;
  [[nodiscard]] std::vector<double> recovery_quantiles() const;

  Sources sources_;
  ZoneMap map_;
  FaultLog faults_;
  TenantFairness fairness_;
  WaitHistogram waits_;  // of the row under way
  std::vector<std::uint16_t> partition_of_actor_;
  std::vector<std::uint32_t> column_of_resource_;  // by ResourceId
  std::vector<std::uint32_t> zone_of_node_;
  std::vector<std::int64_t> used_, commits_, changes_, requests_, queue_;
  std::int64_t pods_ = 0;
  std::int64_t running_ = 0;
  std::int64_t nodes_up_ = 0;
  std::int64_t nodes_ready_ = 0;
  Duration row_ = seconds(1);
  TimePoint row_ends_ = TimePoint{} + seconds(1);
  Duration frame_gap_ = seconds(1);
  RunSeries series_;
};

}  // namespace arcas::sim
