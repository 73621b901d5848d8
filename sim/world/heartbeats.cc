#include "sim/world/heartbeats.h"

#include <algorithm>

#include "sim/world/world.h"

namespace arcas::sim {
namespace {

/// The k-th sending at or after `t` of a stream that began at `started`.
TimePoint next_sending(TimePoint started, Duration period, TimePoint t) {
  if (t <= started) return started;
  const std::int64_t k = (t.ns - started.ns + period.ns - 1) / period.ns;
  return started + period * k;
}

/// The last moment `base + k·period`, k >= 0, that is before `limit` (or at it, if `inclusive`).
TimePoint last_before(TimePoint base, Duration period, TimePoint limit, bool inclusive) {
  const std::int64_t span = limit.ns - base.ns - (inclusive ? 0 : 1);
  if (span < 0) return base - period;
  return base + period * (span / period.ns);
}

std::uint64_t pack(std::uint32_t generation) { return generation; }

}  // namespace

HeartbeatStreams::Stream& HeartbeatStreams::stream(ActorId sender) {
  if (sender.index >= streams_.size()) streams_.resize(sender.index + 1);
  return streams_[sender.index];
}

void HeartbeatStreams::begin(ActorId sender, ActorId receiver, ports::NodeHeartbeat heartbeat,
                             Duration period) {
  end(sender);
  Stream& s = stream(sender);
  s.receiver = receiver;
  s.heartbeat = heartbeat;
  s.period = period;
  s.started = world_.now();
  s.sending = true;
  s.announced = false;
  ++s.generation;
  ++active_;
  if (individual_) {
    const Duration path = world_.path(sender, receiver);
    s.delay = path.ns < 0 ? Duration{0} : path;
    s.receiver_incarnation = world_.incarnation(receiver);
    world_.engine().schedule(
        world_.now() + s.delay,
        {static_cast<std::uint32_t>(EventKind::heartbeat), sender.index, pack(s.generation)});
    return;
  }
  if (passes(sender, s)) announce(sender, s);
}

bool HeartbeatStreams::passes(ActorId sender, const Stream& s) const {
  return s.sending && world_.alive(sender) && world_.alive(s.receiver) &&
         world_.path(sender, s.receiver).ns >= 0 && !world_.half_open(sender, s.receiver);
}

void HeartbeatStreams::announce(ActorId sender, Stream& s) {
  const TimePoint sent = next_sending(s.started, s.period, world_.now());
  s.first_arrival = sent + world_.path(sender, s.receiver);
  s.receiver_incarnation = world_.incarnation(s.receiver);
  s.announced = true;
  s.told = false;
  ++s.generation;
  world_.engine().schedule(
      s.first_arrival,
      {static_cast<std::uint32_t>(EventKind::heartbeats_steady), sender.index, pack(s.generation)});
}

void HeartbeatStreams::end(ActorId sender) {
  Stream& s = stream(sender);
  if (!s.sending) return;
  s.sending = false;
  --active_;
  s.ended_at = world_.now();
  if (individual_) return;
  // Sendings up to now are under way and will arrive.
  if (s.announced) {
    const TimePoint sent = last_before(s.started, s.period, world_.now(), true);
    withdraw(s, sent + world_.path(sender, s.receiver));
  }
}

void HeartbeatStreams::sender_down(ActorId sender) { end(sender); }

void HeartbeatStreams::reconsider(ActorId sender) {
  if (sender.index >= streams_.size() || individual_) return;
  Stream& s = streams_[sender.index];
  if (!s.sending) return;
  const bool same_receiver = s.receiver_incarnation == world_.incarnation(s.receiver);
  const bool now_passes = passes(sender, s) && (same_receiver || !s.announced);
  if (s.announced && !now_passes) {
    // What had not arrived by now is lost: the link is gone, or the receiver forgot everything.
    withdraw(s, last_before(s.first_arrival, s.period, world_.now(), true));
  } else if (!s.announced && now_passes) {
    announce(sender, s);
  }
}

void HeartbeatStreams::reconsider_all() {
  for (std::uint32_t i = 0; i < streams_.size(); ++i) reconsider(ActorId{i});
}

void HeartbeatStreams::withdraw(Stream& s, TimePoint last) {
  s.announced = false;
  ++s.generation;
  if (!s.told && last < s.first_arrival) return;  // it never came to anything
  const std::uint32_t slot = stops_.put({s.heartbeat, last, s.receiver_incarnation});
  world_.engine().schedule(world_.now(), {static_cast<std::uint32_t>(EventKind::heartbeats_stopped),
                                          s.receiver.index, slot});
}

void HeartbeatStreams::on_heartbeat(const Event& event) {
  const ActorId sender{event.target};
  Stream& s = streams_[event.target];
  if (s.generation != event.payload) return;
  const Duration path = world_.path(sender, s.receiver);
  const Duration delay = path.ns < 0 ? s.delay : path;
  const TimePoint sent = world_.now() - delay;
  if (!s.sending && sent > s.ended_at) return;
  const bool arrives = path.ns >= 0 && world_.alive(s.receiver) &&
                       s.receiver_incarnation == world_.incarnation(s.receiver) &&
                       !world_.half_open(sender, s.receiver);
  if (arrives) {
    ports::Message message = s.heartbeat;
    world_.actor(s.receiver).on_message(sender, message);
  }
  world_.engine().schedule(next_sending(s.started, s.period, sent + Duration{1}) + delay, event);
}

void HeartbeatStreams::on_steady(const Event& event) {
  Stream& s = streams_[event.target];
  if (!s.announced || s.generation != event.payload) return;
  if (!world_.alive(s.receiver)) return;
  s.told = true;
  world_.actor(s.receiver).on_heartbeats_steady(s.heartbeat, s.first_arrival, s.period);
}

void HeartbeatStreams::on_stopped(const Event& event) {
  const ActorId receiver{event.target};
  const Stop stop = stops_.take(static_cast<std::uint32_t>(event.payload));
  if (!world_.alive(receiver) || world_.incarnation(receiver) != stop.receiver_incarnation) return;
  world_.actor(receiver).on_heartbeats_stopped(stop.heartbeat, stop.last);
}

}  // namespace arcas::sim
