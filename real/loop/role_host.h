#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ports/actor.h"
#include "core/ports/clock.h"
#include "core/ports/journal.h"
#include "core/ports/network.h"
#include "core/ports/timers.h"
#include "real/loop/event_loop.h"

namespace arcas::real {

/// The roles of one process and their ports: clock, timers, messages between them, journal. It
/// decides nothing. One thread, the loop's; only the loop may call in.
///
/// A message arrives after the work in hand, in the order of sending between any two roles, and
/// never at a role that was stopped and started meanwhile: it was for the old one.
class RoleHost final : public ports::Clock,
                       public ports::Timers,
                       public ports::Network,
                       public ports::Journal {
 public:
  /// `notes`: hears what roles note; may be empty.
  using Notes = std::function<void(ActorId, std::string_view what, std::uint64_t subject,
                                   std::int64_t amount)>;
  explicit RoleHost(EventLoop& loop, Notes notes = {});
  ~RoleHost() override;

  [[nodiscard]] ports::Ports ports() { return {this, this, this, this}; }
  /// An id for a role to be made.
  ActorId reserve();
  /// Puts a role, which must outlive its stop, under its id, and starts it (on_start) after the
  /// work in hand.
  void start(ActorId id, ports::Actor& role);
  /// Ends it: its timers and messages are void, and who monitors it is told.
  void stop(ActorId id);
  /// Runs `work` for a role (a store's answer, a runtime's event), unless it was stopped meanwhile.
  void deliver(ActorId id, std::function<void(ports::Actor&)> work);

  [[nodiscard]] TimePoint now() const override { return loop_.now(); }
  void arm(ActorId self, TimePoint at, std::uint64_t tag) override;
  void send(ActorId self, ActorId to, ports::Message message, TimePoint not_before) override;
  void keep_sending(ActorId self, ActorId to, ports::NodeHeartbeat heartbeat,
                    Duration period) override;
  void stop_sending(ActorId self) override;
  void monitor(ActorId self, ActorId peer) override;
  void note(ActorId self, std::string_view what, std::uint64_t subject,
            std::int64_t amount) override;

 private:
  struct Role {
    ports::Actor* actor = nullptr;  // null: not running
    std::uint64_t life = 0;         // counts its starts
    std::set<ActorId> monitors;     // who is to be told of its end
    std::uint64_t stream = 0;       // of heartbeats; counts keep_sending and stop_sending
  };
  [[nodiscard]] bool lives(ActorId id, std::uint64_t life) const;
  void beat(ActorId self, std::uint64_t life, std::uint64_t stream, ActorId to,
            ports::NodeHeartbeat heartbeat, TimePoint at, Duration period);
  void hand_over(ActorId from, ActorId to, ports::Message message);

  EventLoop& loop_;
  Notes notes_;
  std::vector<Role> roles_;      // by ActorId
  std::shared_ptr<bool> alive_;  // posted work holds it weakly
};

}  // namespace arcas::real
