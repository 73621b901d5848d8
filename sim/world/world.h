#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/hash.h"
#include "core/base/id.h"
#include "core/base/time.h"
#include "core/ports/actor.h"
#include "core/ports/clock.h"
#include "core/ports/journal.h"
#include "core/ports/network.h"
#include "core/ports/timers.h"
#include "sim/engine/engine.h"
#include "sim/world/broken_sessions.h"
#include "sim/world/heartbeats.h"
#include "sim/world/link_troubles.h"
#include "sim/world/region.h"
#include "sim/world/slot_pool.h"

namespace arcas::sim {

/// Kinds of simulated events. `target` and `payload` mean what the comment says.
enum class EventKind : std::uint32_t {
  start,               ///< actor; incarnation
  message,             ///< actor; slot of the message
  timer,               ///< actor; slot of (tag, incarnation)
  peer_lost,           ///< watching actor; slot of (peer, incarnations)
  heartbeat,           ///< node; incarnation of the stream
  heartbeats_steady,   ///< node; incarnation of the stream
  heartbeats_stopped,  ///< receiving actor; slot
  store_wake,          ///< store; token
  commit_result,       ///< actor; slot
  store_changes,       ///< actor; slot
  runtime,             ///< node; token of the runtime
  fault,               ///< -; index of the action
  workload,            ///< -; -
  sample,              ///< -; -
  store_request,       ///< store; slot of a commit that was long on its way
};

/// The machines and links under the roles: carries messages, timers and signs of life between
/// actors, kills and revives them. Decides nothing that a role should decide.
class World final : public ports::Clock,
                    public ports::Timers,
                    public ports::Network,
                    public ports::Journal,
                    public RegionListener {
 public:
  struct Config {
    std::uint64_t seed = 0;
    Duration keep_alive{3'000'000'000};  ///< until a broken session is noticed
    /// Everything periodic is an event, and every change is delivered, also where it would do
    /// nothing: to show that leaving that out changes nothing.
    bool individual_heartbeats = false;
  };
  /// What a note means to the run's report.
  struct NoteSink {
    virtual ~NoteSink() = default;
    virtual void on_note(TimePoint now, ActorId actor, std::string_view what, std::uint64_t subject,
                         std::int64_t amount) = 0;
  };

  World(Config config, Engine& engine, Region& region, NoteSink& notes);

  /// Places a role instance on a host. The actor is not owned.
  ActorId add_actor(HostId host);
  /// The clock of the machine that an actor runs on. Actors without one of their own may share the
  /// world's. Holds as long as the world does.
  ports::Clock& clock_of(ActorId id);
  /// From now on the clocks of the actors on a host are wrong by so much; negative: behind. A
  /// process counts on by its own monotonic clock, so restart it to make it believe the new time.
  void set_clock(HostId host, Duration ahead);
  void bind_actor(ActorId id, ports::Actor& actor) { slots_[id.index].actor = &actor; }
  /// Starts every actor whose host is up, at the present instant, in the order of their ids.
  void start_all();

  // ports
  [[nodiscard]] TimePoint now() const override { return engine_.now(); }
  void arm(ActorId self, TimePoint at, std::uint64_t tag) override;
  void send(ActorId self, ActorId to, ports::Message message, TimePoint not_before) override;
  void keep_sending(ActorId self, ActorId to, ports::NodeHeartbeat heartbeat,
                    Duration period) override;
  void stop_sending(ActorId self) override;
  void monitor(ActorId self, ActorId peer) override;
  void note(ActorId self, std::string_view what, std::uint64_t subject,
            std::int64_t amount) override;

  /// Hosts that went down stop at once with all that runs on them; hosts that came up start their
  /// actors with empty memory; where links changed, sessions and heartbeats are looked at again.
  void on_region_changed(const RegionChanges& changes, TimePoint now) override;

  /// The processes on a host stand still (they lose nothing and notice nothing) or go on: what they
  /// would have got meanwhile they get then, in the same order. Sessions with them do not break.
  /// A process that dies is paused no more. Not for hosts that send or get heartbeat streams.
  void set_paused(HostId host, bool paused);
  /// True when the event is for a process that stands still: it is kept until that goes on.
  bool parks(const Event& event);

  [[nodiscard]] bool alive(ActorId actor) const { return slots_[actor.index].alive; }
  [[nodiscard]] HostId host_of(ActorId actor) const { return slots_[actor.index].host; }
  [[nodiscard]] std::uint32_t incarnation(ActorId actor) const {
    return slots_[actor.index].incarnation;
  }
  ports::Actor& actor(ActorId id) { return *slots_[id.index].actor; }
  /// Delay between two actors' hosts, or a negative one when nothing gets through. The same for
  /// every message of a pair, so that a pair's messages stay in order.
  [[nodiscard]] Duration path(ActorId from, ActorId to) const;
  Engine& engine() { return engine_; }
  [[nodiscard]] const Region& region() const { return region_; }

  /// Handles the kinds that are the world's own; false for the others.
  bool dispatch(const Event& event);

  /// From now on the links that it names are in trouble, or no more. Sessions that end so are
  /// noticed by one end within a second, by the other after the keep-alive.
  void begin_trouble(const LinkTrouble& trouble) { troubles_.begin(trouble, now()); }
  void end_trouble(const LinkTrouble& trouble) { troubles_.end(trouble); }
  /// Some link was in trouble at some time in the run.
  [[nodiscard]] bool ever_in_trouble() const { return troubles_.ever(); }
  /// How much later than the link's delay something arrives that is sent until it does.
  Duration late(HostId from, HostId to) {
    return troubles_.late(from, to, now(), config_.keep_alive);
  }
  /// What `from` sends to `to` is lost: their session has ended and `from` has not noticed.
  [[nodiscard]] bool half_open(ActorId from, ActorId to) const {
    return !broken_.empty() && broken_.half_open(end_of(from), to);
  }

  [[nodiscard]] bool every_look() const { return config_.individual_heartbeats; }
  [[nodiscard]] std::uint64_t messages_sent() const { return messages_sent_; }
  [[nodiscard]] std::uint64_t messages_lost() const { return messages_lost_; }

 private:
  struct Slot {
    ports::Actor* actor = nullptr;
    HostId host;
    std::uint32_t incarnation = 0;
    bool alive = false;
    bool paused = false;
    Duration ahead;  // its clock, of the true time
  };
  class ActorClock final : public ports::Clock {
   public:
    ActorClock(const World& world, ActorId id) : world_(world), id_(id) {}
    [[nodiscard]] TimePoint now() const override {
      return world_.now() + world_.slots_[id_.index].ahead;
    }

   private:
    const World& world_;
    ActorId id_;
  };
  struct InFlight {
    ports::Message message;
    ActorId from;
    std::uint32_t from_incarnation = 0;
    std::uint32_t to_incarnation = 0;
    std::uint32_t session = 0;  // between the two; see BrokenSessions
  };
  struct ArmedTimer {
    std::uint64_t tag = 0;
    std::uint32_t incarnation = 0;
  };
  struct Watching {
    ActorId watcher;
    std::uint32_t incarnation = 0;
  };
  struct Loss {
    ActorId peer;
    std::uint32_t peer_incarnation = 0;
    std::uint32_t watcher_incarnation = 0;
    bool died = false;          // the peer did; else it was out of reach
    std::uint32_t session = 0;  // the one that follows that which broke; 0: another loss
  };

  [[nodiscard]] TimePoint true_time(ActorId self, TimePoint by_its_clock) const;
  void deliver(const Event& event);
  void deliver_loss(const Event& event);
  void announce_loss(ActorId peer);
  void tell_of_restart(ActorId watcher, const InFlight& letter);
  void note_lost_message(ActorId from, ActorId to);
  [[nodiscard]] bool lost_since(ActorId a, ActorId b, TimePoint since) const;
  [[nodiscard]] BrokenSessions::End end_of(ActorId id) const {
    return {id, slots_[id.index].incarnation};
  }
  bool send_in_trouble(ActorId to, InFlight& letter, TimePoint at);
  void post(ActorId to, InFlight letter, TimePoint at);
  void break_session(ActorId from, ActorId to);
  void notice_break(ActorId self, ActorId peer, std::uint32_t session);
  bool still_in_session(ActorId to, const InFlight& letter);
  [[nodiscard]] bool watches(ActorId watcher, ActorId peer) const;
  void fold(ActorId from, const ports::Message& message);
  void stop_actor(ActorId id);
  void start_actor(ActorId id);
  void go_on(ActorId id);
  void host_down(HostId host);
  void host_up(HostId host);
  void links_changed();
  friend class HeartbeatStreams;

  Config config_;
  Engine& engine_;
  Region& region_;
  NoteSink& notes_;
  std::vector<Slot> slots_;
  std::map<ActorId, ActorClock> clocks_;            // of those who asked for one
  std::vector<std::vector<ActorId>> actors_on_;     // by HostId
  std::vector<std::vector<Watching>> watchers_of_;  // by ActorId of the peer
  SlotPool<InFlight> in_flight_;
  SlotPool<ArmedTimer> timers_;
  SlotPool<Loss> losses_;
  HeartbeatStreams heartbeats_;
  LinkTroubles troubles_;
  BrokenSessions broken_;
  /// By sender and receiver, once there was trouble: when the newest message arrives. Those of a
  /// pair stay in order however late one is.
  boost::unordered_flat_map<std::uint64_t, TimePoint, StableHash> last_arrival_;
  /// When a message between two actors was last lost on the way, for sessions that outlive a cut.
  boost::unordered_flat_map<std::uint64_t, TimePoint, StableHash> last_lost_;
  /// Watcher and peer of sessions whose peer has died, and its incarnation, until the watcher
  /// knows.
  std::map<std::pair<ActorId, ActorId>, std::uint32_t> untold_;
  std::uint32_t paused_ = 0;                      // processes that stand still
  std::map<ActorId, std::vector<Event>> parked_;  // for them, in the order of arrival
  std::uint64_t messages_sent_ = 0;
  std::uint64_t messages_lost_ = 0;
};

}  // namespace arcas::sim
