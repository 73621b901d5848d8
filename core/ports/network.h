#pragma once

#include <cstdint>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/ports/message.h"

namespace arcas::ports {

/// Sends messages between role instances. May lose, delay or (between different pairs) reorder
/// them; keeps the order of one pair's messages while neither end restarts and the link holds.
class Network {
 public:
  virtual ~Network() = default;

  /// Sends once, no sooner than `not_before` (work that takes time answers when it is done).
  virtual void send(ActorId self, ActorId to, Message message, TimePoint not_before = {}) = 0;

  /// From now on sends a NodeHeartbeat every `period` until told otherwise or the sender stops.
  /// A transport that can vouch for the stream may tell the receiver just that it began and when
  /// it broke (Actor::on_heartbeats_steady, on_heartbeats_stopped) in place of single messages;
  /// the receiver's decisions must be the same either way.
  virtual void keep_sending(ActorId self, ActorId to, NodeHeartbeat heartbeat, Duration period) = 0;
  virtual void stop_sending(ActorId self) = 0;

  /// Asks to be told (Actor::on_peer_lost) when the session with `peer` breaks, as a transport
  /// with keep-alives learns it.
  virtual void monitor(ActorId self, ActorId peer) = 0;
};

}  // namespace arcas::ports
