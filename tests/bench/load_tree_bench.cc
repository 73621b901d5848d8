// Decisions on where a pod goes: the load tree beside the full scan and the index of one shape.
// A decision here is: the best of all nodes by node-local score, charged to the node, and the
// structure brought up to date. No queue, no pods. `decisions/s` counts processor time.
#include <benchmark/benchmark.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/rng.h"
#include "core/scheduler/load_tree.h"
#include "core/scheduler/node_index.h"

namespace arcas::scheduler {
namespace {

enum class Start : std::uint8_t { empty, random_half, equalised };
enum class Mix : std::uint8_t { distinct, repeated };

/// 100,000 nodes in three zones and of four sizes, as in scheduler_bench.
class Cluster {
 public:
  static constexpr std::uint32_t kNodes = 100'000;
  static constexpr std::size_t kShapes = 40;

  Cluster(FitStrategy strategy, Mix mix) : strategy_(strategy), mix_(mix), nodes_(catalog_) {
    for (std::uint32_t i = 0; i < kNodes; ++i) add_node(i);
    static constexpr std::int64_t kCpu[] = {100, 250, 500, 500, 1000, 1000, 2000, 250, 750, 1500};
    for (std::size_t i = 0; i < kShapes; ++i) {
      shapes_.push_back(shape(kCpu[i % 10], static_cast<std::int64_t>(1 + i / 10) << 30U));
    }
  }

  void prepare(Start start, LoadTree& tree) {
    if (start == Start::random_half) {
      for (std::uint32_t i = 0; i < kNodes; ++i) {
        const NodeTable::Row& row = nodes_[NodeId{i}];
        Demand used;
        used.amounts = {random_.between(0, row.allocatable[0] * 9 / 10),
                        random_.between(0, row.allocatable[1] * 9 / 10), 0, 20};
        used.scored_cpu = used.amounts[0];
        used.scored_memory = used.amounts[1];
        nodes_.charge(NodeId{i}, used, 1);
      }
    }
    if (start == Start::equalised) {
      // What the scheduler itself makes of a cluster that it has half filled: large pods first.
      for (int i = 0; i < 150'000; ++i) decide_by_tree(tree, 8);
      for (int i = 0; i < 50'000; ++i) decide_by_tree(tree);
    }
    tree.refresh();
  }

  bool decide_by_tree(LoadTree& tree, std::int64_t times = 1) {
    tree.refresh();
    Demand demand = next().demand;
    for (const std::size_t kind : {0, 1}) demand.amounts[kind] *= times;
    demand.scored_cpu *= times;
    demand.scored_memory *= times;
    std::optional<LoadTree::Best> best;
    for (std::uint32_t g = 0; g < tree.groups().size(); ++g) {
      tree.improve(
          g, demand, [](NodeId) { return true; }, best);
    }
    return place(best ? best->node : NodeId{}, demand);
  }

  bool decide_by_scan() {
    const Demand& demand = next().demand;
    NodeId best;
    std::int64_t best_score = -1;
    for (std::uint32_t i = 0; i < kNodes; ++i) {
      const NodeTable::Row& row = nodes_[NodeId{i}];
      if (filter_resources(demand, row) != Reason::fits) continue;
      const std::int64_t score = fit_score(strategy_, demand, row) + balanced_score(demand, row);
      if (score <= best_score) continue;
      best_score = score;
      best = NodeId{i};
    }
    return place(best, demand);
  }

  bool decide_by_index() {
    const Shape& shape = next();
    if (mix_ == Mix::distinct) indexes_.clear();
    if (indexes_.empty()) indexes_.resize(kShapes);
    auto& index = indexes_[current_];
    if (index == nullptr) {
      index = std::make_unique<NodeIndex>(catalog_, nodes_, shape, strategy_);
    }
    index->refresh();
    std::int32_t best_score = NodeIndex::kInfeasible;
    NodeId best;
    for (const NodeIndex::Group& group : index->groups()) {
      const std::int32_t score = group.best();
      if (score < best_score || score == NodeIndex::kInfeasible) continue;
      const NodeId node = group.first_best();
      if (score == best_score && best < node) continue;
      best_score = score;
      best = node;
    }
    return place(best, shape.demand);
  }

  [[nodiscard]] const NodeTable& nodes() const { return nodes_; }

 private:
  void add_node(std::uint32_t i) {
    model::Node node;
    node.id = catalog_.nodes.intern("node-" + std::to_string(i));
    node.meta.name = {catalog_.intern("node-" + std::to_string(i)), 0};
    node.zone = ZoneId{static_cast<std::uint32_t>(std::uint64_t{i} * 3 / kNodes)};
    model::LabelSet labels;
    labels.set(catalog_.intern("topology.kubernetes.io/zone"),
               catalog_.intern("zone-" + std::to_string(node.zone.index)));
    node.meta.labels = catalog_.label_sets.intern(labels);
    node.allocatable.set(model::kCpu, i % 5 == 0 ? 48'000 : 32'000);
    node.allocatable.set(model::kMemory, std::int64_t{i % 3 == 0 ? 256 : 128} << 30);
    node.allocatable.set(model::kPods, 110);
    node.container_runtime_ready = model::ConditionStatus::yes;
    nodes_.upsert(node);
  }

  Shape shape(std::int64_t cpu, std::int64_t memory) {
    model::PodSpec spec;
    model::ResourceList requests;
    requests.set(model::kCpu, cpu);
    requests.set(model::kMemory, memory);
    spec.containers.push_back(
        {catalog_.intern("c"), catalog_.intern("i"), requests, {}, false, false});
    const SpecId id = catalog_.intern_spec(spec);
    return {id, demand_of(catalog_.spec(id))};
  }

  /// Runs of 50 pods of one shape, as a batch of the scheduler has them; or each its own.
  const Shape& next() {
    ++sequence_;
    if (mix_ == Mix::distinct) {
      Demand& demand = shapes_[0].demand;
      demand.scored_cpu = demand.amounts[0] = random_.between(100, 2'000);
      demand.scored_memory = demand.amounts[1] = random_.between(256 << 10, 4 << 20) << 10;
      return shapes_[0];
    }
    if (sequence_ % 50 == 0) current_ = (current_ + 1) % kShapes;
    return shapes_[current_];
  }

  bool place(NodeId node, const Demand& demand) {
    if (!node.valid()) return false;
    nodes_.charge(node, demand, 1);
    return true;
  }

  FitStrategy strategy_;
  Mix mix_;
  model::Catalog catalog_;
  NodeTable nodes_;
  std::deque<Shape> shapes_;
  std::vector<std::unique_ptr<NodeIndex>> indexes_;
  RandomStream random_{7};
  std::uint64_t sequence_ = 0;
  std::size_t current_ = 0;
};

enum class Method : std::uint8_t { tree, scan, index };

void decide(benchmark::State& state, Start start, Mix mix, FitStrategy strategy, Method method,
            int count) {
  std::uint64_t placed = 0;
  for (auto unused : state) {
    static_cast<void>(unused);
    state.PauseTiming();
    auto cluster = std::make_unique<Cluster>(strategy, mix);
    auto tree = std::make_unique<LoadTree>(cluster->nodes(), strategy);
    cluster->prepare(start, *tree);
    if (mix == Mix::repeated && method == Method::index) {
      for (int i = 0; i < 2'000; ++i) cluster->decide_by_index();  // makes the indexes
    }
    state.ResumeTiming();
    for (int i = 0; i < count; ++i) {
      if (method == Method::tree) placed += cluster->decide_by_tree(*tree) ? 1 : 0;
      if (method == Method::scan) placed += cluster->decide_by_scan() ? 1 : 0;
      if (method == Method::index) placed += cluster->decide_by_index() ? 1 : 0;
    }
    state.PauseTiming();
    tree.reset();
    cluster.reset();
    state.ResumeTiming();
  }
  state.counters["decisions/s"] =
      benchmark::Counter(static_cast<double>(placed), benchmark::Counter::kIsRate);
}

void add_cases() {
  const std::pair<Start, const char*> starts[] = {{Start::empty, "empty"},
                                                  {Start::random_half, "random half full"},
                                                  {Start::equalised, "self-filled to half"}};
  const std::pair<Mix, const char*> mixes[] = {{Mix::distinct, "every pod different"},
                                               {Mix::repeated, "40 shapes"}};
  const std::pair<FitStrategy, const char*> strategies[] = {
      {FitStrategy::least_allocated, "LeastAllocated"},
      {FitStrategy::most_allocated, "MostAllocated"}};
  for (const auto& [start, start_name] : starts) {
    for (const auto& [mix, mix_name] : mixes) {
      for (const auto& [strategy, strategy_name] : strategies) {
        const std::string name =
            std::string(start_name) + ", " + mix_name + ", " + strategy_name + ": ";
        const auto add = [&, start = start, mix = mix, strategy = strategy](
                             Method method, const char* method_name, int count) {
          benchmark::RegisterBenchmark((name + method_name).c_str(), decide, start, mix, strategy,
                                       method, count)
              ->Iterations(1)
              ->Unit(benchmark::kMillisecond);
        };
        add(Method::tree, "load tree", 100'000);
        add(Method::scan, "full scan", 200);
        add(Method::index, "index of the shape", mix == Mix::distinct ? 40 : 100'000);
      }
    }
  }
}

const bool kAdded = (add_cases(), true);

}  // namespace
}  // namespace arcas::scheduler
