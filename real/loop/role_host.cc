#include "real/loop/role_host.h"

#include <utility>

#include "core/base/check.h"

namespace arcas::real {

RoleHost::RoleHost(EventLoop& loop, Notes notes)
    : loop_(loop), notes_(std::move(notes)), alive_(std::make_shared<bool>(true)) {}
RoleHost::~RoleHost() = default;

ActorId RoleHost::reserve() {
  roles_.emplace_back();
  return ActorId{static_cast<std::uint32_t>(roles_.size() - 1)};
}

bool RoleHost::lives(ActorId id, std::uint64_t life) const {
  return roles_[id.index].actor != nullptr && roles_[id.index].life == life;
}

void RoleHost::deliver(ActorId id, std::function<void(ports::Actor&)> work) {
  const std::uint64_t life = roles_[id.index].life;
  loop_.post([this, alive = std::weak_ptr<bool>(alive_), id, life, work = std::move(work)] {
    if (!alive.expired() && lives(id, life)) work(*roles_[id.index].actor);
  });
}

void RoleHost::start(ActorId id, ports::Actor& role) {
  Role& entry = roles_[id.index];
  ARCAS_CHECK(entry.actor == nullptr);
  entry.actor = &role;
  ++entry.life;
  deliver(id, [](ports::Actor& actor) { actor.on_start(); });
}

void RoleHost::stop(ActorId id) {
  Role& entry = roles_[id.index];
  if (entry.actor == nullptr) return;
  ports::Actor* actor = std::exchange(entry.actor, nullptr);
  ++entry.life;
  ++entry.stream;
  const std::set<ActorId> monitors = std::exchange(entry.monitors, {});
  for (Role& other : roles_) other.monitors.erase(id);
  actor->on_stop();
  for (const ActorId monitor : monitors) {
    deliver(monitor, [id](ports::Actor& peer) { peer.on_peer_lost(id); });
  }
}

void RoleHost::arm(ActorId self, TimePoint at, std::uint64_t tag) {
  const std::uint64_t life = roles_[self.index].life;
  loop_.at(at, [this, alive = std::weak_ptr<bool>(alive_), self, life, tag] {
    if (!alive.expired() && lives(self, life)) roles_[self.index].actor->on_timer(tag);
  });
}

void RoleHost::hand_over(ActorId from, ActorId to, ports::Message message) {
  deliver(to, [from, message = std::make_shared<ports::Message>(std::move(message))](
                  ports::Actor& actor) { actor.on_message(from, *message); });
}

void RoleHost::send(ActorId self, ActorId to, ports::Message message, TimePoint not_before) {
  if (not_before <= now()) return hand_over(self, to, std::move(message));
  const std::uint64_t life = roles_[self.index].life;
  loop_.at(not_before, [this, alive = std::weak_ptr<bool>(alive_), self, life, to,
                        kept = std::make_shared<ports::Message>(std::move(message))] {
    if (!alive.expired() && lives(self, life)) hand_over(self, to, std::move(*kept));
  });
}

void RoleHost::keep_sending(ActorId self, ActorId to, ports::NodeHeartbeat heartbeat,
                            Duration period) {
  ARCAS_CHECK(period.ns > 0);
  Role& role = roles_[self.index];
  beat(self, role.life, ++role.stream, to, heartbeat, now(), period);
}

void RoleHost::beat(ActorId self, std::uint64_t life, std::uint64_t stream, ActorId to,
                    ports::NodeHeartbeat heartbeat, TimePoint at, Duration period) {
  loop_.at(at, [=, this, alive = std::weak_ptr<bool>(alive_)] {
    if (alive.expired() || !lives(self, life) || roles_[self.index].stream != stream) return;
    hand_over(self, to, heartbeat);
    // On a grid, so that a late one does not delay those after it; a machine that slept sends one.
    TimePoint next = at + period;
    if (next <= now()) next = now() + period;
    beat(self, life, stream, to, heartbeat, next, period);
  });
}

void RoleHost::stop_sending(ActorId self) { ++roles_[self.index].stream; }

void RoleHost::monitor(ActorId self, ActorId peer) {
  if (roles_[peer.index].actor == nullptr) {
    deliver(self, [peer](ports::Actor& actor) { actor.on_peer_lost(peer); });
    return;
  }
  roles_[peer.index].monitors.insert(self);
}

void RoleHost::note(ActorId self, std::string_view what, std::uint64_t subject,
                    std::int64_t amount) {
  if (notes_) notes_(self, what, subject, amount);
}

}  // namespace arcas::real
