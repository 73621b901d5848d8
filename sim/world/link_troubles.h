#pragma once

#include <cstdint>
#include <vector>

#include "core/base/id.h"
#include "core/base/rng.h"
#include "core/base/time.h"
#include "core/ports/message.h"
#include "sim/world/region.h"

namespace arcas::sim {

/// What ails links that are open: those between the hosts of `from` and all others, or those of the
/// zone `to` where one is given. Data: copyable, comparable.
struct LinkTrouble {
  enum class What : std::uint8_t {
    loss,        ///< `per_million` of the packets are lost and sent again
    delay,       ///< every message takes up to `delay` longer
    repeat,      ///< `per_million` of the messages arrive twice
    clog,        ///< once in each `period`, for up to `delay`, nothing gets through; then all of it
    large_loss,  ///< messages with more than `larger_than` objects never arrive
    reset,       ///< `per_million` of the messages end their session instead of arriving
  };
  What what = What::loss;
  Domain from;
  ZoneId to;             ///< none: all the others
  bool one_way = false;  ///< only what `from` sends
  std::uint32_t per_million = 0;
  Duration delay;
  Duration period;
  std::uint32_t larger_than = 0;
  bool operator==(const LinkTrouble&) const = default;
};

/// The troubles in force, and what becomes of each message. Draws only for messages that a trouble
/// concerns, from a stream of its own; so a run without troubles is as if this were not there.
/// Cost: O(troubles in force) for each message.
class LinkTroubles {
 public:
  LinkTroubles(const Region& region, RandomStream stream) : region_(&region), stream_(stream) {}

  void begin(const LinkTrouble& trouble, TimePoint now);
  void end(const LinkTrouble& trouble);
  [[nodiscard]] bool none() const { return open_.empty(); }
  /// There was one at some time in the run.
  [[nodiscard]] bool ever() const { return ever_; }

  struct Fate {
    Duration late;              ///< on top of the link's own delay
    bool concerned = false;     ///< by some trouble, whether or not it struck
    bool ends_session = false;  ///< does not arrive, nor does anything after it on that session
    bool repeated = false;
    Duration repeated_after;
  };
  /// Of a message with so many objects in it.
  Fate fate(HostId from, HostId to, std::size_t objects, TimePoint now);
  /// How much later a message arrives whose transport keeps on trying until it does, over new
  /// connections where it must.
  Duration late(HostId from, HostId to, TimePoint now, Duration keep_alive);
  /// For what else is to be drawn of a message in trouble.
  RandomStream& stream() { return stream_; }

 private:
  struct Open {
    LinkTrouble trouble;
    TimePoint since;
    RandomStream clogs;  // by pair of hosts and period
  };
  [[nodiscard]] bool within(Domain domain, HostId host) const;
  [[nodiscard]] bool concerns(const LinkTrouble& trouble, HostId from, HostId to) const;
  /// The wait for all the times that a packet was lost in a row.
  Duration sent_again(std::uint32_t per_million);
  static Duration clogged(const Open& open, HostId from, HostId to, TimePoint now);

  const Region* region_;
  RandomStream stream_;
  std::vector<Open> open_;
  std::uint64_t begun_ = 0;
  bool ever_ = false;
};

/// How many objects a message carries; 1 for those that carry none.
std::size_t objects_in(const ports::Message& message);

}  // namespace arcas::sim
