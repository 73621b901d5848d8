// Batch placement by min-cost flow: 1,000,000 displaced pods in 2,000 classes onto 66,000 nodes of
// two zones, one thread, everything included (histogram, bounds, flows, packing, assignment).
// Beside it the same input one by one: exact best fit, classes in input order.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "core/base/rng.h"
#include "core/scheduler/batch/batch_network.h"
#include "core/scheduler/batch/placement.h"

namespace arcas::scheduler::batch {
namespace {

constexpr std::int64_t kGib = std::int64_t{1} << 30U;

struct Size {
  std::uint32_t pods = 1'000'000;
  std::uint32_t classes = 2'000;
  std::uint32_t nodes = 66'000;
};

/// Pods of 100m to 4 cores with 1 to 8 GiB a core. One class in ten may use one zone alone, one in
/// ten needs nodes with local disks, three in ten are spread (at most 55 % in a zone), two in ten
/// run once on a node at most.
PodClass make_class(RandomStream& random, std::uint32_t index, std::uint32_t count) {
  static constexpr std::int64_t kCpu[] = {100, 250, 250, 500, 500, 750, 1000, 1000, 2000, 4000};
  PodClass pods;
  pods.name = "app-" + std::to_string(index);
  pods.tenant = TenantId{index % 50};
  pods.count = count;
  const std::int64_t cpu = kCpu[random.below(10)];
  const std::int64_t memory = cpu * random.between(4, 32) * kGib / 4'000;
  pods.demand = {cpu, memory, 0, 1};
  const std::uint64_t rule = random.below(10);
  if (rule == 0) {
    pods.domain_limits = {kUnlimited, kUnlimited};
    pods.domain_limits[random.below(2)] = 0;
  } else if (rule == 1) {
    pods.node_kinds = {1};
  } else if (rule <= 4) {
    pods.domain_limits.assign(2, count * 55 / 100 + 1);
  } else if (rule <= 6) {
    pods.max_per_node = 1;
  }
  return pods;
}

/// Nodes whose free room is `percent` of the demand, in cpu and in memory, spread unevenly: half
/// of the nodes are rich in memory, half in cpu; each is 30 % to 170 % of the mean.
BatchInput make_input(Size size, std::int64_t percent) {
  BatchInput input;
  input.resource_names = {"cpu", "memory", "ephemeral-storage", "pods"};
  input.domain_names = {"zone-b", "zone-c"};
  input.kind_names = {"plain", "local-disk"};
  RandomStream random = RandomStream(7).stream("batch");
  Wide cpu = 0;
  Wide memory = 0;
  for (std::uint32_t i = 0; i < size.classes; ++i) {
    const std::uint32_t count = size.pods / size.classes + (i < size.pods % size.classes ? 1 : 0);
    input.classes.push_back(make_class(random, i, count));
    cpu += Wide{input.classes.back().demand[0]} * count;
    memory += Wide{input.classes.back().demand[1]} * count;
  }
  const auto mean_cpu = static_cast<std::int64_t>(cpu * percent / 100 / size.nodes);
  const auto mean_memory = static_cast<std::int64_t>(memory * percent / 100 / size.nodes);
  for (std::uint32_t i = 0; i < size.nodes; ++i) {
    const std::int64_t scale = random.between(30, 170);
    const std::int64_t tilt =
        random.chance(1, 2) ? random.between(70, 100) : random.between(100, 130);
    NodeRoom node;
    node.node = NodeId{i};
    node.domain = i < size.nodes / 2 ? 0 : 1;
    node.kind = i % 4 == 0 ? 1 : 0;
    node.free = {mean_cpu * scale * tilt / 10'000, mean_memory * scale * (200 - tilt) / 10'000,
                 100 * kGib, 80};
    input.nodes.push_back(std::move(node));
  }
  return input;
}

void report(benchmark::State& state, const BatchPlacement& placement) {
  state.counters["placed"] = static_cast<double>(placement.placed);
  state.counters["bound"] = static_cast<double>(placement.bound);
  state.counters["gap"] = static_cast<double>(placement.gap());
  state.counters["rounds"] = placement.rounds;
}

void ByFlow(benchmark::State& state) {
  const BatchInput input = make_input({}, state.range(0));
  for (auto unused : state) {
    static_cast<void>(unused);
    report(state, place_batch(input).value());
  }
}

/// One pod after the other onto the node that it leaves the fullest, ties to the lowest NodeId.
/// Best fit puts equal pods onto one node until it is full, since each makes it fuller; so one
/// ordering of the nodes for each class gives the same placement as a scan for each pod.
class BestFit {
 public:
  explicit BestFit(const BatchInput& input) : input_(input), free_(free_rows(input)) {
    for (const ResourceRow& row : free_) {
      cpu_ += row[0];
      memory_ += row[1];
    }
  }

  std::uint64_t place(const PodClass& pods, std::uint32_t count) {
    std::vector<std::pair<std::int64_t, std::uint32_t>> order;
    for (std::uint32_t i = 0; i < input_.nodes.size(); ++i) {
      if (!allows_kind(pods, input_.nodes[i].kind)) continue;
      if (slots(pods, free_[i], 1) == 1) order.push_back({leftover(i), i});
    }
    std::sort(order.begin(), order.end());
    std::vector<std::uint32_t> room(input_.domain_names.size());
    for (std::uint32_t d = 0; d < room.size(); ++d) room[d] = domain_limit(pods, d);
    std::uint32_t left = count;
    for (const auto& [unused, i] : order) {
      std::uint32_t& in_domain = room[input_.nodes[i].domain];
      const std::uint32_t most = std::min({left, in_domain, pods.max_per_node});
      const std::uint32_t here = slots(pods, free_[i], most);
      for (std::size_t k = 0; k < pods.demand.size(); ++k) free_[i][k] -= pods.demand[k] * here;
      if (in_domain != kUnlimited) in_domain -= here;
      left -= here;
      if (left == 0) break;
    }
    return count - left;
  }

  /// The same decision by a scan of all nodes, for one pod.
  std::uint32_t scan(const PodClass& pods) {
    std::uint32_t best = kUnlimited;
    for (std::uint32_t i = 0; i < input_.nodes.size(); ++i) {
      if (!allows_kind(pods, input_.nodes[i].kind) || slots(pods, free_[i], 1) == 0) continue;
      if (best == kUnlimited || leftover(i) < leftover(best)) best = i;
    }
    return best;
  }

 private:
  [[nodiscard]] std::int64_t leftover(std::uint32_t i) const {
    constexpr Wide kUnit = Wide{1} << 40U;
    return static_cast<std::int64_t>(free_[i][0] * kUnit / cpu_ + free_[i][1] * kUnit / memory_);
  }

  const BatchInput& input_;
  std::vector<ResourceRow> free_;
  Wide cpu_ = 0;
  Wide memory_ = 0;
};

void BestFitClassByClass(benchmark::State& state) {
  const BatchInput input = make_input({}, state.range(0));
  std::uint64_t placed = 0;
  for (auto unused : state) {
    static_cast<void>(unused);
    BestFit best_fit(input);
    placed = 0;
    for (const PodClass& pods : input.classes) placed += best_fit.place(pods, pods.count);
  }
  state.counters["placed"] = static_cast<double>(placed);
}

void BestFitByScan(benchmark::State& state) {
  const BatchInput input = make_input({}, 100);
  BestFit best_fit(input);
  std::uint64_t decisions = 0;
  for (auto unused : state) {
    static_cast<void>(unused);
    for (std::uint32_t i = 0; i < 100; ++i, ++decisions) {
      benchmark::DoNotOptimize(best_fit.scan(input.classes[i]));
    }
  }
  state.counters["decisions/s"] =
      benchmark::Counter(static_cast<double>(decisions), benchmark::Counter::kIsRate);
}

BENCHMARK(ByFlow)->Arg(130)->Arg(105)->Arg(100)->Arg(90)->Iterations(1)->Unit(
    benchmark::kMillisecond);
BENCHMARK(BestFitClassByClass)
    ->Arg(130)
    ->Arg(105)
    ->Arg(100)
    ->Arg(90)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(BestFitByScan)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace arcas::scheduler::batch
