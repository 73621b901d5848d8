#include "real/control/control_plane.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/control_world.h"

namespace arcas::real {
namespace {

namespace json = boost::json;
constexpr char kDeployments[] = "/apis/apps/v1/namespaces/default/deployments";
constexpr char kSets[] = "/apis/apps/v1/namespaces/default/replicasets";
constexpr char kPods[] = "/api/v1/namespaces/default/pods";

std::string deployment(std::int64_t replicas, const std::string& value = "1") {
  return R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":)" +
         std::to_string(replicas) +
         R"(,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},
"spec":{"containers":[{"name":"c","image":"nginx","env":[{"name":"X","value":")" +
         value + R"("}],"resources":{"requests":{"cpu":"100m"}}}]}}}})";
}

bool has(const json::value& object, std::string_view path, std::int64_t number) {
  boost::system::error_code none;
  const json::value* found = object.find_pointer(path, none);
  return found != nullptr && found->is_int64() && found->get_int64() == number;
}

TEST(ControlPlane, NodesRegisterAndBecomeReady) {
  ControlWorld world(3);
  EXPECT_TRUE(world.run_until([&] {
    const json::array nodes = world.list("/api/v1/nodes");
    if (nodes.size() != 3) return false;
    for (const json::value& node : nodes) {
      for (const json::value& condition : node.at("status").at("conditions").as_array()) {
        if (condition.at("type") == "Ready" && condition.at("status") != "True") return false;
      }
    }
    return true;
  }));
  EXPECT_TRUE(world.unreadable.empty()) << world.unreadable.front();
}

TEST(ControlPlane, ADeploymentRunsScalesRollsOutAndGoes) {
  ControlWorld world(3);
  ASSERT_EQ(world.send("POST", kDeployments, deployment(5))->last.code, 201);
  EXPECT_TRUE(world.run_until([&] { return world.count(kPods, "/status/phase", "Running") == 5; }));
  const json::value pod = world.list(kPods).front();
  EXPECT_EQ(pod.at_pointer("/spec/containers/0/env/0/value"), "1") << "what the core does not read";
  EXPECT_EQ(pod.at_pointer("/metadata/ownerReferences/0/kind"), "ReplicaSet");
  EXPECT_TRUE(world.run_until([&] {
    return has(world.get(std::string(kDeployments) + "/web"), "/status/availableReplicas", 5);
  }));

  world.send("PATCH", std::string(kDeployments) + "/web", R"({"spec":{"replicas":2}})",
             "application/merge-patch+json");
  EXPECT_TRUE(world.run_until([&] { return world.list(kPods).size() == 2; }));

  // Only the environment changes, which the core does not read: a new template all the same.
  world.send("PUT", std::string(kDeployments) + "/web", deployment(2, "2"));
  EXPECT_TRUE(world.run_until([&] {
    const json::array pods = world.list(kPods);
    std::size_t fresh = 0;
    for (const json::value& p : pods) {
      if (p.at_pointer("/spec/containers/0/env/0/value") == "2" &&
          p.at_pointer("/status/phase") == "Running") {
        ++fresh;
      }
    }
    return pods.size() == 2 && fresh == 2;
  }));
  EXPECT_EQ(world.list(kSets).size(), 2U);

  world.send("DELETE", std::string(kDeployments) + "/web");
  EXPECT_TRUE(
      world.run_until([&] { return world.list(kPods).empty() && world.list(kSets).empty(); }));
  EXPECT_TRUE(world.unreadable.empty()) << world.unreadable.front();
}

TEST(ControlPlane, PodsOfADeploymentSpreadOverTheNodes) {
  ControlWorld world(3);
  ASSERT_TRUE(world.run_until([&] { return world.list("/api/v1/nodes").size() == 3; }));
  world.send("POST", kDeployments, deployment(3));
  ASSERT_TRUE(world.run_until([&] { return world.count(kPods, "/status/phase", "Running") == 3; }));
  for (const char* node : {"hollow-00000", "hollow-00001", "hollow-00002"}) {
    EXPECT_EQ(world.count(kPods, "/spec/nodeName", node), 1U) << node;
  }
}

TEST(ControlPlane, WhatRunsGoesOnAfterARestartAndNothingIsDoubled) {
  ControlWorld world(2);
  world.send("POST", kDeployments, deployment(4));
  ASSERT_TRUE(world.run_until([&] { return world.count(kPods, "/status/phase", "Running") == 4; }));
  std::set<std::string> before;
  for (const json::value& pod : world.list(kPods)) {
    before.insert(std::string(pod.at_pointer("/metadata/uid").as_string()));
  }
  world.restart(2);
  world.send("PATCH", std::string(kDeployments) + "/web", R"({"spec":{"replicas":6}})",
             "application/merge-patch+json");
  EXPECT_TRUE(world.run_until([&] { return world.count(kPods, "/status/phase", "Running") == 6; }));
  std::set<std::string> after;
  for (const json::value& pod : world.list(kPods)) {
    after.insert(std::string(pod.at_pointer("/metadata/uid").as_string()));
  }
  EXPECT_EQ(after.size(), 6U);
  for (const std::string& uid : before) EXPECT_TRUE(after.contains(uid));
  EXPECT_EQ(world.list(kSets).size(), 1U) << "the template is known again";
}

TEST(ControlPlane, DaemonsAndJobsAndMachines) {
  ControlWorld world(3);
  world.send(
      "POST", "/apis/apps/v1/namespaces/default/daemonsets",
      R"({"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"name":"log"},"spec":{"selector":
{"matchLabels":{"app":"log"}},"template":{"metadata":{"labels":{"app":"log"}},"spec":{"containers":[
{"name":"c","image":"i"}]}}}})");
  world.send(
      "POST", "/apis/batch/v1/namespaces/default/jobs",
      R"({"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"sum"},"spec":{"completions":2,
"parallelism":2,"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}})");
  world.send("POST", kPods,
             R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"vm"},"spec":{"virtualMachine":{
"name":"vm","image":"debian","resources":{"requests":{"cpu":"1","memory":"1Gi"}}}}})");
  EXPECT_TRUE(world.run_until([&] {
    return has(world.get("/apis/apps/v1/namespaces/default/daemonsets/log"), "/status/numberReady",
               3);
  }));
  EXPECT_TRUE(world.run_until([&] {
    return has(world.get("/apis/batch/v1/namespaces/default/jobs/sum"), "/status/succeeded", 2);
  }));
  EXPECT_TRUE(world.run_until([&] {
    return world.get(std::string(kPods) + "/vm").at_pointer("/status/phase") == "Running";
  }));
  EXPECT_EQ(
      world.get(std::string(kPods) + "/vm").at_pointer("/status/virtualMachineStatus/powerState"),
      "running");
  EXPECT_TRUE(world.unreadable.empty()) << world.unreadable.front();
}

TEST(ControlPlane, ACordonedNodeTakesNoMorePods) {
  ControlWorld world(2);
  ASSERT_TRUE(world.run_until([&] { return world.list("/api/v1/nodes").size() == 2; }));
  ASSERT_EQ(world
                .send("PATCH", "/api/v1/nodes/hollow-00000", R"({"spec":{"unschedulable":true}})",
                      "application/merge-patch+json")
                ->last.code,
            200);
  world.send("POST", kDeployments, deployment(6));
  ASSERT_TRUE(world.run_until([&] { return world.count(kPods, "/status/phase", "Running") == 6; }));
  EXPECT_EQ(world.count(kPods, "/spec/nodeName", "hollow-00001"), 6U);
  EXPECT_EQ(world.get("/api/v1/nodes/hollow-00000").at_pointer("/spec/unschedulable"), true);
}

TEST(ControlPlane, ANamespaceTakesAllThatIsInItAlong) {
  ControlWorld world(2);
  world.send("POST", "/api/v1/namespaces", R"({"metadata":{"name":"team"}})");
  world.send("POST", "/api/v1/namespaces/team/configmaps", R"({"metadata":{"name":"c"}})");
  world.send("POST", "/api/v1/namespaces/team/pods",
             R"({"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}})");
  ASSERT_TRUE(world.run_until([&] {
    return world.count("/api/v1/namespaces/team/pods", "/status/phase", "Running") == 1;
  }));
  world.send("DELETE", "/api/v1/namespaces/team");
  EXPECT_TRUE(world.run_until(
      [&] { return world.send("GET", "/api/v1/namespaces/team")->last.code == 404; }));
  EXPECT_TRUE(world.list("/api/v1/configmaps").empty() ||
              world.count("/api/v1/configmaps", "/metadata/namespace", "team") == 0);
}

TEST(ControlPlane, WhatTheCoreCannotReadIsRefusedByItsField) {
  ControlWorld world(0);
  const auto reply = world.send("POST", "/apis/policy/v1/namespaces/default/poddisruptionbudgets",
                                R"({"metadata":{"name":"b"},"spec":{"minAvailable":"half"}})");
  EXPECT_EQ(reply->last.code, 422);
  EXPECT_NE(reply->last.body.find("spec.minAvailable"), std::string::npos) << reply->last.body;
}

}  // namespace
}  // namespace arcas::real
