// Server-side apply and the bookkeeping of fields, through the API.

#include <gtest/gtest.h>

#include "tests/support/api_world.h"

namespace arcas::real {
namespace {

namespace json = boost::json;
constexpr char kDeployment[] = "/apis/apps/v1/namespaces/default/deployments/d";

std::shared_ptr<KeptReply> apply(ApiWorld& world, const std::string& query, std::string body,
                                 const std::string& path = kDeployment) {
  return world.send({.method = "PATCH",
                     .target = path + query,
                     .content_type = "application/apply-patch+yaml",
                     .body = std::move(body)});
}

std::string declared(const std::string& replicas) {
  return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n" + replicas +
         "  selector: {matchLabels: {app: a}}\n"
         "  template:\n    metadata: {labels: {app: a}}\n"
         "    spec: {containers: [{name: c, image: 'i:1'}]}\n";
}

/// "manager operation subresource" of each entry.
std::vector<std::string> managers(const json::value& object) {
  std::vector<std::string> list;
  const json::value* entries = object.at("metadata").as_object().if_contains("managedFields");
  if (entries == nullptr) return list;
  for (const json::value& entry : entries->as_array()) {
    std::string text(entry.at("manager").as_string());
    text += ' ' + std::string(entry.at("operation").as_string());
    if (const json::value* sub = entry.as_object().if_contains("subresource")) {
      text += ' ' + std::string(sub->as_string());
    }
    list.push_back(text);
  }
  return list;
}

TEST(ApiApply, MakesChangesAndLetsGo) {
  ApiWorld world;
  const auto made = apply(world, "?fieldManager=me", declared("  replicas: 2\n"));
  ASSERT_EQ(made->last.code, 201) << made->last.body;
  EXPECT_EQ(made->json().at("spec").at("progressDeadlineSeconds"), 600);
  EXPECT_EQ(managers(made->json()), std::vector<std::string>{"me Apply"});
  const Revision revision = world.store.revision();
  const auto again = apply(world, "?fieldManager=me", declared("  replicas: 2\n"));
  EXPECT_EQ(again->last.code, 200);
  EXPECT_EQ(world.store.revision(), revision) << "the same again writes nothing";
  const auto less = apply(world, "?fieldManager=me", declared(""));
  EXPECT_EQ(less->json().at("spec").at("replicas"), 1) << "what nobody wants has its default";
  EXPECT_EQ(less->json().at("metadata").at("generation"), 2);
}

TEST(ApiApply, ConflictsNameTheOtherManagerAndItsField) {
  ApiWorld world;
  apply(world, "?fieldManager=me", declared("  replicas: 2\n"));
  const auto scaled = world.patch(std::string(kDeployment) + "?fieldManager=hand", "merge-patch",
                                  R"({"spec":{"replicas":5}})");
  EXPECT_EQ(managers(scaled->json()), (std::vector<std::string>{"me Apply", "hand Update"}));
  const auto refused = apply(world, "?fieldManager=me", declared("  replicas: 3\n"));
  EXPECT_EQ(refused->last.code, 409);
  const json::value body = refused->json();
  EXPECT_EQ(body.at("reason"), "Conflict");
  EXPECT_EQ(body.at("details").at("causes"),
            json::parse(R"([{"reason":"FieldManagerConflict","field":".spec.replicas",
                             "message":"conflict with \"hand\" using apps/v1"}])"));
  const auto forced = apply(world, "?fieldManager=me&force=true", declared("  replicas: 3\n"));
  EXPECT_EQ(forced->last.code, 200);
  EXPECT_EQ(forced->json().at("spec").at("replicas"), 3);
  EXPECT_EQ(managers(forced->json()), std::vector<std::string>{"me Apply"});
}

TEST(ApiApply, BadRequestsAreRefused) {
  ApiWorld world;
  const std::tuple<std::string, std::string, int> cases[] = {
      {"", declared(""), 422},
      {"?fieldManager=me", "a: [", 400},
      {"?fieldManager=me", "[]", 400},
      {"?fieldManager=me", "kind: Deployment", 400},
      {"?fieldManager=me", "apiVersion: apps/v1\nkind: Deployment\nspec: 7", 400},
      {"?fieldManager=me", "apiVersion: v1\nkind: Pod\nmetadata: {name: d}", 400},
      {"?fieldManager=me",
       "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, managedFields: [{fieldsV1: "
       "{}}]}",
       400},
      {"?fieldManager=me", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, uid: x}",
       409},
      {"?fieldManager=me", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}", 422},
      {"?fieldManager=me&fieldValidation=Strict", declared("  replica: 2\n"), 400},
      {"?fieldManager=me&dryRun=All", declared(""), 201},
  };
  const Revision before = world.store.revision();
  for (const auto& [query, body, code] : cases) {
    const auto reply = apply(world, query, body);
    EXPECT_EQ(reply->last.code, code) << query << ' ' << body << reply->last.body;
  }
  EXPECT_EQ(world.store.revision(), before);
}

TEST(ApiApply, StatusIsOwnedApart) {
  ApiWorld world;
  apply(world, "?fieldManager=me", declared(""));
  const auto reply = apply(world, "?fieldManager=controller",
                           "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n"
                           "spec: {replicas: 9}\nstatus: {readyReplicas: 1}\n",
                           std::string(kDeployment) + "/status");
  ASSERT_EQ(reply->last.code, 200) << reply->last.body;
  EXPECT_EQ(reply->json().at("status").at("readyReplicas"), 1);
  EXPECT_EQ(reply->json().at("spec").at("replicas"), 1) << "only the status is written here";
  EXPECT_EQ(managers(reply->json()),
            (std::vector<std::string>{"controller Apply status", "me Apply"}));
}

TEST(ApiApply, WritersWithoutAManagerAreNamedByTheirAgent) {
  ApiWorld world;
  const auto reply = world.send({.method = "POST",
                                 .target = "/api/v1/namespaces/default/configmaps",
                                 .body = R"({"metadata":{"name":"c"},"data":{"a":"b"}})",
                                 .user_agent = "kubectl/v1.32.0 (linux/amd64)"});
  const json::value entry = reply->json().at("metadata").at("managedFields").at(0);
  EXPECT_EQ(entry.at("manager"), "kubectl");
  EXPECT_EQ(entry.at("time"), "2026-01-31T12:00:00Z");
  EXPECT_EQ(entry.at("fieldsV1"), json::parse(R"({"f:data":{".":{},"f:a":{}}})"));
  EXPECT_EQ(managers(world
                         .post("/api/v1/namespaces/default/configmaps",
                               R"({"metadata":{"name":"e"},"data":{}})")
                         ->json()),
            std::vector<std::string>{"unknown Update"});
}

}  // namespace
}  // namespace arcas::real
