// Bytes that a scheduler holds for each node and each pod, counted at the allocator: what it asked
// for, rounded up as the allocator rounds. Queue, node table, pod table, counters and the indexes
// of the pod classes that are warm at the end are all in it. Aims: 1,024 a node, 128 a pod.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

#include "decision_load.h"

namespace {
std::int64_t held = 0;  // one thread

void* take(std::size_t bytes, std::size_t alignment) {
  void* memory =
      alignment <= alignof(std::max_align_t)
          ? std::malloc(bytes)
          : std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  held += static_cast<std::int64_t>(malloc_usable_size(memory));
  return memory;
}
void give(void* memory) {
  if (memory != nullptr) held -= static_cast<std::int64_t>(malloc_usable_size(memory));
  std::free(memory);
}
}  // namespace

void* operator new(std::size_t bytes) { return take(bytes, 1); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return take(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { give(memory); }
void operator delete(void* memory, std::size_t) noexcept { give(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { give(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { give(memory); }

namespace arcas::scheduler {
namespace {

void hold(benchmark::State& state, Mix mix) {
  const auto nodes = static_cast<std::uint32_t>(state.range(0));
  const auto pods = static_cast<std::uint64_t>(state.range(1));
  for (auto unused : state) {
    static_cast<void>(unused);
    const std::int64_t before = held;
    auto load = std::make_unique<DecisionLoad>(nodes, mix, false);
    const std::int64_t with_nodes = held;
    const std::uint64_t placed = load->run(pods);
    const std::int64_t with_pods = held;
    if (placed == 0) return state.SkipWithError("no pod was placed");
    state.counters["B/node"] = static_cast<double>(with_nodes - before) / nodes;
    // Nodes gain as pods come: their lists, and the indexes. All of it is laid on the pods.
    state.counters["B/pod"] =
        static_cast<double>(with_pods - with_nodes) / static_cast<double>(placed);
    state.counters["total MB"] = static_cast<double>(with_pods - before) / 1e6;
    state.counters["pods"] = static_cast<double>(placed);
  }
}

void RepeatedShapes(benchmark::State& state) { hold(state, Mix::repeated); }
void ZoneSpread(benchmark::State& state) { hold(state, Mix::spread); }

BENCHMARK(RepeatedShapes)->Args({100'000, 3'000'000})->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK(ZoneSpread)->Args({100'000, 3'000'000})->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace arcas::scheduler
