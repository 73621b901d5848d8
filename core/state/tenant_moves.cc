#include "core/state/tenant_moves.h"

#include "core/base/mutant.h"

namespace arcas::state {
namespace {

using Phase = model::TenantMove::Phase;
using Step = ports::MoveOperation::Step;
using Outcome = TenantMoves::Outcome;

constexpr Outcome kDone{StatusCode::ok, true};
constexpr Outcome kDoneBefore{StatusCode::ok, false};
constexpr Outcome kConflict{StatusCode::conflict, false};

}  // namespace

Outcome TenantMoves::take(const ports::MoveOperation& operation, PartitionId self, bool native) {
  if (operation.step == Step::begin) return begin(operation, self, native);
  if (operation.step == Step::receive) return receive(operation, self, native);
  const auto it = entries_.find(operation.tenant);
  if (it == entries_.end()) return {StatusCode::not_found, false};
  Entry& entry = it->second;
  switch (operation.step) {
    case Step::seal:
      return follow(entry, operation.epoch, Phase::copying, Phase::sealed);
    case Step::reopen:
      return reopen(entry, operation.epoch);
    case Step::commit:
      return follow(entry, operation.epoch, Phase::sealed, Phase::committed);
    case Step::clean:
      return follow(entry, operation.epoch, Phase::committed, Phase::cleaned);
    case Step::arrive:
      return follow(entry, operation.epoch, Phase::receiving, Phase::here);
    case Step::stage:
      return stage(entry, operation);
    case Step::discard: {
      const Outcome outcome = follow(entry, operation.epoch, Phase::receiving, Phase::cleaned);
      if (outcome.changed) entry.staged = {};
      return outcome;
    }
    case Step::begin:
    case Step::receive:
      break;
  }
  return {StatusCode::invalid, false};
}

/// A new attempt, by a user (epoch 0), or by a mover that takes over: only it may replace an
/// attempt that is under way.
Outcome TenantMoves::begin(const ports::MoveOperation& operation, PartitionId self, bool native) {
  if (!operation.other.valid() || operation.other == self) return {StatusCode::invalid, false};
  const auto it = entries_.find(operation.tenant);
  if (!native || (it != entries_.end() && !it->second.record.lives_here())) {
    return {StatusCode::not_found, false};
  }
  const std::uint64_t epoch = it == entries_.end() ? 0 : it->second.record.epoch;
  const bool idle = it == entries_.end() || it->second.record.phase == Phase::here;
  if (operation.epoch == 0 ? !idle : operation.epoch != epoch + 1) return kConflict;
  entries_[operation.tenant].record = {operation.tenant, operation.other, epoch + 1,
                                       Phase::copying};
  return kDone;
}

Outcome TenantMoves::receive(const ports::MoveOperation& operation, PartitionId self, bool native) {
  if (!operation.other.valid() || operation.other == self) return {StatusCode::invalid, false};
  const auto it = entries_.find(operation.tenant);
  const bool lives_here = it == entries_.end() ? native : it->second.record.lives_here();
  if (lives_here || operation.epoch == 0) return kConflict;
  if (it != entries_.end()) {
    const model::TenantMove& record = it->second.record;
    if (record.phase == Phase::committed || record.epoch > operation.epoch) return kConflict;
    if (record.epoch == operation.epoch) {
      return record.phase == Phase::receiving ? kDoneBefore : kConflict;
    }
  }
  entries_[operation.tenant] = {
      {operation.tenant, operation.other, operation.epoch, Phase::receiving}, {}, 0};
  return kDone;
}

Outcome TenantMoves::follow(Entry& entry, std::uint64_t epoch, Phase from, Phase to) {
  if (entry.record.epoch != epoch) return kConflict;
  if (entry.record.phase == to) return kDoneBefore;
  if (entry.record.phase != from) return kConflict;
  entry.record.phase = to;
  return kDone;
}

Outcome TenantMoves::reopen(Entry& entry, std::uint64_t epoch) {
  const Outcome from_sealed = follow(entry, epoch, Phase::sealed, Phase::here);
  if (from_sealed.code == StatusCode::ok) return from_sealed;
  return follow(entry, epoch, Phase::copying, Phase::here);
}

Outcome TenantMoves::stage(Entry& entry, const ports::MoveOperation& operation) {
  if (entry.record.epoch != operation.epoch || entry.record.phase != Phase::receiving) {
    return kConflict;
  }
  if (operation.sequence <= entry.sequence) return kDoneBefore;
  entry.sequence = operation.sequence;
  for (const model::Pod& pod : operation.pods) {
    if (ARCAS_MUTANT("tenant-move-loses") && pod.meta.uid.sequence() % 16 == 0) continue;
    entry.staged.pods.insert_or_assign(pod.meta.uid, pod);
  }
  for (const model::Object& object : operation.objects) {
    entry.staged.objects.insert_or_assign(model::metadata_of(object).uid, object);
  }
  for (const Uid uid : operation.gone) {
    entry.staged.pods.erase(uid);
    entry.staged.objects.erase(uid);
  }
  return kDoneBefore;
}

void TenantMoves::apply(const model::TenantMove& record) {
  Entry& entry = entries_[record.tenant];
  if (record.epoch >= entry.record.epoch) entry.record = record;
}

}  // namespace arcas::state
