#include "core/controllers/disruption.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "core/base/rng.h"
#include "fixture.h"

namespace arcas::controllers {
namespace {

class DisruptionTest : public testing::Test {
 protected:
  auto on_pod() {
    return [this](const model::Pod* before, const model::Pod* after) {
      controller.on_pod(before, after);
    };
  }
  auto find() {
    return [this](Uid uid) -> const model::PodDisruptionBudget* {
      const auto it = budgets.find(uid);
      return it == budgets.end() ? nullptr : &it->second;
    };
  }
  model::PodDisruptionBudget& budget(std::uint64_t uid, std::int32_t min, std::int32_t max,
                                     bool percent, const char* app = "web") {
    model::PodDisruptionBudget value;
    value.meta.uid = Uid{uid};
    value.selector = world.selector(app);
    value.min_available = min;
    value.max_unavailable = max;
    value.is_percent = percent;
    budgets[value.meta.uid] = value;
    controller.on_budget(value);
    sync();
    return budgets[Uid{uid}];
  }
  std::size_t sync() {
    Effects out;
    controller.sync(find(), out);
    for (const auto& operation : out.objects) take(operation);
    return out.objects.size();
  }
  void take(const ports::ObjectOperation& operation) {
    auto value = std::get<model::PodDisruptionBudget>(operation.object);
    EXPECT_EQ(operation.expected, budgets.at(value.meta.uid).meta.resource_version);
    ++value.meta.resource_version;
    budgets[value.meta.uid] = value;
    controller.on_budget(value);
  }
  Uid run(const char* app = "web", bool ready = true) {
    model::Pod pod = world.pod(Uid{7}, world.spec(), NodeId{1});
    pod.meta.labels = world.labels(app);
    pod.ready = ready;
    return world.put(pod, on_pod());
  }

  World world;
  std::map<Uid, model::PodDisruptionBudget> budgets;
  DisruptionController controller{world.catalog};
};

TEST_F(DisruptionTest, StatusFollowsTheSelectedPods) {
  controller.on_scale(Uid{7}, 4);
  const auto& half = budget(1, 50, -1, true);
  const auto& two = budget(2, 2, -1, false);
  const auto& one = budget(3, -1, 1, false);
  const auto& third = budget(4, -1, 30, true);
  for (int i = 0; i < 3; ++i) run();
  run("web", false);
  run("other");
  sync();
  for (const auto* b : {&half, &two, &one, &third}) {
    EXPECT_EQ(b->status_expected, 4);
    EXPECT_EQ(b->status_healthy, 3);
  }
  EXPECT_EQ(half.status_desired_healthy, 2);
  EXPECT_EQ(half.status_disruptions_allowed, 1);
  EXPECT_EQ(two.status_disruptions_allowed, 1);
  EXPECT_EQ(one.status_desired_healthy, 3);
  EXPECT_EQ(one.status_disruptions_allowed, 0);
  EXPECT_EQ(third.status_desired_healthy, 2);  // 30 % of 4 is 1.2, rounded up to 2
  EXPECT_EQ(third.status_disruptions_allowed, 1);
  EXPECT_EQ(sync(), 0U);
}

TEST_F(DisruptionTest, APercentageCountsTheReplicasWantedNotThePodsThere) {
  controller.on_scale(Uid{7}, 10);
  run();
  const auto& b = budget(1, 50, -1, true);
  EXPECT_EQ(b.status_expected, 10);
  EXPECT_EQ(b.status_desired_healthy, 5);
  EXPECT_EQ(b.status_disruptions_allowed, 0);
}

TEST_F(DisruptionTest, AnEvictionTakesFromTheBudgetInTheSameTransaction) {
  const Uid pod = run();
  run();
  const auto& b = budget(1, 1, -1, false);
  EXPECT_EQ(b.status_disruptions_allowed, 1);
  Effects out;
  EXPECT_EQ(controller.evict(at(1), *world.pods.find(pod), find(), out),
            DisruptionVerdict::allowed);
  ASSERT_EQ(out.atomic.size(), 1U);
  EXPECT_EQ(out.atomic[0].mode, ports::Transaction::Mode::all_or_nothing);
  ASSERT_EQ(out.atomic[0].pods.size(), 1U);
  EXPECT_EQ(out.atomic[0].pods[0].expected, world.pods.find(pod)->meta.resource_version);
  take(out.atomic[0].objects.at(0));
  out.clear();
  EXPECT_EQ(controller.evict(at(1), *world.pods.find(pod), find(), out),
            DisruptionVerdict::no_budget_left);
  EXPECT_TRUE(out.empty());
}

TEST_F(DisruptionTest, PodsThatServeNobodyNeedNoBudgetAndTwoBudgetsAreAmbiguous) {
  model::Pod pending = world.pod(Uid{7}, world.spec());
  pending.meta.labels = world.labels("web");
  const Uid waiting = world.put(pending, on_pod());
  const Uid running = run();
  budget(1, 5, -1, false);
  Effects out;
  EXPECT_EQ(controller.evict(at(1), *world.pods.find(waiting), find(), out),
            DisruptionVerdict::allowed);
  EXPECT_EQ(out.atomic.size(), 1U);
  budget(2, 0, -1, false);
  EXPECT_EQ(controller.evict(at(1), *world.pods.find(running), find(), out),
            DisruptionVerdict::ambiguous);
}

TEST_F(DisruptionTest, ARemovedBudgetProtectsNothing) {
  const Uid pod = run();
  budget(1, 5, -1, false);
  controller.on_budget_removed(Uid{1});
  Effects out;
  EXPECT_EQ(controller.evict(at(1), *world.pods.find(pod), find(), out),
            DisruptionVerdict::allowed);
  EXPECT_TRUE(controller.budgets_of(*world.pods.find(pod)).empty());
}

TEST_F(DisruptionTest, CountsKeptStepByStepEqualACountFromScratch) {
  RandomStream rng(9);
  const char* apps[] = {"web", "db", "cache"};
  std::vector<Uid> pods;
  for (int step = 0; step < 3000; ++step) {
    const std::uint64_t uid = 1 + rng.below(4);
    if (rng.chance(1, 40)) {
      budget(uid, static_cast<std::int32_t>(rng.below(5)), -1, false, apps[rng.below(3)]);
    } else if (rng.chance(1, 60)) {
      controller.on_budget_removed(Uid{uid});
      budgets.erase(Uid{uid});
    } else if (pods.empty() || rng.chance(1, 3)) {
      pods.push_back(run(apps[rng.below(3)], rng.chance(2, 3)));
    } else {
      const Uid pod = pods[rng.below(pods.size())];
      model::Pod changed = *world.pods.find(pod);
      changed.ready = rng.chance(1, 2);
      changed.meta.labels = world.labels(apps[rng.below(3)]);
      if (rng.chance(1, 10)) changed.meta.deleted_at = at(step);
      world.put(changed, on_pod());
      if (rng.chance(1, 5)) {
        world.remove(pod, on_pod());
        std::erase(pods, pod);
      }
    }
    sync();
    for (const auto& [key, b] : budgets) {
      std::int32_t healthy = 0;
      std::int32_t total = 0;
      world.pods.for_each([&](const model::Pod& pod) {
        const auto& selector = world.catalog.selectors[b.selector];
        if (!matches(selector, world.catalog.label_sets[pod.meta.labels], world.catalog)) return;
        ++total;
        healthy += is_active(pod) && pod.ready ? 1 : 0;
      });
      ASSERT_EQ(b.status_healthy, healthy) << step;
      ASSERT_EQ(b.status_expected, total) << step;
    }
  }
}

}  // namespace
}  // namespace arcas::controllers
