// The preemption index must answer as the dry run of every node does, whatever comes and goes.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/base/rng.h"
#include "core/scheduler/preemption_decider.h"

namespace arcas::scheduler {
namespace {

class World {
 public:
  explicit World(std::uint64_t seed)
      : random_(seed), cluster_(catalog_), decider_(cluster_, profile_) {
    name_spaces_ = {catalog_.intern_namespace(TenantId{0}, "n"),
                    catalog_.intern_namespace(TenantId{0}, "m")};
    node_count_ = static_cast<std::uint32_t>(random_.between(1, 9));
    for (std::uint32_t i = 0; i < node_count_; ++i) cluster_.upsert_node(node(i));
    for (int i = 0; i < 12; ++i) specs_.push_back(spec());
    for (int i = 0; i < 4; ++i) preemptors_.push_back(preemptor());
    for (int i = 0; i < 30; ++i) place();
  }

  void step() {
    switch (random_.below(14)) {
      case 0:
        return cluster_.upsert_node(node(pick_node()));
      case 1:
        return add_or_remove_node();
      case 2:
        return change_budgets();
      case 3:
        return change_a_pod();
      case 4:
        return nominate();
      case 5:
        return end_nomination();
      case 6:
      case 7:
        return remove();
      case 8:
      case 9:
      case 10:
        return place();
      default:
        return compare();
    }
  }
  [[nodiscard]] std::uint64_t compared() const { return compared_; }
  [[nodiscard]] std::uint64_t nominated() const { return nominated_; }
  [[nodiscard]] std::uint64_t violations() const { return violations_; }
  [[nodiscard]] std::uint64_t ties() const { return ties_; }
  [[nodiscard]] const PreemptionDecider::Stats& stats() const { return decider_.stats(); }

 private:
  std::uint32_t pick_node() { return static_cast<std::uint32_t>(random_.below(node_count_)); }

  model::Node node(std::uint32_t i) {
    model::Node node;
    node.id = catalog_.nodes.intern("node-" + std::to_string(i));
    node.meta.name = {catalog_.intern("node-" + std::to_string(i)), 0};
    model::LabelSet labels;
    labels.set(catalog_.intern("disk"), catalog_.intern(random_.chance(1, 3) ? "ssd" : "hdd"));
    node.meta.labels = catalog_.label_sets.intern(labels);
    node.allocatable.set(model::kCpu, random_.between(2, 4) * 1000);
    node.allocatable.set(model::kMemory, random_.between(4, 12) << 30);
    node.allocatable.set(model::kPods, random_.between(2, 9));
    if (random_.chance(1, 3)) node.allocatable.set(catalog_.resources.intern("x.io/gpu"), 2);
    node.unschedulable = random_.chance(1, 15);
    node.container_runtime_ready = model::ConditionStatus::yes;
    node.vm_runtime_ready = model::ConditionStatus::yes;
    if (random_.chance(1, 8)) {
      node.taints.push_back({catalog_.intern("team"), catalog_.intern("red"),
                             static_cast<model::TaintEffect>(random_.below(3)), 0});
    }
    return node;
  }

  model::PodSpec any_spec(std::int64_t most_cpu) {
    model::PodSpec spec;
    model::ResourceList requests;
    if (!random_.chance(1, 10)) requests.set(model::kCpu, random_.between(1, most_cpu) * 250);
    if (!random_.chance(1, 4)) requests.set(model::kMemory, random_.between(1, 6) << 29);
    if (random_.chance(1, 6)) requests.set(catalog_.resources.intern("x.io/gpu"), 1);
    spec.containers.push_back(
        {catalog_.intern("c"), catalog_.intern("i"), requests, {}, false, false});
    return spec;
  }

  SpecId spec() {
    model::PodSpec spec = any_spec(5);
    spec.priority = static_cast<std::int32_t>(random_.between(-2, 3)) * 10;
    return catalog_.intern_spec(spec);
  }

  SpecId preemptor() {
    model::PodSpec spec = any_spec(14);
    spec.priority = static_cast<std::int32_t>(random_.between(0, 4)) * 10;
    if (random_.chance(1, 5)) {
      spec.node_selector = {{catalog_.intern("disk"), catalog_.intern("ssd")}};
    }
    if (random_.chance(1, 3)) {
      model::Toleration toleration;
      toleration.key = catalog_.intern("team");
      toleration.op = model::Toleration::Operator::exists;
      spec.tolerations.push_back(toleration);
    }
    return catalog_.intern_spec(spec);
  }

  LabelSetId labels() {
    model::LabelSet labels;
    if (!random_.chance(1, 8)) {
      labels.set(catalog_.intern("app"), catalog_.intern("a" + std::to_string(random_.below(3))));
    }
    if (random_.chance(1, 3)) labels.set(catalog_.intern("tier"), catalog_.intern("web"));
    return catalog_.label_sets.intern(labels);
  }

  PodEntry& make_pod(Uid uid, SpecId of) {
    PodEntry& entry = cluster_.pods().get(uid);
    entry.spec = of;
    entry.labels = labels();
    entry.name_space = name_spaces_[random_.below(2)];
    entry.state = PodState::active;
    if (!random_.chance(1, 6)) entry.started_s = static_cast<std::int32_t>(random_.between(0, 6));
    return entry;
  }

  void place() {
    const NodeId node{pick_node()};
    if (!cluster_.nodes().known(node) || cluster_.nodes()[node].pods.size() > 8) return;
    const bool foreign = random_.chance(1, 12);
    const Uid uid = Uid::make(foreign ? 2 : 1, ++sequence_);
    cluster_.place(uid, make_pod(uid, specs_[random_.below(specs_.size())]), node,
                   foreign ? PodState::foreign : PodState::bound);
    placed_.push_back(uid);
  }

  void remove() {
    if (placed_.empty()) return;
    const std::size_t at = random_.below(placed_.size());
    cluster_.lift(placed_[at], *cluster_.pods().find(placed_[at]));
    cluster_.pods().erase(placed_[at]);
    placed_.erase(placed_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  void change_a_pod() {
    if (placed_.empty()) return;
    PodEntry& entry = *cluster_.pods().find(placed_[random_.below(placed_.size())]);
    if (random_.chance(1, 2)) return cluster_.mark_terminating(entry);
    entry.started_s = static_cast<std::int32_t>(random_.between(0, 6));
    decider_.nominations().touch(entry.node);
  }

  void add_or_remove_node() {
    if (random_.chance(1, 3)) return cluster_.upsert_node(node(node_count_++));
    const NodeId node{pick_node()};
    if (cluster_.nodes().known(node) && cluster_.nodes()[node].pods.empty()) {
      cluster_.remove_node(node);
    }
  }

  void change_budgets() {
    auto& budgets = cluster_.budgets;
    if (budgets.empty() || random_.chance(1, 8)) {
      if (budgets.size() > 3) budgets.erase(budgets.begin());
      model::Selector selector;
      if (!random_.chance(1, 8)) {
        selector.requirements.push_back(
            {catalog_.intern("app"),
             random_.chance(1, 2) ? model::SelectorOperator::in : model::SelectorOperator::exists,
             {}});
        if (selector.requirements[0].op == model::SelectorOperator::in) {
          selector.requirements[0].values = {
              catalog_.intern("a" + std::to_string(random_.below(3)))};
        }
      }
      budgets.push_back({name_spaces_[random_.below(2)],
                         random_.chance(1, 8) ? SelectorId{} : catalog_.selectors.intern(selector),
                         static_cast<std::int32_t>(random_.below(3)),
                         {}});
      return;
    }
    Budget& budget = budgets[random_.below(budgets.size())];
    budget.disruptions_allowed = static_cast<std::int32_t>(random_.between(-1, 2));
    if (!placed_.empty() && random_.chance(1, 3)) {
      budget.disrupted.push_back(placed_[random_.below(placed_.size())]);
    } else if (random_.chance(1, 3)) {
      budget.disrupted.clear();
    }
  }

  void nominate() {
    if (waiting_.size() > 6) return;
    const NodeId node{pick_node()};
    const Uid uid = Uid::make(1, ++sequence_);
    PodEntry& entry =
        make_pod(uid, random_.chance(1, 2) ? preemptors_[random_.below(preemptors_.size())]
                                           : specs_[random_.below(specs_.size())]);
    entry.nominated = node;
    decider_.nominations().add(uid, node);
    waiting_.push_back(uid);
  }

  void end_nomination() {
    if (waiting_.empty()) return;
    const std::size_t at = random_.below(waiting_.size());
    decider_.nominations().remove(waiting_[at]);
    cluster_.pods().erase(waiting_[at]);
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  void compare() {
    const bool again = !waiting_.empty() && random_.chance(1, 4);
    const Uid uid = again ? waiting_[random_.below(waiting_.size())] : Uid::make(1, ++sequence_);
    PodEntry fresh;
    fresh.spec = preemptors_[random_.below(preemptors_.size())];
    fresh.labels = labels();
    fresh.name_space = name_spaces_[0];
    const PodEntry& pod = again ? *cluster_.pods().find(uid) : fresh;
    const Cycle cycle{cluster_, profile_, pod, uid};
    std::vector<std::vector<Uid>> before;
    for (std::uint32_t i = 0; i < node_count_; ++i) {
      before.push_back(cluster_.nodes()[NodeId{i}].pods);
    }
    PreemptionDetails details;
    const PreemptionResult expected = preempt(cycle, decider_.nominations(), {}, &details);
    for (std::uint32_t i = 0; i < node_count_; ++i) {
      ASSERT_EQ(cluster_.nodes()[NodeId{i}].pods, before[i]) << "the dry run left traces";
    }
    const PreemptionResult actual = decider_.decide(cycle);
    ++compared_;
    ASSERT_EQ(actual.outcome, expected.outcome);
    ASSERT_EQ(actual.code, expected.code);
    ASSERT_EQ(actual.node, expected.node);
    ASSERT_EQ(actual.victims, expected.victims);
    ASSERT_EQ(actual.cleared, expected.cleared);
    if (expected.outcome != PreemptionResult::Outcome::nominate) return;
    ++nominated_;
    ties_ += details.best.size() > 1 ? 1 : 0;
    for (const auto& candidate : details.candidates) {
      if (candidate.node == expected.node) violations_ += candidate.cost.violations;
    }
  }

  RandomStream random_;
  model::Catalog catalog_;
  SchedulerProfile profile_ = SchedulerProfile::arcas();
  Cluster cluster_;
  PreemptionDecider decider_;
  std::uint32_t node_count_ = 0;
  std::vector<NamespaceId> name_spaces_;
  std::vector<SpecId> specs_;
  std::vector<SpecId> preemptors_;
  std::vector<Uid> placed_;
  std::vector<Uid> waiting_;
  std::uint64_t sequence_ = 0;
  std::uint64_t compared_ = 0;
  std::uint64_t nominated_ = 0;
  std::uint64_t violations_ = 0;
  std::uint64_t ties_ = 0;
};

// Law: index = dry run of every node (outcome, node, ordered victims, cleared nominations) on
// 100,000 random decisions, and the dry run leaves no trace in the cluster.
TEST(PreemptionIndex, AnswersAsTheDryRunOfEveryNodeDoes) {
  std::uint64_t compared = 0;
  std::uint64_t nominated = 0;
  std::uint64_t violations = 0;
  std::uint64_t ties = 0;
  std::uint64_t by_index = 0;
  std::uint64_t rebuilds = 0;
  for (std::uint64_t seed = 0; compared < 100'000; ++seed) {
    SCOPED_TRACE(::testing::Message() << "rerun with seed=" << seed);
    World world(seed);
    for (int i = 0; i < 1'500; ++i) {
      world.step();
      if (::testing::Test::HasFatalFailure()) return;
    }
    compared += world.compared();
    nominated += world.nominated();
    violations += world.violations();
    ties += world.ties();
    by_index += world.stats().by_index;
    rebuilds += world.stats().rebuilds;
  }
  // The worlds were neither all full nor all empty, and every criterion had its say.
  EXPECT_EQ(by_index, compared);
  EXPECT_LT(rebuilds, by_index / 4);
  EXPECT_GE(nominated, 20'000U);
  EXPECT_GE(violations, 1'000U);
  EXPECT_GE(ties, 1'000U);
}

}  // namespace
}  // namespace arcas::scheduler
