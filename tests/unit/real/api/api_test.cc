#include <gtest/gtest.h>

#include "tests/support/api_world.h"

namespace arcas::real {
namespace {

namespace json = boost::json;
constexpr char kPods[] = "/api/v1/namespaces/default/pods";
constexpr char kConfigs[] = "/api/v1/namespaces/default/configmaps";

std::string config(const std::string& name, const std::string& labels = "{}") {
  return R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":")" + name + R"(","labels":)" +
         labels + R"(},"data":{"a":"b"}})";
}

std::string at(const json::value& value, std::string_view pointer) {
  const json::value* found = nullptr;
  boost::system::error_code none;
  found = value.find_pointer(pointer, none);
  return found == nullptr || !found->is_string() ? "" : std::string(found->as_string());
}

TEST(ApiCreate, AnObjectComesBackWithItsIdentityAndWhatWasWritten) {
  ApiWorld world;
  const auto reply = world.post(kConfigs, config("c"));
  EXPECT_EQ(reply->last.code, 201);
  const json::value object = reply->json();
  EXPECT_EQ(at(object, "/metadata/namespace"), "default");
  EXPECT_EQ(at(object, "/metadata/tenant"), "system");
  EXPECT_EQ(at(object, "/metadata/creationTimestamp"), "2026-01-31T12:00:00Z");
  EXPECT_EQ(at(object, "/metadata/uid").size(), 36U);
  EXPECT_EQ(at(object, "/metadata/resourceVersion"), std::to_string(world.store.revision()));
  EXPECT_EQ(at(object, "/data/a"), "b");
  EXPECT_EQ(world.get(std::string(kConfigs) + "/c")->json(), object);
}

TEST(ApiCreate, RefusalsHaveTheirCodesAndReasons) {
  ApiWorld world;
  world.post(kConfigs, config("c"));
  const std::tuple<const char*, std::string, int, const char*> cases[] = {
      {kConfigs, config("c"), 409, "AlreadyExists"},
      {kConfigs, config("Upper"), 422, "Invalid"},
      {kConfigs, config("d", R"({"bad key":"x"})"), 422, "Invalid"},
      {kConfigs, config("d", R"({"k":7})"), 400, "BadRequest"},
      {kConfigs, R"({"kind":"Secret","metadata":{"name":"d"}})", 400, "BadRequest"},
      {kConfigs, R"({"apiVersion":"v2","metadata":{"name":"d"}})", 400, "BadRequest"},
      {kConfigs, R"({"metadata":{"name":"d","namespace":"other"}})", 400, "BadRequest"},
      {kConfigs, R"({"metadata":{"name":"d","tenant":"other"}})", 400, "BadRequest"},
      {kConfigs, R"({"metadata":{"name":"d","resourceVersion":"4"}})", 400, "BadRequest"},
      {kConfigs, R"({"metadata":{}})", 422, "Invalid"},
      {kConfigs, "[]", 400, "BadRequest"},
      {kConfigs, "{} {}", 400, "BadRequest"},
      {kConfigs, std::string(100'000, '['), 400, "BadRequest"},
      {kConfigs, std::string(4'000'000, ' '), 413, "RequestEntityTooLarge"},
      {"/api/v1/namespaces/none/configmaps", config("d"), 404, "NotFound"},
      {"/api/v1/configmaps", config("d"), 404, "NotFound"},
      {"/api/v1/namespaces/default/things", config("d"), 404, "NotFound"},
      {"/api/v1/tenants", R"({"metadata":{"name":"all"}})", 422, "Invalid"},
      {"/api/v1/tenants/all/namespaces/default/configmaps", config("d"), 400, "BadRequest"},
      {"/api/v1/namespaces/default/configmaps?dryRun=x", config("d"), 400, "BadRequest"},
      {"/api/v1/../v1", "", 400, "BadRequest"},
  };
  const Revision before = world.store.revision();
  for (const auto& [path, body, code, reason] : cases) {
    const auto reply = world.post(path, body);
    EXPECT_EQ(reply->answers, 1) << path;
    EXPECT_EQ(reply->last.code, code) << path << ' ' << body.substr(0, 60) << reply->last.body;
    EXPECT_EQ(at(reply->json(), "/reason"), reason) << path << ' ' << body.substr(0, 60);
    EXPECT_EQ(at(reply->json(), "/kind"), "Status");
  }
  EXPECT_EQ(world.store.revision(), before) << "nothing was written";
}

TEST(ApiCreate, ADryRunWritesNothingAndANameIsMadeFromAPrefix) {
  ApiWorld world;
  const Revision before = world.store.revision();
  EXPECT_EQ(world.post(std::string(kConfigs) + "?dryRun=All", config("c"))->last.code, 201);
  EXPECT_EQ(world.store.revision(), before);
  const auto reply = world.post(kConfigs, R"({"metadata":{"generateName":"c-"}})");
  EXPECT_TRUE(at(reply->json(), "/metadata/name").starts_with("c-"));
  EXPECT_EQ(at(reply->json(), "/metadata/name").size(), 7U);
}

TEST(ApiTenants, ANewTenantHasNamespacesOfItsOwnAndWallsAroundThem) {
  ApiWorld world;
  ASSERT_EQ(world.post("/api/v1/tenants", R"({"metadata":{"name":"blue"}})")->last.code, 201);
  const auto as_blue = [&world](std::string method, std::string target, std::string body = {}) {
    return world.send({.method = std::move(method),
                       .target = std::move(target),
                       .body = std::move(body),
                       .caller = ApiWorld::admin("blue")});
  };
  EXPECT_EQ(as_blue("POST", kConfigs, config("c"))->last.code, 201);
  EXPECT_EQ(as_blue("GET", "/api/v1/tenants/blue/namespaces/default/configmaps/c")->last.code, 200);
  EXPECT_EQ(as_blue("GET", "/tenants/blue/api/v1/namespaces/default/configmaps/c")->last.code, 200);
  EXPECT_EQ(world.get("/tenants/blue/api/v1/namespaces/default/configmaps/c")->last.code, 200);
  EXPECT_EQ(world.get(std::string(kConfigs) + "/c")->last.code, 404) << "system has none";
  for (const char* walled :
       {"/api/v1/tenants/system/namespaces/default/configmaps", "/api/v1/tenants/all/pods",
        "/api/v1/nodes", "/api/v1/tenants", "/tenants/system/api/v1/pods"}) {
    EXPECT_EQ(as_blue("GET", walled)->last.code, 403) << walled;
  }
  const auto all = world.get("/api/v1/tenants/all/configmaps");
  EXPECT_EQ(all->json().at("items").as_array().size(), 1U);
  EXPECT_EQ(
      world.send({.method = "GET", .target = kPods, .caller = {"u", "system", {}}})->last.code,
      403);
}

TEST(ApiList, PagesShowOneRevisionAndTokensBelongToTheirList) {
  ApiWorld world;
  for (int i = 0; i < 5; ++i) world.post(kConfigs, config("c" + std::to_string(i)));
  const std::string base = kConfigs;
  const auto first = world.get(base + "?limit=2");
  const std::string token = at(first->json(), "/metadata/continue");
  ASSERT_FALSE(token.empty());
  EXPECT_EQ(first->json().at("metadata").at("remainingItemCount"), 3);
  world.remove(base + "/c3");
  const auto rest = world.get(base + "?limit=5&continue=" + token);
  EXPECT_EQ(rest->json().at("items").as_array().size(), 3U) << "c3 is still there";
  EXPECT_EQ(at(rest->json(), "/metadata/resourceVersion"),
            at(first->json(), "/metadata/resourceVersion"));
  EXPECT_EQ(world.get(std::string(kPods) + "?continue=" + token)->last.code, 400);
  EXPECT_EQ(world.get(base + "?labelSelector=a&continue=" + token)->last.code, 400);
  EXPECT_EQ(world.get(base + "?continue=00" + token)->last.code, 400);
  EXPECT_EQ(world.get(base + "?resourceVersion=9999")->last.code, 504);
  for (int i = 0; i < 120; ++i) world.post(kConfigs, config("more" + std::to_string(i)));
  const auto late = world.get(base + "?limit=2&continue=" + token);
  EXPECT_EQ(late->last.code, 410);
  EXPECT_EQ(at(late->json(), "/reason"), "Expired");
}

TEST(ApiList, SelectorsChooseObjects) {
  ApiWorld world;
  world.post(kConfigs, config("a", R"({"app":"x"})"));
  world.post(kConfigs, config("b", R"({"app":"y"})"));
  const auto count = [&world](const std::string& query) {
    return world.get(kConfigs + ("?" + query))->json().at("items").as_array().size();
  };
  EXPECT_EQ(count("labelSelector=app%3Dx"), 1U);
  EXPECT_EQ(count("labelSelector=app%20notin%20(x)"), 1U);
  EXPECT_EQ(count("fieldSelector=metadata.name%3Db"), 1U);
  EXPECT_EQ(count("labelSelector=app%3Dx&fieldSelector=metadata.name%3Db"), 0U);
  EXPECT_EQ(world.get(std::string(kConfigs) + "?fieldSelector=data.a%3Db")->last.code, 400);
}

TEST(ApiWatch, EventsFollowTheSelectorAndResumeFromARevision) {
  ApiWorld world;
  const Revision before = world.store.revision();
  const std::string base = kConfigs;
  const auto live = world.get(base + "?watch=true&labelSelector=app%3Dx&timeoutSeconds=9");
  EXPECT_TRUE(live->streaming);
  EXPECT_EQ(live->timeout_seconds, 9U);
  world.post(kConfigs, config("a", R"({"app":"x"})"));
  world.post(kConfigs, config("b", R"({"app":"y"})"));
  world.patch(base + "/a", "merge-patch", R"({"data":{"a":"c"}})");
  world.patch(base + "/b", "merge-patch", R"({"metadata":{"labels":{"app":"x"}}})");
  world.patch(base + "/a", "merge-patch", R"({"metadata":{"labels":null}})");
  world.remove(base + "/b");
  const std::vector<std::string> expected{"ADDED a", "MODIFIED a", "ADDED b", "DELETED a",
                                          "DELETED b"};
  EXPECT_EQ(live->events(), expected);
  const auto resumed = world.get(
      base + "?watch=true&labelSelector=app%3Dx&resourceVersion=" + std::to_string(before));
  EXPECT_EQ(resumed->events(), expected);
}

TEST(ApiWatch, WhatThereIsComesFirstWithoutARevisionAndBookmarksAreKept) {
  ApiWorld world;
  world.post(kConfigs, config("a"));
  const auto watch = world.get(std::string(kConfigs) + "?watch=1&allowWatchBookmarks=true");
  EXPECT_EQ(watch->events(), std::vector<std::string>{"ADDED a"});
  world.api.send_bookmarks();
  world.api.send_bookmarks();
  EXPECT_EQ(watch->events().back(), "BOOKMARK");
  EXPECT_EQ(world.api.watches(), 1U);
  world.api.cancel(world.watch);
  EXPECT_EQ(world.api.watches(), 0U);
}

TEST(ApiWatch, ASlowWatcherIsClosedAndAnOldRevisionIsGone) {
  ApiWorld world;
  const auto watch = world.get(std::string(kConfigs) + "?watch=1&resourceVersion=1");
  watch->full = true;
  world.post(kConfigs, config("a"));
  EXPECT_FALSE(watch->streaming);
  EXPECT_EQ(world.api.watches(), 0U);
  for (int i = 0; i < 120; ++i) world.post(kConfigs, config("c" + std::to_string(i)));
  EXPECT_EQ(world.get(std::string(kConfigs) + "?watch=1&resourceVersion=1")->last.code, 410);
}

TEST(ApiUpdate, AnUpdateOfAnOldVersionIsAConflictAndStatusIsApart) {
  ApiWorld world;
  const std::string path = "/apis/apps/v1/namespaces/default/deployments";
  const json::value created = world.post(path, ApiWorld::deployment("d"))->json();
  json::value changed = created;
  changed.at("spec").as_object()["replicas"] = 3;
  changed.as_object()["status"] = json::object{{"replicas", 9}};
  const auto updated = world.put(path + "/d", changed);
  EXPECT_EQ(updated->last.code, 200);
  EXPECT_EQ(updated->json().at("metadata").at("generation"), 2);
  EXPECT_EQ(updated->json().at("status"), created.at("status")) << "a write leaves status alone";
  EXPECT_EQ(world.put(path + "/d", changed)->last.code, 409);
  const auto status = world.patch(path + "/d/status", "merge-patch",
                                  R"({"spec":{"replicas":7},"status":{"replicas":2}})");
  EXPECT_EQ(status->json().at("status").at("replicas"), 2);
  EXPECT_EQ(status->json().at("spec").at("replicas"), 3);
  EXPECT_EQ(status->json().at("metadata").at("generation"), 2);
  const Revision before = world.store.revision();
  EXPECT_EQ(world.patch(path + "/d", "merge-patch", "{}")->last.code, 200);
  EXPECT_EQ(world.store.revision(), before) << "a patch that changes nothing writes nothing";
}

TEST(ApiUpdate, BadPatchesChangeNothing) {
  ApiWorld world;
  const std::string path = std::string(kConfigs) + "/c";
  world.post(kConfigs, config("c"));
  EXPECT_EQ(world.patch(path, "json-patch", R"([{"op":"remove","path":"/x"}])")->last.code, 422);
  EXPECT_EQ(world.patch(path, "json-patch", "{")->last.code, 400);
  EXPECT_EQ(world.patch(path, "merge-patch", "7")->last.code, 400);
  EXPECT_EQ(world.patch(path, "other-patch", "{}")->last.code, 415);
  EXPECT_EQ(world.patch(path, "merge-patch", R"({"metadata":{"name":"d"}})")->last.code, 400);
  EXPECT_EQ(world.patch(path, "merge-patch", R"({"metadata":{"labels":7}})")->last.code, 400);
  EXPECT_EQ(world.patch(path, "json-patch", R"([{"op":"replace","path":"/data/a","value":"z"}])")
                ->last.code,
            200);
}

TEST(ApiDelete, FinalizersAndGraceKeepAnObjectUntilTheyAreGone) {
  ApiWorld world;
  const std::string path = std::string(kConfigs) + "/c";
  world.post(kConfigs, R"({"metadata":{"name":"c","finalizers":["example.com/hold"]}})");
  EXPECT_EQ(world.remove(path)->last.code, 200);
  EXPECT_FALSE(at(world.get(path)->json(), "/metadata/deletionTimestamp").empty());
  EXPECT_EQ(world.patch(path, "merge-patch", R"({"metadata":{"finalizers":null}})")->last.code,
            200);
  EXPECT_EQ(world.get(path)->last.code, 404);

  world.post(kPods, R"({"metadata":{"name":"p"},"spec":{"nodeName":"n",
      "containers":[{"name":"c","image":"i"}]}})");
  const std::string pod = std::string(kPods) + "/p";
  EXPECT_EQ(world.remove(pod, R"({"gracePeriodSeconds":20})")->last.code, 200);
  EXPECT_EQ(at(world.get(pod)->json(), "/metadata/deletionTimestamp"), "2026-01-31T12:00:20Z");
  EXPECT_EQ(world.remove(pod, R"({"gracePeriodSeconds":0})")->last.code, 200);
  EXPECT_EQ(world.get(pod)->last.code, 404);
}

TEST(ApiDelete, HowDependentsFareStandsInTheFinalizersUntilTheCollectorHasSeenToIt) {
  ApiWorld world;
  const std::string path = std::string(kConfigs) + "/c";
  const auto finalizers = [&](const char* options) {
    world.post(kConfigs, R"({"metadata":{"name":"c","finalizers":["example.com/hold"]}})");
    EXPECT_EQ(world.remove(path, options)->last.code, 200) << options;
    const json::value object = world.get(path)->json();
    EXPECT_FALSE(at(object, "/metadata/deletionTimestamp").empty());
    json::array list = object.at_pointer("/metadata/finalizers").as_array();
    world.patch(path, "merge-patch", R"({"metadata":{"finalizers":null}})");
    EXPECT_EQ(world.get(path)->last.code, 404);
    return list;
  };
  const json::array orphan{"example.com/hold", "orphan"};
  EXPECT_EQ(finalizers(R"({"propagationPolicy":"Orphan"})"), orphan);
  EXPECT_EQ(finalizers(R"({"orphanDependents":true})"), orphan);
  EXPECT_EQ(finalizers(R"({"propagationPolicy":"Foreground"})"),
            (json::array{"example.com/hold", "foregroundDeletion"}));
  EXPECT_EQ(finalizers(R"({"propagationPolicy":"Background"})"), json::array{"example.com/hold"});

  world.post(kConfigs, config("c"));
  EXPECT_EQ(world.remove(path, R"({"propagationPolicy":"Sideways"})")->last.code, 400);
  EXPECT_EQ(world.remove(path + "?propagationPolicy=Orphan")->last.code, 200);
  EXPECT_EQ(world.get(path)->last.code, 200) << "until the collector takes the finalizer";
  EXPECT_EQ(world.remove(path, R"({"propagationPolicy":"Background"})")->last.code, 200);
  EXPECT_EQ(world.get(path)->last.code, 404) << "another word takes the place of the first";
}

TEST(ApiDelete, PreconditionsAndProtectedNamesHold) {
  ApiWorld world;
  world.post(kConfigs, config("c"));
  const std::string path = std::string(kConfigs) + "/c";
  EXPECT_EQ(world.remove(path, R"({"preconditions":{"uid":"other"}})")->last.code, 409);
  EXPECT_EQ(world.remove(path, R"({"preconditions":{"resourceVersion":"1"}})")->last.code, 409);
  EXPECT_EQ(world.remove(path, R"({"gracePeriodSeconds":-1})")->last.code, 400);
  EXPECT_EQ(world.remove("/api/v1/namespaces/default")->last.code, 403);
  EXPECT_EQ(world.remove("/api/v1/tenants/system")->last.code, 403);
  EXPECT_EQ(world.remove(path + "?dryRun=All")->last.code, 200);
  EXPECT_EQ(world.get(path)->last.code, 200);
  EXPECT_EQ(world.remove(path)->last.code, 200);
  EXPECT_EQ(world.remove(path)->last.code, 404);
}

TEST(ApiDelete, ACollectionIsDeletedBySelector) {
  ApiWorld world;
  world.post(kConfigs, config("a", R"({"app":"x"})"));
  world.post(kConfigs, config("b"));
  const auto reply = world.remove(std::string(kConfigs) + "?labelSelector=app");
  EXPECT_EQ(reply->json().at("items").as_array().size(), 1U);
  EXPECT_EQ(world.get(kConfigs)->json().at("items").as_array().size(), 1U);
}

TEST(ApiDiscovery, GroupsKindsAndVersionsAreToldInBothForms) {
  ApiWorld world;
  EXPECT_EQ(world.get("/api")->json().at("versions"), json::array{"v1"});
  const json::value apps = world.get("/apis/apps/v1")->json();
  EXPECT_EQ(at(apps, "/groupVersion"), "apps/v1");
  EXPECT_EQ(at(apps, "/resources/0/name"), "deployments");
  EXPECT_EQ(at(apps, "/resources/0/shortNames/0"), "deploy");
  EXPECT_EQ(at(world.get("/apis/batch")->json(), "/preferredVersion/groupVersion"), "batch/v1");
  const auto all = world.get("/apis",
                             "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
                             "application/json");
  EXPECT_EQ(at(all->json(), "/items/0/versions/0/resources/0/resource"), "deployments");
  EXPECT_EQ(at(all->json(), "/items/0/versions/0/resources/0/subresources/0/subresource"),
            "status");
  EXPECT_NE(all->last.content_type.find("as=APIGroupDiscoveryList"), std::string::npos);
  EXPECT_EQ(world.get("/apis/none")->last.code, 404);
  EXPECT_EQ(world.get("/apis/apps/v9")->last.code, 404);
  EXPECT_EQ(world.get("/nothing")->last.code, 404);
  EXPECT_EQ(at(world.get("/version")->json(), "/major"), "1");
}

TEST(ApiTable, RowsShowWhatKubectlPrints) {
  ApiWorld world;
  world.post(kPods, R"({"metadata":{"name":"p"},"spec":{"containers":[{"name":"a"}]}})");
  world.now += 200;
  const auto table = world.get(kPods,
                               "application/json;as=Table;v=v1;g=meta.k8s.io,"
                               "application/json");
  EXPECT_EQ(at(table->json(), "/kind"), "Table");
  EXPECT_EQ(
      table->json().at("rows").at(0).at("cells"),
      (json::array{"p", "0/1", "Pending", 0, "3m20s", "<none>", "<none>", "<none>", "<none>"}));
  EXPECT_EQ(at(table->json(), "/rows/0/object/metadata/name"), "p");
  EXPECT_EQ(world.get(kPods, "text/html")->last.code, 406);
}

}  // namespace
}  // namespace arcas::real
