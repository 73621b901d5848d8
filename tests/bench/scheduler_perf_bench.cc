// The workloads of Kubernetes's scheduler_perf, rebuilt: nodes of 4 cores, 32 GiB and 110 pods;
// pods of 100m and 500Mi. A decision is filter + score over every feasible node + reserve, one
// thread, no API server and no binding. Each workload runs at its own size and at 100,000 nodes;
// `floor` is the pods/s that Kubernetes's own CI demands of it (bound pods, in perf-tests'
// configuration of 1.32, so API and etcd included), `x_floor` our rate over it. `Scan/…` answers
// the same workload by looking at every node.
#include <benchmark/benchmark.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/scheduler/scheduler.h"

namespace arcas::scheduler {
namespace {

struct Template {
  SpecId spec;
  LabelSetId labels;
  NamespaceId name_space;
  Uid owner;
};

class PerfCluster {
 public:
  PerfCluster(std::uint32_t nodes, bool full_scan) : scheduler_(catalog_, config(full_scan)) {
    for (std::uint32_t i = 0; i < nodes; ++i) add_node(i);
    name_space_ = catalog_.intern_namespace(TenantId{0}, "sched-0");
    model::LabelSet labels;
    labels.set(word("team"), word("devops"));
    scheduler_.set_namespace_labels(name_space_, catalog_.label_sets.intern(labels));
  }

  model::Catalog& catalog() { return catalog_; }
  Scheduler& scheduler() { return scheduler_; }
  StringId word(const std::string& text) { return catalog_.intern(text); }

  /// A pod template with one label; `shape` adds its rules.
  Template make(const std::string& color,
                const std::function<void(PerfCluster&, model::PodSpec&)>& shape = {},
                std::int64_t cpu = 100) {
    model::PodSpec spec;
    model::ResourceList requests;
    requests.set(model::kCpu, cpu);
    requests.set(model::kMemory, std::int64_t{500} << 20);
    spec.containers.push_back({word("pause"), word("pause"), requests, {}, false, false});
    if (shape) shape(*this, spec);
    model::LabelSet labels;
    labels.set(word("color"), word(color));
    return {catalog_.intern_spec(spec), catalog_.label_sets.intern(labels), name_space_, {}};
  }
  /// Makes a workload the template's owner, whose selector default constraints take.
  void give_owner(Template& pod, const std::string& color) {
    pod.owner = Uid::make(2, ++sequence_);
    model::WorkloadSelector owner;
    owner.kind = model::WorkloadSelector::Kind::replica_set;
    owner.name_space = pod.name_space;
    owner.selector = selects(color);
    scheduler_.set_owner(pod.owner, owner);
  }

  SelectorId selects(const std::string& color) {
    model::Selector selector;
    selector.requirements.push_back({word("color"), model::SelectorOperator::in, {word(color)}});
    return catalog_.selectors.intern(std::move(selector));
  }

  void enqueue(const Template& pod, NodeId target = {}) {
    PendingPod pending;
    pending.uid = Uid::make(1, ++sequence_);
    pending.spec = pod.spec;
    pending.labels = pod.labels;
    pending.name_space = pod.name_space;
    pending.target = target;
    pending.owner = pod.owner;
    scheduler_.enqueue(TimePoint{}, pending);
  }

  /// Decides on `count` pods of a template; returns how many found a node.
  std::uint64_t run(const Template& pod, std::uint64_t count, bool on_each_node = false) {
    std::uint64_t placed = 0;
    for (std::uint64_t done = 0; done < count;) {
      const std::uint64_t batch = std::min<std::uint64_t>(count - done, 1000);
      for (std::uint64_t i = 0; i < batch; ++i, ++done) {
        NodeId target;
        if (on_each_node)
          target = NodeId{static_cast<std::uint32_t>(done % scheduler_.node_count())};
        enqueue(pod, target);
      }
      placed += decide(batch);
    }
    return placed;
  }

  std::uint64_t decide(std::uint64_t batch) {
    std::uint64_t placed = 0;
    decisions_.clear();
    scheduler_.schedule(TimePoint{}, batch, decisions_);
    for (const auto& decision : decisions_) {
      if (!decision.node.valid()) continue;
      scheduler_.confirm(decision.uid);
      ++placed;
    }
    return placed;
  }

 private:
  static Config config(bool full_scan) {
    Config config;
    config.profile = SchedulerProfile::kubernetes();
    config.full_scan = full_scan;
    config.default_spread = true;
    return config;
  }

  void add_node(std::uint32_t i) {
    const std::string name = "node-" + std::to_string(i);
    model::Node node;
    node.id = catalog_.nodes.intern(name);
    node.meta.name = {word(name), 0};
    model::LabelSet labels;
    labels.set(word("kubernetes.io/hostname"), word(name));
    labels.set(word("topology.kubernetes.io/zone"), word("moon-" + std::to_string(i % 3)));
    node.meta.labels = catalog_.label_sets.intern(labels);
    node.allocatable.set(model::kCpu, 4000);
    node.allocatable.set(model::kMemory, std::int64_t{32} << 30);
    node.allocatable.set(model::kPods, 110);
    node.container_runtime_ready = model::ConditionStatus::yes;
    scheduler_.upsert_node(node);
  }

  model::Catalog catalog_;
  Scheduler scheduler_;
  NamespaceId name_space_;
  std::uint64_t sequence_ = 0;
  std::vector<Scheduler::Decision> decisions_;
};

using Rules = std::function<void(PerfCluster&, model::PodSpec&)>;

Rules spread(model::TopologySpreadConstraint::WhenUnsatisfiable when) {
  return [when](PerfCluster& cluster, model::PodSpec& spec) {
    model::TopologySpreadConstraint constraint;
    constraint.max_skew = 5;
    constraint.topology_key = cluster.word("topology.kubernetes.io/zone");
    constraint.selector = cluster.selects("blue");
    constraint.when_unsatisfiable = when;
    spec.topology_spread.push_back(constraint);
  };
}

enum class Pair : std::uint8_t { required, required_anti, preferred, preferred_anti };

Rules between(Pair kind, const std::string& color, const std::string& key, bool any_namespace) {
  return [=](PerfCluster& cluster, model::PodSpec& spec) {
    model::PodAffinityTerm term;
    term.selector = cluster.selects(color);
    term.topology_key = cluster.word(key);
    if (any_namespace) {
      term.has_namespace_selector = true;
      model::Selector devops;
      devops.requirements.push_back(
          {cluster.word("team"), model::SelectorOperator::in, {cluster.word("devops")}});
      term.namespace_selector = cluster.catalog().selectors.intern(std::move(devops));
    }
    switch (kind) {
      case Pair::required:
        spec.pod_affinity.required.push_back(term);
        break;
      case Pair::required_anti:
        spec.pod_affinity.required_anti.push_back(term);
        break;
      case Pair::preferred:
        spec.pod_affinity.preferred.push_back({1, term});
        break;
      case Pair::preferred_anti:
        spec.pod_affinity.preferred_anti.push_back({1, term});
        break;
    }
  };
}

void in_two_zones(PerfCluster& cluster, model::PodSpec& spec) {
  spec.node_affinity.has_required = true;
  spec.node_affinity.required.push_back({{{cluster.word("topology.kubernetes.io/zone"),
                                           model::SelectorOperator::in,
                                           {cluster.word("moon-0"), cluster.word("moon-1")}}},
                                         {}});
}

constexpr const char* kHost = "kubernetes.io/hostname";
constexpr const char* kZone = "topology.kubernetes.io/zone";

struct Workload {
  const char* name;
  double floor;  ///< pods/s; perf.md section A
  std::uint32_t nodes;
  std::function<void(PerfCluster&)> prepare;
  std::uint64_t measured;
  std::function<std::uint64_t(PerfCluster&, std::uint64_t)> run;
};

std::function<std::uint64_t(PerfCluster&, std::uint64_t)> pods(const std::string& color,
                                                               Rules rules = {}) {
  return [=](PerfCluster& cluster, std::uint64_t count) {
    return cluster.run(cluster.make(color, rules), count);
  };
}

std::function<void(PerfCluster&)> first(std::uint64_t count, const std::string& color,
                                        Rules rules = {}) {
  return [=](PerfCluster& cluster) { cluster.run(cluster.make(color, rules), count); };
}

/// Pods with every kind of rule, as MixedSchedulingBasePod starts.
void mixed(PerfCluster& cluster) {
  first(2000, "blue", between(Pair::required, "blue", kZone, false))(cluster);
  first(2000, "green", between(Pair::required_anti, "green", kHost, false))(cluster);
  first(2000, "red", between(Pair::preferred, "red", kHost, false))(cluster);
  first(2000, "yellow", between(Pair::preferred_anti, "yellow", kHost, false))(cluster);
  first(2000, "white")(cluster);
}

/// Pods that fit nowhere stay in the queue while others are placed.
void unschedulable(PerfCluster& cluster) {
  const Template large = cluster.make("large", {}, 9'000);
  for (int i = 0; i < 200; ++i) cluster.enqueue(large);
  cluster.decide(200);
}

std::uint64_t churn(PerfCluster& cluster, std::uint64_t count) {
  std::uint64_t placed = 0;
  const Template pod = cluster.make("white");
  for (std::uint64_t done = 0; done < count; done += 100) {
    placed += cluster.run(pod, 100);
    const auto node = static_cast<std::uint32_t>(done % cluster.scheduler().node_count());
    const model::Node object = cluster.scheduler().cluster().nodes()[NodeId{node}].object;
    cluster.scheduler().remove_node(NodeId{node});
    cluster.scheduler().upsert_node(object);
  }
  return placed;
}

std::uint64_t gated(PerfCluster& cluster, std::uint64_t count) {
  const Template gated_pod = cluster.make("gated", [](PerfCluster& c, model::PodSpec& spec) {
    spec.scheduling_gates.push_back(c.word("example.com/gate"));
  });
  for (int i = 0; i < 10'000; ++i) cluster.enqueue(gated_pod);
  return pods("white")(cluster, count);
}

std::uint64_t daemons(PerfCluster& cluster, std::uint64_t count) {
  return cluster.run(cluster.make("daemon"), count, true);
}

/// Pods of `count` workloads in turn, none of which says how it is spread.
std::function<std::uint64_t(PerfCluster&, std::uint64_t)> owned_pods(int owners) {
  return [owners](PerfCluster& cluster, std::uint64_t count) {
    std::vector<Template> templates;
    for (int i = 0; i < owners; ++i) {
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
  };
}

const std::vector<Workload>& workloads() {
  using When = model::TopologySpreadConstraint::WhenUnsatisfiable;
  static const std::vector<Workload> kAll{
      {"Basic", 810, 5'000, first(1'000, "white"), 50'000, pods("white")},
      {"Daemonset", 1'100, 15'000, {}, 30'000, daemons},
      {"MixedChurn", 710, 5'000, {}, 10'000, churn},
      {"Gated", 910, 5'000, {}, 20'000, gated},
      {"Unschedulable", 590, 5'000, unschedulable, 10'000, pods("white")},
      {"SpreadRequired", 460, 5'000, first(5'000, "white"), 5'000,
       pods("blue", spread(When::do_not_schedule))},
      {"SpreadPreferred", 340, 5'000, first(5'000, "white"), 5'000,
       pods("blue", spread(When::schedule_anyway))},
      {"SpreadDefault", 160, 5'000, first(1'000, "white"), 50'000, owned_pods(1)},
      {"SpreadDefaultOf500Workloads", 160, 5'000, first(1'000, "white"), 50'000, owned_pods(500)},
      {"NodeAffinity", 220, 5'000, first(5'000, "white"), 10'000, pods("white", in_two_zones)},
      {"PodAffinity", 35, 5'000, first(5'000, "white"), 5'000,
       pods("blue", between(Pair::required, "blue", kZone, false))},
      {"PodAntiAffinity", 60, 5'000, first(1'000, "green"), 2'000,
       pods("green", between(Pair::required_anti, "green", kHost, false))},
      {"PodAntiAffinityByNamespaceSelector",
       24,
       6'000,
       {},
       2'000,
       pods("green", between(Pair::required_anti, "green", kHost, true))},
      {"PreferredPodAffinity", 90, 5'000, first(5'000, "red"), 5'000,
       pods("red", between(Pair::preferred, "red", kHost, false))},
      {"PreferredPodAntiAffinity", 90, 5'000, first(5'000, "yellow"), 5'000,
       pods("yellow", between(Pair::preferred_anti, "yellow", kHost, false))},
      {"Mixed", 140, 5'000, mixed, 5'000, pods("white")},
  };
  return kAll;
}

void measure(benchmark::State& state, const Workload& workload, std::uint32_t nodes,
             bool full_scan) {
  const std::uint64_t count = full_scan ? 100 : workload.measured;
  std::uint64_t placed = 0;
  for (auto unused : state) {
    static_cast<void>(unused);
    state.PauseTiming();
    auto cluster = std::make_unique<PerfCluster>(nodes, full_scan);
    if (workload.prepare && !full_scan) workload.prepare(*cluster);
    state.ResumeTiming();
    placed += workload.run(*cluster, count);
    state.PauseTiming();
    cluster.reset();
    state.ResumeTiming();
  }
  using benchmark::Counter;
  const auto decisions = static_cast<double>(placed);
  state.counters["decisions/s"] = Counter(decisions, Counter::kIsRate);
  state.counters["floor"] = workload.floor;
  state.counters["x_floor"] = Counter(decisions / workload.floor, Counter::kIsRate);
}

}  // namespace
}  // namespace arcas::scheduler

int main(int argc, char** argv) {
  using namespace arcas::scheduler;
  for (const Workload& workload : workloads()) {
    for (const std::uint32_t nodes : {workload.nodes, 100'000U}) {
      for (const bool scan : {false, true}) {
        const std::string name =
            std::string(scan ? "Scan/" : "Index/") + workload.name + "/" + std::to_string(nodes);
        benchmark::RegisterBenchmark(
            name.c_str(),
            [&workload, nodes, scan](benchmark::State& s) { measure(s, workload, nodes, scan); })
            ->Iterations(1)
            ->Unit(benchmark::kMillisecond);
      }
    }
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
