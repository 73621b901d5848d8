#include "core/roles/tenant_movers.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace arcas::roles {
namespace {

using Phase = model::TenantMove::Phase;
using Side = partition::TenantMover::Side;

/// What the journal says of a record; empty: nothing.
std::string_view note_of(Phase phase) {
  switch (phase) {
    case Phase::copying:
      return "tenant-move-begins";
    case Phase::sealed:
      return "tenant-sealed";
    case Phase::committed:
      return "tenant-moved";
    case Phase::here:
      return "tenant-move-given-up";
    case Phase::cleaned:
    case Phase::receiving:
      return {};
  }
  return {};
}

}  // namespace

void TenantMovers::clear() { moves_.clear(); }

void TenantMovers::absorb(const ports::WatchEvents& events, bool synced) {
  if (!moves_.empty()) {
    const auto mark = [this](TenantId tenant, Uid uid) {
      const auto it = moves_.find(tenant);
      if (it != moves_.end()) it->second.mover.on_changed(uid);
    };
    for (const auto& change : events.changes.pods) {
      mark(change.pod.meta.tenant, change.pod.meta.uid);
    }
    for (const auto& change : events.changes.objects) {
      mark(model::tenant_of(change.object), model::metadata_of(change.object).uid);
    }
  }
  for (const model::TenantMove& record : events.changes.moves) take(record, !synced);
}

/// A record of the list is what another leader left; one that comes later is news.
void TenantMovers::take(const model::TenantMove& record, bool inherited) {
  const TimePoint now = context_.now();
  const auto it = moves_.find(record.tenant);
  if (it != moves_.end()) {
    const std::string_view note = note_of(record.phase);
    if (!note.empty()) {
      context_.note(note, record.tenant.index, static_cast<std::int64_t>(record.epoch));
    }
    return it->second.mover.on_record(now, record);
  }
  const bool to_do = record.phase == Phase::copying || record.phase == Phase::sealed ||
                     record.phase == Phase::committed;
  if (!to_do) return;
  context_.note(inherited ? "tenant-move-goes-on" : "tenant-move-begins", record.tenant.index,
                static_cast<std::int64_t>(record.epoch));
  moves_.emplace(record.tenant,
                 Move{partition::TenantMover({}, now, record, inherited), 0, false, 0});
}

void TenantMovers::answered(const ports::ApiReply& reply) {
  for (auto& [tenant, move] : moves_) {
    if (move.request != reply.id) continue;
    const auto& answers = reply.result.moves;
    const StatusCode code = answers.empty() ? reply.result.code : answers.front().code;
    if (move.at_target && code == StatusCode::unavailable) ++move.attempt;
    move.request = 0;
    return move.mover.answered(context_.now(), code);
  }
}

void TenantMovers::run(const state::Tables& view) {
  if (!leadership_.leading()) return;
  const TimePoint now = context_.now();
  for (auto& [tenant, move] : moves_) {
    while (auto request = move.mover.next(now, view)) send(move, std::move(*request));
  }
  std::erase_if(moves_, [](const auto& entry) { return entry.second.mover.done(); });
}

void TenantMovers::send(Move& move, partition::TenantMover::Request request) {
  ActorId to = leadership_.api_server();
  if (move.at_target && move.request != 0) ++move.attempt;  // the last one did not answer
  move.at_target = request.side == Side::target;
  if (move.at_target) {
    const std::uint32_t target = context_.endpoints->tenant_partition(move.mover.record().other);
    to = choose_instance(context_.endpoints->tenant_partitions[target].api_servers, context_.zone,
                         move.attempt);
  }
  ports::ApiRequest message;
  message.id = kRequest | ++next_request_;
  message.caller.type = ports::Identity::Type::component;
  if (!move.at_target) message.transaction.fence = leadership_.fence();
  message.transaction.moves.push_back(std::move(request.operation));
  move.request = message.id;
  context_.send(to, std::move(message));
}

TimePoint TenantMovers::again_at() const {
  TimePoint at = TimePoint::max();
  for (const auto& [tenant, move] : moves_) at = std::min(at, move.mover.again_at());
  return at;
}

}  // namespace arcas::roles
