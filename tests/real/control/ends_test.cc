// How namespaces, tenants and finished Jobs end, and what every namespace has, over a whole control
// plane.

#include <gtest/gtest.h>

#include <string>

#include "tests/support/control_world.h"

namespace arcas::real {
namespace {

namespace json = boost::json;

constexpr char kJobs[] = "/apis/batch/v1/namespaces/default/jobs";
constexpr char kDefinition[] =
    R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":
"widgets.example.com"},"spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"widgets",
"singular":"widget","kind":"Widget"},"versions":[{"name":"v1","served":true,"storage":true,"schema":{
"openAPIV3Schema":{"type":"object"}}}]}})";
constexpr char kWidget[] =
    R"({"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w"}})";
constexpr char kDeployment[] =
    R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":2,
"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{
"terminationGracePeriodSeconds":1,"containers":[{"name":"c","image":"nginx"}]}}}})";

int code(ControlWorld& world, const std::string& target) {
  return world.send("GET", target)->last.code;
}

std::string condition(const json::value& object, std::string_view type) {
  for (const json::value& entry : object.at("status").at("conditions").as_array()) {
    if (entry.at("type").as_string() == type) return std::string(entry.at("message").as_string());
  }
  return {};
}

TEST(NamespaceEnds, CustomResourcesGoWithItAndFinalizersHoldIt) {
  ControlWorld world(1);
  world.send("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", kDefinition);
  world.send("POST", "/api/v1/namespaces", R"({"metadata":{"name":"team"}})");
  ASSERT_EQ(world.send("POST", "/apis/example.com/v1/namespaces/team/widgets", kWidget)->last.code,
            201);
  world.send("POST", "/api/v1/namespaces/team/configmaps",
             R"({"metadata":{"name":"held","finalizers":["example.com/hold"]}})");
  world.send("POST", "/apis/apps/v1/namespaces/team/deployments", kDeployment);
  ASSERT_TRUE(world.run_until([&] {
    return world.count("/api/v1/namespaces/team/pods", "/status/phase", "Running") == 2;
  }));
  world.send("DELETE", "/api/v1/namespaces/team");
  EXPECT_TRUE(world.run_until([&] {
    return world.list("/api/v1/namespaces/team/pods").empty() &&
           world.list("/apis/example.com/v1/widgets").empty() &&
           world.list("/api/v1/namespaces/team/configmaps").size() == 1;
  }));
  EXPECT_TRUE(world.run_until([&] {
    const json::value space = world.get("/api/v1/namespaces/team");
    return space.at("status").as_object().contains("conditions") &&
           condition(space, "NamespaceFinalizersRemaining").find("example.com/hold in 1") !=
               std::string::npos;
  }));
  EXPECT_EQ(world.send("POST", "/api/v1/namespaces/team/secrets", R"({"metadata":{"name":"s"}})")
                ->last.code,
            403);
  world.send("PATCH", "/api/v1/namespaces/team/configmaps/held",
             R"({"metadata":{"finalizers":null}})", "application/merge-patch+json");
  EXPECT_TRUE(world.run_until([&] { return code(world, "/api/v1/namespaces/team") == 404; }));
}

TEST(TenantEnds, ItsNamespacesGoThenWhatElseIsItsThenItself) {
  ControlWorld world(1);
  ASSERT_EQ(world.send("POST", "/api/v1/tenants", R"({"metadata":{"name":"blue"}})")->last.code,
            201);
  ASSERT_EQ(
      world
          .send("POST", "/tenants/blue/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                kDefinition)
          ->last.code,
      201);
  ASSERT_EQ(
      world.send("POST", "/tenants/blue/apis/example.com/v1/namespaces/default/widgets", kWidget)
          ->last.code,
      201);
  world.send("POST", "/tenants/blue/apis/apps/v1/namespaces/default/deployments", kDeployment);
  world.send("POST", "/tenants/blue/api/v1/persistentvolumes",
             R"({"metadata":{"name":"disk","finalizers":["example.com/hold"]},"spec":{"capacity":{
"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"hostPath":{"path":"/data"}}})");
  const std::string volume = "/tenants/blue/api/v1/persistentvolumes/disk";
  ASSERT_EQ(code(world, volume), 200);
  ASSERT_TRUE(world.run_until(
      [&] { return world.count("/tenants/blue/api/v1/pods", "/status/phase", "Running") == 2; }));
  world.send("DELETE", "/api/v1/tenants/blue");
  EXPECT_TRUE(world.run_until([&] {
    return world.list("/tenants/blue/api/v1/namespaces").empty() &&
           !world.get(volume).at("metadata").at("name").as_string().empty() &&
           world.get(volume).at("metadata").as_object().contains("deletionTimestamp");
  }));
  EXPECT_EQ(world.get("/api/v1/tenants/blue").at_pointer("/status/phase"), "Terminating");
  EXPECT_EQ(world.send("POST", "/tenants/blue/api/v1/namespaces", R"({"metadata":{"name":"n"}})")
                ->last.code,
            403);
  world.send("PATCH", volume, R"({"metadata":{"finalizers":null}})",
             "application/merge-patch+json");
  EXPECT_TRUE(world.run_until([&] { return code(world, "/api/v1/tenants/blue") == 404; }));
  for (const char* kind : {"/api/v1/tenants/all/pods", "/api/v1/tenants/all/persistentvolumes",
                           "/apis/rbac.authorization.k8s.io/v1/tenants/all/clusterroles",
                           "/apis/apiextensions.k8s.io/v1/tenants/all/customresourcedefinitions"}) {
    EXPECT_EQ(world.count(kind, "/metadata/tenant", "blue"), 0U) << kind;
  }
  ASSERT_EQ(world.send("POST", "/api/v1/tenants", R"({"metadata":{"name":"blue"}})")->last.code,
            201)
      << "the name is free again";
}

TEST(TenantEnds, OneWithoutContentsGoesAndARestartOnTheWayDoesNotMatter) {
  ControlWorld world(0);
  world.send("POST", "/api/v1/tenants", R"({"metadata":{"name":"red"}})");
  world.send("DELETE", "/api/v1/tenants/red");
  world.restart(0);
  EXPECT_TRUE(world.run_until([&] { return code(world, "/api/v1/tenants/red") == 404; }));
}

TEST(JobExpiries, AFinishedJobGoesWithItsPodsWhenItsTimeIsOver) {
  ControlWorld world(1);
  const auto job = [&](const std::string& name, const std::string& more) {
    world.send(
        "POST", kJobs,
        R"({"apiVersion":"batch/v1","kind":"Job","metadata":{"name":")" + name + R"("},"spec":{)" +
            more +
            R"("template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}})");
  };
  job("brief", R"("ttlSecondsAfterFinished":2,)");
  job("kept", "");
  const std::string brief = std::string(kJobs) + "/brief";
  EXPECT_TRUE(world.run_until([&] {
    const json::value seen = world.get(brief);
    return seen.at("status").as_object().contains("completionTime");
  })) << "it is there when it has finished";
  EXPECT_TRUE(world.run_until([&] { return code(world, brief) == 404; }));
  EXPECT_TRUE(
      world.run_until([&] { return world.list("/api/v1/namespaces/default/pods").size() == 1; }));
  EXPECT_EQ(code(world, std::string(kJobs) + "/kept"), 200);
}

TEST(NamespaceContents, EveryNamespaceHasADefaultAccountAndPodsHaveIt) {
  ControlWorld world(1);
  world.send("POST", "/api/v1/namespaces", R"({"metadata":{"name":"team"}})");
  const std::string account = "/api/v1/namespaces/team/serviceaccounts/default";
  EXPECT_TRUE(world.run_until([&] { return code(world, account) == 200; }));
  const json::value first = world.get(account);
  world.send("DELETE", account);
  EXPECT_TRUE(world.run_until([&] { return code(world, account) == 200; }));
  EXPECT_NE(world.get(account).at_pointer("/metadata/uid"), first.at_pointer("/metadata/uid"));
  EXPECT_EQ(code(world, "/api/v1/namespaces/team/configmaps/kube-root-ca.crt"), 404)
      << "this control plane has no certificate to tell";

  world.send("POST", "/apis/apps/v1/namespaces/team/deployments", kDeployment);
  world.send("POST", "/api/v1/namespaces/team/pods",
             R"({"metadata":{"name":"own"},"spec":{"serviceAccountName":"robot","containers":[{
"name":"c","image":"i"}]}})");
  ASSERT_TRUE(
      world.run_until([&] { return world.list("/api/v1/namespaces/team/pods").size() == 3; }));
  EXPECT_EQ(world.count("/api/v1/namespaces/team/pods", "/spec/serviceAccountName", "default"), 2U);
  EXPECT_EQ(world.count("/api/v1/namespaces/team/pods", "/spec/serviceAccountName", "robot"), 1U);
}

}  // namespace
}  // namespace arcas::real
