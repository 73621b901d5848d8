// Messages over links that are in trouble, and sessions that end so.
#include <algorithm>
#include <utility>

#include "sim/world/world.h"

namespace arcas::sim {
namespace {

constexpr Duration kSoon = seconds(1);

std::uint64_t way_key(ActorId from, ActorId to) {
  return (std::uint64_t{from.index} << 32U) | to.index;
}

}  // namespace

/// A letter that leaves now and would arrive at `at` without trouble. False when it is lost. One
/// that would be later than the keep-alive ends its session: each end waits for a sign of life.
bool World::send_in_trouble(ActorId to, InFlight& letter, TimePoint at) {
  const ActorId from = letter.from;
  if (half_open(from, to)) return false;
  letter.session = broken_.empty() ? 0 : broken_.believed(end_of(from), to);
  const LinkTroubles::Fate fate = troubles_.fate(slots_[from.index].host, slots_[to.index].host,
                                                 objects_in(letter.message), now());
  if (fate.ends_session || fate.late > config_.keep_alive) {
    break_session(from, to);
    return false;
  }
  at = at + fate.late;
  const auto last = last_arrival_.find(way_key(from, to));
  const bool behind = last != last_arrival_.end() && last->second > at;
  if (behind) at = last->second;
  if (fate.repeated) {
    post(to, letter, at);
    at = at + fate.repeated_after;
  }
  if (fate.concerned) {
    last_arrival_[way_key(from, to)] = at;
  } else if (last != last_arrival_.end() && !behind) {
    last_arrival_.erase(last);  // nothing that is sent from here on arrives earlier
  }
  post(to, std::move(letter), at);
  return true;
}

/// Neither end knows yet. Which of them learns of it first is drawn.
void World::break_session(ActorId from, ActorId to) {
  const std::uint32_t next = broken_.end(end_of(from), end_of(to));
  heartbeats_.reconsider(from);
  heartbeats_.reconsider(to);
  RandomStream& draw = troubles_.stream();
  const bool sender_first = draw.chance(1, 2);
  const Duration soon = draw.between(Duration{}, kSoon);
  const auto tell = [&](ActorId self, ActorId peer, Duration after) {
    const std::uint32_t slot = losses_.put(
        {peer, slots_[peer.index].incarnation, slots_[self.index].incarnation, false, next});
    engine_.schedule(now() + after,
                     {static_cast<std::uint32_t>(EventKind::peer_lost), self.index, slot});
  };
  tell(from, to, sender_first ? soon : config_.keep_alive);
  tell(to, from, sender_first ? config_.keep_alive : soon);
}

void World::notice_break(ActorId self, ActorId peer, std::uint32_t session) {
  if (!broken_.learn(end_of(self), peer, session)) return;
  heartbeats_.reconsider(self);
  if (watches(self, peer)) slots_[self.index].actor->on_peer_lost(peer);
}

/// The first message of a new session tells its receiver that the old one is over; a late one of an
/// old session goes nowhere.
bool World::still_in_session(ActorId to, const InFlight& letter) {
  const BrokenSessions::End sender{letter.from, letter.from_incarnation};
  if (end_of(letter.from).incarnation != sender.incarnation) return true;  // it died meanwhile
  if (letter.session < broken_.believed(end_of(to), letter.from)) return false;
  notice_break(to, letter.from, letter.session);
  return true;
}

bool World::watches(ActorId watcher, ActorId peer) const {
  const std::uint32_t incarnation = slots_[watcher.index].incarnation;
  const auto& watchers = watchers_of_[peer.index];
  return std::any_of(watchers.begin(), watchers.end(), [&](const Watching& watching) {
    return watching.watcher == watcher && watching.incarnation == incarnation;
  });
}

}  // namespace arcas::sim
