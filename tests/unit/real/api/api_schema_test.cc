// What the API makes of the schema: validation, defaults, patches, bodies in YAML.

#include <gtest/gtest.h>

#include "tests/support/api_world.h"

namespace arcas::real {
namespace {

namespace json = boost::json;
constexpr char kDeployments[] = "/apis/apps/v1/namespaces/default/deployments";

std::string with(const std::string& text, const std::string& from, const std::string& to) {
  std::string result = text;
  return result.replace(result.find(from), from.size(), to);
}

std::vector<std::string> warnings_of(const KeptReply& reply) {
  std::vector<std::string> warnings;
  for (const auto& [name, value] : reply.last.headers) {
    if (name == "Warning") warnings.push_back(value);
  }
  return warnings;
}

TEST(ApiSchema, UnknownFieldsAreRefusedWarnedOfOrDropped) {
  ApiWorld world;
  const std::string body =
      with(ApiWorld::deployment("d"), R"("spec":{)", R"("spec":{"replica":2,)");
  const auto strict = world.post(std::string(kDeployments) + "?fieldValidation=Strict", body);
  EXPECT_EQ(strict->last.code, 400);
  EXPECT_NE(strict->last.body.find(R"(strict decoding error: unknown field \"spec.replica\")"),
            std::string::npos)
      << strict->last.body;
  const auto warned = world.post(std::string(kDeployments) + "?dryRun=All", body);
  EXPECT_EQ(warned->last.code, 201);
  EXPECT_EQ(warnings_of(*warned),
            std::vector<std::string>{R"(299 - "unknown field \"spec.replica\"")"});
  EXPECT_FALSE(warned->json().at("spec").as_object().contains("replica"));
  const auto ignored = world.post(std::string(kDeployments) + "?fieldValidation=Ignore", body);
  EXPECT_EQ(ignored->last.code, 201);
  EXPECT_TRUE(warnings_of(*ignored).empty());
  const auto twice = world.post(
      std::string(kDeployments) + "?fieldValidation=Strict",
      with(ApiWorld::deployment("e"), R"("spec":{)", R"("spec":{"replicas":2,"replicas":3,)"));
  EXPECT_NE(twice->last.body.find(R"(duplicate field \"spec.replicas\")"), std::string::npos);
}

TEST(ApiSchema, ProblemsHaveCauses) {
  ApiWorld world;
  const auto reply =
      world.post(kDeployments, with(ApiWorld::deployment("d"), R"("spec":{)",
                                    R"("spec":{"replicas":-1,"strategy":{"type":"Odd"},)"));
  EXPECT_EQ(reply->last.code, 422);
  const json::value body = reply->json();
  const json::array& causes = body.at("details").at("causes").as_array();
  ASSERT_EQ(causes.size(), 2U);
  EXPECT_EQ(causes[0].at("field"), "spec.replicas");
  EXPECT_EQ(causes[1].at("reason"), "FieldValueNotSupported");
}

TEST(ApiSchema, DefaultsAreFilledInAndFixedFieldsStay) {
  ApiWorld world;
  const json::value created = world.post(kDeployments, ApiWorld::deployment("d"))->json();
  EXPECT_EQ(created.at("spec").at("progressDeadlineSeconds"), 600);
  EXPECT_EQ(created.at("spec").at("strategy").at("rollingUpdate").at("maxSurge"), "25%");
  const std::string path = std::string(kDeployments) + "/d";
  const auto changed = world.patch(
      path, "merge-patch",
      R"({"spec":{"selector":{"matchLabels":{"app":"b"}},"template":{"metadata":{"labels":{"app":"b"}}}}})");
  EXPECT_EQ(changed->last.code, 422);
  EXPECT_NE(changed->last.body.find("field is immutable"), std::string::npos);
}

TEST(ApiSchema, StrategicMergePatchesMergeContainersAsKubectlDoes) {
  ApiWorld world;
  world.post(kDeployments, ApiWorld::deployment("d"));
  const std::string path = std::string(kDeployments) + "/d";
  // kubectl set image
  const auto image =
      world.patch(path, "strategic-merge-patch",
                  R"({"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"c"}],
          "containers":[{"name":"c","image":"j:2"}]}}}})");
  ASSERT_EQ(image->last.code, 200) << image->last.body;
  const json::value changed = image->json();
  const json::value& container =
      changed.at("spec").at("template").at("spec").at("containers").at(0);
  EXPECT_EQ(container.at("image"), "j:2");
  EXPECT_EQ(container.at("imagePullPolicy"), "Always") << "it was filled in before, and stays";
  EXPECT_EQ(image->json().at("metadata").at("generation"), 2);
  // kubectl rollout restart
  const auto restart = world.patch(path, "strategic-merge-patch",
                                   R"({"spec":{"template":{"metadata":{"annotations":{
          "kubectl.kubernetes.io/restartedAt":"2026-01-31T12:00:00Z"}}}}})");
  EXPECT_EQ(restart->last.code, 200);
  EXPECT_EQ(restart->json().at("metadata").at("generation"), 3);
  EXPECT_EQ(world
                .patch(path, "strategic-merge-patch",
                       R"({"spec":{"template":{"spec":{"containers":[{"image":"x"}]}}}})")
                ->last.code,
            400);
}

TEST(ApiSchema, BodiesMayBeYaml) {
  ApiWorld world;
  const auto send = [&world](std::string type, std::string body) {
    return world.send({.method = "POST",
                       .target = "/api/v1/namespaces/default/configmaps",
                       .content_type = std::move(type),
                       .body = std::move(body)});
  };
  const auto good = send("application/yaml", "metadata: {name: c}\ndata:\n  a: |\n    b\n");
  EXPECT_EQ(good->last.code, 201) << good->last.body;
  EXPECT_EQ(good->json().at("data").at("a"), "b\n");
  EXPECT_EQ(send("application/yaml", "a: [")->last.code, 400);
  const auto other = send("application/xml", "<a/>");
  EXPECT_EQ(other->last.code, 415);
  EXPECT_NE(other->last.body.find("application/json"), std::string::npos);
}

TEST(ApiSchema, SecretsTakeTextAndJobsSelectTheirOwnPods) {
  ApiWorld world;
  const auto secret = world.post("/api/v1/namespaces/default/secrets",
                                 R"({"metadata":{"name":"s"},"stringData":{"a":"hello"}})");
  EXPECT_EQ(secret->json().at("data").at("a"), "aGVsbG8=");
  EXPECT_EQ(secret->json().at("type"), "Opaque");
  EXPECT_FALSE(secret->json().as_object().contains("stringData"));
  const json::value job = world
                              .post("/apis/batch/v1/namespaces/default/jobs",
                                    R"({"metadata":{"name":"j"},"spec":{"template":{"spec":{
          "restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}})")
                              ->json();
  const json::value& uid = job.at("metadata").at("uid");
  EXPECT_EQ(
      job.at("spec").at("selector").at("matchLabels").at("batch.kubernetes.io/controller-uid"),
      uid);
  EXPECT_EQ(job.at("spec").at("template").at("metadata").at("labels").at("job-name"), "j");
  EXPECT_EQ(job.at("spec").at("completions"), 1);
}

TEST(ApiSchema, APodsSpecStaysButForWhatMayChange) {
  ApiWorld world;
  world.post("/api/v1/namespaces/default/pods",
             R"({"metadata":{"name":"p"},"spec":{"tolerations":[{"key":"a"}],
                 "containers":[{"name":"c","image":"i","command":["x"]}]}})");
  const auto patch = [&world](const char* body) {
    return world.patch("/api/v1/namespaces/default/pods/p", "strategic-merge-patch", body)
        ->last.code;
  };
  EXPECT_EQ(patch(R"({"spec":{"containers":[{"name":"c","image":"j"}]}})"), 200);
  EXPECT_EQ(patch(R"({"spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"1"}}}]}})"),
            200);
  EXPECT_EQ(patch(R"({"spec":{"tolerations":[{"key":"a"},{"key":"b"}]}})"), 200);
  EXPECT_EQ(patch(R"({"metadata":{"labels":{"a":"b"}}})"), 200);
  EXPECT_EQ(patch(R"({"spec":{"tolerations":[{"key":"b"}]}})"), 422);
  EXPECT_EQ(patch(R"({"spec":{"containers":[{"name":"c","command":["y"]}]}})"), 422);
  EXPECT_EQ(patch(R"({"spec":{"containers":[{"name":"d","image":"i"}]}})"), 422);
  EXPECT_EQ(patch(R"({"spec":{"nodeName":"n"}})"), 422);
  EXPECT_EQ(patch(R"({"spec":{"schedulingGates":[{"name":"g"}]}})"), 422);
}

}  // namespace
}  // namespace arcas::real
