// The OpenAPI documents: complete, and of one mind with the schema.

#include <gtest/gtest.h>

#include <set>

#include "tests/support/api_world.h"

namespace arcas::real {
namespace {

namespace json = boost::json;

/// All "$ref" of a document.
void collect_references(const json::value& value, std::set<std::string>& found) {
  if (const json::object* members = value.if_object()) {
    for (const auto& [name, member] : *members) {
      if (name == "$ref" && member.is_string()) found.emplace(member.as_string());
      collect_references(member, found);
    }
  } else if (const json::array* entries = value.if_array()) {
    for (const json::value& entry : *entries) collect_references(entry, found);
  }
}

void expect_complete(const json::value& document, std::string_view prefix,
                     const json::object& definitions) {
  std::set<std::string> references;
  collect_references(document, references);
  EXPECT_GT(references.size(), 5U);
  for (const std::string& reference : references) {
    ASSERT_TRUE(reference.starts_with(prefix)) << reference;
    EXPECT_TRUE(definitions.contains(reference.substr(prefix.size()))) << reference;
  }
}

TEST(OpenApi, EveryDocumentOfVersion3IsThereAndComplete) {
  ApiWorld world;
  const json::value index = world.get("/openapi/v3")->json();
  const json::object& paths = index.at("paths").as_object();
  EXPECT_TRUE(paths.contains("api/v1"));
  EXPECT_TRUE(paths.contains("apis/apps/v1"));
  for (const auto& [path, entry] : paths) {
    SCOPED_TRACE(std::string(path));
    const auto reply = world.get(std::string(entry.at("serverRelativeURL").as_string()));
    ASSERT_EQ(reply->last.code, 200);
    const json::value document = reply->json();
    EXPECT_EQ(document.at("openapi"), "3.0.0");
    expect_complete(document, "#/components/schemas/",
                    document.at("components").at("schemas").as_object());
  }
  EXPECT_EQ(world.get("/openapi/v3/apis/none/v1")->last.code, 404);
  EXPECT_EQ(world.get("/openapi/v4")->last.code, 404);
  EXPECT_EQ(world.get("/openapi")->last.code, 404);
}

TEST(OpenApi, Version3TellsWhatClientsLookFor) {
  ApiWorld world;
  const json::value document = world.get("/openapi/v3/apis/apps/v1")->json();
  const json::value& patch = document.at("paths")
                                 .at("/apis/apps/v1/namespaces/{namespace}/deployments/{name}")
                                 .at("patch");
  EXPECT_EQ(patch.at("x-kubernetes-group-version-kind"),
            json::parse(R"({"group":"apps","version":"v1","kind":"Deployment"})"));
  std::set<std::string> parameters;
  for (const json::value& parameter : patch.at("parameters").as_array()) {
    parameters.emplace(parameter.at("name").as_string());
  }
  EXPECT_EQ(parameters,
            (std::set<std::string>{"dryRun", "fieldManager", "fieldValidation", "force"}));
  const json::value& schemas = document.at("components").at("schemas");
  const json::value& containers =
      schemas.at("io.k8s.api.core.v1.PodSpec").at("properties").at("containers");
  EXPECT_EQ(containers.at("x-kubernetes-patch-merge-key"), "name");
  EXPECT_EQ(containers.at("x-kubernetes-list-type"), "map");
  EXPECT_EQ(schemas.at("io.k8s.api.apps.v1.Deployment").at("x-kubernetes-group-version-kind"),
            json::parse(R"([{"group":"apps","version":"v1","kind":"Deployment"}])"));
  EXPECT_EQ(schemas.at("io.k8s.api.apps.v1.DeploymentSpec").at("required"),
            json::parse(R"(["selector","template"])"));
}

TEST(OpenApi, Version2IsOneDocumentAlsoAsProtocolBuffers) {
  ApiWorld world;
  const auto reply = world.get("/openapi/v2");
  const json::value document = reply->json();
  EXPECT_EQ(document.at("swagger"), "2.0");
  expect_complete(document, "#/definitions/", document.at("definitions").as_object());
  EXPECT_EQ(document.at("definitions")
                .at("io.k8s.api.batch.v1.CronJob")
                .at("x-kubernetes-group-version-kind")
                .as_array()
                .size(),
            2U);
  const auto binary =
      world.get("/openapi/v2", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf");
  EXPECT_EQ(binary->last.content_type,
            "application/com.github.proto-openapi.spec.v2.v1.0+protobuf");
  // Field 1, of 3 bytes: "2.0".
  EXPECT_EQ(binary->last.body.substr(0, 5),
            "\x0a\x03"
            "2.0");
  EXPECT_NE(binary->last.body.find("io.k8s.api.core.v1.PodSpec"), std::string::npos);
}

}  // namespace
}  // namespace arcas::real
