#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "perf_cluster.h"

namespace arcas::scheduler {

/// One workload of Kubernetes's scheduler_perf.
/// Source:
/// test/integration/scheduler_perf/{misc,affinity,topology_spreading}/performance-config.yaml and
/// its templates.
struct PerfWorkload {
  const char* name;
  double floor;  ///< pods/s that Kubernetes's CI demands; 0: nothing
  NodePlan nodes;
  std::uint64_t measured;  ///< pods
  std::function<PerfTemplate(PerfCluster&)> pod;
  std::function<void(PerfCluster&)> prepare = {};
  /// How the pods come; none: one after the other.
  std::function<std::uint64_t(PerfCluster&, const PerfTemplate&, std::uint64_t)> run = {};
  bool preempts = false;  ///< measured pods must evict others
  bool targets = false;   ///< each pod's only node is known
  double peer = 0;  ///< kube-scheduler 1.32.2's pods per CPU-second at that size; 0: not measured
};

using Rules = std::function<void(PerfCluster&, model::PodSpec&)>;
constexpr const char* kHost = "kubernetes.io/hostname";
constexpr const char* kZone = "topology.kubernetes.io/zone";

// ---- rules of pods ----

inline Rules spread(model::TopologySpreadConstraint::WhenUnsatisfiable when) {
  return [when](PerfCluster& cluster, model::PodSpec& spec) {
    model::TopologySpreadConstraint constraint;
    constraint.max_skew = 5;
    constraint.topology_key = cluster.word(kZone);
    constraint.selector = cluster.selects("blue");
    constraint.when_unsatisfiable = when;
    spec.topology_spread.push_back(constraint);
  };
}

inline void one_for_each_untainted_host(PerfCluster& cluster, model::PodSpec& spec) {
  model::TopologySpreadConstraint constraint;
  constraint.topology_key = cluster.word(kHost);
  constraint.selector = cluster.selects("foo");
  constraint.honor_node_taints = true;
  spec.topology_spread.push_back(constraint);
}

enum class Pair : std::uint8_t { required, required_anti, preferred, preferred_anti };

inline Rules between(Pair kind, const std::string& color, const std::string& key,
                     bool by_namespace_selector = false) {
  return [=](PerfCluster& cluster, model::PodSpec& spec) {
    model::PodAffinityTerm term;
    term.selector = cluster.selects(color);
    term.topology_key = cluster.word(key);
    if (by_namespace_selector) {
      term.has_namespace_selector = true;
      model::Selector devops;
      devops.requirements.push_back(
          {cluster.word("team"), model::SelectorOperator::in, {cluster.word("devops")}});
      term.namespace_selector = cluster.catalog().selectors.intern(std::move(devops));
    }
    model::PodAffinity& affinity = spec.pod_affinity;
    if (kind == Pair::required) affinity.required.push_back(term);
    if (kind == Pair::required_anti) affinity.required_anti.push_back(term);
    if (kind == Pair::preferred) affinity.preferred.push_back({1, term});
    if (kind == Pair::preferred_anti) affinity.preferred_anti.push_back({1, term});
  };
}

inline void in_two_zones(PerfCluster& cluster, model::PodSpec& spec) {
  spec.node_affinity.has_required = true;
  spec.node_affinity.required.push_back({{{cluster.word(kZone),
                                           model::SelectorOperator::in,
                                           {cluster.word("zone1"), cluster.word("zone2")}}},
                                         {}});
}

inline void on_the_large_node(PerfCluster& cluster, model::PodSpec& spec) {
  spec.containers.front().requests = {};
  spec.node_affinity.has_required = true;
  spec.node_affinity.required.push_back({{},
                                         {{cluster.word("metadata.name"),
                                           model::SelectorOperator::in,
                                           {cluster.word("scheduler-perf-node")}}}});
}

inline void light(PerfCluster& /*cluster*/, model::PodSpec& spec) {
  spec.containers.front().requests = {};
}

inline Rules with_priority(std::int32_t priority) {
  return [priority](PerfCluster& /*cluster*/, model::PodSpec& spec) { spec.priority = priority; };
}

// ---- pods and how they come ----

inline std::function<PerfTemplate(PerfCluster&)> pod(const std::string& color, Rules rules = {},
                                                     std::int64_t cpu = 100) {
  return [=](PerfCluster& cluster) { return cluster.make(color, rules, cpu); };
}

inline std::function<void(PerfCluster&)> first(std::uint64_t count, const std::string& color,
                                               Rules rules = {}) {
  return [=](PerfCluster& cluster) { cluster.run(cluster.make(color, rules), count); };
}

/// 40 pods in each of 100 namespaces.
inline std::function<void(PerfCluster&)> first_in_namespaces(Rules rules) {
  return [=](PerfCluster& cluster) {
    PerfTemplate pod = cluster.make("green", rules);
    for (int i = 0; i < 100; ++i) {
      pod.name_space = cluster.devops("init-ns-" + std::to_string(i));
      cluster.run(pod, 40);
    }
  };
}

/// Pods with every kind of rule, as MixedSchedulingBasePod starts.
inline void mixed(PerfCluster& cluster) {
  first(2000, "white")(cluster);
  first(2000, "blue", between(Pair::required, "blue", kZone))(cluster);
  first(2000, "green", between(Pair::required_anti, "green", kHost))(cluster);
  first(2000, "red", between(Pair::preferred, "red", kHost))(cluster);
  first(2000, "yellow", between(Pair::preferred_anti, "yellow", kHost))(cluster);
}

/// Four pods of 900m on every node, so that the next large one must evict three.
inline void full_of_low_priority(PerfCluster& cluster) {
  const PerfTemplate low = cluster.make("low", {}, 900);
  cluster.run(low, 4 * std::uint64_t{cluster.scheduler().node_count()});
}

/// Before every hundred measured pods something else happens.
inline std::uint64_t interleaved(PerfCluster& cluster, const PerfTemplate& pod, std::uint64_t count,
                                 const std::function<void(std::uint64_t)>& what) {
  std::uint64_t placed = 0;
  for (std::uint64_t done = 0; done < count; done += 100) {
    what(done);
    placed += cluster.run(pod, 100);
  }
  return placed;
}

/// A large pod of high priority that fits nowhere comes with every hundred others.
inline std::uint64_t beside_unschedulable(PerfCluster& cluster, const PerfTemplate& pod,
                                          std::uint64_t count) {
  const PerfTemplate large = cluster.make("large", with_priority(10), 9'000);
  return interleaved(cluster, pod, count, [&](std::uint64_t /*done*/) {
    cluster.enqueue(large);
    cluster.decide(1);
  });
}

/// A node comes or goes with every hundred pods, and a large pod that fits nowhere.
inline std::uint64_t beside_churn(PerfCluster& cluster, const PerfTemplate& pod,
                                  std::uint64_t count) {
  const model::Node extra = cluster.default_node("churn-node", 0);
  const PerfTemplate large = cluster.make("large", with_priority(10), 9'000);
  Uid waits;
  return interleaved(cluster, pod, count, [&](std::uint64_t done) {
    if (done % 200 == 0) {
      cluster.scheduler().upsert_node(extra);
      waits = cluster.enqueue(large);
      cluster.decide(1);
    } else {
      cluster.scheduler().remove_node(extra.id);
      cluster.scheduler().forget(waits);
    }
  });
}

/// A pod that must preempt comes with every hundred others; its victims take as long to leave.
inline std::uint64_t beside_preemptors(PerfCluster& cluster, const PerfTemplate& pod,
                                       std::uint64_t count) {
  const PerfTemplate high = cluster.make("high", with_priority(10), 3'000);
  const std::uint64_t placed = interleaved(cluster, pod, count, [&](std::uint64_t /*done*/) {
    cluster.let_victims_leave();
    cluster.enqueue(high);
    cluster.decide(2);
  });
  cluster.let_victims_leave();
  cluster.decide(1);
  return placed;
}

/// Every measured pod preempts; a hundred decide before their victims leave and they are placed.
inline std::uint64_t preemptors(PerfCluster& cluster, const PerfTemplate& pod,
                                std::uint64_t count) {
  std::uint64_t placed = 0;
  for (std::uint64_t done = 0; done < count; done += 100) {
    cluster.run(pod, 100);
    cluster.let_victims_leave();
    placed += cluster.decide(100);
  }
  return placed;
}

/// 10,000 pods that stay gated, and 20,000 that run.
inline void gated(PerfCluster& cluster) {
  const PerfTemplate gated_pod = cluster.make("gated", [](PerfCluster& c, model::PodSpec& spec) {
    spec.scheduling_gates.push_back(c.word("example.com/gate"));
  });
  for (int i = 0; i < 10'000; ++i) cluster.enqueue(gated_pod);
  const PerfTemplate leaving = cluster.make("leaving", light);
  for (int i = 0; i < 20'000; ++i) cluster.leaving().push_back(cluster.enqueue(leaving));
  cluster.decide(20'000);
}

/// Of those that run 50 leave for every 910 that come.
inline std::uint64_t while_pods_leave(PerfCluster& cluster, const PerfTemplate& pod,
                                      std::uint64_t count) {
  std::uint64_t placed = 0;
  auto next = cluster.leaving().begin();
  for (std::uint64_t done = 0; done < count; done += 910) {
    for (int i = 0; i < 50; ++i) cluster.scheduler().remove_usage(*next++);
    placed += cluster.run(pod, std::min<std::uint64_t>(910, count - done));
  }
  return placed;
}

/// Pods whose only node is known, node after node: what a DaemonSet makes here.
inline std::uint64_t on_each_node(PerfCluster& cluster, const PerfTemplate& pod,
                                  std::uint64_t count) {
  std::uint64_t placed = 0;
  for (std::uint64_t done = 0; done < count;) {
    const std::uint64_t batch = std::min<std::uint64_t>(count - done, 1000);
    for (std::uint64_t i = 0; i < batch; ++i, ++done) {
      cluster.enqueue(pod,
                      NodeId{static_cast<std::uint32_t>(done % cluster.scheduler().node_count())});
    }
    placed += cluster.decide(batch);
  }
  return placed;
}

/// Pods of 500 workloads in turn, none of which says how it is spread.
inline std::uint64_t of_many_owners(PerfCluster& cluster, const PerfTemplate& /*pod*/,
                                    std::uint64_t count) {
  std::vector<PerfTemplate> templates;
  for (int i = 0; i < 500; ++i) {
    const std::string color = "blue-" + std::to_string(i);
    templates.push_back(cluster.make(color));
    cluster.give_owner(templates.back(), color);
  }
  std::uint64_t placed = 0;
  for (std::uint64_t done = 0; done < count;) {
    const std::uint64_t batch = std::min<std::uint64_t>(count - done, 1000);
    for (std::uint64_t i = 0; i < batch; ++i, ++done) {
      cluster.enqueue(templates[done % templates.size()]);
    }
    placed += cluster.decide(batch);
  }
  return placed;
}

inline std::function<PerfTemplate(PerfCluster&)> owned_pod() {
  return [](PerfCluster& cluster) {
    PerfTemplate pod = cluster.make("blue-0");
    cluster.give_owner(pod, "blue-0");
    return pod;
  };
}

inline void with_service(PerfCluster& cluster) {
  cluster.add_service("blue");
  first(5'000, "white")(cluster);
}

// ---- the workloads ----

inline std::vector<PerfWorkload> perf_workloads() {
  using When = model::TopologySpreadConstraint::WhenUnsatisfiable;
  const Rules anti = between(Pair::required_anti, "green", kHost);
  const Rules anti_by_namespace = between(Pair::required_anti, "green", kHost, true);
  const Rules preferred_anti_by_namespace = between(Pair::preferred_anti, "green", kHost, true);
  const NodePlan nodes{5'000};
  const NodePlan three_zones{5'000, 3};
  NodePlan tainted{5'000};
  tainted.every_fifth_tainted = true;
  NodePlan large_alone{0};
  large_alone.one_large = true;
  NodePlan large_beside{15'000};
  large_beside.one_large = true;
  std::vector<PerfWorkload> all{
      {"Basic10k", 680, nodes, 10'000, pod("white"), first(1'000, "white")},
      {"Basic50k", 810, nodes, 50'000, pod("white"), first(5'000, "white")},
      {"Daemonset", 1'100, large_beside, 30'000, pod("daemon", on_the_large_node)},
      {"DaemonsetByTarget", 1'100, {15'000}, 30'000, pod("daemon"), {}, on_each_node, false, true},
      {"MixedChurn", 710, nodes, 10'000, pod("white"), {}, beside_churn},
      {"PreemptionBasic", 0, nodes, 5'000, pod("high", with_priority(10), 3'000),
       full_of_low_priority, preemptors, true},
      {"PreemptionAsync", 570, nodes, 5'000, pod("white"), full_of_low_priority, beside_preemptors},
      {"Unschedulable", 590, nodes, 10'000, pod("white"), first(100, "white"),
       beside_unschedulable},
      {"Unschedulable20k", 600, nodes, 10'000, pod("white"), first(20'000, "white"),
       beside_unschedulable},
      {"Gated", 910, large_alone, 20'000, pod("white", light), gated, while_pods_leave},
      {"SpreadRequired", 460, three_zones, 5'000, pod("blue", spread(When::do_not_schedule)),
       first(5'000, "white")},
      {"SpreadPreferred", 340, three_zones, 5'000, pod("blue", spread(When::schedule_anyway)),
       first(5'000, "white")},
      {"SpreadDefault", 160, three_zones, 50'000, pod("blue"), with_service},
      {"SpreadDefaultOf500Workloads", 160, three_zones, 50'000, owned_pod(), first(5'000, "white"),
       of_many_owners},
      {"SpreadOverUntaintedHosts", 270, tainted, 4'000, pod("foo", one_for_each_untainted_host)},
      {"NodeAffinity", 220, nodes, 10'000, pod("white", in_two_zones),
       first(5'000, "white", in_two_zones)},
      {"PodAffinity", 35, nodes, 5'000, pod("blue", between(Pair::required, "blue", kZone)),
       first(5'000, "blue", between(Pair::required, "blue", kZone))},
      {"PodAntiAffinity", 60, nodes, 2'000, pod("green", anti), first(1'000, "green", anti)},
      {"PodMatchingAntiAffinity", 595, nodes, 5'000, pod("green"), first(1'000, "green", anti)},
      {"PodAntiAffinityByNamespaceSelector",
       24,
       {6'000},
       2'000,
       pod("green", anti_by_namespace),
       first_in_namespaces(anti_by_namespace)},
      {"PreferredPodAffinity", 90, nodes, 5'000, pod("red", between(Pair::preferred, "red", kHost)),
       first(5'000, "red", between(Pair::preferred, "red", kHost))},
      {"PreferredPodAntiAffinity", 90, nodes, 5'000,
       pod("yellow", between(Pair::preferred_anti, "yellow", kHost)),
       first(5'000, "yellow", between(Pair::preferred_anti, "yellow", kHost))},
      {"PreferredPodAntiAffinityByNamespaceSelector", 55, nodes, 2'000,
       pod("green", preferred_anti_by_namespace), first_in_namespaces(preferred_anti_by_namespace)},
      {"Mixed", 140, nodes, 5'000, pod("white"), mixed},
  };
  // Measured on a machine of this kind; docs/benchmarks.md.
  const auto peer = [&all](const std::string& name, double pods_per_cpu_second) {
    std::find_if(all.begin(), all.end(), [&](const auto& w) { return w.name == name; })->peer =
        pods_per_cpu_second;
  };
  peer("Basic10k", 575);
  peer("SpreadRequired", 153);
  peer("PodAntiAffinity", 106);
  return all;
}

}  // namespace arcas::scheduler
