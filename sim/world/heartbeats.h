#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

#include "core/base/hash.h"
#include "core/base/id.h"
#include "core/base/time.h"
#include "core/ports/message.h"
#include "sim/engine/engine.h"
#include "sim/world/slot_pool.h"

namespace arcas::sim {

class World;

/// Carries the periodic heartbeats of all agents.
///
/// Individually: one event for each heartbeat that arrives. Coalesced: the receiver is told when a
/// stream begins (at its first arrival) and when it has broken, with the arrival time of the last
/// heartbeat, which is computed: heartbeat k is sent at start + k·period and arrives after the
/// link's delay if, on arrival, the receiver lives and the link holds. Both give the receiver the
/// same knowledge of when it last heard from whom; a test compares whole runs.
class HeartbeatStreams {
 public:
  HeartbeatStreams(World& world, bool individual) : world_(world), individual_(individual) {}

  void begin(ActorId sender, ActorId receiver, ports::NodeHeartbeat heartbeat, Duration period);
  void end(ActorId sender);
  /// The sender's host stopped: what is under way still arrives.
  void sender_down(ActorId sender);
  /// Looks at the streams again after links or receivers changed.
  void reconsider_all();
  void reconsider(ActorId sender);

  void on_heartbeat(const Event& event);
  void on_steady(const Event& event);
  void on_stopped(const Event& event);

  [[nodiscard]] std::uint64_t active() const { return active_; }

 private:
  struct Stream {
    ActorId receiver;
    ports::NodeHeartbeat heartbeat;
    Duration period;
    Duration delay;           // of the link, as first seen
    TimePoint started;        // of the first sending
    TimePoint first_arrival;  // of the stretch that the receiver was told of
    std::uint32_t generation = 0;
    std::uint32_t receiver_incarnation = 0;
    bool sending = false;    // the sender means it to go on
    bool announced = false;  // a stretch was announced and not withdrawn
    bool told = false;       // the receiver has got the announcement
    TimePoint ended_at;      // when the sender stopped; what it sent before is under way
  };
  struct Stop {
    ports::NodeHeartbeat heartbeat;
    TimePoint last;
    std::uint32_t receiver_incarnation = 0;
  };

  Stream& stream(ActorId sender);
  void announce(ActorId sender, Stream& stream);
  void withdraw(Stream& stream, TimePoint last);
  [[nodiscard]] bool passes(ActorId sender, const Stream& stream) const;

  World& world_;
  bool individual_;
  std::vector<Stream> streams_;  // by ActorId of the sender
  SlotPool<Stop> stops_;
  std::uint64_t active_ = 0;
};

}  // namespace arcas::sim
