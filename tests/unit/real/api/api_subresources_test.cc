// scale, binding and eviction.

#include <gtest/gtest.h>

#include "tests/support/api_world.h"

namespace arcas::real {
namespace {

namespace json = boost::json;
constexpr char kPods[] = "/api/v1/namespaces/default/pods";
constexpr char kScale[] = "/apis/apps/v1/namespaces/default/deployments/d/scale";
constexpr char kBudgets[] = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";

std::string pod(const std::string& name) {
  return R"({"metadata":{"name":")" + name +
         R"(","labels":{"app":"a"}},"spec":{"containers":[{"name":"c","image":"i"}]}})";
}

TEST(ApiScale, TellsAndChangesReplicas) {
  ApiWorld world;
  world.post("/apis/apps/v1/namespaces/default/deployments", ApiWorld::deployment("d"));
  const json::value scale = world.get(kScale)->json();
  EXPECT_EQ(scale.at("kind"), "Scale");
  EXPECT_EQ(scale.at("apiVersion"), "autoscaling/v1");
  EXPECT_EQ(scale.at("spec").at("replicas"), 1);
  EXPECT_EQ(scale.at("status"), json::parse(R"({"replicas":0,"selector":"app=a"})"));
  const auto patched = world.patch(kScale, "merge-patch", R"({"spec":{"replicas":3}})");
  EXPECT_EQ(patched->last.code, 200) << patched->last.body;
  EXPECT_EQ(patched->json().at("spec").at("replicas"), 3);
  EXPECT_EQ(world.put(kScale, scale)->last.code, 409) << "that was an old version";
  json::value next = world.get(kScale)->json();
  next.at("spec").as_object()["replicas"] = 0;
  EXPECT_EQ(world.put(kScale, next)->last.code, 200);
  const json::value workload = world.get("/apis/apps/v1/namespaces/default/deployments/d")->json();
  EXPECT_EQ(workload.at("spec").at("replicas"), 0);
  EXPECT_EQ(workload.at("metadata").at("generation"), 3);
  for (const char* bad :
       {R"({"spec":{"replicas":-1}})", R"({"spec":{"replicas":"3"}})", R"({"kind":"Pod"})"}) {
    EXPECT_EQ(world.patch(kScale, "merge-patch", bad)->last.code, 400) << bad;
  }
  EXPECT_EQ(world.get("/api/v1/namespaces/default/pods/p/scale")->last.code, 404);
  EXPECT_EQ(world.post(kScale, "{}")->last.code, 405);
}

TEST(ApiBinding, PutsAPodOnANodeOnce) {
  ApiWorld world;
  world.post(kPods, pod("p"));
  const std::string path = std::string(kPods) + "/p/binding";
  const std::string binding = R"({"apiVersion":"v1","kind":"Binding","metadata":{"name":"p"},
      "target":{"kind":"Node","name":"n"}})";
  EXPECT_EQ(world.post(path, R"({"target":{}})")->last.code, 400);
  EXPECT_EQ(world.post(path, R"({"kind":"Pod"})")->last.code, 400);
  EXPECT_EQ(world.post(path, R"({"metadata":{"name":"q"},"target":{"name":"n"}})")->last.code, 400);
  EXPECT_EQ(world.post(path + "?dryRun=All", binding)->last.code, 201);
  EXPECT_EQ(world.post(path, binding)->last.code, 201);
  EXPECT_EQ(world.post(path, binding)->last.code, 409);
  const json::value bound = world.get(std::string(kPods) + "/p")->json();
  EXPECT_EQ(bound.at("spec").at("nodeName"), "n");
  EXPECT_EQ(bound.at("status").at("conditions").at(0).at("type"), "PodScheduled");
  EXPECT_EQ(
      world.post(std::string(kPods) + "/none/binding", R"({"target":{"name":"n"}})")->last.code,
      404);
}

class ApiEviction : public ::testing::Test {
 protected:
  void SetUp() override {
    world.post(kPods, pod("p"));
    world.patch(std::string(kPods) + "/p/status", "merge-patch",
                R"({"status":{"phase":"Running"}})");
  }
  void add_budget(const std::string& name, int allowed) {
    world.post(kBudgets,
               R"({"metadata":{"name":")" + name +
                   R"("},"spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"a"}}}})");
    world.patch(std::string(kBudgets) + '/' + name + "/status", "merge-patch",
                R"({"status":{"disruptionsAllowed":)" + std::to_string(allowed) + "}}");
  }
  int evict(const std::string& body = R"({"apiVersion":"policy/v1","kind":"Eviction"})") {
    reply = world.post(std::string(kPods) + "/p/eviction", body);
    return reply->last.code;
  }
  ApiWorld world;
  std::shared_ptr<KeptReply> reply;
};

TEST_F(ApiEviction, GoesAheadWithoutABudget) {
  EXPECT_EQ(evict(R"({"kind":"Eviction","deleteOptions":{"dryRun":["All"]}})"), 201);
  EXPECT_EQ(world.get(std::string(kPods) + "/p")->last.code, 200);
  EXPECT_EQ(evict(R"({"kind":"Eviction","deleteOptions":{"preconditions":{"uid":"x"}}})"), 409);
  EXPECT_EQ(evict(), 201);
  EXPECT_EQ(world.get(std::string(kPods) + "/p")->last.code, 404);
  EXPECT_EQ(evict(), 404);
}

TEST_F(ApiEviction, ABudgetIsUsedUpAndThenRefuses) {
  add_budget("b", 1);
  EXPECT_EQ(evict(), 201);
  const json::value budget = world.get(std::string(kBudgets) + "/b")->json();
  EXPECT_EQ(budget.at("status").at("disruptionsAllowed"), 0);
  EXPECT_TRUE(budget.at("status").at("disruptedPods").as_object().contains("p"));
  SetUp();
  EXPECT_EQ(evict(), 429);
  EXPECT_EQ(reply->json().at("details").at("causes").at(0).at("reason"), "DisruptionBudget");
  EXPECT_EQ(world.get(std::string(kPods) + "/p")->last.code, 200);
}

TEST_F(ApiEviction, SeveralBudgetsAreAnErrorAndIdlePodsHaveNone) {
  add_budget("b", 1);
  add_budget("c", 1);
  EXPECT_EQ(evict(), 500);
  world.patch(std::string(kPods) + "/p/status", "merge-patch",
              R"({"status":{"phase":"Succeeded"}})");
  EXPECT_EQ(evict(), 201) << "a pod that has ended is protected by none";
}

TEST(ApiSubresources, AreTold) {
  ApiWorld world;
  const json::value list = world.get("/api/v1")->json();
  std::vector<std::string> found;
  for (const json::value& entry : list.at("resources").as_array()) {
    const std::string name(entry.at("name").as_string());
    if (name.starts_with("pods/")) {
      found.push_back(name + ' ' + std::string(entry.at("kind").as_string()));
    }
  }
  EXPECT_EQ(found, (std::vector<std::string>{
                       "pods/status Pod", "pods/binding Binding", "pods/eviction Eviction",
                       "pods/log Pod", "pods/exec PodExecOptions", "pods/attach PodAttachOptions",
                       "pods/portforward PodPortForwardOptions"}));
  EXPECT_EQ(
      world.send({.method = "DELETE", .target = std::string(kPods) + "/p/binding"})->last.code,
      405);
}

TEST(ApiStreams, AreForWhoMayCreateThemInTheTenant) {
  ApiWorld world;
  world.post(kPods, pod("p"));
  world.post(std::string(kPods) + "/p/binding", R"({"target":{"kind":"Node","name":"n"}})");
  const auto ask = [&](const ApiCaller& caller) {
    ApiRequest request{.method = "GET",
                       .target = "/api/v1/tenants/system/namespaces/default/pods/p/exec?command=ls",
                       .caller = caller};
    request.upgrade = {{"upgrade", "websocket"}};
    return world.send(request);
  };
  EXPECT_EQ(ask(ApiWorld::admin("system"))->last.body, "exec of p");
  EXPECT_EQ(ask(ApiWorld::admin("blue"))->last.code, 403);
  const auto stranger = ask({"eve", "system", {}});
  EXPECT_EQ(stranger->last.code, 403);
  EXPECT_NE(stranger->last.body.find("cannot create resource \\\"pods/exec\\\""),
            std::string::npos);
}

TEST(ApiStreams, AreRefusedBeforeAnythingIsConnected) {
  ApiWorld world;
  world.post(kPods, pod("p"));
  const std::string path = std::string(kPods) + "/p/exec?command=ls&stdout=true";
  EXPECT_EQ(world.post(std::string(kPods) + "/q/exec", "")->last.code, 404);
  const auto unbound = world.post(path, "");
  EXPECT_EQ(unbound->last.code, 400);
  EXPECT_EQ(unbound->json().at("message"), "pod p does not have a host assigned");
  world.post(std::string(kPods) + "/p/binding", R"({"target":{"kind":"Node","name":"n"}})");
  EXPECT_EQ(world.post(path, "")->json().at("message"), "Upgrade request required");
  EXPECT_EQ(world.put(std::string(kPods) + "/p/exec", json::object())->last.code, 405);
  world.patch(std::string(kPods) + "/p/status", "merge-patch", R"({"status":{"phase":"Failed"}})");
  EXPECT_EQ(world.post(path, "")->json().at("message"),
            "cannot exec in a completed pod; current phase is Failed");
}

}  // namespace
}  // namespace arcas::real
