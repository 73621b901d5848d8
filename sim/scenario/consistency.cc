#include "sim/scenario/consistency.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "core/controllers/node_lifecycle.h"
#include "sim/scenario/schema.h"

namespace arcas::sim {
namespace {

constexpr std::int64_t kMostNodes = 2'000'000;
constexpr std::int64_t kMostSamples = 1'000'000;

/// Which keys a kind of fault has beside kind, at and after_settled; the zone is required where it
/// comes first with a '!'.
struct FaultKeys {
  std::string_view kind;
  std::vector<std::string_view> keys;
};

/// Which links, and what ails them.
std::vector<std::string_view> of_links(std::vector<std::string_view> keys) {
  for (const char* key :
       {"zone", "to_zone", "one_way", "role", "partition", "racks", "count", "!lasts"}) {
    keys.emplace_back(key);
  }
  return keys;
}

const std::vector<FaultKeys>& fault_keys() {
  static const std::vector<FaultKeys> keys{
      {"zone_power_loss", {"!zone", "lasts", "returns_over"}},
      {"zone_partition", {"!zone", "to_zone", "one_way", "lasts"}},
      {"rack_loss", {"zone", "count", "lasts"}},
      {"rack_uplink_loss", {"zone", "count", "lasts"}},
      {"node_crash", {"zone", "count", "lasts"}},
      {"node_crash_random", {"zone", "!lasts", "!per_million_node_hours", "down_min", "down_max"}},
      {"control_plane_cut", {"zone", "lasts"}},
      {"zone_flapping", {"!zone", "!lasts", "period"}},
      {"node_isolate", {"zone", "count", "lasts"}},
      {"process_crash", {"!role", "partition", "zone", "count", "!lasts"}},
      {"process_isolate", {"!role", "partition", "zone", "count", "!lasts"}},
      {"process_pause", {"!role", "partition", "zone", "count", "!lasts"}},
      {"store_leader_loss", {"!partition", "!lasts"}},
      {"disk_slow", {"partition", "zone", "count", "!write", "!lasts"}},
      {"registry_loss", {"!lasts"}},
      {"start_failures", {"!per_million", "!lasts"}},
      {"disk_loss", {"partition", "zone", "count", "!lasts"}},
      {"clock_jump", {"!role", "partition", "zone", "count", "!by", "behind", "!lasts"}},
      {"rolling_restart", {"role", "partition", "zone", "!lasts", "!period"}},
      {"link_loss", of_links({"!per_million"})},
      {"link_delay", of_links({"!delay"})},
      {"link_repeat", of_links({"!per_million"})},
      {"link_clog", of_links({"!delay", "!period"})},
      {"link_large_loss", of_links({"!larger_than"})},
      {"link_reset", of_links({"!per_million"})},
  };
  return keys;
}

class Consistency {
 public:
  Consistency(const Scenario& scenario, const YamlValue& root) : s_(scenario), root_(root) {}

  Status run() {
    if (s_.name.empty()) missing("name", "every scenario has one");
    if (s_.zones.empty()) missing("region.zones", "1 to 16 names");
    machines();
    times();
    parameters();
    workload();
    daemons_and_jobs();
    for (const ChangeSpec& change : s_.workload.changes) this->change(change);
    batch();
    for (std::size_t i = 0; i < s_.faults.size(); ++i) fault(s_.faults[i]);
    return std::move(status_);
  }

 private:
  /// A flow knows neither devices nor turns.
  void batch() {
    if (!s_.scheduler.batch) return;
    if (!s_.scheduler.policy.empty()) {
      refuse("scheduler.batch", "does not go with scheduler.policy", "off, or policy none");
    }
    if (s_.scheduler.fair_share) {
      refuse("scheduler.batch", "does not go with scheduler.queue fair-share",
             "off, or queue priority");
    }
  }
  /// The first complaint counts.
  void refuse(const std::string& path, const std::string& what, const std::string& allowed) {
    if (!status_.ok()) return;
    status_ = Status::invalid(locate(root_, path).where() + ": " + path + ": " + what +
                              "; allowed: " + allowed);
  }
  void missing(const std::string& path, const std::string& allowed) {
    refuse(path, "is missing", allowed);
  }
  void within(const std::string& path, Duration value, Duration least, Duration most) {
    if (value >= least && value <= most) return;
    refuse(path, to_string(value) + " is out of range",
           "from " + to_string(least) + " to " + to_string(most));
  }

  void machines() {
    if (s_.trace.kind.empty() && s_.node_count() == 0) {
      missing("region.node_shapes", "at least one machine");
    }
    std::int64_t nodes = 0;
    __int128 cpu = 0;
    __int128 memory = 0;
    for (std::size_t i = 0; i < s_.nodes.size(); ++i) {
      const NodeShapeSpec& shape = s_.nodes[i];
      const std::string at = "region.node_shapes[" + std::to_string(i) + "]";
      const YamlValue& value = locate(root_, at);
      const auto needed = [&](const char* key, const char* allowed) {
        const bool there = value.find(key) != nullptr;
        refuse(at + "." + key, there ? "is 0" : "is missing", allowed);
      };
      if (shape.cpu_milli == 0) needed("cpu", "cores that pods may use, above 0");
      if (shape.memory_bytes == 0) needed("memory", "bytes that pods may use, above 0");
      if (!shape.containers && !shape.vms) {
        refuse(at + ".vms", "neither containers nor virtual machines run here", "one of them");
      }
      for (std::size_t j = 0; j < i; ++j) {
        if (shape.name.empty() || shape.name != s_.nodes[j].name) continue;
        refuse(at + ".name", "\"" + shape.name + "\" stands twice", "different names");
      }
      nodes += shape.count;
      cpu += static_cast<__int128>(shape.count) * shape.cpu_milli;
      memory += static_cast<__int128>(shape.count) * shape.memory_bytes;
      if (nodes > kMostNodes) {
        refuse(at + ".count", "makes more than 2000000 machines", "2000000 together");
      }
    }
    constexpr __int128 kMost = std::int64_t{1} << 60;
    if (cpu > kMost || memory > kMost) {
      refuse("region.node_shapes", "hold more cpu or memory together than can be counted",
             "1.1e15 cores and 1 EiB together");
    }
  }

  void times() {
    const Duration longest = hours(24 * 366);
    within("run.limit", s_.limit, seconds(1), longest);
    within("run.sample_every", s_.sample_every, milliseconds(1), longest);
    within("run.settle", s_.settle, Duration{0}, longest);
    within("run.quiet", s_.quiet, Duration{0}, s_.limit);
    if (s_.limit.ns / std::max<std::int64_t>(1, s_.sample_every.ns) > kMostSamples) {
      refuse("run.sample_every", "gives more than 1000000 samples in " + to_string(s_.limit),
             "at least " + to_string(s_.limit / kMostSamples));
    }
    within("region.network.within_rack", s_.latency_rack, Duration{0}, seconds(10));
    within("region.network.within_zone", s_.latency_zone, Duration{0}, seconds(10));
    within("region.network.between_zones", s_.latency_region, Duration{0}, seconds(10));
    within("region.network.keep_alive", s_.keep_alive, milliseconds(10), hours(1));
    within("region.machines.container_start", s_.container_start_max, Duration{0}, hours(24));
    within("region.machines.vm_boot", s_.vm_boot_max, Duration{0}, hours(24));
    within("workload.start", s_.workload.start, Duration{0}, s_.limit);
    within("workload.over", s_.workload.over, Duration{0}, s_.limit);
  }

  void parameters() {
    const roles::Profile& p = s_.profile;
    constexpr Duration kLoop = controllers::NodeLifecycleConfig{}.eviction_loop;
    if (p.node_monitor_period.ns % kLoop.ns != 0) {
      refuse("parameters.node_monitor_period",
             to_string(p.node_monitor_period) + " is not a multiple of the eviction loop's period",
             "multiples of " + to_string(kLoop));
    }
    if (p.leader_renew_deadline >= p.leader_lease) {
      refuse("parameters.leader_renew_deadline",
             to_string(p.leader_renew_deadline) + " is not shorter than leader_lease, " +
                 to_string(p.leader_lease),
             "below it: a leader must stop before its lease is free");
    }
  }

  void workload() {
    const WorkloadSpec& w = s_.workload;
    if (w.total_pods > 0 && !s_.trace.kind.empty()) {
      refuse("workload.total_pods", "stands beside trace", "one of them");
    }
    if (w.total_pods > 0 && w.pods.empty()) missing("workload.pods", "at least one shape of pod");
    if (w.smallest > w.largest) {
      refuse("workload.largest", std::to_string(w.largest) + " is out of range",
             "at least smallest, " + std::to_string(w.smallest));
    } else if (w.mean < w.smallest || w.mean > w.largest) {
      refuse("workload.mean", std::to_string(w.mean) + " is out of range",
             "from smallest, " + std::to_string(w.smallest) + ", to largest, " +
                 std::to_string(w.largest));
    }
    if (w.spread_soft_percent + w.spread_hard_percent > 100) {
      refuse("workload.spread_hard_percent", "with spread_soft_percent more than 100",
             "100 together");
    }
    if (!s_.trace.kind.empty()) return;
    for (std::size_t i = 0; i < w.pods.size(); ++i) {
      if (std::any_of(s_.nodes.begin(), s_.nodes.end(),
                      [&](const NodeShapeSpec& node) { return fits(w.pods[i], node); })) {
        continue;
      }
      refuse("workload.pods[" + std::to_string(i) + "]",
             "fits on no machine, not even on an empty one",
             "requests that one of region.node_shapes can hold");
    }
  }

  void daemons_and_jobs() {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < s_.workload.daemon_sets.size(); ++i) {
      const DaemonSetSpec& set = s_.workload.daemon_sets[i];
      const std::string at = "workload.daemon_sets[" + std::to_string(i) + "]";
      named(at, set.name, names);
      runs_somewhere(at, set.pod, set.node_labels);
    }
    names.clear();
    for (std::size_t i = 0; i < s_.workload.jobs.size(); ++i) {
      const JobSpec& job = s_.workload.jobs[i];
      const std::string at = "workload.jobs[" + std::to_string(i) + "]";
      named(at, job.name, names);
      runs_somewhere(at, job.pod, {});
      if (job.start.ns >= 0) within(at + ".start", job.start, Duration{0}, s_.limit);
      if (job.over.ns >= 0) within(at + ".over", job.over, Duration{0}, s_.limit);
      within(at + ".runs", job.runs_max, seconds(1), hours(24 * 366));
      if (job.gang > std::min(job.parallelism, job.completions)) {
        refuse(at + ".gang", "is more than the Job's pods at once, so that none would ever start",
               "up to parallelism and completions, here " +
                   std::to_string(std::min(job.parallelism, job.completions)));
      }
    }
  }

  void change(const ChangeSpec& change) {
    if (!s_.trace.kind.empty()) refuse(change.path, "stands beside trace", "one of them");
    within(change.path + ".at", change.at, Duration{0}, s_.limit);
    if (change.tenant > s_.tenants) {
      refuse(change.path + ".tenant", std::to_string(change.tenant) + " is out of range",
             "from 1 to tenants, " + std::to_string(s_.tenants));
    }
    if (change.op == "move_tenant") move(change);
    if (change.op == "create") runs_somewhere(change.path, change.pod, {});
  }

  void move(const ChangeSpec& change) {
    if (s_.profile.name != "arcas") {
      refuse(change.path + ".op",
             "tenants do not move under profile " + std::string(s_.profile.name), "profile arcas");
    }
    if (s_.tenant_partitions < 2) {
      refuse(change.path + ".op", "there is one tenant partition",
             "control_plane.tenant_partitions from 2 on");
    }
    if (has_partition(change.to, "tp-", s_.tenant_partitions)) return;
    refuse(change.path + ".to", "\"" + change.to + "\" is not a tenant partition of this region",
           "tp-0 to tp-" + std::to_string(s_.tenant_partitions - 1));
  }

  void named(const std::string& at, const std::string& name, std::vector<std::string>& names) {
    if (!s_.trace.kind.empty()) refuse(at, "stands beside trace", "one of them");
    if (name.empty()) missing(at + ".name", "a name");
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      refuse(at + ".name", "\"" + name + "\" stands twice", "different names");
    }
    names.push_back(name);
  }

  void runs_somewhere(const std::string& at, const PodShapeSpec& pod,
                      const std::vector<std::pair<std::string, std::string>>& labels) {
    const auto carries = [](const NodeShapeSpec& node, const auto& label) {
      // A node's zone and name are known to the region alone.
      return label.first == "topology.kubernetes.io/zone" ||
             label.first == "kubernetes.io/hostname" ||
             std::find(node.labels.begin(), node.labels.end(), label) != node.labels.end();
    };
    const bool somewhere = std::any_of(s_.nodes.begin(), s_.nodes.end(), [&](const auto& node) {
      return fits(pod, node) && std::all_of(labels.begin(), labels.end(), [&](const auto& label) {
               return carries(node, label);
             });
    });
    if (somewhere) return;
    refuse(at + ".pod", "fits on no machine that it is meant for, not even on an empty one",
           "requests that one of region.node_shapes can hold");
  }

  static bool fits(const PodShapeSpec& pod, const NodeShapeSpec& node) {
    if (node.count == 0 || !(pod.vm ? node.vms : node.containers)) return false;
    if (pod.cpu_milli > node.cpu_milli || pod.memory_bytes > node.memory_bytes) return false;
    return std::all_of(pod.extended.begin(), pod.extended.end(), [&](const auto& wanted) {
      return std::any_of(node.extended.begin(), node.extended.end(), [&](const auto& there) {
        return there.first == wanted.first && there.second >= wanted.second;
      });
    });
  }

  void fault(const FaultLine& fault) {
    if (fault.kind.empty()) return missing(fault.path + ".kind", "what breaks");
    if (fault.at.ns < 0 && fault.after_settled.ns < 0) {
      missing(fault.path + ".at", "a time, or after_settled instead");
    }
    if (fault.at.ns >= 0 && fault.after_settled.ns >= 0) {
      refuse(fault.path + ".at", "stands beside after_settled", "one of them");
    }
    if (std::max(fault.at, fault.after_settled) > s_.limit) {
      refuse(fault.path, "would strike after the end of the run",
             "before run.limit, " + to_string(s_.limit));
    }
    const auto known = std::find_if(fault_keys().begin(), fault_keys().end(),
                                    [&](const FaultKeys& k) { return k.kind == fault.kind; });
    if (known != fault_keys().end()) keys_of(fault, *known);
    if (fault.lasts.ns == 0) refuse(fault.path + ".lasts", "is 0", "above 0");
    if (fault.down_min > fault.down_max) {
      refuse(fault.path + ".down_min", "is longer than down_max", "down_max at most");
    }
    if (!fault.zone.empty()) zone(fault.path + ".zone", fault.zone);
    if (!fault.to_zone.empty()) zone(fault.path + ".to_zone", fault.to_zone);
    if (fault.one_way && fault.to_zone.empty()) {
      missing(fault.path + ".to_zone", "one_way says that zone reaches it no more");
    }
    if (!fault.partition.empty()) partition(fault);
    if (fault.kind.starts_with("link_")) links(fault);
  }

  /// Of a zone, of processes, of racks, or all: not of two of them.
  void links(const FaultLine& fault) {
    if (fault.racks && !fault.role.empty()) {
      refuse(fault.path + ".racks", "stands beside role", "one of them");
    }
    const bool of_some = fault.racks || !fault.role.empty();
    if (of_some && !fault.to_zone.empty()) {
      refuse(fault.path + ".to_zone", "stands beside role or racks", "zone");
    }
    const YamlValue& value = locate(root_, fault.path);
    if (!of_some && value.find("count") != nullptr) {
      refuse(fault.path + ".count", "counts nothing here", "role or racks beside it");
    }
    if (fault.kind == "link_clog" && fault.period < fault.delay) {
      refuse(fault.path + ".period", "is shorter than delay", "delay at least");
    }
  }

  void partition(const FaultLine& fault) {
    const std::int64_t resource =
        s_.zonal_resource_partitions ? static_cast<std::int64_t>(s_.zones.size()) : 1;
    if (has_partition(fault.partition, "tp-", s_.tenant_partitions)) return;
    if (has_partition(fault.partition, "rp-", resource)) return;
    refuse(fault.path + ".partition",
           "\"" + fault.partition + "\" is not a partition of this region",
           "tp-0 to tp-" + std::to_string(s_.tenant_partitions - 1) + ", rp-0 to rp-" +
               std::to_string(resource - 1));
  }
  static bool has_partition(const std::string& name, const std::string& prefix,
                            std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      if (name == prefix + std::to_string(i)) return true;
    }
    return false;
  }

  /// A key that this kind of fault does not look at would be a fault that the author did not mean.
  void keys_of(const FaultLine& fault, const FaultKeys& known) {
    const YamlValue& value = locate(root_, fault.path);
    std::string names = "kind, at, after_settled";
    for (const std::string_view key : known.keys) {
      const std::string name(key.front() == '!' ? key.substr(1) : key);
      names += ", " + name;
      if (key.front() == '!' && value.find(name) == nullptr) {
        missing(fault.path + "." + name, "a " + fault.kind + " needs it");
      }
    }
    for (const auto& [key, entry] : value.entries) {
      if ((", " + names + ",").find(", " + key + ",") != std::string::npos) continue;
      refuse(fault.path + "." + key, "means nothing for a " + fault.kind, names);
    }
  }

  void zone(const std::string& path, const std::string& named) {
    std::string names;
    for (const std::string& zone : s_.zones) {
      if (zone == named) return;
      names += (names.empty() ? "" : ", ") + zone;
    }
    refuse(path, "\"" + named + "\" is not a zone of this region", names);
  }

  const Scenario& s_;
  const YamlValue& root_;
  Status status_;
};

}  // namespace

const YamlValue& locate(const YamlValue& root, const std::string& path) {
  const YamlValue* at = &root;
  for (std::size_t from = 0; from < path.size();) {
    const YamlValue* next = nullptr;
    if (path[from] == '[') {
      const auto index = std::strtoul(path.c_str() + from + 1, nullptr, 10);
      if (index < at->items.size()) next = &at->items[index];
      from = path.find(']', from);
      from = from == std::string::npos ? path.size() : from + 1;
    } else {
      const std::size_t end = std::min(path.find_first_of(".[", from), path.size());
      next = at->find(path.substr(from, end - from));
      from = end;
    }
    if (from < path.size() && path[from] == '.') ++from;
    if (next == nullptr) break;
    at = next;
  }
  return *at;
}

Status check_consistency(const Scenario& scenario, const YamlValue& root) {
  return Consistency(scenario, root).run();
}

}  // namespace arcas::sim
