#include "core/controllers/garbage_collector.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace arcas::controllers {
namespace {

using Verb = Collection::Verb;

OwnerEntry owned_by(const std::string& kind, const std::string& name, bool blocks = true) {
  return {"v1", kind, name, kind + '/' + name, blocks};
}

/// Objects whose uids are "Kind/name". Effects are carried out and told, until nothing follows.
class Cluster final : public CollectedObjects {
 public:
  std::optional<KindPlace> kind(const std::string&, const OwnerEntry& owner) const override {
    if (owner.kind == "Node") return KindPlace{"Node", Scope::cluster};
    if (owner.kind == "Volume") return KindPlace{"Volume", Scope::tenant};
    if (unknown.contains(owner.kind)) return std::nullopt;
    return KindPlace{owner.kind, Scope::name_space};
  }
  std::optional<CollectedObject> read(const ObjectPlace& place) const override {
    const auto found = objects.find(place);
    return found == objects.end() ? std::nullopt : std::optional(found->second);
  }

  CollectedObject& add(const std::string& kind, const std::string& name,
                       std::vector<OwnerEntry> owners = {}, const std::string& space = "n") {
    CollectedObject object;
    object.uid = kind + '/' + name;
    object.place = {kind, "t", space, name};
    object.revision = ++revision;
    object.owners = std::move(owners);
    CollectedObject& kept = objects[object.place] = object;
    collector.put(kept);
    return kept;
  }
  void remove(const std::string& kind, const std::string& name,
              Propagation propagation = Propagation::background, const std::string& space = "n") {
    const auto found = objects.find({kind, "t", space, name});
    if (found == objects.end()) return;
    CollectedObject& object = found->second;
    object.deleting = true;
    object.foreground = propagation == Propagation::foreground;
    object.orphan = propagation == Propagation::orphan;
    settle(object);
  }
  void settle(CollectedObject& object) {
    object.revision = ++revision;
    if (object.deleting && !object.foreground && !object.orphan) {
      const std::string uid = object.uid;
      objects.erase(ObjectPlace(object.place));
      collector.remove(uid);
    } else {
      collector.put(object);
    }
  }
  void apply(const Collection& effect) {
    const auto found = objects.find(effect.place);
    if (found == objects.end() || found->second.revision != effect.expected) {
      return collector.again(effect.uid);
    }
    CollectedObject& object = found->second;
    const auto named = [&](const OwnerEntry& owner) {
      return std::count(effect.owners.begin(), effect.owners.end(), owner.uid) != 0;
    };
    if (effect.verb == Verb::remove) {
      return remove(effect.place.resource, effect.place.name, effect.propagation,
                    effect.place.name_space);
    }
    if (effect.verb == Verb::drop_owners) std::erase_if(object.owners, named);
    if (effect.verb == Verb::unblock_owners) {
      for (OwnerEntry& owner : object.owners) owner.blocks = owner.blocks && !named(owner);
    }
    if (effect.finalizer == kForegroundFinalizer) object.foreground = false;
    if (effect.finalizer == kOrphanFinalizer) object.orphan = false;
    settle(object);
  }
  std::vector<Collection> step() {
    std::vector<Collection> effects = collector.sync(*this, 1000);
    for (const Collection& effect : effects) apply(effect);
    return effects;
  }
  /// Until nothing is left to look at. False when that never comes.
  bool run() {
    for (int i = 0; i < 100; ++i) {
      if (collector.idle()) return true;
      step();
    }
    return false;
  }
  std::vector<std::string> names() const {
    std::vector<std::string> list;
    for (const auto& [place, object] : objects) list.push_back(object.uid);
    std::sort(list.begin(), list.end());
    return list;
  }

  std::map<ObjectPlace, CollectedObject> objects;
  std::set<std::string> unknown;
  Revision revision = 0;
  GarbageCollector collector;
};

using Names = std::vector<std::string>;

TEST(GarbageCollector, WhatIsOwnedGoesAfterItsOwnerThroughAllGenerations) {
  Cluster cluster;
  cluster.add("Deployment", "web");
  cluster.add("Set", "web-1", {owned_by("Deployment", "web")});
  cluster.add("Pod", "web-1-a", {owned_by("Set", "web-1")});
  cluster.add("Pod", "alone");
  ASSERT_TRUE(cluster.run());
  EXPECT_EQ(cluster.objects.size(), 4U) << "all owners are there";
  cluster.remove("Deployment", "web");
  ASSERT_TRUE(cluster.run());
  EXPECT_EQ(cluster.names(), Names{"Pod/alone"});
}

TEST(GarbageCollector, AnObjectStaysWhileOneOfItsOwnersDoesAndForgetsTheOthers) {
  Cluster cluster;
  cluster.add("A", "a");
  cluster.add("B", "b");
  cluster.add("C", "c", {owned_by("A", "a"), owned_by("B", "b")});
  cluster.remove("A", "a");
  ASSERT_TRUE(cluster.run());
  const auto left = cluster.read({"C", "t", "n", "c"});
  ASSERT_TRUE(left);
  ASSERT_EQ(left->owners.size(), 1U);
  EXPECT_EQ(left->owners.front().uid, "B/b");
  cluster.remove("B", "b");
  ASSERT_TRUE(cluster.run());
  EXPECT_TRUE(cluster.objects.empty());
}

TEST(GarbageCollector, AnOwnerThatNeverWasCountsAsGoneOnceItHasBeenLookedFor) {
  Cluster cluster;
  cluster.add("Pod", "p", {owned_by("Set", "never")});
  ASSERT_TRUE(cluster.run());
  EXPECT_TRUE(cluster.objects.empty());
}

TEST(GarbageCollector, AnOwnerInAnotherNamespaceIsAbsentAndOneWithoutANamespaceIsNot) {
  Cluster cluster;
  cluster.add("Set", "far", {}, "elsewhere");
  cluster.add("Volume", "wide", {}, "");
  cluster.add("Pod", "of-far", {owned_by("Set", "far")});
  cluster.add("Pod", "of-wide", {owned_by("Volume", "wide")});
  ASSERT_TRUE(cluster.run());
  EXPECT_EQ(cluster.names(), (Names{"Pod/of-wide", "Set/far", "Volume/wide"}));
}

TEST(GarbageCollector, AnotherObjectOfTheOwnersNameIsNotTheOwner) {
  Cluster cluster;
  cluster.add("Set", "s").uid = "another";
  cluster.add("Pod", "p", {owned_by("Set", "s")});
  ASSERT_TRUE(cluster.run());
  EXPECT_FALSE(cluster.read({"Pod", "t", "n", "p"}));
}

TEST(GarbageCollector, NothingFollowsFromAKindThatNobodyKnowsUntilSomebodyDoes) {
  Cluster cluster;
  cluster.unknown.insert("Cron");
  cluster.add("Pod", "p", {owned_by("Cron", "c")});
  ASSERT_TRUE(cluster.run());
  EXPECT_EQ(cluster.objects.size(), 1U);
  cluster.unknown.clear();
  cluster.collector.kinds_changed();
  ASSERT_TRUE(cluster.run());
  EXPECT_TRUE(cluster.objects.empty()) << "the kind is known now, and there is no such object";
}

TEST(GarbageCollector, AnObjectOutsideOfNamespacesThatNamesAnOwnerInOneStays) {
  Cluster cluster;
  cluster.add("Volume", "v", {owned_by("Set", "s")}, "");
  ASSERT_TRUE(cluster.run());
  EXPECT_EQ(cluster.names(), Names{"Volume/v"});
}

TEST(GarbageCollector, InTheForegroundDependentsGoFirst) {
  Cluster cluster;
  cluster.add("Deployment", "web");
  cluster.add("Set", "web-1", {owned_by("Deployment", "web")});
  cluster.add("Pod", "web-1-a", {owned_by("Set", "web-1")});
  ASSERT_TRUE(cluster.run());
  cluster.remove("Deployment", "web", Propagation::foreground);
  Names order;
  for (int i = 0; i < 20 && !cluster.objects.empty(); ++i) {
    const Names before = cluster.names();
    cluster.step();
    for (const std::string& name : before) {
      const Names after = cluster.names();
      if (std::count(after.begin(), after.end(), name) == 0) order.push_back(name);
    }
  }
  EXPECT_EQ(order, (Names{"Pod/web-1-a", "Set/web-1", "Deployment/web"}));
}

TEST(GarbageCollector, DependentsThatDoNotBlockAreNotWaitedFor) {
  Cluster cluster;
  cluster.add("A", "a");
  CollectedObject& held = cluster.add("B", "b", {owned_by("A", "a", false)});
  held.foreground = true;  // it will take its time
  ASSERT_TRUE(cluster.run());
  cluster.remove("A", "a", Propagation::foreground);
  const auto first = cluster.collector.sync(cluster, 1000);
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[0].verb, Verb::drop_finalizer);
  EXPECT_EQ(first[1].verb, Verb::remove);
}

TEST(GarbageCollector, OwnersInACircleThatIsDeletedInTheForegroundGo) {
  Cluster cluster;
  cluster.add("A", "a", {owned_by("B", "b")});
  cluster.add("B", "b", {owned_by("A", "a")});
  ASSERT_TRUE(cluster.run());
  EXPECT_EQ(cluster.objects.size(), 2U);
  cluster.remove("A", "a", Propagation::foreground);
  ASSERT_TRUE(cluster.run());
  EXPECT_TRUE(cluster.objects.empty());
}

TEST(GarbageCollector, OrphansStayWithoutTheirOwner) {
  Cluster cluster;
  cluster.add("Set", "s");
  cluster.add("Pod", "a", {owned_by("Set", "s")});
  cluster.add("Pod", "b", {owned_by("Set", "s"), owned_by("Volume", "v")});
  cluster.add("Volume", "v", {}, "");
  ASSERT_TRUE(cluster.run());
  cluster.remove("Set", "s", Propagation::orphan);
  ASSERT_TRUE(cluster.run());
  EXPECT_EQ(cluster.names(), (Names{"Pod/a", "Pod/b", "Volume/v"}));
  EXPECT_TRUE(cluster.read({"Pod", "t", "n", "a"})->owners.empty());
  EXPECT_EQ(cluster.read({"Pod", "t", "n", "b"})->owners.size(), 1U);
}

TEST(GarbageCollector, WhatChangedMeanwhileIsDecidedAnew) {
  Cluster cluster;
  cluster.add("Set", "s");
  cluster.add("Set", "other");
  cluster.add("Pod", "p", {owned_by("Set", "s")});
  ASSERT_TRUE(cluster.run());
  cluster.remove("Set", "s");
  const auto stale = cluster.collector.sync(cluster, 1000);
  ASSERT_EQ(stale.size(), 1U);
  CollectedObject& pod = cluster.objects.at({"Pod", "t", "n", "p"});
  pod.owners = {owned_by("Set", "other")};
  cluster.settle(pod);
  cluster.apply(stale.front());
  ASSERT_TRUE(cluster.run());
  EXPECT_TRUE(cluster.read({"Pod", "t", "n", "p"})) << "the effect was for an older revision";
}

TEST(GarbageCollector, LooksAtNoMoreThanItMayAtOnce) {
  Cluster cluster;
  for (int i = 0; i < 10; ++i) {
    cluster.add("Pod", std::to_string(i), {owned_by("Set", "gone")});
  }
  EXPECT_EQ(cluster.collector.sync(cluster, 4).size(), 4U);
  EXPECT_FALSE(cluster.collector.idle());
}

TEST(FinalizersFor, AWayOfDeletingTakesThePlaceOfAnotherAndLeavesForeignOnes) {
  const Names before{"example.com/a", "orphan"};
  EXPECT_EQ(finalizers_for(Propagation::unsaid, before), before);
  EXPECT_EQ(finalizers_for(Propagation::background, before), Names{"example.com/a"});
  EXPECT_EQ(finalizers_for(Propagation::foreground, before),
            (Names{"example.com/a", "foregroundDeletion"}));
  EXPECT_EQ(finalizers_for(Propagation::orphan, {}), Names{"orphan"});
}

}  // namespace
}  // namespace arcas::controllers
