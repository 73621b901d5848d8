#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>

#include "core/base/hash.h"
#include "core/base/id.h"

namespace arcas::sim {

/// Which session between two actors is open, for pairs whose session has ended while both lived and
/// the link held. Sessions of a pair are numbered; an end that has not noticed goes on with an old
/// one, which leads nowhere (a half-open connection). Ends are known with their incarnation: a new
/// process knows of no old session.
class BrokenSessions {
 public:
  struct End {
    ActorId actor;
    std::uint32_t incarnation = 0;
  };

  [[nodiscard]] bool empty() const { return pairs_.empty(); }
  /// Ends the pair's session; the number of the one that follows.
  std::uint32_t end(End a, End b);
  /// The session that `self` believes in.
  [[nodiscard]] std::uint32_t believed(End self, ActorId peer) const;
  /// What `self` sends into its session is lost.
  [[nodiscard]] bool half_open(End self, ActorId peer) const;
  /// `self` learns of this session, and so of the end of those before. False: it knew.
  bool learn(End self, ActorId peer, std::uint32_t session);

 private:
  struct Belief {
    std::uint32_t incarnation = 0;
    std::uint32_t session = 0;
  };
  struct Pair {
    std::uint32_t session = 0;
    Belief lower;  // of the actor with the lower index
    Belief upper;
  };
  static std::uint64_t key(ActorId a, ActorId b);
  static std::uint32_t session_of(const Pair& pair, End self, ActorId peer);

  boost::unordered_flat_map<std::uint64_t, Pair, StableHash> pairs_;
};

}  // namespace arcas::sim
