// The load tree must answer as a look at every node does, whatever nodes and pods come and go.
#include "core/scheduler/load_tree.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "core/base/rng.h"

namespace arcas::scheduler {
namespace {

/// How a random cluster is drawn.
struct Character {
  std::uint32_t nodes = 0;
  std::uint32_t capacities = 1;  ///< how many different sizes of node
  bool lattice = false;          ///< few different requests, so that many nodes are in one state
  bool oddities = false;         ///< zero, negative and huge amounts
};

class RandomCluster {
 public:
  RandomCluster(std::uint64_t seed, Character character, FitStrategy strategy)
      : random_(seed),
        character_(character),
        strategy_(strategy),
        nodes_(catalog_),
        tree_(nodes_, strategy) {
    gpu_ = catalog_.resources.intern("x.io/gpu");
    zone_key_ = catalog_.intern("topology.kubernetes.io/zone");
    for (std::uint32_t i = 0; i < character_.nodes; ++i) nodes_.upsert(node(i));
  }

  void step() {
    switch (random_.below(24)) {
      case 0:
        nodes_.upsert(node(pick()));
        break;
      case 1:
        if (random_.chance(1, 3)) nodes_.remove(NodeId{pick()});
        break;
      case 2:
        if (random_.chance(1, 20)) {
          nodes_.set_zone_lost(ZoneId{static_cast<std::uint32_t>(random_.below(3))},
                               random_.chance(1, 2));
        }
        break;
      case 3:
      case 4:
      case 5:
        release();
        break;
      case 6:
        charge(NodeId{pick()}, demand());  // somebody else's pod, room or no room
        break;
      default:
        decide();
    }
  }

  /// Asks for one pod in every group and places it in one of them.
  void decide() {
    tree_.refresh();
    const Demand wanted = demand();
    const auto refused = static_cast<std::uint32_t>(random_.below(8));  // 0: admit every node
    const auto admits = [refused](NodeId n) { return refused == 0 || n.index % 7 != refused; };
    const auto groups = static_cast<std::uint32_t>(tree_.groups().size());
    std::optional<LoadTree::Best> overall;
    std::optional<LoadTree::Best> improved;
    for (std::uint32_t g = 0; g < groups; ++g) {
      const auto answer = tree_.best(g, wanted, admits);
      const auto truth = brute_force(g, wanted, admits);
      ++compared_;
      ASSERT_EQ(answer.has_value(), truth.has_value());
      if (!truth) continue;
      ASSERT_EQ(answer->node, truth->node);
      ASSERT_EQ(answer->score, truth->score);
      if (!overall || truth->score > overall->score ||
          (truth->score == overall->score && truth->node < overall->node)) {
        overall = truth;
      }
    }
    for (std::uint32_t g = 0; g < groups; ++g) tree_.improve(g, wanted, admits, improved);
    ASSERT_EQ(improved, overall);
    if (!overall) return;
    ++placed_;
    charge(overall->node, wanted);
  }

  /// Every known node is in the group whose facts it shows.
  void check_groups() {
    tree_.refresh();
    std::vector<std::uint32_t> counts(tree_.groups().size(), 0);
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (!nodes_.known(NodeId{i})) continue;
      const NodeTable::Row& row = nodes_[NodeId{i}];
      const std::uint32_t g = tree_.group_of(NodeId{i});
      ASSERT_LT(g, counts.size());
      ++counts[g];
      const NodeTable::Row& facts = tree_.groups()[g].facts;
      ASSERT_EQ(tree_.groups()[g].zone, row.zone_label);
      ASSERT_EQ(facts.zone_lost, row.zone_lost);
      ASSERT_EQ(facts.object.unschedulable, row.object.unschedulable);
      ASSERT_EQ(facts.object.taints, row.object.taints);
      ASSERT_EQ(facts.object.vm_runtime_ready, row.object.vm_runtime_ready);
    }
    for (std::size_t g = 0; g < counts.size(); ++g) ASSERT_EQ(counts[g], tree_.groups()[g].nodes);
  }

  [[nodiscard]] std::uint64_t compared() const { return compared_; }
  [[nodiscard]] std::uint64_t placed() const { return placed_; }
  [[nodiscard]] std::uint64_t rebuilds() const { return tree_.rebuilds(); }

 private:
  struct Held {
    NodeId node;
    Demand demand;
  };

  std::uint32_t pick() { return static_cast<std::uint32_t>(random_.below(character_.nodes)); }

  model::Node node(std::uint32_t i) {
    model::Node node;
    node.id = NodeId{i};
    node.zone = ZoneId{i % 3};
    model::LabelSet labels;
    if (!random_.chance(1, 20)) {
      labels.set(zone_key_, catalog_.intern("zone-" + std::to_string(i % 3)));
    }
    node.meta.labels = catalog_.label_sets.intern(labels);
    const auto size = static_cast<std::int64_t>(random_.below(character_.capacities));
    node.allocatable.set(model::kCpu, 4'000 + size * 1'000);
    node.allocatable.set(model::kMemory, ((8 + (size * 7) % 11) << 30) + size * 4'096);
    node.allocatable.set(model::kPods, random_.chance(1, 4) ? random_.between(0, 6) : 40);
    if (random_.chance(1, 4)) node.allocatable.set(gpu_, random_.between(1, 8));
    if (random_.chance(1, 3)) node.allocatable.set(model::kEphemeralStorage, 100 << 20);
    if (character_.oddities) make_odd(node);
    node.unschedulable = random_.chance(1, 30);
    node.container_runtime_ready = model::ConditionStatus::yes;
    node.vm_runtime_ready =
        random_.chance(1, 10) ? model::ConditionStatus::no : model::ConditionStatus::yes;
    if (random_.chance(1, 30)) {
      node.taints.push_back(
          {catalog_.intern("team"), catalog_.intern("red"), model::TaintEffect::no_schedule, 0});
    }
    return node;
  }

  void make_odd(model::Node& node) {
    switch (random_.below(8)) {
      case 0:
        node.allocatable.set(model::kCpu, 0);
        break;
      case 1:
        node.allocatable.set(model::kMemory, 0);
        break;
      case 2:
        node.allocatable.set(model::kMemory, (std::int64_t{1} << 45U) - 1);  // the last narrow one
        break;
      case 3:
        node.allocatable.set(model::kMemory, std::int64_t{1} << 50U);
        break;
      case 4:
        node.allocatable.set(model::kCpu, random_.between(1, 3));
        break;
      default:
        break;
    }
  }

  Demand demand() {
    Demand demand;
    if (character_.lattice) {
      demand.amounts = {random_.between(0, 4) * 250, random_.between(0, 4) << 28U, 0, 1};
    } else {
      demand.amounts = {random_.between(0, 1'500), random_.between(0, std::int64_t{2} << 30U), 0,
                        1};
    }
    if (random_.chance(1, 10)) demand.amounts[2] = random_.between(1, 30 << 20);
    if (random_.chance(1, 6)) {
      demand.amounts.resize(gpu_.index + 1, 0);
      demand.amounts[gpu_.index] = random_.between(1, 4);
    }
    demand.scored_cpu = demand.amounts[0];
    demand.scored_memory = demand.amounts[1];
    if (random_.chance(1, 5)) demand.scored_cpu += 100;
    if (random_.chance(1, 5)) demand.scored_memory += 200 << 20U;
    if (random_.chance(1, 40)) demand.scored_cpu = demand.amounts[0] / 2;
    if (character_.oddities && random_.chance(1, 20)) {
      demand.scored_memory = std::int64_t{1} << 46U;  // scored far above what it takes
    }
    return demand;
  }

  void charge(NodeId node, const Demand& demand) {
    nodes_.charge(node, demand, 1);
    held_.push_back({node, demand});
  }

  void release() {
    if (held_.empty()) return;
    const std::size_t at = random_.below(held_.size());
    nodes_.charge(held_[at].node, held_[at].demand, -1);
    held_[at] = held_.back();
    held_.pop_back();
  }

  template <class Admits>
  std::optional<LoadTree::Best> brute_force(std::uint32_t group, const Demand& wanted,
                                            const Admits& admits) {
    std::optional<LoadTree::Best> best;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      const NodeId node{i};
      const NodeTable::Row& row = nodes_[node];
      if (!row.known || tree_.group_of(node) != group || !admits(node)) continue;
      if (filter_resources(wanted, row) != Reason::fits) continue;
      const auto score = static_cast<std::int32_t>(fit_score(strategy_, wanted, row) +
                                                   balanced_score(wanted, row));
      if (!best || score > best->score) best = LoadTree::Best{node, score};
    }
    return best;
  }

  RandomStream random_;
  Character character_;
  FitStrategy strategy_;
  model::Catalog catalog_;
  NodeTable nodes_;
  LoadTree tree_;
  ResourceId gpu_;
  StringId zone_key_;
  std::vector<Held> held_;
  std::uint64_t compared_ = 0;
  std::uint64_t placed_ = 0;
};

struct Totals {
  std::uint64_t compared = 0;
  std::uint64_t placed = 0;
};

void run(std::uint64_t seed, const Character& character, int steps, Totals& totals) {
  SCOPED_TRACE(::testing::Message() << "rerun with seed=" << seed);
  const FitStrategy strategy =
      seed % 2 == 0 ? FitStrategy::least_allocated : FitStrategy::most_allocated;
  RandomCluster cluster(seed, character, strategy);
  for (int i = 0; i < steps; ++i) {
    cluster.step();
    if (i % 64 == 0) cluster.check_groups();
    if (::testing::Test::HasFatalFailure()) return;
  }
  totals.compared += cluster.compared();
  totals.placed += cluster.placed();
}

// Law: node and score of the tree are those of a look at every node, on more than 200,000 answers
// over small clusters of every character.
TEST(LoadTreeProperty, SmallClustersAnswerAsALookAtEveryNodeDoes) {
  Totals totals;
  RandomStream random(1);
  for (std::uint64_t seed = 0; seed < 160; ++seed) {
    Character character;
    character.nodes = static_cast<std::uint32_t>(random.between(1, 400));
    character.capacities =
        static_cast<std::uint32_t>(random.chance(1, 3) ? 40 : random.between(1, 4));
    character.lattice = seed % 3 == 0;
    character.oddities = seed % 4 == 1;
    run(seed, character, 400, totals);
    if (::testing::Test::HasFatalFailure()) return;
  }
  EXPECT_GE(totals.compared, 200'000U);
  EXPECT_GE(totals.placed, 20'000U);
}

// Law: the same over clusters of thousands of nodes, where trees are deep and subtrees are rebuilt.
TEST(LoadTreeProperty, LargeClustersAnswerAsALookAtEveryNodeDoes) {
  Totals totals;
  for (std::uint64_t seed = 1000; seed < 1008; ++seed) {
    Character character;
    character.nodes = 3'000;
    character.capacities = seed % 4 < 2 ? 1 : 5;
    character.lattice = seed % 4 == 1 || seed % 4 == 2;
    run(seed, character, 3'000, totals);
    if (::testing::Test::HasFatalFailure()) return;
  }
  EXPECT_GE(totals.placed, 10'000U);
}

}  // namespace
}  // namespace arcas::scheduler
