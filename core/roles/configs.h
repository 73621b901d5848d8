#pragma once

#include "core/controllers/daemon_set.h"
#include "core/controllers/evictor.h"
#include "core/controllers/node_lifecycle.h"
#include "core/controllers/replica_set.h"
#include "core/controllers/zone_evidence.h"
#include "core/partition/claim_ledger.h"
#include "core/partition/leader_election.h"
#include "core/roles/profile.h"
#include "core/scheduler/scheduler.h"

namespace arcas::roles {

/// What a profile means to each decider.
partition::LeaderElectionConfig election_config(const Profile& profile);
partition::ClaimConfig claim_config(const Profile& profile);
controllers::NodeLifecycleConfig lifecycle_config(const Profile& profile);
controllers::ReplicaSetConfig replica_set_config(const Profile& profile);
controllers::DaemonSetConfig daemon_set_config(const Profile& profile);
controllers::EvictorConfig evictor_config(const Profile& profile);
controllers::ZoneEvidenceConfig zone_evidence_config(const Profile& profile);
/// Whether schedulers hear of the ReplicaSets that own pods, for default spread constraints.
bool follows_owners(const Profile& p);
scheduler::Config scheduler_config(const Profile& profile);
/// A grant that was asked for longer ago may have expired, and its room may be another's, by the
/// time a binding commits: half of a claim's life is left for that.
Duration grant_age(const Profile& profile);

}  // namespace arcas::roles
