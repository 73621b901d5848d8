// Preemption decisions, one thread. A decision: find that no node takes the pod, choose the node
// and its victims among all nodes, nominate, let the victims leave, place the pod. No store, no
// network. `decisions/s` is the figure to compare.
//
// Sizes and requests are those of scheduler_perf's PreemptionBasic and PreemptionAsync: nodes of 4
// cpu and 32 Gi, four pods of 900m and 500 Mi on each, preemptors of 3 cpu and 500 Mi at priority
// 10, as many as nodes; each evicts three pods. Kubernetes's own PreemptionAsync measures ordinary
// pods between such preemptors (floor 570 pods/s at 5,000 nodes); here every pod preempts.
// Source: test/integration/scheduler_perf/default_preemption of kubernetes.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/scheduler/preemption_decider.h"

namespace arcas::scheduler {
namespace {

enum class Way : std::uint8_t { index, dry_run };

/// A full cluster and preemptors without end.
class Workload {
 public:
  explicit Workload(std::uint32_t nodes) : cluster_(catalog_), decider_(cluster_, profile_) {
    name_space_ = catalog_.intern_namespace(TenantId{0}, "default");
    for (std::uint32_t i = 0; i < nodes; ++i) add_node(i);
    low_ = spec(900, 0);
    high_ = spec(3'000, 10);
    huge_ = spec(9'000, 10);
    for (std::uint32_t i = 0; i < 4 * nodes; ++i) {
      const Uid uid = make_pod(low_);
      PodEntry& entry = *cluster_.pods().find(uid);
      entry.started_s = static_cast<std::int32_t>(i);
      cluster_.place(uid, entry, NodeId{i % nodes}, PodState::bound);
    }
  }

  /// One preemptor; its victims leave and it is placed after `lag` more decisions.
  bool decide(Way way, std::size_t lag) {
    const Uid uid = make_pod(high_);
    const Cycle cycle{cluster_, profile_, *cluster_.pods().find(uid), uid};
    PreemptionResult result = answer(way, cycle);
    if (result.outcome != PreemptionResult::Outcome::nominate) return false;
    decider_.nominations().add(uid, result.node);
    under_way_.emplace_back(uid, std::move(result));
    while (under_way_.size() > lag) finish_oldest();
    return true;
  }

  /// A pod that no eviction makes room for (scheduler_perf's Unschedulable).
  bool decide_in_vain() {
    const Cycle cycle{cluster_, profile_, huge_pod_, Uid::make(1, 1ULL << 30U)};
    return answer(Way::index, cycle).outcome == PreemptionResult::Outcome::clear;
  }
  void prepare_vain() {
    huge_pod_.spec = huge_;
    huge_pod_.name_space = name_space_;
    huge_pod_.labels = catalog_.label_sets.intern({});
  }

 private:
  void add_node(std::uint32_t i) {
    model::Node node;
    node.id = catalog_.nodes.intern("node-" + std::to_string(i));
    node.meta.name = {catalog_.intern("node-" + std::to_string(i)), 0};
    node.meta.labels = catalog_.label_sets.intern({});
    node.allocatable.set(model::kCpu, 4'000);
    node.allocatable.set(model::kMemory, 32LL << 30);
    node.allocatable.set(model::kPods, 110);
    node.container_runtime_ready = model::ConditionStatus::yes;
    cluster_.upsert_node(node);
  }

  SpecId spec(std::int64_t cpu, std::int32_t priority) {
    model::PodSpec spec;
    model::ResourceList requests;
    requests.set(model::kCpu, cpu);
    requests.set(model::kMemory, 500LL << 20);
    spec.containers.push_back(
        {catalog_.intern("c"), catalog_.intern("i"), requests, {}, false, false});
    spec.priority = priority;
    return catalog_.intern_spec(spec);
  }

  Uid make_pod(SpecId spec) {
    const Uid uid = Uid::make(1, ++sequence_);
    PodEntry& entry = cluster_.pods().get(uid);
    entry.spec = spec;
    entry.name_space = name_space_;
    entry.labels = catalog_.label_sets.intern({});
    entry.state = PodState::active;
    return uid;
  }

  PreemptionResult answer(Way way, const Cycle& cycle) {
    const Evaluation evaluation(cycle);
    if (way == Way::index) {
      const auto feasible = decider_.feasible_count(cycle, evaluation);
      if (!feasible.has_value() || *feasible != 0) return {};
      return decider_.decide(cycle, evaluation);
    }
    if (!evaluation.feasible().empty()) return {};
    return preempt(cycle, decider_.nominations());
  }

  void finish_oldest() {
    const auto [uid, result] = std::move(under_way_.front());
    under_way_.pop_front();
    for (const Uid victim : result.victims) {
      cluster_.lift(victim, *cluster_.pods().find(victim));
      cluster_.pods().erase(victim);
    }
    decider_.nominations().remove(uid);
    cluster_.place(uid, *cluster_.pods().find(uid), result.node, PodState::bound);
  }

  model::Catalog catalog_;
  SchedulerProfile profile_ = SchedulerProfile::arcas();
  Cluster cluster_;
  PreemptionDecider decider_;
  NamespaceId name_space_;
  SpecId low_, high_, huge_;
  PodEntry huge_pod_;
  std::deque<std::pair<Uid, PreemptionResult>> under_way_;
  std::uint64_t sequence_ = 0;
};

/// As many preemptors as nodes, or `most` if that is less; the cluster is built outside the clock.
void run(benchmark::State& state, Way way, std::size_t lag, std::uint64_t most) {
  const auto nodes = static_cast<std::uint32_t>(state.range(0));
  const std::uint64_t count = std::min<std::uint64_t>(nodes, most);
  std::uint64_t decided = 0;
  for (auto unused : state) {
    static_cast<void>(unused);
    state.PauseTiming();
    auto workload = std::make_unique<Workload>(nodes);
    state.ResumeTiming();
    for (std::uint64_t i = 0; i < count; ++i) decided += workload->decide(way, lag) ? 1 : 0;
    state.PauseTiming();
    workload.reset();
    state.ResumeTiming();
  }
  if (decided != state.iterations() * count) state.SkipWithError("a pod found no victims");
  state.counters["decisions/s"] =
      benchmark::Counter(static_cast<double>(decided), benchmark::Counter::kIsRate);
}

/// Victims leave at once.
void BM_PreemptionByIndex(benchmark::State& state) { run(state, Way::index, 0, ~0ULL); }
/// Victims take as long to leave as 100 decisions.
void BM_PreemptionAsyncByIndex(benchmark::State& state) { run(state, Way::index, 100, ~0ULL); }
/// The definition: every node is tried for every pod.
void BM_PreemptionByDryRun(benchmark::State& state) { run(state, Way::dry_run, 0, 10); }

void BM_PreemptionInVain(benchmark::State& state) {
  Workload workload(static_cast<std::uint32_t>(state.range(0)));
  workload.prepare_vain();
  std::int64_t cleared = 0;
  for (auto unused : state) {
    static_cast<void>(unused);
    cleared += workload.decide_in_vain() ? 1 : 0;
  }
  if (cleared != state.iterations()) state.SkipWithError("a pod found a node");
  state.counters["decisions/s"] =
      benchmark::Counter(static_cast<double>(cleared), benchmark::Counter::kIsRate);
}

BENCHMARK(BM_PreemptionByIndex)->Arg(5'000)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_PreemptionAsyncByIndex)->Arg(5'000)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_PreemptionByDryRun)
    ->Arg(5'000)
    ->Arg(100'000)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(BM_PreemptionInVain)->Arg(5'000)->Arg(100'000)->Unit(benchmark::kNanosecond);

}  // namespace
}  // namespace arcas::scheduler
