#pragma once

#include <cstdint>
#include <set>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/model/catalog.h"
#include "core/model/objects.h"

namespace arcas::controllers {

/// Source of the defaults: reference arktos.md, section 5.2.
struct NodeLifecycleConfig {
  Duration monitor_period = seconds(5);
  Duration grace = seconds(40);
  Duration startup_grace = seconds(60);
  Duration eviction_loop = milliseconds(100);  ///< must divide the monitor period
  /// Time between two taintings in one zone (the inverse of the rate); 0: never.
  Duration eviction_interval = seconds(10);             ///< 0.1 node/s
  Duration secondary_eviction_interval = seconds(100);  ///< 0.01 node/s
  std::uint32_t large_zone_threshold = 50;
  std::uint32_t unhealthy_percent = 55;
};

/// `initial` until the first monitor tick that sees the zone.
enum class ZoneState : std::uint8_t { initial, normal, partial_disruption, full_disruption };

/// ComputeZoneState of Kubernetes: no node ready: full; at least 3 and `unhealthy_percent` of the
/// nodes not ready: partial; else normal.
ZoneState compute_zone_state(std::uint32_t ready, std::uint32_t not_ready,
                             std::uint32_t unhealthy_percent);

/// Whether Kubernetes takes the node for a master, which does not count for its zone's state: its
/// name ends with "master", or with "master-" and three more characters.
/// Source: pkg/util/system/system_utils.go of Kubernetes 1.15.
bool is_master(std::string_view node_name);

/// Whether taints of this key are set and taken away by what is known of the node's condition; all
/// others are an administrator's.
bool is_condition_taint(std::string_view key);

struct SetNodeCondition {
  NodeId node;
  model::ConditionStatus ready = model::ConditionStatus::unknown;
  bool operator==(const SetNodeCondition&) const = default;
};
struct AddTaint {
  NodeId node;
  model::Taint taint;
  bool operator==(const AddTaint&) const = default;
};
struct RemoveTaint {
  NodeId node;
  model::Taint taint;  ///< key and effect count
  bool operator==(const RemoveTaint&) const = default;
};
struct ZoneStateChanged {
  ZoneId zone;
  ZoneState from = ZoneState::initial;
  ZoneState to = ZoneState::initial;
  bool operator==(const ZoneStateChanged&) const = default;
};
using NodeEffect = std::variant<SetNodeCondition, AddTaint, RemoveTaint, ZoneStateChanged>;

/// Judges the health of the nodes of one resource partition.
///
/// Decides only in `tick`, on a grid of the monitor period and of the eviction loop (multiples from
/// time 0). A tick at t sees the signs of life that arrived before t, not at t, so the order of
/// events at one instant never matters. A call of `tick` at other times, or more often than
/// needed, changes nothing: signs of life as single inputs with a tick at every slot, and steady
/// streams with a tick only at `next_tick`, give the same effects at the same times.
///
/// Rules, slot by slot: a node not heard from for longer than grace (startup grace before its first
/// sign) turns Unknown and gets the NoSchedule taint at once; from the next monitor tick on it
/// waits in its zone's queue for the NoExecute taint, which the eviction loop adds at the zone's
/// rate (burst 1). A node heard again turns Ready and loses its taints at the next monitor tick.
/// Zone states set the rates; when all zones are fully disrupted nothing is tainted, NoExecute
/// taints go, and on leaving that state every node's grace starts again (invariant I49).
/// Source: Kubernetes 1.15, nodelifecycle; arktos.md 5.2. Differs: the tick, not the agent, writes
/// Ready=True (up to one period later); after all zones were dark, silent nodes wait a full grace
/// before they can be tainted again.
class NodeLifecycle {
 public:
  NodeLifecycle(NodeLifecycleConfig config, model::Catalog& catalog);

  /// A node that is new (its grace is the startup grace), or that says again what it is. `counts`:
  /// for the state of its zone. O(log n).
  void registered(TimePoint now, NodeId node, ZoneId zone, bool counts = true);
  /// After a start of this role: a node that the store knows. Its grace starts now.
  void restored(TimePoint now, const model::Node& node, bool counts = true);
  void removed(TimePoint now, NodeId node);

  // The agent's `epoch` fences: inputs of an older one than the newest seen are dropped.

  /// One sign of life, arrived at `now`. Cost: O(1).
  void heartbeat(TimePoint now, NodeId node, std::uint64_t epoch);
  /// Signs of life arrive at first, first + period, … until further notice. `now` ≤ first. O(log
  /// n).
  void steady(TimePoint now, NodeId node, std::uint64_t epoch, TimePoint first, Duration period);
  /// The stream ends; its last sign arrives, or arrived, at `last`; before `first`: none did.
  void stopped(TimePoint now, NodeId node, std::uint64_t epoch, TimePoint last);
  /// What the agent says of itself: ready or not. Starts as ready.
  void reported(TimePoint now, NodeId node, bool ready);

  /// The evictor of profile arcas has taken over a lost zone: its nodes are not tainted meanwhile.
  /// On return the grace of its nodes starts again.
  void zone_lost(TimePoint now, ZoneId zone);
  void zone_back(TimePoint now, ZoneId zone);

  /// Works off everything due at or before `now`, slot by slot, and returns next_tick(now).
  TimePoint tick(TimePoint now, std::vector<NodeEffect>& out);
  /// The earliest slot after `now` at which anything can change without another input;
  /// TimePoint::max() when all is steady.
  [[nodiscard]] TimePoint next_tick(TimePoint now) const;

  [[nodiscard]] model::ConditionStatus condition(NodeId node) const;
  [[nodiscard]] ZoneState zone_state(ZoneId zone) const;
  // Of the nodes that count.
  [[nodiscard]] std::uint32_t ready_count(ZoneId zone) const;
  [[nodiscard]] std::uint32_t node_count(ZoneId zone) const;

 private:
  struct Stream {  // first, first + period, … ≤ last
    TimePoint first;
    Duration period;
    TimePoint last{-1};                                        // < first: none
    [[nodiscard]] TimePoint newest_before(TimePoint t) const;  // -1: none
    [[nodiscard]] TimePoint oldest_from(TimePoint t) const;    // max: none
  };
  enum class TaintState : std::uint8_t { none, queued, tainted };
  struct NodeState {
    ZoneId zone;
    bool known = false;
    bool counts = true;
    bool agent_ready = true;
    std::uint64_t epoch = 0;
    TaintState taint = TaintState::none;
    model::ConditionStatus condition = model::ConditionStatus::unknown;
    model::ConditionStatus schedule_taint = model::ConditionStatus::yes;  // yes: none
    model::ConditionStatus execute_taint = model::ConditionStatus::yes;   // yes: none
    TimePoint single{-1};   // newest single sign of life
    TimePoint before{-1};   // the one before it, for a tick at the very same time
    bool restored = false;  // not new: the startup grace is behind it
    TimePoint floor;        // grace counts from here at the earliest
    Stream previous;
    Stream current;
    TimePoint queued_at;
    TimePoint check_at = TimePoint::max();  // the slot at which it is to be looked at
  };
  struct Zone {
    bool exists = false;
    bool lost = false;
    ZoneState state = ZoneState::initial;
    std::uint32_t members = 0;
    std::uint32_t nodes = 0;                                 // members that count
    std::uint32_t ready = 0;                                 // of those
    Duration interval;                                       // of the limiter; 0: never
    TimePoint token_at;                                      // when the limiter has a token
    std::set<std::pair<std::int64_t, std::uint32_t>> queue;  // (queued at, node)
  };

  [[nodiscard]] TimePoint monitor_slot_after(TimePoint t) const;
  [[nodiscard]] TimePoint eviction_slot(const Zone& zone) const;
  [[nodiscard]] TimePoint next_slot() const;
  [[nodiscard]] static TimePoint newest_sign_before(const NodeState& node, TimePoint t);
  [[nodiscard]] static TimePoint oldest_sign_from(const NodeState& node, TimePoint t);
  [[nodiscard]] TimePoint stale_slot(const NodeState& node, TimePoint after) const;
  [[nodiscard]] TimePoint sign_slot(const NodeState& node, TimePoint after) const;
  [[nodiscard]] TimePoint taint_slot(const NodeState& node, TimePoint after) const;
  void schedule(NodeId id, TimePoint slot);
  void unschedule(NodeId id);
  void plan(NodeId id, TimePoint after);
  void check(NodeId id, TimePoint slot, std::vector<NodeEffect>& out);
  void update_schedule_taint(NodeId id, TimePoint slot, bool stale, std::vector<NodeEffect>& out);
  void update_execute_taint(NodeId id, TimePoint slot, model::ConditionStatus seen, bool stale,
                            std::vector<NodeEffect>& out);
  void handle_disruption(TimePoint slot, std::vector<NodeEffect>& out);
  void enter_darkness(TimePoint slot, std::vector<NodeEffect>& out);
  void leave_darkness(TimePoint slot);
  void change_state(Zone& zone, std::uint32_t index, ZoneState state, std::vector<NodeEffect>& out);
  void evict(TimePoint slot, std::vector<NodeEffect>& out);
  void clear_execute_taint(NodeId id, std::vector<NodeEffect>& out);
  void set_limiter(TimePoint now, Zone& zone);
  void add(NodeId node, ZoneId zone, bool counts);
  Zone& zone_at(ZoneId id);
  void restart_grace(NodeId id, TimePoint now);
  [[nodiscard]] model::Taint taint_for(model::ConditionStatus condition, model::TaintEffect effect,
                                       TimePoint added) const;
  [[nodiscard]] bool known(NodeId id) const {
    return id.index < nodes_.size() && nodes_[id.index].known;
  }
  bool accept(NodeId id, std::uint64_t epoch);

  NodeLifecycleConfig config_;
  StringId not_ready_key_;
  StringId unreachable_key_;
  std::vector<NodeState> nodes_;                          // by node index
  std::vector<Zone> zones_;                               // by zone index
  std::set<std::pair<std::int64_t, std::uint32_t>> due_;  // (slot, node)
  TimePoint zones_due_ = TimePoint::max();                // slot to look at the zones' states
  bool all_dark_ = false;
};

}  // namespace arcas::controllers
