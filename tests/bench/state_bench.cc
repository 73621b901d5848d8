// Pod operations a second through Tables::commit, and memory for each pod.
#include <benchmark/benchmark.h>

#include "core/base/rng.h"
#include "core/state/tables.h"

namespace arcas::state {
namespace {

using ports::Transaction;
using ports::Verb;

constexpr std::uint32_t kNodes = 100'000;
constexpr std::size_t kBatch = 512;

model::Pod make_pod(std::uint32_t i) {
  model::Pod pod;
  pod.meta.name = {StringId{1}, i + 1};
  pod.meta.tenant = TenantId{1};
  pod.meta.name_space = NamespaceId{1};
  pod.meta.owner.uid = Uid::make(1, i / 100 + 1);
  pod.spec = SpecId{0};
  return pod;
}

void create(Tables& tables, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count;) {
    Transaction transaction;
    transaction.mode = Transaction::Mode::each;
    for (std::size_t b = 0; b < kBatch && i < count; ++b, ++i) {
      transaction.pods.push_back({Verb::create, 0, make_pod(i)});
    }
    ports::ChangeBatch changes;
    benchmark::DoNotOptimize(tables.commit(transaction, TimePoint{}, changes));
  }
}

/// One item is one pod's creation.
void pod_create(benchmark::State& state) {
  const auto count = static_cast<std::uint32_t>(state.range(0));
  for (auto _ : state) {
    Tables tables(PartitionId{1});
    create(tables, count);
    state.PauseTiming();
    { const Tables gone = std::move(tables); }
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(pod_create)->Arg(1'000'000)->Unit(benchmark::kMillisecond)->Iterations(3);

/// One item is one pod's update by compare-and-swap: bound to a random node.
void pod_bind(benchmark::State& state) {
  const auto count = static_cast<std::uint32_t>(state.range(0));
  Tables tables(PartitionId{1});
  create(tables, count);
  RandomStream random(7);
  std::uint32_t next = 0;
  for (auto _ : state) {
    Transaction transaction;
    transaction.mode = Transaction::Mode::each;
    for (std::size_t b = 0; b < kBatch; ++b) {
      const model::Pod* stored = tables.pods.find(Uid::make(1, next++ % count + 1));
      transaction.pods.push_back({Verb::update, stored->meta.resource_version, *stored});
      transaction.pods.back().pod.node = NodeId{static_cast<std::uint32_t>(random.below(kNodes))};
    }
    ports::ChangeBatch changes;
    benchmark::DoNotOptimize(tables.commit(transaction, TimePoint{}, changes));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBatch));
}
BENCHMARK(pod_bind)->Arg(1'000'000);

/// One item is one pod's change applied by a watcher.
void pod_apply(benchmark::State& state) {
  const auto count = static_cast<std::uint32_t>(state.range(0));
  Tables tables(PartitionId{1});
  create(tables, count);
  ports::ChangeBatch changes;
  for (std::size_t b = 0; b < kBatch; ++b) {
    changes.pods.push_back({ports::ChangeType::modified, {}});
  }
  std::uint32_t next = 0;
  Revision revision = tables.revision();
  for (auto _ : state) {
    changes.revision = ++revision;
    for (ports::PodChange& change : changes.pods) {
      change.pod = *tables.pods.find(Uid::make(1, next++ % count + 1));
      change.pod.ready = !change.pod.ready;
      change.pod.meta.resource_version = revision;
    }
    tables.apply(changes);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBatch));
}
BENCHMARK(pod_apply)->Arg(1'000'000);

}  // namespace
}  // namespace arcas::state
