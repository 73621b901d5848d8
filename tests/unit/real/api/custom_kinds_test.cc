// Definitions of custom resources: what they add to the API, and how their objects are checked.

#include <gtest/gtest.h>

#include "real/api/json_path.h"
#include "tests/support/api_world.h"

namespace arcas::real {
namespace {

namespace json = boost::json;
constexpr char kDefinitionsPath[] = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
constexpr char kTabs[] = "/apis/stable.example.com/v1/namespaces/default/crontabs";

std::string definition(const std::string& spec_schema, const std::string& more = "") {
  return R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
    "metadata":{"name":"crontabs.stable.example.com"},
    "spec":{"group":"stable.example.com","scope":"Namespaced",
      "names":{"plural":"crontabs","singular":"crontab","kind":"CronTab","shortNames":["ct"]},
      "versions":[{"name":"v1","served":true,"storage":true,
        "schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":)" +
         spec_schema +
         R"(,"status":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}},
        "subresources":{"status":{}},
        "additionalPrinterColumns":[
          {"name":"Spec","type":"string","jsonPath":".spec.cronSpec"},
          {"name":"Replicas","type":"integer","jsonPath":".spec.replicas"},
          {"name":"Ready","type":"string","jsonPath":".status.conditions[?(@.type==\"Ready\")].status"},
          {"name":"Age","type":"date","jsonPath":".metadata.creationTimestamp"}]}]}})" +
         more;
}
const std::string kSpec = R"({"type":"object","required":["cronSpec"],"properties":{
  "cronSpec":{"type":"string","pattern":"^(\\d+|\\*)( (\\d+|\\*)){4}$"},
  "image":{"type":"string","default":"busybox","maxLength":20},
  "replicas":{"type":"integer","minimum":1,"maximum":10},
  "policy":{"type":"string","enum":["Allow","Forbid"]},
  "port":{"x-kubernetes-int-or-string":true},
  "extra":{"type":"object","additionalProperties":{"type":"string"}},
  "free":{"type":"object","x-kubernetes-preserve-unknown-fields":true},
  "zones":{"type":"array","maxItems":2,"x-kubernetes-list-type":"set","items":{"type":"string"}}}})";

std::string tab(const std::string& spec, const std::string& name = "a") {
  return R"({"apiVersion":"stable.example.com/v1","kind":"CronTab","metadata":{"name":")" + name +
         R"("},"spec":)" + spec + "}";
}
const std::string kGood = R"({"cronSpec":"* * * * 5","replicas":3})";

TEST(CustomKinds, AreServedFromTheCommitOfTheirDefinitionOn) {
  ApiWorld world;
  EXPECT_EQ(world.post(kTabs, tab(kGood))->last.code, 404);
  const auto made = world.post(kDefinitionsPath, definition(kSpec));
  ASSERT_EQ(made->last.code, 201) << made->last.body;
  EXPECT_EQ(made->json().at("status").at("acceptedNames").at("kind"), "CronTab");
  EXPECT_EQ(made->json().at("status").at("storedVersions"), json::array{"v1"});
  EXPECT_EQ(made->json().at("spec").at("names").at("listKind"), "CronTabList");
  const auto reply = world.post(kTabs, tab(kGood));
  ASSERT_EQ(reply->last.code, 201) << reply->last.body;
  EXPECT_EQ(reply->json().at("spec").at("image"), "busybox") << "the schema's default";
  const json::value list = world.get("/apis/stable.example.com/v1/crontabs")->json();
  EXPECT_EQ(list.at("kind"), "CronTabList");
  EXPECT_EQ(list.at("items").as_array().size(), 1U);
}

TEST(CustomKinds, AreToldInDiscoveryAndOpenApi) {
  ApiWorld world;
  world.post(kDefinitionsPath, definition(kSpec));
  const json::value resources = world.get("/apis/stable.example.com/v1")->json();
  EXPECT_EQ(resources.at("resources").at(0).at("shortNames"), json::array{"ct"});
  EXPECT_NE(world.get("/apis")->last.body.find("stable.example.com"), std::string::npos);
  const std::string index = world.get("/openapi/v3")->last.body;
  EXPECT_NE(index.find("apis/stable.example.com/v1"), std::string::npos);
  EXPECT_NE(index.find("apis/apps/v1"), std::string::npos);
  const json::value document = world.get("/openapi/v3/apis/stable.example.com/v1")->json();
  const json::value& schemas = document.at("components").at("schemas");
  const json::value& kind = schemas.at("com.example.stable.v1.CronTab");
  EXPECT_EQ(kind.at("x-kubernetes-group-version-kind").at(0).at("kind"), "CronTab");
  EXPECT_EQ(schemas.at("com.example.stable.v1.CronTab.spec").at("required"),
            json::array{"cronSpec"});
  EXPECT_NE(world.get("/openapi/v2")->last.body.find("com.example.stable.v1.CronTab"),
            std::string::npos);
}

TEST(CustomKinds, ObjectsAreCheckedByTheirSchema) {
  ApiWorld world;
  world.post(kDefinitionsPath, definition(kSpec));
  const auto why = [&](const std::string& spec, int code) {
    const auto reply = world.post(kTabs, tab(spec));
    EXPECT_EQ(reply->last.code, code) << reply->last.body;
    return std::string(reply->json().at("message").as_string());
  };
  const auto says = [&](const std::string& spec, int code, const std::string& part) {
    EXPECT_NE(why(spec, code).find(part), std::string::npos) << why(spec, code);
  };
  says(R"({"replicas":3})", 422, "spec.cronSpec: Required value");
  says(R"({"cronSpec":"often"})", 422, "spec.cronSpec: Invalid value: \"often\": should match");
  says(R"({"cronSpec":"* * * * 5","replicas":11})", 422, "spec.replicas");
  says(R"({"cronSpec":"* * * * 5","replicas":"3"})", 400, "spec.replicas: \"3\" is there");
  says(R"({"cronSpec":"* * * * 5","policy":"Replace"})", 422, "spec.policy: Unsupported value");
  says(R"({"cronSpec":"* * * * 5","image":"a name of more than twenty"})", 422,
       "spec.image: Too long: may not be longer than 20");
  says(R"({"cronSpec":"* * * * 5","zones":["a","b","c"]})", 422, "spec.zones: Too many: 3");
  says(R"({"cronSpec":"* * * * 5","zones":["a","a"]})", 422, "spec.zones[1]: Duplicate value");
  says(R"({"cronSpec":"* * * * 5","extra":{"k":1}})", 400, "spec.extra[k]");
}

TEST(CustomKinds, UnknownMembersAreDroppedUnlessTheSchemaKeepsThem) {
  ApiWorld world;
  world.post(kDefinitionsPath, definition(kSpec));
  const std::string spec =
      R"({"cronSpec":"* * * * 5","unknown":1,"port":"http","free":{"any":{"thing":[1]}},"extra":{"a":"b"}})";
  const json::value found = world.post(kTabs, tab(spec))->json().at("spec");
  EXPECT_FALSE(found.as_object().contains("unknown"));
  EXPECT_EQ(found.at("free"), json::parse(R"({"any":{"thing":[1]}})"));
  EXPECT_EQ(found.at("port"), "http");
  const auto strict = world.post(std::string(kTabs) + "?fieldValidation=Strict", tab(spec, "b"));
  EXPECT_EQ(strict->last.code, 400);
  EXPECT_NE(strict->last.body.find("unknown field \\\"spec.unknown\\\""), std::string::npos);
}

TEST(CustomKinds, TablesHaveTheDefinitionsColumns) {
  ApiWorld world;
  world.post(kDefinitionsPath, definition(kSpec));
  world.post(kTabs, tab(kGood));
  world.patch(
      std::string(kTabs) + "/a/status", "merge-patch",
      R"({"status":{"conditions":[{"type":"Other","status":"x"},{"type":"Ready","status":"True"}]}})");
  const json::value table =
      world.get(kTabs, "application/json;as=Table;v=v1;g=meta.k8s.io")->json();
  EXPECT_EQ(table.at("rows").at(0).at("cells"), (json::array{"a", "* * * * 5", 3, "True", "0s"}));
}

TEST(CustomKinds, ADefinitionTakesItsObjectsAlong) {
  ApiWorld world;
  world.post(kDefinitionsPath, definition(kSpec));
  world.post(kTabs, tab(kGood));
  world.post(kTabs, R"({"metadata":{"name":"held","finalizers":["example.com/mine"]},
                        "spec":{"cronSpec":"* * * * 1"}})");
  const std::string path = std::string(kDefinitionsPath) + "/crontabs.stable.example.com";
  EXPECT_EQ(world.remove(path)->last.code, 200);
  EXPECT_EQ(world.get(std::string(kTabs) + "/a")->last.code, 404);
  EXPECT_EQ(world.get(path)->last.code, 200) << "an object is held by somebody";
  EXPECT_EQ(world.post(kTabs, tab(kGood, "late"))->last.code, 405);
  world.patch(std::string(kTabs) + "/held", "merge-patch", R"({"metadata":{"finalizers":null}})");
  world.api.send_bookmarks();
  world.executor.run();
  EXPECT_EQ(world.get(path)->last.code, 404);
  EXPECT_EQ(world.get(kTabs)->last.code, 404) << "the kind has gone, too";
}

TEST(CustomKinds, BelongToTheirTenant) {
  ApiWorld world;
  world.post("/api/v1/tenants", R"({"metadata":{"name":"blue"}})");
  const auto in_blue = [&](const std::string& method, const std::string& target, std::string body) {
    return world.send({.method = method,
                       .target = target,
                       .body = std::move(body),
                       .caller = ApiWorld::admin("blue")});
  };
  EXPECT_EQ(in_blue("POST", kDefinitionsPath, definition(kSpec))->last.code, 201);
  EXPECT_EQ(in_blue("POST", kTabs, tab(kGood))->last.code, 201);
  EXPECT_EQ(world.get(kTabs)->last.code, 404) << "tenant system has no such kind";
  EXPECT_EQ(world.get("/apis")->last.body.find("stable.example.com"), std::string::npos);
  const auto by_operator = world.get("/apis/stable.example.com/v1/tenants/blue/crontabs");
  EXPECT_EQ(by_operator->last.code, 200) << by_operator->last.body;
}

TEST(CustomKinds, DefinitionsThatAreNoneAreRefused) {
  ApiWorld world;
  const auto why = [&](std::string text, const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
    const auto reply = world.post(kDefinitionsPath, text);
    EXPECT_EQ(reply->last.code, 422) << reply->last.body;
    return reply->last.body;
  };
  const auto says = [](const std::string& body, const std::string& part) {
    EXPECT_NE(body.find(part), std::string::npos) << body;
  };
  const std::string good = definition(kSpec);
  says(why(good, "crontabs.stable.example.com", "tabs.stable.example.com"), "spec.names.plural+");
  says(why(good, R"("storage":true)", R"("storage":false)"), "exactly one version");
  says(why(good, R"("pattern":"^)", R"("pattern":"(^)"), "no regular expression");
  says(why(good, R"("type":"integer","minimum")", R"("type":"int","minimum")"),
       "allowed are string, integer");
  says(why(good, R"("type":"date")", R"("type":"day")"), "allowed are integer, number");
  says(why(good, R"("items":{"type":"string"})", R"("nothing":1)"), "an array says what");
  std::string deep = R"({"type":"string"})";
  for (int i = 0; i < 45; ++i) deep = R"({"type":"object","properties":{"x":)" + deep + "}}";
  says(why(definition(deep), "v1", "v1"), "more than 40 levels");
}

TEST(JsonPath, LeadsToWhatKubernetesSays) {
  const json::object object =
      json::parse(R"({"a":{"b":[{"n":"x","v":1},{"n":"y","v":2}],"c.d":"dot"},"e":5})").as_object();
  const auto first = [&](std::string_view path) {
    const auto values = values_by_json_path(object, path);
    return values.empty() ? std::string("nothing") : json::serialize(*values.front());
  };
  EXPECT_EQ(first(".e"), "5");
  EXPECT_EQ(first("{.a.b[1].v}"), "2");
  EXPECT_EQ(first(".a.b[-1].n"), "\"y\"");
  EXPECT_EQ(first(".a['c.d']"), "\"dot\"");
  EXPECT_EQ(first(".a.c\\.d"), "\"dot\"");
  EXPECT_EQ(first(".a.b[?(@.n==\"y\")].v"), "2");
  EXPECT_EQ(values_by_json_path(object, ".a.b[*].v").size(), 2U);
  for (const char* none : {"", ".", ".x.y", ".a.b[9]", ".a.b[", ".e.f", ".a.b[?(x)]", "[["}) {
    EXPECT_EQ(first(none), "nothing") << none;
  }
}

}  // namespace
}  // namespace arcas::real
