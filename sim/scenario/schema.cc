// The table of every key a scenario may have. Parsing, messages and explain-format all read it.
#include "sim/scenario/schema.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace arcas::sim {
namespace {

constexpr std::int64_t kMany = 10'000'000;

template <class T, std::int64_t T::*Member, std::int64_t Low, std::int64_t High>
Status integer(T& target, const YamlValue& value, const std::string& path) {
  return read_integer(target.*Member, value, path, Low, High);
}
template <class T, Duration T::*Member>
Status duration(T& target, const YamlValue& value, const std::string& path) {
  return read_duration(target.*Member, value, path);
}
template <class T, std::string T::*Member>
Status text(T& target, const YamlValue& value, const std::string& path) {
  return read_text(target.*Member, value, path);
}
template <class T, std::string T::*Member>
Status name(T& target, const YamlValue& value, const std::string& path) {
  return read_name(target.*Member, value, path);
}
template <class T, bool T::*Member>
Status boolean(T& target, const YamlValue& value, const std::string& path) {
  return read_boolean(target.*Member, value, path);
}
template <class T, std::int64_t T::*Member>
Status cpu(T& target, const YamlValue& value, const std::string& path) {
  return read_cpu(target.*Member, value, path);
}
template <class T, std::int64_t T::*Member>
Status bytes(T& target, const YamlValue& value, const std::string& path) {
  return read_bytes(target.*Member, value, path);
}
template <std::int64_t WorkloadSpec::*Member, std::int64_t Low, std::int64_t High>
Status of_workload(Scenario& s, const YamlValue& value, const std::string& path) {
  return read_integer(s.workload.*Member, value, path, Low, High);
}
template <Duration WorkloadSpec::*Member>
Status time_of_workload(Scenario& s, const YamlValue& value, const std::string& path) {
  return read_duration(s.workload.*Member, value, path);
}
template <Duration Scenario::*Low, Duration Scenario::*High>
Status range(Scenario& s, const YamlValue& value, const std::string& path) {
  if (value.type != YamlValue::Type::list || value.items.size() != 2) {
    return refuse(value, path, "is not a range", "[shortest, longest]");
  }
  if (Status status = read_duration(s.*Low, value.items[0], path + "[0]"); !status.ok()) {
    return status;
  }
  if (Status status = read_duration(s.*High, value.items[1], path + "[1]"); !status.ok()) {
    return status;
  }
  if (s.*High < s.*Low) return refuse(value, path, "ends before it begins", "[shortest, longest]");
  return Status::success();
}

template <class T>
Status extended(T& target, const YamlValue& value, const std::string& path) {
  if (value.type != YamlValue::Type::map) return refuse(value, path, "is not a map", "name: count");
  target.extended.clear();
  for (const auto& [name, amount] : value.entries) {
    if (name.find('/') == std::string::npos) {
      return refuse(amount, path + "." + name, "is not an extended resource",
                    "names with a domain, such as example.com/gpu");
    }
    std::int64_t count = 0;
    Status status = read_integer(count, amount, path + "." + name, 0, kMany);
    if (!status.ok()) return status;
    target.extended.emplace_back(name, count);
  }
  return Status::success();
}

Status labels(NodeShapeSpec& target, const YamlValue& value, const std::string& path) {
  return take_labels(target.labels, value, path);
}

Status zones(Scenario& s, const YamlValue& value, const std::string& path) {
  if (value.type != YamlValue::Type::list || value.items.empty() || value.items.size() > 16) {
    return refuse(value, path, "is not a list of zones", "1 to 16 names");
  }
  s.zones.clear();
  for (const YamlValue& item : value.items) {
    std::string name;
    const std::string at = path + "[" + std::to_string(s.zones.size()) + "]";
    if (Status status = read_name(name, item, at); !status.ok()) return status;
    if (std::find(s.zones.begin(), s.zones.end(), name) != s.zones.end()) {
      return refuse(item, at, "stands twice", "different names");
    }
    s.zones.push_back(name);
  }
  return Status::success();
}

Status seed(Scenario& s, const YamlValue& value, const std::string& path) {
  std::int64_t number = 0;
  Status status = read_integer(number, value, path, 0, INT64_MAX);
  s.seed = static_cast<std::uint64_t>(number);
  return status;
}

Status profile(Scenario& s, const YamlValue& value, const std::string& path) {
  auto named = roles::Profile::named(value.text);
  if (!named) return refuse(value, path, "is not a profile", "arcas, kubernetes, arktos");
  s.profile = *named;
  return Status::success();
}

Status parameter(Scenario& s, const roles::ProfileField& field, const YamlValue& value,
                 const std::string& path) {
  if (const auto* member = std::get_if<Duration roles::Profile::*>(&field.member)) {
    Duration duration;
    if (Status status = read_duration(duration, value, path); !status.ok()) return status;
    if (duration.ns < field.minimum) {
      return refuse(value, path, "is too short", "at least " + to_string(Duration{field.minimum}));
    }
    s.profile.*(*member) = duration;
    return Status::success();
  }
  if (const auto* member = std::get_if<std::int64_t roles::Profile::*>(&field.member)) {
    return read_integer(s.profile.*(*member), value, path, field.minimum, field.maximum);
  }
  if (const auto* member = std::get_if<bool roles::Profile::*>(&field.member)) {
    return read_boolean(s.profile.*(*member), value, path);
  }
  for (const std::string_view strategy : {"LeastAllocated", "MostAllocated"}) {
    if (value.text == strategy) {
      s.profile.fit_strategy = strategy;
      return Status::success();
    }
  }
  return refuse(value, path, "is not a strategy", "LeastAllocated, MostAllocated");
}

Status parameters(Scenario& s, const YamlValue& value, const std::string& path) {
  if (value.type != YamlValue::Type::map) return refuse(value, path, "is not a map", "key: value");
  for (const auto& [key, entry] : value.entries) {
    const roles::ProfileField* field = nullptr;
    std::vector<std::string_view> names;
    for (const roles::ProfileField& candidate : roles::profile_fields()) {
      if (candidate.name == key) field = &candidate;
      names.push_back(candidate.name);
    }
    if (field == nullptr) return refuse_key(entry, path + "." + key, names);
    if (Status status = parameter(s, *field, entry, path + "." + key); !status.ok()) return status;
  }
  return Status::success();
}

Status resource_partitions(Scenario& s, const YamlValue& value, const std::string& path) {
  if (value.text != "zonal" && value.text != "regional") {
    return refuse(value, path, "is not known", "zonal (one in each zone), regional (one for all)");
  }
  s.zonal_resource_partitions = value.text == "zonal";
  return Status::success();
}

Status heartbeats(Scenario& s, const YamlValue& value, const std::string& path) {
  if (value.text != "coalesced" && value.text != "individual") {
    return refuse(value, path, "is not known", "coalesced, individual");
  }
  s.individual_heartbeats = value.text == "individual";
  return Status::success();
}

Status until(Scenario& s, const YamlValue& value, const std::string& path) {
  if (value.text != "recovered" && value.text != "limit") {
    return refuse(value, path, "is not known", "recovered, limit");
  }
  s.until_recovered = value.text == "recovered";
  return Status::success();
}

Status fault_kind(FaultLine& line, const YamlValue& value, const std::string& path) {
  static constexpr std::array<std::string_view, 25> kKinds{
      "zone_power_loss",   "zone_partition",    "rack_loss",         "rack_uplink_loss",
      "node_crash",        "node_crash_random", "control_plane_cut", "zone_flapping",
      "node_isolate",      "process_crash",     "process_isolate",   "process_pause",
      "store_leader_loss", "disk_slow",         "registry_loss",     "start_failures",
      "disk_loss",         "clock_jump",        "rolling_restart",   "link_loss",
      "link_delay",        "link_repeat",       "link_clog",         "link_large_loss",
      "link_reset"};
  std::string names;
  for (const std::string_view kind : kKinds) {
    if (value.text == kind) {
      line.kind = value.text;
      return Status::success();
    }
    names += (names.empty() ? "" : ", ") + std::string(kind);
  }
  return refuse(value, path, "is not a kind of fault", names);
}

Status fault_role(FaultLine& line, const YamlValue& value, const std::string& path) {
  static constexpr std::array<std::string_view, 6> kRoles{
      "gateway", "api_server", "scheduler", "controller_manager", "node_manager", "store_member"};
  if (std::find(kRoles.begin(), kRoles.end(), value.text) == kRoles.end()) {
    return refuse(value, path, "is not a role",
                  "gateway, api_server, scheduler, controller_manager, node_manager, store_member");
  }
  line.role = value.text;
  return Status::success();
}

Status trace_kind(TraceSpec& trace, const YamlValue& value, const std::string& path) {
  if (value.text != "openb") return refuse(value, path, "is not a kind of trace", "openb");
  trace.kind = value.text;
  return Status::success();
}

Status expectation(Scenario& s, const YamlValue& value, const std::string& path) {
  const std::string allowed = "metric, operator (== != < <= > >=), number; e.g. pods_lost == 0";
  std::string text;
  if (Status status = read_text(text, value, path); !status.ok()) return status;
  Expectation e;
  e.text = text;
  e.where = value.where();
  const std::size_t first = text.find(' ');
  const std::size_t second = first == std::string::npos ? first : text.find(' ', first + 1);
  if (second == std::string::npos) return refuse(value, path, "is not an expectation", allowed);
  e.metric = text.substr(0, first);
  e.op = text.substr(first + 1, second - first - 1);
  const std::string number = text.substr(second + 1);
  char* end = nullptr;
  e.value = std::strtod(number.c_str(), &end);
  static constexpr std::array<std::string_view, 6> kOperators{"==", "!=", "<", "<=", ">", ">="};
  const bool known = std::find(kOperators.begin(), kOperators.end(), e.op) != kOperators.end();
  if (!known || end == number.c_str() || *end != '\0' || !std::isfinite(e.value)) {
    return refuse(value, path, "is not an expectation", allowed);
  }
  s.expectations.push_back(std::move(e));
  return Status::success();
}

Status expectations(Scenario& s, const YamlValue& value, const std::string& path) {
  if (value.type != YamlValue::Type::list) return refuse(value, path, "is not a list", "- …");
  s.expectations.clear();
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    Status status = expectation(s, value.items[i], path + "[" + std::to_string(i) + "]");
    if (!status.ok()) return status;
  }
  return Status::success();
}

template <const Section<Scenario>& (*Sub)()>
Status sub(Scenario& s, const YamlValue& value, const std::string& path) {
  return read_section(s, value, path, Sub());
}

Status nothing(Scenario&, const YamlValue&, const std::string&) { return Status::success(); }

}  // namespace

const Section<Scenario>& root_section() {
  static const Section<Scenario> section{
      {"name", "name", "name of the scenario", name<Scenario, &Scenario::name>},
      {"description", "text", "what it shows", text<Scenario, &Scenario::description>},
      {"extends", "file", "a scenario this one builds on; maps are merged, lists replaced",
       nothing},
      {"seed", "0 …", "seed of every random draw", seed},
      {"profile", "arcas, kubernetes, arktos", "set of control-plane parameters", profile},
      {"parameters", "map", "single parameters of the profile", parameters},
      {"region", "map", "zones, racks, machines, links", sub<region_section>},
      {"scheduler", "map", "how pods are placed", sub<scheduler_section>},
      {"control_plane", "map", "partitions and their members", sub<control_plane_section>},
      {"tenants", "1 … 1000000", "tenants besides system",
       integer<Scenario, &Scenario::tenants, 1, 1'000'000>},
      {"workload", "map", "generated deployments", sub<workload_section>},
      {"trace", "map", "recorded nodes and pods instead of generated ones",
       [](Scenario& s, const YamlValue& v, const std::string& p) {
         return read_section(s.trace, v, p, trace_section());
       }},
      {"faults", "list", "what breaks, and when",
       [](Scenario& s, const YamlValue& v, const std::string& p) {
         Status status = read_list(s.faults, v, p, fault_section());
         for (std::size_t i = 0; status.ok() && i < s.faults.size(); ++i) {
           s.faults[i].path = p + "[" + std::to_string(i) + "]";
           s.faults[i].where = v.items[i].where();
         }
         return status;
       }},
      {"run", "map", "when it ends and what is sampled", sub<run_section>},
      {"heartbeats", "coalesced, individual", "one event for each heartbeat, or none while steady",
       heartbeats},
      {"expect", "list", "conditions on the summary's metrics; one that fails gives exit code 3",
       expectations},
  };
  return section;
}

const Section<Scenario>& region_section() {
  static const Section<Scenario> section{
      {"zones", "list of names", "availability zones", zones},
      {"racks_per_zone", "1 … 10000", "racks in each zone",
       integer<Scenario, &Scenario::racks_per_zone, 1, 10'000>},
      {"node_shapes", "list", "machines, dealt over zones and racks in turn",
       [](Scenario& s, const YamlValue& v, const std::string& p) {
         return read_list(s.nodes, v, p, node_shape_section());
       }},
      {"network", "map", "one-way delays", sub<network_section>},
      {"machines", "map", "how long things take on a machine", sub<machines_section>},
  };
  return section;
}

const Section<Scenario>& network_section() {
  static const Section<Scenario> section{
      {"within_rack", "duration", "50us", duration<Scenario, &Scenario::latency_rack>},
      {"within_zone", "duration", "200us", duration<Scenario, &Scenario::latency_zone>},
      {"between_zones", "duration", "700us", duration<Scenario, &Scenario::latency_region>},
      {"keep_alive", "duration", "until a broken session is noticed; 3s",
       duration<Scenario, &Scenario::keep_alive>},
  };
  return section;
}

const Section<Scenario>& machines_section() {
  static const Section<Scenario> section{
      {"container_start", "[from, to]", "after the image is there; [300ms, 1500ms]",
       range<&Scenario::container_start_min, &Scenario::container_start_max>},
      {"vm_boot", "[from, to]", "after the image is there; [8s, 20s]",
       range<&Scenario::vm_boot_min, &Scenario::vm_boot_max>},
      {"pull_bytes_per_second", "1000 …", "a node's download rate; 1000000000",
       integer<Scenario, &Scenario::pull_bytes_per_second, 1000, 1'000'000'000'000>},
      {"parallel_pulls", "1 … 1000", "images pulled at once on a node; 4",
       integer<Scenario, &Scenario::parallel_pulls, 1, 1000>},
  };
  return section;
}

const Section<Scenario>& control_plane_section() {
  static const Section<Scenario> section{
      {"tenant_partitions", "1 … 64", "tenants are dealt over them",
       integer<Scenario, &Scenario::tenant_partitions, 1, 64>},
      {"resource_partitions", "zonal, regional", "one in each zone, or one over all",
       resource_partitions},
      {"api_servers_per_zone", "1 … 16", "of each tenant partition; 1",
       integer<Scenario, &Scenario::api_servers_per_zone, 1, 16>},
      {"schedulers", "1 … 16", "that share the pods of each tenant partition; 1",
       integer<Scenario, &Scenario::schedulers, 1, 16>},
      {"store_members", "1 … 9", "replicas of each partition's store",
       integer<Scenario, &Scenario::store_members, 1, 9>},
  };
  return section;
}

const Section<Scenario>& workload_section() {
  static const Section<Scenario> section{
      {"total_pods", "0 … 10000000", "pods of all deployments together, exactly",
       of_workload<&WorkloadSpec::total_pods, 0, kMany>},
      {"smallest", "1 …", "replicas of the smallest deployment",
       of_workload<&WorkloadSpec::smallest, 1, 100'000>},
      {"largest", "1 …", "replicas of the largest",
       of_workload<&WorkloadSpec::largest, 1, 100'000>},
      {"mean", "1 …", "replicas on average", of_workload<&WorkloadSpec::mean, 1, 100'000>},
      {"start", "duration", "when the first is created", time_of_workload<&WorkloadSpec::start>},
      {"over", "duration", "creations are spread over this", time_of_workload<&WorkloadSpec::over>},
      {"images", "1 …", "different images", of_workload<&WorkloadSpec::images, 1, 1'000'000>},
      {"spread_soft_percent", "0 … 100", "deployments spread over zones where possible",
       of_workload<&WorkloadSpec::spread_soft_percent, 0, 100>},
      {"spread_hard_percent", "0 … 100", "deployments that insist (nodeTaintsPolicy Honor)",
       of_workload<&WorkloadSpec::spread_hard_percent, 0, 100>},
      {"budget_percent", "0 … 100", "deployments with a PodDisruptionBudget (maxUnavailable 25 %)",
       of_workload<&WorkloadSpec::budget_percent, 0, 100>},
      {"pods", "list", "shapes of pods, drawn by share",
       [](Scenario& s, const YamlValue& v, const std::string& p) {
         return read_list(s.workload.pods, v, p, pod_shape_section());
       }},
      {"daemon_sets", "list", "one pod on every node they are meant for; tenant system's",
       [](Scenario& s, const YamlValue& v, const std::string& p) {
         return read_list(s.workload.daemon_sets, v, p, daemon_set_section());
       }},
      {"jobs", "list", "pods that work and finish",
       [](Scenario& s, const YamlValue& v, const std::string& p) {
         return read_list(s.workload.jobs, v, p, job_section());
       }},
      {"changes", "list", "what users do while the region runs",
       [](Scenario& s, const YamlValue& v, const std::string& p) {
         return take_changes(s.workload.changes, v, p);
       }},
  };
  return section;
}

const Section<Scenario>& run_section() {
  static const Section<Scenario> section{
      {"limit", "duration", "virtual time after which it ends in any case",
       duration<Scenario, &Scenario::limit>},
      {"until", "recovered, limit", "end when all faults are over and every pod runs again", until},
      {"settle", "duration", "how long it goes on after that",
       duration<Scenario, &Scenario::settle>},
      {"quiet", "duration", "how long after that nothing may be written; 0s, not looked at",
       duration<Scenario, &Scenario::quiet>},
      {"sample_every", "duration", "between two rows of the samples table",
       duration<Scenario, &Scenario::sample_every>},
  };
  return section;
}

const Section<NodeShapeSpec>& node_shape_section() {
  using S = NodeShapeSpec;
  static const Section<S> section{
      {"name", "name", "name of the shape", name<S, &S::name>},
      {"count", "0 … 1000000", "machines of this shape", integer<S, &S::count, 0, 1'000'000>},
      {"cpu", "cores", "allocatable", cpu<S, &S::cpu_milli>},
      {"memory", "bytes", "allocatable", bytes<S, &S::memory_bytes>},
      {"pods", "1 … 10000", "most pods; 110", integer<S, &S::pods, 1, 10'000>},
      {"extended", "map", "other resources, by name", extended<S>},
      {"ephemeral_storage", "bytes", "allocatable; none", bytes<S, &S::ephemeral_bytes>},
      {"labels", "map", "node labels", labels},
      {"taints", "list", "node taints", take_taints},
      {"containers", "true, false", "runs containers", boolean<S, &S::containers>},
      {"vms", "true, false", "runs virtual machines", boolean<S, &S::vms>},
  };
  return section;
}

const Section<PodShapeSpec>& pod_section() {
  using S = PodShapeSpec;
  static const Section<S> section{
      {"cpu", "cores", "request", cpu<S, &S::cpu_milli>},
      {"memory", "bytes", "request", bytes<S, &S::memory_bytes>},
      {"extended", "map", "other requests, by name", extended<S>},
      {"ephemeral_storage", "bytes", "request", bytes<S, &S::ephemeral_bytes>},
      {"tolerations", "list", "taints it may live with", take_tolerations},
      {"vm", "true, false", "a virtual machine instead of a container", boolean<S, &S::vm>},
      {"priority", "-1000000000 … 1000000000", "scheduling priority",
       integer<S, &S::priority, -1'000'000'000, 1'000'000'000>},
  };
  return section;
}

const Section<PodShapeSpec>& pod_shape_section() {
  static const Section<PodShapeSpec> section = [] {
    Section<PodShapeSpec> fields{{"share", "1 … 1000000", "how often, relative to the other shapes",
                                  integer<PodShapeSpec, &PodShapeSpec::share, 1, 1'000'000>}};
    fields.insert(fields.end(), pod_section().begin(), pod_section().end());
    return fields;
  }();
  return section;
}

const Section<TraceSpec>& trace_section() {
  using S = TraceSpec;
  static const Section<S> section{
      {"kind", "openb", "format", trace_kind},
      {"nodes", "file", "node list, below the folder given by --trace", text<S, &S::nodes>},
      {"pods", "file", "pod list, .csv or .csv.gz", text<S, &S::pods>},
      {"time_divisor", "1 … 1000000", "recorded times are divided by this",
       integer<S, &S::time_divisor, 1, 1'000'000>},
      {"bare", "true, false", "pods alone; else each has a ReplicaSet that makes it anew",
       boolean<S, &S::bare>},
  };
  return section;
}

const Section<FaultLine>& fault_section() {
  using S = FaultLine;
  static const Section<S> section{
      {"kind",
       "zone_power_loss, zone_partition, rack_loss, rack_uplink_loss, node_crash, "
       "node_crash_random, control_plane_cut, zone_flapping, node_isolate, process_crash, "
       "process_isolate, process_pause, store_leader_loss, disk_slow, registry_loss, "
       "start_failures, disk_loss, clock_jump, rolling_restart, link_loss, link_delay, "
       "link_repeat, link_clog, link_large_loss, link_reset",
       "what breaks", fault_kind},
      {"at", "duration", "since the start of the run", duration<S, &S::at>},
      {"after_settled", "duration", "since the moment the whole workload runs",
       duration<S, &S::after_settled>},
      {"zone", "a zone's name", "where; none: everywhere", text<S, &S::zone>},
      {"lasts", "duration", "until it is restored", duration<S, &S::lasts>},
      {"returns_over", "duration", "hosts come back spread over this",
       duration<S, &S::returns_over>},
      {"to_zone", "a zone's name", "zone_partition, link_…: only the link to this one",
       text<S, &S::to_zone>},
      {"one_way", "true, false", "with to_zone: what that one sends still arrives well; false",
       boolean<S, &S::one_way>},
      {"role", "gateway, api_server, scheduler, controller_manager, node_manager, store_member",
       "which processes", fault_role},
      {"partition", "tp-0 …, rp-0 …", "whose processes; none: of any partition",
       text<S, &S::partition>},
      {"write", "duration", "disk_slow: how long a log write takes", duration<S, &S::write>},
      {"per_million", "1 … 1000000",
       "start_failures: pods that fail as they start; link_…: packets or messages",
       integer<S, &S::per_million, 1, 1'000'000>},
      {"by", "duration", "clock_jump: how wrong the clock is", duration<S, &S::by>},
      {"behind", "true, false", "clock_jump: behind the right time instead of ahead; false",
       boolean<S, &S::behind>},
      {"delay", "duration", "link_delay, link_clog: the longest", duration<S, &S::delay>},
      {"larger_than", "1 … 1000000", "link_large_loss: messages with more objects are lost",
       integer<S, &S::larger_than, 1, 1'000'000>},
      {"racks", "true, false", "link_…: the links of `count` racks; false", boolean<S, &S::racks>},
      {"count", "1 … 100000", "racks, nodes or processes", integer<S, &S::count, 1, 100'000>},
      {"per_million_node_hours", "0 …", "rate of random crashes",
       integer<S, &S::per_million_node_hours, 0, 1'000'000'000>},
      {"down_min", "duration", "shortest random outage", duration<S, &S::down_min>},
      {"down_max", "duration", "longest random outage", duration<S, &S::down_max>},
      {"period", "duration",
       "of flapping; rolling_restart: from one process to the next; link_clog: of one clog",
       duration<S, &S::period>},
  };
  return section;
}

}  // namespace arcas::sim
