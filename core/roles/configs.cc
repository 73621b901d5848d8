#include "core/roles/configs.h"

namespace arcas::roles {

partition::LeaderElectionConfig election_config(const Profile& p) {
  return {p.leader_lease, p.leader_renew_deadline, p.leader_retry};
}

partition::ClaimConfig claim_config(const Profile& p) { return {p.claim_lifetime}; }

Duration grant_age(const Profile& p) { return Duration{p.claim_lifetime.ns / 2}; }

controllers::NodeLifecycleConfig lifecycle_config(const Profile& p) {
  controllers::NodeLifecycleConfig config;
  config.monitor_period = p.node_monitor_period;
  config.grace = p.node_grace;
  config.startup_grace = p.node_startup_grace;
  config.eviction_interval = p.eviction_interval;
  config.secondary_eviction_interval = p.secondary_eviction_interval;
  config.large_zone_threshold = static_cast<std::uint32_t>(p.large_zone_threshold);
  config.unhealthy_percent = static_cast<std::uint32_t>(p.unhealthy_zone_percent);
  return config;
}

controllers::ReplicaSetConfig replica_set_config(const Profile& p) {
  controllers::ReplicaSetConfig config;
  config.burst = static_cast<std::int32_t>(p.replica_set_burst);
  config.slow_start = p.replica_set_slow_start;
  config.status_interval = p.status_interval;
  return config;
}

controllers::DaemonSetConfig daemon_set_config(const Profile& p) {
  controllers::DaemonSetConfig config;
  config.status_interval = p.status_interval;
  return config;
}

controllers::EvictorConfig evictor_config(const Profile& p) {
  controllers::EvictorConfig config;
  config.default_toleration_seconds = p.default_toleration_seconds;
  config.qps = static_cast<std::int32_t>(p.evictor_qps);
  config.burst = static_cast<std::int32_t>(p.evictor_burst);
  config.cap_percent = static_cast<std::int32_t>(p.eviction_cap_percent);
  return config;
}

controllers::ZoneEvidenceConfig zone_evidence_config(const Profile& p) {
  controllers::ZoneEvidenceConfig config;
  config.silence = p.zone_silence;
  config.hold = p.zone_hold;
  return config;
}

bool follows_owners(const Profile& p) {
  if (p.default_spread) return true;
  using Defaulting = scheduler::TopologySpreadArguments::Defaulting;
  return p.scheduler_profile && p.scheduler_profile->spread.defaulting == Defaulting::list &&
         !p.scheduler_profile->spread.constraints.empty();
}

scheduler::Config scheduler_config(const Profile& p) {
  scheduler::Config config;
  config.profile = scheduler::SchedulerProfile::arcas();
  config.profile.fit.strategy = p.fit_strategy == "MostAllocated"
                                    ? scheduler::ScoringStrategy::most_allocated
                                    : scheduler::ScoringStrategy::least_allocated;
  config.profile.percentage_of_nodes_to_score =
      static_cast<std::int32_t>(p.percentage_of_nodes_to_score);
  if (p.scheduler_profile) config.profile = *p.scheduler_profile;
  config.most_nodes_to_score = static_cast<std::uint32_t>(p.most_nodes_to_score);
  config.default_spread = follows_owners(p);
  config.budgets_are_told = true;
  config.custom_policy = p.custom_policy;
  // It rates nodes; which of their devices a pod gets, best-fit says: those with the least left.
  if (p.custom_policy != nullptr)
    config.profile.use_policy("best-fit");
  else if (!p.placement_policy.empty())
    config.profile.use_policy(std::string(p.placement_policy));
  config.queue.fair_share = p.fair_share;
  config.gang_timeout = p.gang_timeout;
  config.grant_age = grant_age(p);
  config.batch_threshold = static_cast<std::size_t>(p.batch_threshold);
  config.queue.backoff_initial = p.backoff_initial;
  config.queue.backoff_max = p.backoff_max;
  config.queue.unschedulable_flush = p.unschedulable_flush;
  return config;
}

}  // namespace arcas::roles
