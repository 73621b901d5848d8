#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/scheduler/scheduler.h"

namespace arcas::scheduler {
namespace {

/// One node of two cores, and a pod on it.
class PlacedPod : public testing::Test {
 protected:
  PlacedPod() : scheduler(catalog, {}) {
    model::Node node;
    node.id = catalog.nodes.intern("n");
    node.meta.name.base = catalog.intern("n");
    model::LabelSet host;
    host.set(catalog.intern("kubernetes.io/hostname"), catalog.intern("n"));
    node.meta.labels = catalog.label_sets.intern(host);
    node.allocatable.set(model::kCpu, 2000);
    node.allocatable.set(model::kPods, 110);
    node.container_runtime_ready = model::ConditionStatus::yes;
    scheduler.upsert_node(node);
    tell(1500, "web", true);
  }
  model::PodSpec spec(std::int64_t cpu) {
    model::PodSpec spec;
    spec.containers.emplace_back().requests.set(model::kCpu, cpu);
    return spec;
  }
  LabelSetId labels(const std::string& app) {
    model::LabelSet labels;
    labels.set(catalog.intern("app"), catalog.intern(app));
    return catalog.label_sets.intern(labels);
  }
  void tell(std::int64_t cpu, const std::string& app, bool own) {
    scheduler.add_usage(Uid::make(1, own ? 1 : 2), catalog.intern_spec(spec(cpu)),
                        own ? labels(app) : LabelSetId{}, name_space(), NodeId{0}, own);
  }
  NamespaceId name_space() { return catalog.intern_namespace(TenantId{0}, "default"); }
  /// Whether a pod finds room, which it gives back.
  bool fits(model::PodSpec wanted) {
    PendingPod pod;
    pod.uid = Uid::make(1, ++last_);
    pod.spec = catalog.intern_spec(std::move(wanted));
    pod.labels = labels("other");
    pod.name_space = name_space();
    const Scheduler::Compared answers = scheduler.compare(pod);
    EXPECT_EQ(answers.index.node, answers.scan.node);
    return answers.scan.node.valid();
  }
  model::PodSpec away_from(const std::string& app) {
    model::PodAffinityTerm term;
    model::Selector selector;
    selector.requirements.push_back(
        {catalog.intern("app"), model::SelectorOperator::in, {catalog.intern(app)}});
    term.selector = catalog.selectors.intern(std::move(selector));
    term.topology_key = catalog.intern("kubernetes.io/hostname");
    model::PodSpec wanted = spec(100);
    wanted.pod_affinity.required_anti.push_back(term);
    return wanted;
  }

  model::Catalog catalog;
  Scheduler scheduler;

 private:
  std::uint64_t last_ = 100;
};

TEST_F(PlacedPod, HoldsWhatItIsGivenAfterAResizeInPlace) {
  EXPECT_FALSE(fits(spec(1000)));
  tell(500, "web", true);
  EXPECT_TRUE(fits(spec(1500)));
  EXPECT_FALSE(fits(spec(1501)));
  tell(2000, "web", true);
  EXPECT_FALSE(fits(spec(1)));
  scheduler.remove_usage(Uid::make(1, 1));
  EXPECT_TRUE(fits(spec(2000)));
}

TEST_F(PlacedPod, OfAnotherPartitionToo) {
  tell(400, "", false);
  EXPECT_FALSE(fits(spec(200)));
  tell(100, "", false);
  EXPECT_TRUE(fits(spec(400)));
  EXPECT_FALSE(fits(spec(401)));
}

TEST_F(PlacedPod, CountsByItsNewLabels) {
  EXPECT_FALSE(fits(away_from("web")));
  EXPECT_TRUE(fits(away_from("db")));
  tell(1500, "db", true);
  EXPECT_TRUE(fits(away_from("web")));
  EXPECT_FALSE(fits(away_from("db")));
}

TEST_F(PlacedPod, IsNotChangedByWhatOthersSayOfIt) {
  scheduler.add_usage(Uid::make(1, 1), catalog.intern_spec(spec(1500)), {}, {}, NodeId{0}, false);
  EXPECT_FALSE(fits(away_from("web")));
}

}  // namespace
}  // namespace arcas::scheduler
