#include "core/ports/actor.h"

#include "core/base/check.h"

namespace arcas::ports {

// A role that does not ask for an input never gets it; getting one anyway is a wiring bug.
void Actor::on_commit(std::uint64_t, const TransactionResult&) { ARCAS_CHECK(false); }
void Actor::on_changes(const ChangeBatch&) { ARCAS_CHECK(false); }
bool Actor::wants(const ChangeBatch&) const { return true; }
void Actor::on_runtime(const RuntimeEvent&) { ARCAS_CHECK(false); }
void Actor::on_stop() {}

void Actor::on_peer_lost(ActorId) { ARCAS_CHECK(false); }
void Actor::on_heartbeats_steady(const NodeHeartbeat&, TimePoint, Duration) { ARCAS_CHECK(false); }
void Actor::on_heartbeats_stopped(const NodeHeartbeat&, TimePoint) { ARCAS_CHECK(false); }

}  // namespace arcas::ports
