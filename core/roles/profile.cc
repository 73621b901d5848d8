#include "core/roles/profile.h"

#include <array>
#include <string>

namespace arcas::roles {
namespace {

constexpr auto kFields = std::to_array<ProfileField>({
    {"heartbeat_period", &Profile::heartbeat_period, "between two signs of life of a node",
     1'000'000},
    {"node_grace", &Profile::node_grace, "silence after which a node is Unknown", 1'000'000},
    {"node_startup_grace", &Profile::node_startup_grace, "the same for a node never heard before",
     1'000'000},
    {"node_monitor_period", &Profile::node_monitor_period, "grid on which nodes are judged",
     100'000'000},
    {"registration_timeout", &Profile::registration_timeout, "before an agent tries another server",
     1'000'000},
    {"reconnect_period", &Profile::reconnect_period, "before a role tries another server",
     1'000'000},
    {"default_toleration_seconds", &Profile::default_toleration_seconds,
     "how long pods stay on unreachable nodes; -1: for ever", -1},
    {"eviction_interval", &Profile::eviction_interval,
     "between two taintings in a zone in normal state; 0: never", 0},
    {"secondary_eviction_interval", &Profile::secondary_eviction_interval,
     "the same in a partly disrupted zone", 0},
    {"large_zone_threshold", &Profile::large_zone_threshold,
     "a partly disrupted zone of at most so many nodes is left alone", 0},
    {"unhealthy_zone_percent", &Profile::unhealthy_zone_percent,
     "share of silent nodes that makes a zone partly disrupted", 1},
    {"eviction_cap_percent", &Profile::eviction_cap_percent,
     "share of pods evicted in 10 minutes other than for a lost zone; 0: no cap", 0},
    {"zone_evidence", &Profile::zone_evidence, "judge zones by evidence from several sources", 0},
    {"probe_period", &Profile::probe_period, "between two probes of a zone", 1'000'000},
    {"probe_silence", &Profile::probe_silence, "without an answer a zone counts as not answering",
     1'000'000},
    {"zone_silence", &Profile::zone_silence, "without a report a node manager counts as silent",
     1'000'000},
    {"zone_hold", &Profile::zone_hold, "a zone must answer so long before it is back", 0},
    {"leader_lease", &Profile::leader_lease, "a lease not renewed for so long is free", 1'000'000},
    {"leader_renew_deadline", &Profile::leader_renew_deadline,
     "a leader that could not renew for so long stops", 1'000'000},
    {"leader_retry", &Profile::leader_retry, "between two tries to take or renew a lease",
     1'000'000},
    {"claims", &Profile::claims, "claim capacity at the resource partition before binding", 0},
    {"claim_lifetime", &Profile::claim_lifetime, "after which an unconfirmed claim is void",
     1'000'000'000},
    {"usage_shared", &Profile::usage_shared,
     "tell schedulers what other tenant partitions hold on the nodes", 0},
    {"default_spread", &Profile::default_spread,
     "spread pods without constraints of their own as kube-scheduler's defaults do", 0},
    {"scheduler_batch", &Profile::scheduler_batch, "pods decided in one cycle", 1},
    {"decision_cost", &Profile::decision_cost, "virtual time that one decision takes", 0},
    {"backoff_initial", &Profile::backoff_initial, "first wait after a refused placement", 0},
    {"backoff_max", &Profile::backoff_max, "longest such wait", 0},
    {"unschedulable_flush", &Profile::unschedulable_flush,
     "after which an unschedulable pod is tried again whatever happened", 1'000'000},
    {"fit_strategy", &Profile::fit_strategy, "LeastAllocated or MostAllocated", 0},
    {"percentage_of_nodes_to_score", &Profile::percentage_of_nodes_to_score,
     "share of the nodes to find before scoring; 100: all nodes, 0: adaptive", 0, 100},
    {"most_nodes_to_score", &Profile::most_nodes_to_score,
     "nodes that a sample finds at most; 0: no limit", 0},
    {"scheduler_qps", &Profile::scheduler_qps, "bindings a second; 0: no limit", 0},
    {"scheduler_burst", &Profile::scheduler_burst, "bindings at once", 0},
    {"controller_qps", &Profile::controller_qps, "controllers' writes a second; 0: no limit", 0},
    {"controller_burst", &Profile::controller_burst, "controllers' writes at once", 0},
    {"evictor_qps", &Profile::evictor_qps, "taint evictions a second; 0: no limit", 0},
    {"evictor_burst", &Profile::evictor_burst, "taint evictions at once", 0},
    {"client_limits_start", &Profile::client_limits_start, "time from which client limits hold", 0},
    {"replica_set_burst", &Profile::replica_set_burst, "pods made or deleted in one sync", 1},
    {"replica_set_slow_start", &Profile::replica_set_slow_start, "create 1, 2, 4… pods at a time",
     0},
    {"status_interval", &Profile::status_interval, "between two status writes of a workload", 0},
    {"controller_batch_window", &Profile::controller_batch_window,
     "changes gathered before controllers look at them", 0},
    {"status_batch_window", &Profile::status_batch_window,
     "pod and node reports gathered into one commit", 0},
});

}  // namespace

Profile Profile::arcas() { return {}; }

Profile Profile::kubernetes() {
  Profile p;
  p.name = "kubernetes";
  p.eviction_cap_percent = 0;
  p.zone_evidence = false;
  p.leader_lease = seconds(15);
  p.leader_renew_deadline = seconds(10);
  p.leader_retry = seconds(2);
  p.claims = false;
  p.default_spread = true;
  p.percentage_of_nodes_to_score = 0;
  p.scheduler_batch = 100;
  p.decision_cost = milliseconds(3);  // about 300 pods/s: perf.md section A
  p.scheduler_qps = 50;
  p.scheduler_burst = 100;
  p.controller_qps = 20;
  p.controller_burst = 30;
  p.evictor_qps = 20;
  p.evictor_burst = 30;
  p.replica_set_slow_start = true;
  p.status_interval = Duration{0};
  return p;
}

Profile Profile::arktos() {
  // The defaults of its node lifecycle, controllers, elections and queue are those of Kubernetes
  // 1.15, which `kubernetes` has (arktos.md 5.2 to 5.4). What differs: every tenant partition's
  // scheduler sees all nodes but its own pods alone, and nobody arbitrates. Two that fill one node
  // are found out by its agent; the pod fails and its controller makes another (arktos.md 3.6).
  Profile p = kubernetes();
  p.name = "arktos";
  p.usage_shared = false;
  p.default_spread = false;     // 1.15 has none; what it had, SelectorSpreadPriority, is not here
  p.most_nodes_to_score = 500;  // arktos.md, capability 59
  p.decision_cost = microseconds(2800);  // 351 to 385 pods/s: arktos.md 4.3, issue 656
  return p;
}

Expected<Profile> Profile::named(std::string_view name) {
  if (name == "arcas") return arcas();
  if (name == "kubernetes") return kubernetes();
  if (name == "arktos") return arktos();
  return Status::invalid("profile: \"" + std::string(name) +
                         "\" is not known; allowed: arcas, kubernetes, arktos");
}

std::span<const ProfileField> profile_fields() { return kFields; }

}  // namespace arcas::roles
