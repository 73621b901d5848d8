// Owners and what they own, of all kinds, over a whole control plane.

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/support/control_world.h"

namespace arcas::real {
namespace {

namespace json = boost::json;
constexpr char kConfigs[] = "/api/v1/namespaces/default/configmaps";
constexpr char kDeployments[] = "/apis/apps/v1/namespaces/default/deployments";
constexpr char kSets[] = "/apis/apps/v1/namespaces/default/replicasets";
constexpr char kStatefulSets[] = "/apis/apps/v1/namespaces/default/statefulsets";
constexpr char kJobs[] = "/apis/batch/v1/namespaces/default/jobs";
constexpr char kPods[] = "/api/v1/namespaces/default/pods";
constexpr char kDefinition[] =
    R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":
"widgets.example.com"},"spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"widgets",
"singular":"widget","kind":"Widget"},"versions":[{"name":"v1","served":true,"storage":true,"schema":{
"openAPIV3Schema":{"type":"object"}}}]}})";

std::string workload(const std::string& kind, const std::string& rest) {
  return R"({"apiVersion":"apps/v1","kind":")" + kind + R"(","metadata":{"name":"web"},"spec":{)" +
         rest + R"("selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{
"app":"web"}},"spec":{"terminationGracePeriodSeconds":1,"containers":[{"name":"c","image":"nginx"}]}}}})";
}

std::string uid_of(const json::value& object) {
  return std::string(object.at_pointer("/metadata/uid").as_string());
}

/// A ConfigMap that `owners` (a list in JSON) own.
std::string config(const std::string& name, const std::string& owners) {
  return R"({"metadata":{"name":")" + name + R"(","ownerReferences":[)" + owners + "]}}";
}

std::string reference(const std::string& version, const std::string& kind, const json::value& owner,
                      bool blocks = false) {
  return R"({"apiVersion":")" + version + R"(","kind":")" + kind + R"(","name":")" +
         std::string(owner.at_pointer("/metadata/name").as_string()) + R"(","uid":")" +
         uid_of(owner) + R"(","blockOwnerDeletion":)" + (blocks ? "true" : "false") + "}";
}

std::set<std::string> uids(ControlWorld& world, const char* kind) {
  std::set<std::string> found;
  for (const json::value& item : world.list(kind)) found.insert(uid_of(item));
  return found;
}

TEST(Garbage, WhatSeveralOwnAGoesWithTheLastOfThemWhateverItsKind) {
  ControlWorld world(1);
  ASSERT_EQ(
      world.send("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", kDefinition)
          ->last.code,
      201);
  const json::value widget =
      world
          .send("POST", "/apis/example.com/v1/namespaces/default/widgets",
                R"({"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w"}})")
          ->json();
  const json::value owner = world.send("POST", kConfigs, config("owner", ""))->json();
  world.send("POST", kConfigs,
             config("both", reference("v1", "ConfigMap", owner) + ',' +
                                reference("example.com/v1", "Widget", widget)));
  world.send("POST", kConfigs, config("one", reference("example.com/v1", "Widget", widget)));
  world.run_for(milliseconds(400));
  ASSERT_EQ(world.send("GET", std::string(kConfigs) + "/both")->last.code, 200);

  world.send("DELETE", "/apis/example.com/v1/namespaces/default/widgets/w");
  EXPECT_TRUE(world.run_until(
      [&] { return world.send("GET", std::string(kConfigs) + "/one")->last.code == 404; }));
  EXPECT_TRUE(world.run_until([&] {
    const json::value both = world.get(std::string(kConfigs) + "/both");
    return both.at_pointer("/metadata/ownerReferences").as_array().size() == 1;
  })) << "the reference to the one that is gone goes";
  world.send("DELETE", std::string(kConfigs) + "/owner");
  EXPECT_TRUE(world.run_until(
      [&] { return world.send("GET", std::string(kConfigs) + "/both")->last.code == 404; }));
}

TEST(Garbage, AnOwnerThatNeverWasOrIsElsewhereTakesItsDependentsAlong) {
  ControlWorld world(0);
  world.send("POST", "/api/v1/namespaces", R"({"metadata":{"name":"far"}})");
  const json::value far =
      world.send("POST", "/api/v1/namespaces/far/configmaps", R"({"metadata":{"name":"far"}})")
          ->json();
  world.send("POST", kConfigs, config("of-far", reference("v1", "ConfigMap", far)));
  world.send("POST", kConfigs,
             config("of-none", R"({"apiVersion":"v1","kind":"ConfigMap","name":"x","uid":"no"})"));
  world.send("POST", kConfigs,
             config("unknown", R"({"apiVersion":"no.one/v1","kind":"Odd","name":"x","uid":"no"})"));
  EXPECT_TRUE(world.run_until([&] {
    return world.send("GET", std::string(kConfigs) + "/of-far")->last.code == 404 &&
           world.send("GET", std::string(kConfigs) + "/of-none")->last.code == 404;
  }));
  EXPECT_EQ(world.send("GET", std::string(kConfigs) + "/unknown")->last.code, 200)
      << "nothing is concluded from a kind that nobody knows";
}

TEST(Garbage, InTheForegroundADeploymentIsTheLastToGo) {
  ControlWorld world(1);
  world.send("POST", kDeployments, workload("Deployment", R"("replicas":2,)"));
  ASSERT_TRUE(world.run_until([&] { return world.count(kPods, "/status/phase", "Running") == 2; }));
  ASSERT_EQ(world
                .send("DELETE", std::string(kDeployments) + "/web",
                      R"({"propagationPolicy":"Foreground"})")
                ->last.code,
            200);
  const json::value going = world.get(std::string(kDeployments) + "/web");
  EXPECT_EQ(going.at_pointer("/metadata/finalizers/0"), "foregroundDeletion");
  bool ordered = true;
  EXPECT_TRUE(world.run_until([&] {
    const bool there = world.send("GET", std::string(kDeployments) + "/web")->last.code == 200;
    if (!there) ordered = ordered && world.list(kPods).empty() && world.list(kSets).empty();
    return !there;
  }));
  EXPECT_TRUE(ordered);
}

TEST(Garbage, OrphanedPodsRunOnAndSoDoReplicaSets) {
  ControlWorld world(1);
  world.send("POST", kDeployments, workload("Deployment", R"("replicas":2,)"));
  ASSERT_TRUE(world.run_until([&] { return world.count(kPods, "/status/phase", "Running") == 2; }));
  const std::set<std::string> pods = uids(world, kPods);
  const std::set<std::string> sets = uids(world, kSets);
  world.send("DELETE", std::string(kDeployments) + "/web", R"({"propagationPolicy":"Orphan"})");
  EXPECT_TRUE(world.run_until(
      [&] { return world.send("GET", std::string(kDeployments) + "/web")->last.code == 404; }));
  world.run_for(milliseconds(400));
  ASSERT_EQ(uids(world, kSets), sets);
  EXPECT_EQ(uids(world, kPods), pods);
  const json::value set = world.list(kSets).front();
  EXPECT_EQ(set.at("metadata").as_object().if_contains("ownerReferences"), nullptr);

  world.send("DELETE",
             std::string(kSets) + '/' + std::string(set.at_pointer("/metadata/name").as_string()),
             R"({"propagationPolicy":"Orphan"})");
  EXPECT_TRUE(world.run_until([&] { return world.list(kSets).empty(); }));
  world.run_for(milliseconds(400));
  EXPECT_EQ(uids(world, kPods), pods);
  EXPECT_EQ(world.count(kPods, "/status/phase", "Running"), 2U);
  EXPECT_TRUE(world.unreadable.empty()) << world.unreadable.front();
}

TEST(Garbage, OrphanedPodsOfStatefulSetsAndJobsRunOn) {
  ControlWorld world(1);
  world.send("POST", kStatefulSets,
             workload("StatefulSet",
                      R"("replicas":2,"serviceName":"s","podManagementPolicy":"Parallel",)"));
  world.send("POST", kJobs,
             R"({"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"long"},"spec":{
"template":{"spec":{"restartPolicy":
"Never","containers":[{"name":"c","image":"i"}]}}}})");
  ASSERT_TRUE(world.run_until([&] { return world.list(kPods).size() == 3; }));
  const std::set<std::string> pods = uids(world, kPods);
  for (const std::string& path :
       {std::string(kStatefulSets) + "/web", std::string(kJobs) + "/long"}) {
    world.send("DELETE", path, R"({"propagationPolicy":"Orphan"})");
    EXPECT_TRUE(world.run_until([&] { return world.send("GET", path)->last.code == 404; })) << path;
  }
  world.run_for(milliseconds(500));
  EXPECT_EQ(uids(world, kPods), pods);
}

TEST(Adoptions, ADeploymentMadeAnewTakesItsOrphansIn) {
  ControlWorld world(1);
  world.send("POST", kDeployments, workload("Deployment", R"("replicas":2,)"));
  ASSERT_TRUE(world.run_until([&] { return world.count(kPods, "/status/phase", "Running") == 2; }));
  const std::set<std::string> pods = uids(world, kPods);
  world.send("DELETE", std::string(kDeployments) + "/web", R"({"propagationPolicy":"Orphan"})");
  ASSERT_TRUE(world.run_until(
      [&] { return world.send("GET", std::string(kDeployments) + "/web")->last.code == 404; }));
  const std::string again =
      uid_of(world.send("POST", kDeployments, workload("Deployment", R"("replicas":2,)"))->json());
  EXPECT_TRUE(world.run_until([&] {
    const json::array found = world.list(kSets);
    const json::value* owners =
        found.front().at("metadata").as_object().if_contains("ownerReferences");
    return owners != nullptr && owners->at(0).at("uid").as_string() == again;
  }));
  EXPECT_TRUE(world.run_until([&] { return uids(world, kPods) == pods; }))
      << "what it made before it had them goes again";
  EXPECT_TRUE(world.run_until([&] {
    const json::value seen = world.get(std::string(kDeployments) + "/web");
    const json::value* ready = seen.at("status").as_object().if_contains("availableReplicas");
    return ready != nullptr && *ready == 2;
  }));
  world.run_for(milliseconds(300));
  EXPECT_EQ(uids(world, kPods), pods) << "the ones that ran all the time";
}

TEST(Adoptions, ASetTakesPodsThatFitInAndLetsGoThoseThatDoNot) {
  ControlWorld world(1);
  world.send("POST", kPods,
             R"({"metadata":{"name":"own","labels":{"app":"web"}},"spec":{"containers":[{"name":"c",
"image":"nginx"}]}})");
  ASSERT_TRUE(world.run_until([&] { return world.count(kPods, "/status/phase", "Running") == 1; }));
  const std::string set =
      uid_of(world.send("POST", kSets, workload("ReplicaSet", R"("replicas":1,)"))->json());
  const std::string own = std::string(kPods) + "/own";
  EXPECT_TRUE(world.run_until([&] {
    const json::value pod = world.get(own);
    const json::value* owners = pod.at("metadata").as_object().if_contains("ownerReferences");
    return owners != nullptr && owners->at(0).at("uid").as_string() == set;
  }));
  EXPECT_TRUE(world.run_until([&] { return world.list(kPods).size() == 1; })) << "one is enough";
  EXPECT_EQ(world.send("GET", own)->last.code, 200) << "the one that ran";

  world.send("PATCH", own, R"({"metadata":{"labels":{"app":"debug"}}})",
             "application/merge-patch+json");
  EXPECT_TRUE(world.run_until([&] { return world.count(kPods, "/status/phase", "Running") == 2; }))
      << "it is replaced";
  EXPECT_EQ(world.get(own).at("metadata").as_object().if_contains("ownerReferences"), nullptr);
}

TEST(Garbage, WhatWasLeftWhenNothingRanIsCollectedAfterTheNextStart) {
  ControlWorld world(1);
  world.send("POST", kStatefulSets, workload("StatefulSet", R"("replicas":1,"serviceName":"s",)"));
  ASSERT_TRUE(world.run_until([&] { return world.list(kPods).size() == 1; }));
  world.send("DELETE", std::string(kStatefulSets) + "/web");
  world.restart(1);
  EXPECT_TRUE(world.run_until([&] {
    return world.list(kPods).empty() &&
           world.list("/apis/apps/v1/namespaces/default/controllerrevisions").empty();
  }));
}

}  // namespace
}  // namespace arcas::real
