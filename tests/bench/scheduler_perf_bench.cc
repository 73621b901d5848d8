// The workloads of Kubernetes's scheduler_perf, rebuilt. A decision is filter + score over every
// feasible node + reserve, one thread, no API server and no binding; all figures are per second of
// computing time. Each workload runs at its own size and at 100,000 nodes, and has beside it:
//   scan/s   the same decision on the same cluster by looking at every node, of which a few are
//            timed; that both choose the same node is checked
//   floor    pods/s that Kubernetes's own CI demands of it (bound pods, so API and etcd included)
//   x_floor  our rate over that
//   peer     pods per CPU-second of kube-scheduler 1.32.2 alone, where it was measured (5,000
//   nodes)
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "perf_workloads.h"

namespace arcas::scheduler {
namespace {

void measure(benchmark::State& state, const PerfWorkload& workload, const NodePlan& nodes) {
  std::uint64_t placed = 0;
  PerfCluster::Scanned scanned;
  for (auto unused : state) {
    static_cast<void>(unused);
    state.PauseTiming();
    auto cluster = std::make_unique<PerfCluster>(nodes);
    if (workload.prepare) workload.prepare(*cluster);
    const PerfTemplate pod = workload.pod(*cluster);
    if (workload.preempts) scanned = cluster->scan_preemption(pod);
    state.ResumeTiming();
    placed += workload.run ? workload.run(*cluster, pod, workload.measured)
                           : cluster->run(pod, workload.measured);
    state.PauseTiming();
    if (!workload.preempts) scanned = cluster->scan(pod, workload.targets ? NodeId{0} : NodeId{});
    cluster.reset();
    state.ResumeTiming();
  }
  if (placed != workload.measured * state.iterations()) {
    state.SkipWithError(("only " + std::to_string(placed) + " pods were placed").c_str());
  }
  if (!scanned.agrees) state.SkipWithError("the index and the scan chose different nodes");
  using benchmark::Counter;
  const auto decisions = static_cast<double>(placed);
  state.counters["decisions/s"] = Counter(decisions, Counter::kIsRate);
  state.counters["scan/s"] = scanned.per_second;
  if (workload.floor != 0) {
    state.counters["floor"] = workload.floor;
    state.counters["x_floor"] = Counter(decisions / workload.floor, Counter::kIsRate);
  }
  if (workload.peer != 0) state.counters["peer"] = workload.peer;
}

}  // namespace
}  // namespace arcas::scheduler

int main(int argc, char** argv) {
  using namespace arcas::scheduler;
  const std::vector<PerfWorkload> workloads = perf_workloads();
  for (const PerfWorkload& workload : workloads) {
    for (const bool large : {false, true}) {
      NodePlan nodes = workload.nodes;
      if (large) nodes.count = 100'000;
      const std::uint32_t count = nodes.count + (nodes.one_large ? 1 : 0);
      const std::string name = std::string(workload.name) + "/" + std::to_string(count);
      benchmark::RegisterBenchmark(
          name.c_str(),
          [&workload, nodes](benchmark::State& state) { measure(state, workload, nodes); })
          ->Iterations(1)
          ->Unit(benchmark::kMillisecond);
    }
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
