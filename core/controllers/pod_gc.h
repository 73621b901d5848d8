#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "core/controllers/effects.h"
#include "core/state/pod_table.h"

namespace arcas::controllers {

struct PodGcConfig {
  std::size_t finished_threshold = 12500;  ///< source: terminated-pod-gc-threshold
  Duration quarantine = seconds(40);       ///< how long a node must be gone; source: podgc
  Duration period = seconds(20);           ///< source: podgc gcCheckPeriod
  std::size_t burst = 1000;                ///< removals per sync
};

/// Removes pods that nobody else will: finished ones above the threshold (oldest first), those
/// bound to nodes that no longer exist, those that terminate without ever having been bound.
///
/// A node's absence counts only as the deletion of its object, which someone decided, never as
/// silence (invariant I52). Finished pods of a Job wait until they are counted (I39).
/// Keeps only what might have to go, so time without such pods costs nothing.
class PodGc {
 public:
  explicit PodGc(PodGcConfig config) : config_(config) {}

  void on_pod(const model::Pod* before,
              const model::Pod* after);  ///< Cost: O(1), finished: O(log).
  void on_node_removed(TimePoint now, NodeId node);
  void on_node_added(NodeId node);
  /// Once after a start, when the nodes of all resource partitions are known: finds the nodes that
  /// went while nobody looked. Cost: O(pods).
  void check_all(TimePoint now, const state::PodTable& pods,
                 const std::function<bool(NodeId)>& exists);

  void sync(TimePoint now, const state::PodTable& pods, Effects& out);
  /// When the next sync could do something; TimePoint::max() for not before another input.
  [[nodiscard]] TimePoint next_tick(TimePoint now) const;

 private:
  PodGcConfig config_;
  TimePoint done_at_{0};                                       // last sync that did something
  std::set<std::pair<std::int64_t, std::uint64_t>> finished_;  // (created, uid)
  std::set<std::uint64_t> stray_;                              // terminating, never bound
  std::vector<std::pair<TimePoint, NodeId>> gone_;             // nodes removed, and when
};

/// Deletes the pods of an owner that no longer exists: up to `limit` that do not terminate yet.
/// True when all of them are on their way. The caller has made sure by a read of the store that
/// the owner's uid is gone (invariant I45). Cost: O(pods owned).
bool delete_owned_pods(TimePoint now, Uid owner, const state::PodTable& pods, std::size_t limit,
                       Effects& out);

}  // namespace arcas::controllers
