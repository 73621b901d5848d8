#include "sim/world/broken_sessions.h"

#include <algorithm>

namespace arcas::sim {

std::uint64_t BrokenSessions::key(ActorId a, ActorId b) {
  return (std::uint64_t{std::min(a.index, b.index)} << 32U) | std::max(a.index, b.index);
}

std::uint32_t BrokenSessions::session_of(const Pair& pair, End self, ActorId peer) {
  const Belief& belief = self.actor.index < peer.index ? pair.lower : pair.upper;
  return belief.incarnation == self.incarnation ? belief.session : pair.session;
}

std::uint32_t BrokenSessions::end(End a, End b) {
  Pair& pair = pairs_[key(a.actor, b.actor)];
  const Belief of_a{a.incarnation, session_of(pair, a, b.actor)};
  const Belief of_b{b.incarnation, session_of(pair, b, a.actor)};
  pair.lower = a.actor.index < b.actor.index ? of_a : of_b;
  pair.upper = a.actor.index < b.actor.index ? of_b : of_a;
  return ++pair.session;
}

std::uint32_t BrokenSessions::believed(End self, ActorId peer) const {
  const auto pair = pairs_.find(key(self.actor, peer));
  return pair == pairs_.end() ? 0 : session_of(pair->second, self, peer);
}

bool BrokenSessions::half_open(End self, ActorId peer) const {
  const auto pair = pairs_.find(key(self.actor, peer));
  return pair != pairs_.end() && session_of(pair->second, self, peer) < pair->second.session;
}

bool BrokenSessions::learn(End self, ActorId peer, std::uint32_t session) {
  const auto found = pairs_.find(key(self.actor, peer));
  if (found == pairs_.end() || session_of(found->second, self, peer) >= session) return false;
  Belief& belief = self.actor.index < peer.index ? found->second.lower : found->second.upper;
  belief = {self.incarnation, session};
  return true;
}

}  // namespace arcas::sim
