#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"

namespace arcas::scheduler {

using GangId = Id<struct GangTag>;  ///< a group of pods that start together

struct GangSpec {
  std::uint32_t min_members = 1;  ///< so many start at once, or none
  std::int32_t priority = 0;
  TimePoint created_at;
  Duration hold_timeout = seconds(60);  ///< how long placed members may wait for the others
};

/// Reserve room on the node until Start or ReturnRoom names the pod.
struct HoldRoom {
  GangId gang;
  Uid pod;
  NodeId node;
};
/// The pods may be bound: the gang is whole, or was before.
struct StartPods {
  GangId gang;
  std::vector<Uid> pods;
};
/// Give back the room that the pod holds; it waits again.
struct ReturnRoom {
  GangId gang;
  Uid pod;
  NodeId node;
};
using GangEffect = std::variant<HoldRoom, StartPods, ReturnRoom>;

/// Starts gangs whole or not at all.
///
/// A gang's placed members hold their room until enough are placed (permit and wait, as in
/// Kubernetes's coscheduling plugin); then all start at once. What the plugin leaves open:
/// - No deadlock. Gangs have one total order (priority, age, id), and only the first that is not
///   backing off, the *collector*, may hold room from one cycle to the next. A gang that becomes
///   first takes that right away from the one before it, which gives everything back.
/// - Back-fill. Other gangs are tried whole: a *trial* holds room within one cycle, and at its
///   first failure or at the end of the cycle all of it goes back (news of pods and gangs ends the
///   cycle, too). It uses room that the collector could not take, so it does not delay it.
/// - Time-out. A collector that is not whole `hold_timeout` after its first hold gives all room
///   back and backs off, so that those behind it get their turn: 10 s, doubled each time up to
///   five minutes.
/// After its start a gang is ordinary: later members, and members that come again after a failure,
/// start one by one.
/// Pure: time is an argument; effects are appended. Cost: O(log gangs) and O(members) for a start
/// or a return.
/// Source: kubernetes-sigs/scheduler-plugins, coscheduling (minMember, Permit, time-out).
class GangTable {
 public:
  struct Config {
    Duration backoff_initial = seconds(10);
    Duration backoff_max = minutes(5);
    Duration conflict_initial = milliseconds(500);  ///< see restart
    Duration conflict_max = seconds(30);
  };
  GangTable() : GangTable(Config{}) {}
  explicit GangTable(Config config) : config_(config) {}

  /// Makes the gang known or changes its specification. min_members is at least 1.
  void upsert(TimePoint now, GangId gang, const GangSpec& spec, std::vector<GangEffect>& out);
  /// The group is gone: room that its pods hold goes back.
  void remove(TimePoint now, GangId gang, std::vector<GangEffect>& out);
  /// A pod of the gang waits for a node. Ignored if it is known.
  void arrive(TimePoint now, GangId gang, Uid pod, std::vector<GangEffect>& out);
  /// The pod was deleted or ended. Room that it holds goes back; a gang that has not started and is
  /// thereby short of members gives everything back.
  void leave(TimePoint now, GangId gang, Uid pod, std::vector<GangEffect>& out);

  /// Whose pods the scheduler may look for nodes for.
  enum class Turn : std::uint8_t {
    not_now,    ///< too few members have arrived, or the gang backs off
    collector,  ///< may hold room until its time-out
    trial,      ///< may hold room until end_cycle
    started,    ///< pods start one by one
  };
  [[nodiscard]] Turn turn(TimePoint now, GangId gang) const;
  /// The gang that may hold room; none if no gang is ready.
  [[nodiscard]] std::optional<GangId> collector(TimePoint now) const;
  /// How many more members the gang must place before it can start.
  [[nodiscard]] std::uint32_t missing(GangId gang) const;

  /// The scheduler found a node for a pod whose gang has a turn, and has taken the room.
  void placed(TimePoint now, GangId gang, Uid pod, NodeId node, std::vector<GangEffect>& out);
  /// No node will do for the pod: a trial ends, a collector waits on.
  void failed(TimePoint now, GangId gang, Uid pod, std::vector<GangEffect>& out);
  /// The pod has its node for good, as after a restart of the scheduler: so the gang has started,
  /// and members that hold room start with it.
  void bound(GangId gang, Uid pod, NodeId node, std::vector<GangEffect>& out);
  /// A gang that has started in the scheduler's view did not get its claims: other schedulers were
  /// faster. Room goes back, and it is tried again after a second or so, doubled each time up to
  /// half a minute; how long exactly depends on its first pod, so that two rivals part.
  void restart(TimePoint now, GangId gang, std::vector<GangEffect>& out);
  /// The scheduler's cycle is over, or time has passed without one: trials that are not whole give
  /// all room back, and collectors whose time-out has come.
  void end_cycle(TimePoint now, std::vector<GangEffect>& out);
  /// When a time-out or the end of a back-off wants end_cycle or a cycle.
  [[nodiscard]] std::optional<TimePoint> next_wakeup(TimePoint now) const;

  /// Pods of the gang that hold room and have not started. Cost: O(members).
  [[nodiscard]] std::uint32_t holding(GangId gang) const;
  [[nodiscard]] bool has_started(GangId gang) const;
  [[nodiscard]] bool knows(GangId gang) const { return find(gang) != nullptr; }
  /// Members in all, and those of them without room, by uid. Cost: O(members).
  [[nodiscard]] std::size_t size(GangId gang) const;
  [[nodiscard]] std::vector<Uid> waiting(GangId gang) const;
  /// The gangs that have a turn, first the collector. Cost: O(gangs that are complete).
  [[nodiscard]] std::vector<GangId> ready_gangs(TimePoint now) const;
  [[nodiscard]] std::uint32_t minimum(GangId gang) const;
  [[nodiscard]] std::int32_t priority(GangId gang) const;

 private:
  struct Gang {
    GangSpec spec;
    std::map<Uid, NodeId> members;  // node none: waits
    std::uint32_t held = 0;         // members that hold room and have not started
    bool known = false;
    bool started = false;
    TimePoint hold_since;
    TimePoint not_before;
    std::uint32_t timeouts = 0;
    std::uint32_t conflicts = 0;
  };
  struct Rank {
    std::int32_t priority = 0;
    TimePoint created_at;
    GangId gang;
    bool operator<(const Rank& other) const;
  };

  [[nodiscard]] const Gang* find(GangId id) const;
  [[nodiscard]] static Rank rank(GangId id, const Gang& gang);
  [[nodiscard]] static bool ready(TimePoint now, const Gang& gang);
  void refresh_queue(GangId id, const Gang& gang);
  void settle(TimePoint now, std::vector<GangEffect>& out);
  void return_all(GangId id, Gang& gang, std::vector<GangEffect>& out);
  void start(GangId id, Gang& gang, std::vector<GangEffect>& out);
  void back_off(TimePoint now, Gang& gang);

  Config config_;
  std::map<GangId, Gang> gangs_;
  std::set<Rank> queue_;      // gangs with enough members that have not started
  std::set<GangId> holders_;  // gangs with held room: the collector, and trials of this cycle
};

}  // namespace arcas::scheduler
