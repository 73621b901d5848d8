#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/model/objects.h"
#include "core/ports/transaction.h"

namespace arcas::partition {

/// Source of the defaults: Kubernetes, component-base leader election (15 s, 10 s, 2 s).
struct LeaderElectionConfig {
  Duration lease = seconds(15);           ///< a lease not seen to change for so long is free
  Duration renew_deadline = seconds(10);  ///< a holder that could not renew for so long stops
  Duration retry = seconds(2);            ///< between two tries
};

/// One candidate's part in an election by compare-and-swap on a Lease object.
///
/// Never compares two machines' clocks: another's lease is over when this candidate has not seen
/// it change for its duration, by its own clock; its own is over `renew_deadline` after it SENT
/// the renewal that succeeded. renew_deadline < lease, so a holder stops before another may start
/// (clocks that drift apart by less than the difference). A lease without a holder is free at once:
/// it was given back, or its holder is known to be gone. The epoch grows with every change of
/// holder; the store refuses older ones, so that even a holder that overslept does no harm.
/// Source: Kubernetes, tools/leaderelection; fencing: reliability.md, I23.
class LeaderElection {
 public:
  struct Step {
    std::optional<ports::Transaction> transaction;  ///< to be committed; answer with `answered`
    TimePoint again_at;                             ///< call `step` then at the latest
  };

  LeaderElection(LeaderElectionConfig config, ActorId self, StringId lease_name)
      : config_(config), self_(self), lease_name_(lease_name) {}

  /// Looks at the lease as the store shows it now (nullptr: there is none). At most one transaction
  /// is under way at a time. Cost: O(1).
  Step step(TimePoint now, const model::Lease* lease);
  /// The store's answer to the last transaction. `unavailable` means that the outcome is unknown:
  /// should the lease turn out to be taken by it, `step` finds that out.
  void answered(TimePoint now, const ports::TransactionResult& result);
  /// The answer will not come (the way to the store broke); the outcome is unknown.
  void abandoned() { sent_ = false; }
  /// What this candidate wrote under its epoch may still be under way, and it must not land after
  /// what is read from now on: so it stops, and takes its own lease again at once, under the next
  /// epoch.
  void begin_anew();
  /// What the acquisition by which this candidate leads wrote into the lease: its predecessor's
  /// last word, or its own from before `begin_anew`.
  [[nodiscard]] const model::SpentEvictions& inherited() const { return inherited_; }
  /// What the next renewals write into the lease. A new holder leaves its predecessor's there.
  void leave(model::SpentEvictions spent) { spent_ = std::move(spent); }

  [[nodiscard]] bool leading(TimePoint now) const { return epoch_ != 0 && now < valid_until_; }
  /// The fencing token; 0 when this candidate never led.
  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }

 private:
  ports::Transaction acquire(TimePoint now, const model::Lease* lease);
  void adopt(const model::Lease& lease);
  [[nodiscard]] bool holds(const model::Lease* lease) const {
    return lease != nullptr && lease->holder == self_ && lease->epoch == epoch_ && epoch_ != 0;
  }

  LeaderElectionConfig config_;
  ActorId self_;
  StringId lease_name_;
  Revision seen_version_ = 0;  // of the lease
  TimePoint seen_at_{-1};      // when it was first seen at that version
  bool sent_ = false;
  TimePoint sent_at_;
  std::uint64_t sent_epoch_ = 0;
  TimePoint epoch_sent_at_;  // when sent_epoch_ was first asked for
  std::uint64_t epoch_ = 0;
  TimePoint valid_until_;
  bool anew_ = false;  // a lease that names this candidate is under an epoch it has given up
  std::optional<model::SpentEvictions> spent_;
  model::SpentEvictions inherited_;
};

}  // namespace arcas::partition
