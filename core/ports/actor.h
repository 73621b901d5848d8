#pragma once

#include <cstdint>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/ports/message.h"
#include "core/ports/node_runtime.h"
#include "core/ports/transaction.h"

namespace arcas::ports {

class Clock;
class Timers;
class Network;
class Journal;

/// The doors to the outside that all roles of a process share. Not owned.
struct Ports {
  Clock* clock = nullptr;
  Timers* timers = nullptr;
  Network* network = nullptr;
  Journal* journal = nullptr;
};

/// A role instance: a state machine that gets one input at a time and acts only by its ports.
class Actor {
 public:
  virtual ~Actor() = default;

  /// First input after every start of its process. All earlier state is gone.
  virtual void on_start() = 0;
  /// Its process has ended: lets go of memory that on_start would clear anyway. Must do nothing
  /// else; a dead process cannot act.
  virtual void on_stop();
  virtual void on_message(ActorId from, Message& message) = 0;
  virtual void on_timer(std::uint64_t tag) = 0;
  virtual void on_commit(std::uint64_t token, const TransactionResult& result);
  virtual void on_changes(const ChangeBatch& changes);
  /// Whether a batch, committed just now, would make on_changes do anything whenever it arrives. A
  /// store need not deliver one that would not. Must not depend on what the actor learns later.
  [[nodiscard]] virtual bool wants(const ChangeBatch& changes) const;
  virtual void on_runtime(const RuntimeEvent& event);
  virtual void on_peer_lost(ActorId peer);
  /// A stream of heartbeats began at `first` (arrival) and will go on every `period` (see
  /// Network::keep_sending).
  virtual void on_heartbeats_steady(const NodeHeartbeat& heartbeat, TimePoint first,
                                    Duration period);
  /// It broke; the last heartbeat arrives, or arrived, at `last`. `last` before `first` of the
  /// stream means that none arrived.
  virtual void on_heartbeats_stopped(const NodeHeartbeat& heartbeat, TimePoint last);
};

}  // namespace arcas::ports
