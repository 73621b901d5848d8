#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "core/partition/leader_election.h"
#include "core/roles/context.h"

namespace arcas::roles {

/// One candidate's part in the election of a role's leader, through a Lease object in a store that
/// is reached by an api server (a tenant partition's roles). Owns the `leases` watch.
class Leadership {
 public:
  enum class Event : std::uint8_t { none, gained, lost };

  Leadership(const RoleContext& context, StringId lease_name, PartitionId partition);

  /// Begins: opens the watch and arms the first step. `tag` comes back to `on_timer`.
  void start(std::uint64_t tag);
  /// Set in the tag of a timer that only asks for the news (see `on_news`).
  static constexpr std::uint64_t kAtOnce = std::uint64_t{1} << 32U;

  /// A timer with the tag given to `start` fired: the regular step.
  Event on_timer();
  /// A timer with that tag and kAtOnce fired: the answer to a step came.
  Event on_news() { return changed(); }
  /// A message that may be for the election; true when it was.
  bool on_message(ActorId from, const ports::Message& message);
  /// What the role has asked for may still be under way with an outcome that it will never know:
  /// leads no more until it holds the lease under a new epoch, which the store holds against all of
  /// that. `gained` follows as after any election.
  void begin_anew();
  /// The api server in use is gone: goes on with the next one.
  void on_peer_lost(ActorId peer);

  /// True while this instance may act: it holds the lease and its own renew deadline has not
  /// passed by its own clock.
  [[nodiscard]] bool leading() const;
  [[nodiscard]] ports::Fence fence() const;
  /// What the lease says its last holder spent of the cap of evictions; right after `gained`.
  [[nodiscard]] model::SpentEvictions inherited() const;
  /// What this instance has spent, for the renewals to come.
  void leave(model::SpentEvictions spent) { election_.leave(std::move(spent)); }
  [[nodiscard]] ActorId api_server() const { return api_server_; }

 private:
  void connect();
  void step();
  Event changed();

  RoleContext context_;
  StringId lease_name_;
  PartitionId partition_;
  partition::LeaderElection election_;
  std::optional<model::Lease> lease_;
  std::uint32_t attempt_ = 0;
  std::uint32_t session_ = 0;
  bool synced_ = false;
  TimePoint connected_at_;
  ActorId api_server_;
  std::uint64_t tag_ = 0;
  std::uint64_t next_request_ = 0;
  bool was_leading_ = false;
};

}  // namespace arcas::roles
