#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "core/controllers/effects.h"
#include "core/controllers/zone_evidence.h"
#include "core/model/catalog.h"
#include "core/state/pod_table.h"

namespace arcas::controllers {

struct EvictorConfig {
  /// Tolerated time for taints not-ready and unreachable when a pod's spec says nothing of them;
  /// < 0: for ever. Source: Kubernetes, DefaultTolerationSeconds.
  std::int64_t default_toleration_seconds = 300;
  /// Evictions for taints per second, and how many at once; 0: unlimited. Source: kube-api-qps.
  std::int32_t qps = 20;
  std::int32_t burst = 30;
  /// Invariant I50: at most max(minimum, percent of the active pods) evictions in a window other
  /// than for a confirmed zone loss. percent 0: no cap (profiles kubernetes and arktos).
  std::int32_t cap_percent = 5;
  std::int32_t cap_minimum = 10;
  Duration cap_window = minutes(10);
  /// Zone loss (profile arcas).
  std::int32_t zone_batch = 20000;            ///< evictions per tick
  Duration zone_interval = milliseconds(10);  ///< between two ticks of a zone's eviction
  std::int32_t capacity_share_percent = 100;  ///< part of the free capacity this side may count on
  bool evict_unowned = false;                 ///< also pods that no controller would replace
};

/// Decides which pods leave their nodes. An eviction marks the pod as terminating; its controller
/// replaces it at once, its object goes when its agent confirms. Daemon pods stay.
///
/// (a) Taints: a pod leaves a node with a NoExecute taint that it does not tolerate, or when its
/// tolerated time is over. It is counted from the moment the taint was added when that was just
/// now, else from when it was first seen here: what another machine's clock said long ago says
/// nothing here (I54), so after a change of leadership the time is counted anew, as Kubernetes
/// does. When the taint goes, so does the plan (I51). Keeps one deadline per tainted node, and per
/// pod only the orders that the view does not show yet. (b) Zone loss: all owned pods on the zone's
/// nodes, highest priority first, then by workload and uid. The requests of those whose
/// replacements have no node yet stay within the free capacity reported elsewhere (a bound
/// replacement is no longer in that figure). ZoneBack stops it at once. Source: Kubernetes,
/// NoExecuteTaintManager, for (a); invariants I50, I51, I55.
class Evictor {
 public:
  Evictor(EvictorConfig config, model::Catalog& catalog);

  /// A node is new or changed. Cost: O(1), O(pods on it) when its NoExecute taints changed.
  void on_node(TimePoint now, const model::Node& node, const state::PodTable& pods);
  void on_node_removed(NodeId node);
  /// Cost: O(1), O(tolerations) when a pod is bound to a tainted node.
  void on_pod(const model::Pod* before, const model::Pod* after);

  /// Verdicts. Cost of a loss: O(n log n) over the zone's pods, once.
  void on_zone_lost(TimePoint now, ZoneId zone, const state::PodTable& pods, Effects& out);
  void on_zone_back(ZoneId zone);
  void on_free_capacity(FreeCapacity free);
  /// Whether the zone's node managers tell of its nodes. While they do not, a taint that is known
  /// here may be long gone, and nobody is evicted for it; a zone that is lost is another matter.
  void on_feed(ZoneId zone, bool heard);
  /// An eviction was refused or its outcome is unknown: the pod is looked at again. (A refusal
  /// because the pod changed is also noticed by on_pod.)
  void on_refused(Uid pod, const state::PodTable& pods);
  /// What counts for the cap, for the next leader; rounded so that nothing counts for too short.
  [[nodiscard]] model::SpentEvictions spent(TimePoint now) const;
  /// A predecessor's. Before the first tick, which adds what it evicted after it wrote this down,
  /// as far as the view still shows it: a pod that was gone from its node at once is missed.
  void inherit(TimePoint now, const model::SpentEvictions& spent);
  /// Lifts the blast-radius pause by hand.
  void resume(TimePoint now);

  void tick(TimePoint now, const state::PodTable& pods, Effects& out);
  /// When tick could do something without another input; TimePoint::max() for never.
  [[nodiscard]] TimePoint next_tick(TimePoint now) const;

  [[nodiscard]] bool paused() const { return paused_; }
  [[nodiscard]] std::size_t waiting() const { return queue_.size() - queue_head_; }

 private:
  struct NodeState {
    ZoneId zone;
    bool known = false;
    std::vector<model::Taint> no_execute;
    std::vector<TimePoint> since;           // of each, by this instance's clock
    TimePoint deadline = TimePoint::max();  // of the pod that must go first
  };
  struct Candidate {  // a pod of a lost zone, in the order of eviction
    std::int32_t priority = 0;
    bool charged = false;  // its requests are in outstanding_ already
    Uid owner;
    Uid pod;
  };
  [[nodiscard]] static bool evictable(const model::Pod& pod);
  [[nodiscard]] bool is_lost(ZoneId zone) const;
  [[nodiscard]] TimePoint deadline_of(const model::Pod& pod, const NodeState& node) const;
  void set_deadline(NodeId node, TimePoint deadline);
  [[nodiscard]] TimePoint token_at() const;
  void take_token(TimePoint now);
  void count(TimePoint now, std::int32_t evictions);
  void count_unrecorded(TimePoint now, const state::PodTable& pods);
  void drop_old_evictions(TimePoint now);
  bool under_cap(TimePoint now, const state::PodTable& pods, Effects& out);
  void order(const model::Pod& pod, TimePoint now, Effects& out);
  void settle_order(const model::Pod& pod, bool still_there);
  void look_again(const model::Pod& pod);
  void queue_up(const model::Pod& pod, bool charged);
  void release_capacity(const model::Pod& pod);
  bool charge(const model::Pod& pod);
  void tick_taints(TimePoint now, const state::PodTable& pods, Effects& out);
  void tick_zones(TimePoint now, const state::PodTable& pods, Effects& out);

  EvictorConfig config_;
  model::Catalog& catalog_;
  StringId not_ready_key_;
  StringId unreachable_key_;
  std::vector<NodeState> nodes_;                                // by node index
  std::set<std::pair<std::int64_t, std::uint32_t>> deadlines_;  // (time, node)
  /// Pods whose eviction is ordered and not seen yet: uid → the resource version it is based on.
  boost::unordered_flat_map<std::uint64_t, Revision, StableHash> ordered_;
  std::int64_t tokens_full_at_ns_ = 0;
  std::deque<std::pair<TimePoint, std::int32_t>> recent_;  // evictions that count for the cap
  std::int64_t recent_total_ = 0;
  std::int64_t active_at_first_ = 0;               // active pods at the first of them
  TimePoint unrecorded_since_ = TimePoint::max();  // by the predecessor's time; max: nothing to add
  bool paused_ = false;

  std::vector<bool> lost_zones_;     // by zone index
  std::vector<bool> unheard_zones_;  // by zone index: nobody tells of its nodes
  std::vector<Candidate> queue_;     // from queue_head_ on: still to be evicted
  std::size_t queue_head_ = 0;
  TimePoint zone_tick_;
  bool zone_blocked_ = false;  // waits for capacity, not for time
  FreeCapacity free_;
  FreeCapacity outstanding_;  // requests of the evicted whose replacements are not bound yet
  boost::unordered_flat_map<std::uint64_t, std::int32_t, StableHash> outstanding_by_owner_;
};

}  // namespace arcas::controllers
