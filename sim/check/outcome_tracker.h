#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "core/base/hash.h"
#include "core/base/id.h"
#include "core/base/time.h"
#include "sim/check/checker.h"

namespace arcas::sim {

/// The report's figures about faults and recovery. Definitions:
///
/// - *running*: a pod runs from the moment its machine has started it until nothing of it is left
///   there, in ground truth, whatever the control plane believes.
/// - *pods_running_before_fault*: pods running at the moment of the first fault.
/// - *displaced*: an active pod that was running when its host went down, at that time; or a pod
///   that was running on a host that is up and was evicted from a suspect node, at the
///   time of the eviction's commit. Counted from the first fault on. Pods of daemon sets belong to
///   their host and are not counted. One pod counts once for each time it is displaced after
///   running.
/// - *recovered*: the first d pods of a ReplicaSet (or other owner) that start to run while d of
///   the owner's displaced pods are outstanding, oldest first; a displaced pod that runs again on
///   the return of its node is one of them. A pod without owner recovers only by itself. A Job that
///   finishes has made good what was outstanding.
/// - *recovery_seconds*: for each recovered pod, from the displacement it makes good to running.
/// - *lost*: displaced pods still outstanding at the end, as far as the owner still wants them:
///   for a ReplicaSet no more than its replicas less its running pods; none for an owner that is
///   gone. A displaced pod without owner is lost unless it runs again, also when it was deleted.
/// - *evictions*: see CheckSuite; from the beginning of the run.
/// - *detection*: from the first fault to the first eviction after it, or to the first on_verdict
///   call if that is sooner.
/// - *first_not_ready*: from the first fault to the first commit after it by which a ready node is
///   no longer ready.
/// - *leaderless*: the longest time from the first fault on that a lease of a tenant partition's
/// role
///   was not renewed, by whoever held it then; up to the last renewal.
/// - *run_twice*: times that a pod began to run while it ran elsewhere (or there already).
class OutcomeTracker {
 public:
  struct Figures {
    std::int64_t pods_running = 0;
    std::int64_t pods_running_before_fault = 0;
    std::int64_t pods_displaced = 0;
    std::int64_t pods_recovered = 0;
    std::int64_t pods_lost = 0;
    std::int64_t pods_run_twice = 0;
    std::int64_t evictions = 0;
    std::int64_t displaced_outstanding = 0;  ///< displaced less recovered, wanted or not
    Duration detection{-1};                  ///< < 0: never
    Duration first_not_ready{-1};
    Duration leaderless{0};
  };
  struct Recovery {
    Duration p50{-1}, p90{-1}, p99{-1}, max{-1};  ///< < 0: no sample. Nearest rank.
  };

  /// One displacement, as it was and as it ended.
  struct Displacement {
    Uid pod;
    NodeId node;  ///< where it ran
    TimePoint at;
    bool evicted = false;     ///< else its host went down
    TimePoint recovered{-1};  ///< < 0: not by the end
  };
  /// From now on every displacement is kept (32 bytes each); call before the first fault.
  void keep_displacements() { keeps_ = true; }
  /// In the order of time; empty unless kept.
  [[nodiscard]] const std::vector<Displacement>& displacements() const { return displacements_; }

  /// A fault strikes now. Only the first one counts. Call before the region changes.
  void on_fault(TimePoint now);
  /// The control plane declared a zone or node lost.
  void on_verdict(TimePoint now);

  // Fed by CheckSuite.
  void attach(ClusterFacts& facts) { facts_ = &facts; }
  void on_pod(const PodStep& step);
  void on_node_not_ready(TimePoint now);
  void on_lease(PartitionId partition, StringId lease, TimePoint now);
  void on_running(Uid pod, bool elsewhere, TimePoint now);
  void on_died_with_host(Uid pod, TimePoint now);
  /// A Job, by its row, is complete or has failed.
  void on_finished(std::uint32_t owner, TimePoint now);

  /// Cost: O(owners with displaced pods).
  [[nodiscard]] Figures figures() const;
  /// Cost: O(samples log samples).
  [[nodiscard]] Recovery recovery() const;
  /// Milliseconds, in the order of recovery.
  [[nodiscard]] const std::vector<std::uint32_t>& recovery_ms() const { return samples_ms_; }

 private:
  /// Displaced pods of one owner that wait for a replacement, oldest first.
  struct Outstanding {
    struct Run {
      TimePoint at;
      std::int64_t count = 0;
    };
    std::vector<Run> runs;
    std::size_t first = 0;
    std::vector<std::uint32_t> kept;  // rows of displacements_, oldest first
    std::size_t first_kept = 0;
    std::int64_t count = 0;
  };
  void displace(Uid pod, ObjectFacts& entry, TimePoint at, bool evicted);
  [[nodiscard]] static std::uint64_t key_of(Uid pod, const ObjectFacts& entry);
  void recover(std::uint64_t key, TimePoint now);
  [[nodiscard]] std::int64_t lost_of(std::uint64_t key, std::int64_t outstanding) const;

  ClusterFacts* facts_ = nullptr;
  TimePoint first_fault_{-1};
  Figures figures_;
  /// By owner row, or by the complement of the uid for pods without owner.
  boost::unordered_flat_map<std::uint64_t, Outstanding, StableHash> outstanding_;
  std::map<std::pair<PartitionId, StringId>, TimePoint> renewed_;
  std::vector<std::uint32_t> samples_ms_;
  bool keeps_ = false;
  std::vector<Displacement> displacements_;
};

}  // namespace arcas::sim
