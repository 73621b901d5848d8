// Placement policies on the openb trace: one run of the protocol (about 10,600 submissions to 1,213
// nodes). The trace is no part of the project: ARCAS_SHARED names the folder that holds
// traces/openb, or it lies in `shared` beside the project.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>

#include "core/scheduler/policies/registry.h"
#include "sim/placement/bound.h"
#include "sim/placement/placement_run.h"

namespace arcas::sim {
namespace {

const Expected<PlacementTrace>& default_workload() {
  static const Expected<PlacementTrace> trace = [] {
    const char* shared = std::getenv("ARCAS_SHARED");
    const std::string root = shared == nullptr ? "../shared" : shared;
    return read_placement_trace(root + "/traces/openb", "default");
  }();
  return trace;
}

void run(benchmark::State& state, const std::string& policy) {
  const auto& trace = default_workload();
  if (!trace) {
    state.SkipWithError(trace.error().message.c_str());
    return;
  }
  std::uint64_t seed = 42;
  std::int64_t submissions = 0;
  for (auto _ : state) {
    const auto result = run_placement(*trace, policy, seed++);
    submissions += result->placed + result->refused;
    benchmark::DoNotOptimize(result->allocated_milli);
  }
  state.counters["submissions/s"] =
      benchmark::Counter(static_cast<double>(submissions), benchmark::Counter::kIsRate);
}

void bound(benchmark::State& state) {
  const auto& trace = default_workload();
  if (!trace) {
    state.SkipWithError(trace.error().message.c_str());
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(bound_allocation(*trace).at_100);
}
BENCHMARK(bound)->Unit(benchmark::kMillisecond);

const bool kRegistered = [] {
  for (const policies::PolicyInfo& info : policies::all_policies()) {
    const std::string name(info.name);
    benchmark::RegisterBenchmark(name.c_str(), [name](benchmark::State& state) {
      run(state, name);
    })->Unit(benchmark::kMillisecond);
  }
  return true;
}();

}  // namespace
}  // namespace arcas::sim
