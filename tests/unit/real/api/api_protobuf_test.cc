// The API with clients that speak Protocol Buffers: bodies in them, answers in JSON.

#include <gtest/gtest.h>

#include "tests/support/api_world.h"
#include "tests/support/protobuf_bytes.h"

namespace arcas::real {
namespace {

namespace json = boost::json;
constexpr char kType[] = "application/vnd.kubernetes.protobuf";
constexpr char kDeployments[] = "/apis/apps/v1/namespaces/default/deployments";

std::shared_ptr<KeptReply> send(ApiWorld& world, std::string method, std::string target,
                                std::string body) {
  return world.send({.method = std::move(method),
                     .target = std::move(target),
                     .accept = "application/vnd.kubernetes.protobuf,application/json",
                     .content_type = kType,
                     .body = std::move(body)});
}

TEST(ApiProtobuf, ADeploymentIsTheSameInBothForms) {
  ApiWorld world;
  const std::string target =
      std::string(kDeployments) + "?fieldManager=kubectl-create&fieldValidation=Strict";
  const auto created = send(world, "POST", target, recorded_body(ARCAS_SOURCE_DIR, "deployment"));
  ASSERT_EQ(created->last.code, 201) << created->last.body;
  EXPECT_EQ(created->last.content_type, "application/json");
  EXPECT_EQ(created->json().at("spec").at("strategy").at("type"), "RollingUpdate")
      << "what is empty there gets its default";
  const std::string text = file_bytes(std::string(ARCAS_SOURCE_DIR) +
                                      "/tests/unit/real/api/protobuf/recorded/deployment.json");
  ApiWorld other;
  const auto expected = other.post(target, text);
  ASSERT_EQ(expected->last.code, 201) << expected->last.body;
  EXPECT_EQ(created->json(), expected->json());
}

TEST(ApiProtobuf, OptionsOfADeleteCount) {
  ApiWorld world;
  const auto created =
      send(world, "POST", kDeployments, recorded_body(ARCAS_SOURCE_DIR, "deployment"));
  ASSERT_EQ(created->last.code, 201);
  const std::string path = std::string(kDeployments) + "/web";
  const auto other = send(world, "DELETE", path,
                          wire_body("apps/v1", "DeleteOptions", wire_bytes(2, wire_bytes(1, "x"))));
  EXPECT_EQ(other->last.code, 409) << "another uid is wanted";
  const auto tried =
      send(world, "DELETE", path, wire_body("v1", "DeleteOptions", wire_bytes(5, "All")));
  EXPECT_EQ(tried->last.code, 200) << "a dry run";
  EXPECT_EQ(world.get(path)->last.code, 200);
  EXPECT_EQ(send(world, "DELETE", kDeployments, recorded_body(ARCAS_SOURCE_DIR, "delete_options"))
                ->last.code,
            200);
  EXPECT_EQ(world.get(path)->last.code, 404);
}

TEST(ApiProtobuf, UpdatesAreTakenAndBadBodiesRefused) {
  ApiWorld world;
  const std::string maps = "/api/v1/namespaces/default/configmaps";
  ASSERT_EQ(send(world, "POST", maps, recorded_body(ARCAS_SOURCE_DIR, "configmap"))->last.code,
            201);
  const std::string entry = wire_bytes(2, wire_bytes(1, "a") + wire_bytes(2, "new"));
  const std::string metadata = wire_bytes(1, wire_bytes(1, "c1"));
  const auto changed =
      send(world, "PUT", maps + "/c1", wire_body("v1", "ConfigMap", metadata + entry));
  ASSERT_EQ(changed->last.code, 200) << changed->last.body;
  EXPECT_EQ(changed->json().at("data").at("a"), "new");
  const auto bad = send(world, "PUT", maps + "/c1", wire_body("v1", "ConfigMap", "\x12\x7f"));
  EXPECT_EQ(bad->last.code, 400);
  EXPECT_NE(bad->last.body.find("body: field number 2"), std::string::npos) << bad->last.body;
  EXPECT_EQ(send(world, "PUT", maps + "/c1", recorded_body(ARCAS_SOURCE_DIR, "pod"))->last.code,
            400)
      << "another kind";
  EXPECT_EQ(world.get(maps + "/c1")->json(), changed->json());
}

TEST(ApiProtobuf, AnswersAreJsonOrNotAcceptable) {
  ApiWorld world;
  const std::string maps = "/api/v1/namespaces/default/configmaps";
  const auto both = world.get(maps, "application/vnd.kubernetes.protobuf,application/json");
  EXPECT_EQ(both->last.code, 200);
  EXPECT_EQ(both->last.content_type, "application/json");
  EXPECT_EQ(world.get(maps, kType)->last.code, 406);
}

}  // namespace
}  // namespace arcas::real
