#pragma once

#include <cstdint>

#include "core/base/id.h"
#include "core/ports/transaction.h"

namespace arcas::state {
class Tables;
}

namespace arcas::ports {

/// One partition's durable, replicated store.
///
/// Commits are linearizable and survive any crash once acknowledged; revisions grow by one per
/// commit. The outcome of a commit comes back to the caller as an input (Actor::on_commit). An
/// answer `unavailable` means that the outcome is unknown: read again before a retry.
class Store {
 public:
  virtual ~Store() = default;

  /// Starts a commit. `token` comes back with the result. Never blocks.
  virtual void commit(ActorId self, std::uint64_t token, Transaction transaction) = 0;

  /// The state as of the newest revision this process knows to be committed. It may lag the
  /// leader; preconditions catch decisions taken on an old view. Valid until control returns.
  [[nodiscard]] virtual const state::Tables& view(ActorId self) const = 0;

  /// Asks for every later change, batch by batch and in order, as inputs (Actor::on_changes).
  /// The first one follows the revision of view(self).
  virtual void watch(ActorId self) = 0;
};

}  // namespace arcas::ports
