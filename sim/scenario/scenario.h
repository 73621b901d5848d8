#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/expected.h"
#include "core/base/time.h"
#include "core/roles/profile.h"

namespace arcas::sim {

/// A taint; effects by Kubernetes's names: NoSchedule, PreferNoSchedule, NoExecute.
struct TaintSpec {
  std::string key;
  std::string value;
  std::string effect = "NoSchedule";
};

struct TolerationSpec {
  std::string key;      ///< empty with `exists`: every key
  bool exists = false;  ///< else the value must be equal
  std::string value;
  std::string effect;  ///< empty: every effect
  Duration stays{-1};  ///< under NoExecute, in whole seconds; < 0: for ever
};

struct NodeShapeSpec {
  std::string name;
  std::int64_t count = 0;
  std::int64_t cpu_milli = 0;
  std::int64_t memory_bytes = 0;
  std::int64_t pods = 110;
  std::int64_t ephemeral_bytes = 0;  ///< 0: none
  std::vector<std::pair<std::string, std::int64_t>> extended;
  std::vector<std::pair<std::string, std::string>> labels;
  std::vector<TaintSpec> taints;
  bool containers = true;
  bool vms = true;
};

struct PodShapeSpec {
  std::int64_t share = 1;
  std::int64_t cpu_milli = 0;
  std::int64_t memory_bytes = 0;
  std::vector<std::pair<std::string, std::int64_t>> extended;
  std::int64_t ephemeral_bytes = 0;
  std::vector<TolerationSpec> tolerations;
  bool vm = false;
  std::int64_t priority = 0;
};

/// A DaemonSet of tenant system: one pod on every node that it is meant for.
struct DaemonSetSpec {
  std::string name;
  std::vector<std::pair<std::string, std::string>> node_labels;  ///< nodes must have; none: all
  PodShapeSpec pod;
};

/// `count` Jobs that are alike, each of a tenant.
struct JobSpec {
  std::string name;
  std::int64_t count = 1;
  std::int64_t completions = 1;
  std::int64_t parallelism = 1;
  std::int64_t backoff_limit = 6;
  std::int64_t gang = 0;            ///< pods that start together; 0: each starts alone
  Duration runs_min = seconds(30);  ///< how long a pod works, drawn for each Job; whole seconds
  Duration runs_max = seconds(60);
  Duration start{-1};  ///< < 0: as the workload
  Duration over{-1};
  PodShapeSpec pod;
};

/// One thing that users do while the region runs; see the schema for which fields count when.
struct ChangeSpec {
  std::string op;
  Duration at{-1};
  std::string deployment;
  std::string node;
  std::string to;  ///< move_tenant: a tenant partition, as "tp-1"
  std::int64_t tenant = 1;
  std::int64_t replicas = 0;
  std::int64_t count = 1;
  PodShapeSpec pod;
  std::string path;   ///< "workload.changes[2]", for messages
  std::string where;  ///< "file:line:column", for messages
};

/// Deployments whose pods add up to `total_pods` exactly, and DaemonSets and Jobs beside them.
struct WorkloadSpec {
  std::int64_t total_pods = 0;
  std::int64_t smallest = 3;  ///< replicas of a deployment
  std::int64_t largest = 100;
  std::int64_t mean = 30;
  Duration start = seconds(10);
  Duration over = seconds(5);
  std::int64_t images = 100;
  std::int64_t spread_soft_percent = 0;  ///< of deployments: ScheduleAnyway over zones
  std::int64_t spread_hard_percent = 0;  ///< DoNotSchedule over zones, nodeTaintsPolicy Honor
  std::int64_t budget_percent = 0;       ///< of deployments: a PodDisruptionBudget
  std::vector<PodShapeSpec> pods;
  std::vector<DaemonSetSpec> daemon_sets;
  std::vector<JobSpec> jobs;
  std::vector<ChangeSpec> changes;
};

struct TraceSpec {
  std::string kind;  ///< empty: none; "openb"
  std::string nodes = "openb_node_list_all_node.csv";
  std::string pods = "openb_pod_list_default.csv.gz";
  std::int64_t time_divisor = 1;  ///< recorded seconds are divided by this
  bool bare = false;              ///< pods alone; else each with a ReplicaSet that makes it anew
};

struct FaultLine {
  std::string kind;
  Duration at{-1};             ///< since the start; < 0: see after_settled
  Duration after_settled{-1};  ///< since the moment the whole workload runs
  std::string zone;
  Duration lasts{-1};
  Duration returns_over{0};
  std::int64_t count = 1;
  std::int64_t per_million_node_hours = 0;
  Duration down_min = seconds(10);
  Duration down_max = minutes(10);
  Duration period = seconds(60);
  std::string to_zone;
  bool one_way = false;
  std::string role;
  std::string partition;  ///< "tp-0", "rp-2"
  Duration write = seconds(1);
  std::int64_t per_million = 0;
  Duration by = hours(1);
  bool behind = false;
  Duration delay{0};
  std::int64_t larger_than = 0;
  bool racks = false;
  std::string path;   ///< "faults[2]", for messages
  std::string where;  ///< "file:line:column", for messages
};

struct Expectation {
  std::string metric;
  std::string op;  ///< == != < <= > >=
  double value = 0;
  std::string text;
  std::string where;  ///< "file:line:column", for messages
};

/// How pods are placed, beside the profile's parameters.
struct SchedulerSpec {
  std::string_view policy;  ///< one of policies::all_policies(), text that lives for ever
  bool fair_share = false;
  Duration gang_timeout = seconds(60);
  bool batch = false;  ///< place the pods of a large cycle by min-cost flow
  std::int64_t batch_threshold = 500;
};

/// One scenario file, checked. Units are in the names or types; see explain_format().
struct Scenario {
  std::string file;
  std::string name;
  std::string description;
  std::uint64_t seed = 1;
  roles::Profile profile;
  std::vector<std::string> zones;
  std::int64_t racks_per_zone = 4;
  std::vector<NodeShapeSpec> nodes;
  Duration latency_rack = microseconds(50);
  Duration latency_zone = microseconds(200);
  Duration latency_region = microseconds(700);
  Duration keep_alive = seconds(3);
  Duration container_start_min = milliseconds(300);
  Duration container_start_max = milliseconds(1500);
  Duration vm_boot_min = seconds(8);
  Duration vm_boot_max = seconds(20);
  std::int64_t pull_bytes_per_second = 1'000'000'000;
  std::int64_t parallel_pulls = 4;
  std::int64_t tenant_partitions = 1;
  bool zonal_resource_partitions = true;
  std::int64_t api_servers_per_zone = 1;
  std::int64_t schedulers = 1;
  std::int64_t store_members = 3;
  std::int64_t tenants = 1;
  std::string scheduler_config;        ///< file of a KubeSchedulerConfiguration; empty: none
  std::string scheduler_config_where;  ///< "file:line:column: path", for messages
  WorkloadSpec workload;
  TraceSpec trace;
  std::vector<FaultLine> faults;
  Duration limit = hours(1);
  bool until_recovered = true;
  Duration settle = seconds(30);
  Duration quiet{0};  ///< after that: how long nothing may change; 0: not looked at
  Duration sample_every = seconds(5);
  bool individual_heartbeats = false;
  SchedulerSpec scheduler;
  std::vector<Expectation> expectations;

  [[nodiscard]] std::int64_t node_count() const;
};

struct LoadOptions {
  std::vector<std::string> overrides;  ///< "path=value", as of --set
  std::string profile;                 ///< empty: the file's
  std::string scheduler_config{};      ///< a file, as of --scheduler-config; empty: the scenario's
};

/// Reads and checks a scenario file. Errors: one line "file:line:column: field: what is wrong;
/// allowed: …". Nothing is half accepted.
Expected<Scenario> load_scenario(const std::string& path, const LoadOptions& options);
/// The same from text; `file` names it in messages and anchors `extends`.
Expected<Scenario> parse_scenario(const std::string& text, const std::string& file,
                                  const LoadOptions& options);

struct YamlValue;
/// A scenario file as one map: what it extends and what the options say is merged in, nothing is
/// checked yet.
Expected<YamlValue> load_scenario_tree(const std::string& path, const LoadOptions& options);
/// The same map with the options' overrides.
Expected<YamlValue> override_scenario_tree(const YamlValue& root, const LoadOptions& options);
/// Reads and checks such a map; `file` names it in messages.
Expected<Scenario> scenario_of_tree(YamlValue root, const std::string& file);

/// Every key with type, default and meaning, for people.
std::string explain_format();

}  // namespace arcas::sim
