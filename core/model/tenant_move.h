#pragma once

#include <cstdint>
#include <variant>

#include "core/base/id.h"
#include "core/model/objects.h"

namespace arcas::model {

/// Whose an object is: that of a Tenant is the tenant itself; none for what belongs to no tenant.
inline TenantId tenant_of(const Object& object) {
  const auto* tenant = std::get_if<Tenant>(&object);
  return tenant != nullptr ? tenant->id : metadata_of(object).tenant;
}

/// What one tenant partition knows of where a tenant lives. A partition without a record of a
/// tenant whose objects it has is the tenant's home since the beginning (epoch 0).
///
///   source:  here ──begin──> copying ──seal──> sealed ──commit──> committed ──clean──> cleaned
///              ^________________reopen____________|
///   target:  (none, cleaned) ──receive──> receiving ──arrive──> here
///                                 ^__discard__> cleaned
///
/// `commit` is the one durable write that decides a move: before it the tenant lives at the source,
/// from then on at the target. Writes are taken in `here` and `copying` alone, so at every moment
/// at most one partition takes them.
struct TenantMove {
  enum class Phase : std::uint8_t {
    here,       ///< lives here: a move to here is over, or one away was taken back
    copying,    ///< lives here; its objects are being copied to `other`
    sealed,     ///< lives here; no writes until the move is decided or taken back
    committed,  ///< lives at `other`; the copies here are frozen and shown to nobody
    cleaned,    ///< lives at `other`; nothing of it is here but this record
    receiving,  ///< lives at `other`; what it sent so far is kept aside, shown to nobody
  };
  TenantId tenant;
  PartitionId other;        ///< the other end of the newest move
  std::uint64_t epoch = 0;  ///< of the newest move or attempt; grows with each
  Phase phase = Phase::here;
  bool operator==(const TenantMove&) const = default;

  [[nodiscard]] bool takes_writes() const {
    return phase == Phase::here || phase == Phase::copying;
  }
  [[nodiscard]] bool lives_here() const { return takes_writes() || phase == Phase::sealed; }
  /// The epoch of the move that brought the tenant to where it lives; an attempt to move it away
  /// counts only when it is decided.
  [[nodiscard]] std::uint64_t home_epoch() const {
    return phase == Phase::copying || phase == Phase::sealed ? epoch - 1 : epoch;
  }
  /// The tenant was here and is at `other` now.
  [[nodiscard]] bool left() const { return phase == Phase::committed || phase == Phase::cleaned; }
};

}  // namespace arcas::model
