// Scheduling decisions: filter + score over every feasible node + reserve, one thread.
// A decision is not a binding: no store, no network. `decisions/s` is the figure to compare.
#include <benchmark/benchmark.h>

#include <memory>

#include "decision_load.h"

namespace arcas::scheduler {
namespace {

void decide(benchmark::State& state, Mix mix, bool full_scan, std::uint64_t pods) {
  const auto nodes = static_cast<std::uint32_t>(state.range(0));
  std::uint64_t placed = 0;
  for (auto unused : state) {
    static_cast<void>(unused);
    state.PauseTiming();
    auto bench = std::make_unique<DecisionLoad>(nodes, mix, full_scan);
    state.ResumeTiming();
    placed += bench->run(pods);
    state.PauseTiming();
    bench.reset();
    state.ResumeTiming();
  }
  state.counters["decisions/s"] =
      benchmark::Counter(static_cast<double>(placed), benchmark::Counter::kIsRate);
}

void RepeatedShapes(benchmark::State& s) { decide(s, Mix::repeated, false, 1'000'000); }
void ZoneSpread(benchmark::State& s) { decide(s, Mix::spread, false, 1'000'000); }
void EveryPodDifferent(benchmark::State& s) { decide(s, Mix::distinct, false, 4'000); }
void RepeatedShapesByFullScan(benchmark::State& s) { decide(s, Mix::repeated, true, 2'000); }
void ThreeMillionFromScratch(benchmark::State& s) { decide(s, Mix::repeated, false, 3'000'000); }

BENCHMARK(RepeatedShapes)->Arg(5'000)->Arg(100'000)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(ZoneSpread)->Arg(100'000)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(EveryPodDifferent)->Arg(100'000)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(RepeatedShapesByFullScan)->Arg(100'000)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(ThreeMillionFromScratch)->Arg(100'000)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace arcas::scheduler
