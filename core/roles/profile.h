#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "core/base/expected.h"
#include "core/base/time.h"
#include "core/scheduler/scheduler_profile.h"

namespace arcas::scheduler {
class CustomPolicy;
}

namespace arcas::roles {

/// The parameters by which one and the same core behaves as arcas, as Kubernetes, or as Arktos.
/// Defaults are those of `arcas`. Sources: arktos.md section 5 for `kubernetes` and `arktos`; the
/// values of `arcas` are this project's, argued in docs/controllers.md and docs/architecture.md.
struct Profile {
  std::string_view name = "arcas";

  // signs of life
  Duration heartbeat_period = seconds(10);
  Duration node_grace = seconds(40);
  Duration node_startup_grace = seconds(60);
  Duration node_monitor_period = seconds(5);
  Duration registration_timeout = seconds(5);
  Duration reconnect_period = seconds(1);

  // eviction
  std::int64_t default_toleration_seconds = 300;
  Duration eviction_interval = seconds(10);             ///< per zone: 0.1 node/s
  Duration secondary_eviction_interval = seconds(100);  ///< partial disruption: 0.01 node/s
  std::int64_t large_zone_threshold = 50;
  std::int64_t unhealthy_zone_percent = 55;
  std::int64_t eviction_cap_percent = 5;  ///< of pods in 10 min, other than for a lost zone

  // zone evidence
  bool zone_evidence = true;
  Duration probe_period = seconds(1);
  Duration probe_silence = seconds(4);
  Duration zone_silence = seconds(5);
  Duration zone_hold = seconds(10);

  // leadership
  Duration leader_lease = seconds(6);
  Duration leader_renew_deadline = seconds(4);
  Duration leader_retry = seconds(1);

  // scheduling
  bool claims = true;
  Duration claim_lifetime = seconds(30);
  bool usage_shared = true;     ///< schedulers hear what other tenant partitions hold on a node
  bool default_spread = false;  ///< schedulers spread the pods of a ReplicaSet that say nothing
  std::int64_t scheduler_batch = 2000;       ///< pods decided in one cycle
  Duration decision_cost = microseconds(4);  ///< virtual time that one decision takes
  Duration backoff_initial = seconds(1);
  Duration backoff_max = seconds(10);
  Duration unschedulable_flush = seconds(60);
  std::string_view fit_strategy = "LeastAllocated";
  /// Kubernetes's sampling: a decision looks for feasible nodes until that share of all is found.
  /// 100: all nodes are scored; 0: adaptive. See scheduler::SampleSize.
  std::int64_t percentage_of_nodes_to_score = 100;
  std::int64_t most_nodes_to_score = 0;  ///< a sample is no larger; 0: no limit
  /// Plugins, weights and arguments as a configuration gives them; none: all defaults, with
  /// `fit_strategy`.
  std::optional<scheduler::SchedulerProfile> scheduler_profile;
  std::string_view placement_policy;  ///< of policies::all_policies(); empty: the scores decide
  /// Chooses nodes in place of both; null: none. Not owned.
  scheduler::CustomPolicy* custom_policy = nullptr;
  Duration gang_timeout = seconds(60);  ///< how long placed pods of a gang hold room for the others
  bool fair_share = false;              ///< tenants take turns in the queue by dominant share
  std::int64_t batch_threshold = 0;     ///< pods of a cycle from which a flow places them; 0: never

  // clients; 0 requests per second means no limit
  std::int64_t scheduler_qps = 0;
  std::int64_t scheduler_burst = 0;
  std::int64_t controller_qps = 0;
  std::int64_t controller_burst = 0;
  std::int64_t evictor_qps = 0;
  std::int64_t evictor_burst = 0;
  /// Client limits hold from this time on: a scenario can build its region first.
  Duration client_limits_start{0};

  // controllers
  std::int64_t replica_set_burst = 500;
  bool replica_set_slow_start = false;
  Duration status_interval = seconds(1);
  Duration controller_batch_window = milliseconds(20);
  Duration status_batch_window = milliseconds(5);
  /// The controllers delete the pods and ReplicaSets of owners that are gone. No: somebody else
  /// does, who knows all kinds.
  bool collects_orphans = true;

  static Profile arcas();
  static Profile kubernetes();
  static Profile arktos();
  /// By name; the error lists the names.
  static Expected<Profile> named(std::string_view name);
};

/// One parameter as scenarios name it.
struct ProfileField {
  using Member = std::variant<Duration Profile::*, std::int64_t Profile::*, bool Profile::*,
                              std::string_view Profile::*>;
  std::string_view name;
  Member member;
  std::string_view meaning;
  std::int64_t minimum = 0;           ///< nanoseconds for durations
  std::int64_t maximum = 10'000'000;  ///< of numbers
};

/// All parameters, in the order of the documentation.
std::span<const ProfileField> profile_fields();

}  // namespace arcas::roles
