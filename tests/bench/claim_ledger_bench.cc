// Claims a second at one resource partition of 33,333 nodes, and of 100,000.
#include <benchmark/benchmark.h>

#include "core/base/rng.h"
#include "core/partition/claim_ledger.h"

namespace arcas::partition {
namespace {

/// One item is one claim; the time includes its confirmation and, later, its release.
void claim_bind_release(benchmark::State& state) {
  const auto nodes = static_cast<std::uint32_t>(state.range(0));
  model::Catalog catalog;
  model::PodSpec spec;
  model::Container container;
  container.requests.set(model::kCpu, 100);
  container.requests.set(model::kMemory, 100);
  spec.containers.push_back(container);
  const SpecId id = catalog.intern_spec(spec);
  model::ResourceList allocatable;
  allocatable.set(model::kCpu, 32'000);
  allocatable.set(model::kMemory, 128'000);
  allocatable.set(model::kPods, 110);
  ClaimLedger ledger(ClaimConfig{}, catalog);
  for (std::uint32_t n = 0; n < nodes; ++n) ledger.set_node(NodeId{n}, allocatable);
  RandomStream random(3);
  std::uint64_t next = 1;
  const std::uint64_t live = 1'500'000;
  TimePoint now;
  std::vector<ClaimLedger::Expired> expired;
  for (auto _ : state) {
    const NodeId node{static_cast<std::uint32_t>(random.below(nodes))};
    const Uid pod = Uid::make(1, next);
    const auto outcome = ledger.claim(now, 0, 1, pod, id, node);
    if (outcome == ClaimOutcome::granted) ledger.bound(pod, id, node);
    if (next > live) ledger.release(Uid::make(1, next - live));
    if (++next % 4096 == 0) {
      now = now + milliseconds(1);
      ledger.expire(now, expired);
    }
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["live"] = static_cast<double>(ledger.size());
}
BENCHMARK(claim_bind_release)->Arg(33'333)->Arg(100'000)->Iterations(6'000'000);

}  // namespace
}  // namespace arcas::partition
