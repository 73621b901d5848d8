#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "core/base/expected.h"
#include "core/base/id.h"
#include "core/base/time.h"
#include "core/model/tenant_move.h"
#include "core/ports/transaction.h"
#include "core/state/tables.h"

namespace arcas::partition {

struct TenantMoverConfig {
  std::size_t batch = 1000;              ///< objects copied with one request
  std::size_t tail = 100;                ///< so many left to copy: time to stop the writes
  Duration answer = seconds(6);          ///< an answer that takes longer is lost
  Duration retry = milliseconds(500);    ///< after a lost one
  Duration copy_patience = minutes(2);   ///< copying without progress: the move is given up
  Duration seal_patience = seconds(10);  ///< writes refused for so long: the move is given up
  std::int32_t discard_tries = 5;        ///< to tell the target that the move was given up
};

/// Moves one tenant from its tenant partition to another, one request at a time: copies the
/// tenant's objects while the source goes on, has the source stop writes, copies the rest, has the
/// source commit, which decides the move, then has the target show them and the source drop them.
/// Run by the controller manager that leads at the source; what it knows is in the stores
/// (model::TenantMove), so the next leader takes over wherever it stops: before the decision with a
/// new attempt, whose epoch shuts out what is still on its way; after it by going on.
///
/// Every request may be repeated, and may arrive late. Nothing is decided by a clock but when to
/// give up, which only the source's record can refuse: of `reopen` and `commit` one wins there.
/// Pure. Cost: O(objects of the partition) once, then O(objects copied × log).
class TenantMover {
 public:
  enum class Side : std::uint8_t { source, target };
  struct Request {
    Side side = Side::source;
    ports::MoveOperation operation;
  };

  /// `inherited`: another leader began this attempt; how far it came is not known.
  TenantMover(TenantMoverConfig config, TimePoint now, const model::TenantMove& record,
              bool inherited)
      : config_(config), record_(record), inherited_(inherited), since_(now) {}

  /// The source's record, as its watch shows it: everything that was written before it has been
  /// told by `on_changed`.
  void on_record(TimePoint now, const model::TenantMove& record);
  /// An object of the tenant is new, changed or gone.
  void on_changed(Uid uid) {
    if (collected_) pending_.insert(uid);
  }
  /// What to ask for now; none while an answer is awaited, or nothing is to be done. `view` is the
  /// source as its watch shows it.
  std::optional<Request> next(TimePoint now, const state::Tables& view);
  /// The answer; `unavailable`: unknown whether it was done.
  void answered(TimePoint now, StatusCode code);

  /// When `next` has something to say without another input; TimePoint::max() for never.
  [[nodiscard]] TimePoint again_at() const;
  /// Decided and cleaned up, or given up.
  [[nodiscard]] bool done() const;
  [[nodiscard]] const model::TenantMove& record() const { return record_; }
  /// Objects that the target has not got in their present state.
  [[nodiscard]] std::size_t pending() const { return pending_.size() + in_flight_.size(); }

 private:
  using Step = ports::MoveOperation::Step;
  using Phase = model::TenantMove::Phase;

  [[nodiscard]] std::optional<Request> choose(TimePoint now, const state::Tables& view);
  [[nodiscard]] Request copy(const state::Tables& view);
  [[nodiscard]] Request begin_anew() const;
  [[nodiscard]] Request ask(Side side, Step step) const;
  [[nodiscard]] bool hopeless(TimePoint now) const;
  void collect(const state::Tables& view);
  void take_answer(TimePoint now, StatusCode code);

  TenantMoverConfig config_;
  model::TenantMove record_;
  bool inherited_ = false;
  TimePoint since_;  // last progress in this phase
  bool collected_ = false;
  bool received_ = false;  // the target knows of this attempt
  bool refused_ = false;   // by the target: it will not take the tenant
  bool commit_sent_ = false;
  bool arrived_ = false;
  std::int32_t discards_ = 0;
  bool discarded_ = false;
  std::set<Uid> pending_;       // to be copied
  std::vector<Uid> in_flight_;  // being copied
  std::optional<Step> under_way_;
  Phase asked_in_ = Phase::here;  // the record's phase when it was asked
  std::uint64_t sequence_ = 0;    // of the copies sent
  TimePoint sent_at_;
  TimePoint not_before_{-1};  // of the next request
};

}  // namespace arcas::partition
