// Cost of the ground truth and of the checkers at full size: 100,000 nodes, 3,000,000 pods.
// Memory is the growth of the resident set, read from the operating system.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <vector>

#include "sim/check/check_suite.h"
#include "sim/check/outcome_tracker.h"
#include "sim/world/region.h"
#include "sim/world/sim_runtime.h"

namespace arcas::sim {
namespace {

constexpr std::uint32_t kNodes = 100'000;
constexpr std::uint32_t kPodsPerNode = 30;
constexpr std::uint32_t kPods = kNodes * kPodsPerNode;
constexpr std::uint32_t kPartitions = 3;

double resident_megabytes() {
  long pages = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%*s %ld", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return static_cast<double>(pages) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

/// The i-th pod's uid; partitions take turns.
Uid uid_of(std::uint32_t i) { return Uid::make(i % kPartitions, i / kPartitions + 1); }
/// Neighbouring uids run on nodes far apart.
NodeId node_of(std::uint32_t i) {
  return {static_cast<std::uint32_t>(std::uint64_t{i} * 7919 % kNodes)};
}

std::vector<SpecId> specs_in(model::Catalog& catalog, std::uint32_t count) {
  std::vector<SpecId> specs;
  for (std::uint32_t i = 0; i < count; ++i) {
    model::PodSpec spec;
    model::Container container;
    container.image = catalog.intern("image-" + std::to_string(i));
    container.requests.set(model::kCpu, 100 + i % 7);
    container.requests.set(model::kMemory, 1'000'000 + i);
    spec.containers.push_back(container);
    specs.push_back(catalog.intern_spec(spec));
  }
  return specs;
}

/// Starts, completes, stops and completes every pod: four operations for each.
void BM_RuntimeLife(benchmark::State& state) {
  model::Catalog catalog;
  const std::vector<SpecId> specs = specs_in(catalog, 1000);
  for (auto _ : state) {
    const double before = resident_megabytes();
    SimRuntime runtime(RuntimeConfig{}, catalog, kNodes, RandomStream(1));
    const double empty = resident_megabytes();
    std::vector<RuntimeOutcome> starts;
    starts.reserve(kPods);
    for (std::uint32_t i = 0; i < kPods; ++i) {
      starts.push_back(runtime.start({}, node_of(i), uid_of(i), specs[i / 1000 % specs.size()]));
    }
    for (const RuntimeOutcome& start : starts) {
      benchmark::DoNotOptimize(runtime.complete(start.at, start.token));
    }
    const double mine = static_cast<double>(kPods * sizeof(RuntimeOutcome)) / 1e6;
    state.counters["MB_nodes"] = empty - before;
    state.counters["MB_pods_and_images"] = resident_megabytes() - empty - mine;
    const TimePoint later = TimePoint{} + hours(1);
    for (std::uint32_t i = 0; i < kPods; ++i) {
      const RuntimeOutcome stop = runtime.stop(later, node_of(i), uid_of(i), seconds(30));
      benchmark::DoNotOptimize(runtime.complete(stop.at, stop.token));
    }
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t{kPods} * 4);
}
BENCHMARK(BM_RuntimeLife)->Unit(benchmark::kMillisecond)->Iterations(1);

class Feeder {
 public:
  explicit Feeder(CheckSuite& checks) : suite(checks) {}

  /// Commits `count` pods at a time, as grouped writes do.
  void pod(PartitionId partition, ports::ChangeType type, const model::Pod& value) {
    ports::ChangeBatch& batch = batches[partition.index];
    batch.pods.push_back({type, value});
    batch.pods.back().pod.meta.resource_version = revisions[partition.index] + 1;
    if (batch.pods.size() == 1000) flush(partition);
  }
  void flush(PartitionId partition) {
    ports::ChangeBatch& batch = batches[partition.index];
    if (batch.pods.empty()) return;
    batch.revision = ++revisions[partition.index];
    suite.on_commit(partition, batch, now);
    batch.pods.clear();
  }
  void flush() {
    for (std::uint32_t p = 0; p < kPartitions; ++p) flush({p});
  }

  CheckSuite& suite;
  TimePoint now{1};
  std::vector<ports::ChangeBatch> batches = std::vector<ports::ChangeBatch>(kPartitions);
  std::vector<Revision> revisions = std::vector<Revision>(kPartitions + 1, 0);
};

void add_nodes(CheckSuite& suite, model::Catalog& catalog) {
  ports::ChangeBatch batch;
  batch.revision = 1;
  for (std::uint32_t i = 0; i < kNodes; ++i) {
    model::Node node;
    node.id = catalog.nodes.intern("node-" + std::to_string(i));
    node.meta.uid = Uid::make(kPartitions, i + 1);
    node.meta.name.base = catalog.intern("node-" + std::to_string(i));
    node.meta.labels = LabelSetId{0};
    node.meta.resource_version = 1;
    node.zone = ZoneId{i % 3};
    node.allocatable.set(model::kCpu, 64'000);
    node.allocatable.set(model::kMemory, std::int64_t{256} << 30U);
    node.allocatable.set(model::kPods, 110);
    node.ready = model::ConditionStatus::yes;
    batch.objects.push_back({ports::ChangeType::added, node});
  }
  suite.on_commit(PartitionId{kPartitions}, batch, {});
}

/// Creates, binds, starts and reports every pod: two commits of status, one of the ground truth,
/// and a creation each.
void BM_CheckersLife(benchmark::State& state) {
  model::Catalog catalog;
  const std::vector<SpecId> specs = specs_in(catalog, 1000);
  const TenantId tenant = catalog.tenants.intern("acme");
  const NamespaceId name_space = catalog.intern_namespace(tenant, "default");
  for (auto _ : state) {
    const double before = resident_megabytes();
    CheckSuite suite(catalog);
    OutcomeTracker outcome;
    suite.attach(&outcome);
    add_nodes(suite, catalog);
    const double nodes = resident_megabytes();
    Feeder feeder(suite);
    const auto pod = [&](std::uint32_t i) {
      model::Pod value;
      value.meta.uid = uid_of(i);
      value.meta.tenant = tenant;
      value.meta.name_space = name_space;
      value.meta.owner = {Uid::make(i % kPartitions, kPods + 1 + i / 1000),
                          model::Kind::replica_set};
      value.spec = specs[i / 1000 % specs.size()];
      return value;
    };
    const auto each = [&](auto change) {
      for (std::uint32_t i = 0; i < kPods; ++i) change(i);
      feeder.flush();
    };
    each([&](std::uint32_t i) { feeder.pod({i % kPartitions}, ports::ChangeType::added, pod(i)); });
    each([&](std::uint32_t i) {
      model::Pod value = pod(i);
      value.node = node_of(i);
      feeder.pod({i % kPartitions}, ports::ChangeType::modified, value);
    });
    each([&](std::uint32_t i) { suite.on_running(uid_of(i), node_of(i), feeder.now); });
    each([&](std::uint32_t i) {
      model::Pod value = pod(i);
      value.node = node_of(i);
      value.phase = model::PodPhase::running;
      feeder.pod({i % kPartitions}, ports::ChangeType::modified, value);
    });
    if (suite.violation() != nullptr) state.SkipWithError(suite.violation()->text.c_str());
    state.counters["MB_nodes"] = nodes - before;
    state.counters["MB_pods"] = resident_megabytes() - nodes;
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t{kPods} * 4);
}
BENCHMARK(BM_CheckersLife)->Unit(benchmark::kMillisecond)->Iterations(1);

/// One look at aliveness and paths, and one latency, for each message of a region of this size.
void BM_RegionMessage(benchmark::State& state) {
  Region region(LinkConfig{}, RandomStream(1));
  const double before = resident_megabytes();
  for (const char* name : {"a", "b", "c"}) {
    const ZoneId zone = region.add_zone(name);
    for (std::uint32_t rack = 0; rack < kNodes / 3 / 40; ++rack) {
      const RackId id = region.add_rack(zone);
      for (int node = 0; node < 40; ++node) region.add_node(id);
    }
  }
  for (std::uint32_t i = 0; i < 30; ++i) region.add_control_host({i % 3});
  region.finish();
  state.counters["B_per_host"] =
      (resident_megabytes() - before) * 1e6 / static_cast<double>(region.host_count());
  const std::uint32_t hosts = region.host_count();
  std::uint64_t sequence = 0;
  for (auto _ : state) {
    const HostId from{static_cast<std::uint32_t>(sequence * 7919 % hosts)};
    const HostId to{hosts - 1 - static_cast<std::uint32_t>(sequence % 30)};
    benchmark::DoNotOptimize(region.reachable(from, to));
    benchmark::DoNotOptimize(region.latency(from, to, sequence));
    ++sequence;
  }
}
BENCHMARK(BM_RegionMessage)->Iterations(20'000'000);

}  // namespace
}  // namespace arcas::sim
