#include "real/api/patch.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace arcas::real {
namespace {

namespace json = boost::json;

std::string patched(const char* document, const char* patch) {
  json::value value = json::parse(document);
  const Status status = apply_json_patch(value, json::parse(patch));
  return status.ok() ? json::serialize(value) : status.message;
}

std::string merged(const char* document, const char* patch) {
  json::value value = json::parse(document);
  apply_merge_patch(value, json::parse(patch));
  return json::serialize(value);
}

TEST(JsonPatch, EveryOperationDoesWhatItsNameSays) {
  EXPECT_EQ(patched(R"({"a":1})", R"([{"op":"add","path":"/b","value":2}])"), R"({"a":1,"b":2})");
  EXPECT_EQ(patched("[1,3]", R"([{"op":"add","path":"/1","value":2}])"), "[1,2,3]");
  EXPECT_EQ(patched("[1]", R"([{"op":"add","path":"/-","value":2}])"), "[1,2]");
  EXPECT_EQ(patched("[1,2]", R"([{"op":"remove","path":"/0"}])"), "[2]");
  EXPECT_EQ(patched(R"({"a":1})", R"([{"op":"replace","path":"/a","value":null}])"),
            R"({"a":null})");
  EXPECT_EQ(patched(R"({"a":{"x":1},"b":{}})", R"([{"op":"move","from":"/a/x","path":"/b/y"}])"),
            R"({"a":{},"b":{"y":1}})");
  EXPECT_EQ(patched(R"({"a":[1]})", R"([{"op":"copy","from":"/a","path":"/b"}])"),
            R"({"a":[1],"b":[1]})");
  EXPECT_EQ(patched(R"({"a/b~":1})", R"([{"op":"test","path":"/a~1b~0","value":1}])"),
            R"({"a/b~":1})");
  EXPECT_EQ(patched("{}", R"([{"op":"add","path":"","value":7}])"), "7");
}

TEST(JsonPatch, ATestThatFailsIsAConflictAndNothingChanges) {
  json::value document = json::parse(R"({"a":1})");
  const Status status =
      apply_json_patch(document, json::parse(R"([{"op":"add","path":"/b","value":2},
                                {"op":"test","path":"/a","value":2}])"));
  EXPECT_EQ(status.code, StatusCode::conflict);
  EXPECT_TRUE(status.message.starts_with("patch[1]: ")) << status.message;
  EXPECT_EQ(json::serialize(document), R"({"a":1})");
}

TEST(JsonPatch, MalformedPatchesAreRefusedByThePlaceOfTheOperation) {
  for (const char* patch :
       {R"([7])", R"([{"op":"add"}])", R"([{"op":"grow","path":"/a","value":1}])",
        R"([{"op":"add","path":"/a"}])", R"([{"op":"remove","path":"/x"}])",
        R"([{"op":"remove","path":""}])", R"([{"op":"replace","path":"/x","value":1}])",
        R"([{"op":"add","path":"a","value":1}])", R"([{"op":"add","path":"/a~2","value":1}])",
        R"([{"op":"add","path":"/l/2","value":1}])", R"([{"op":"add","path":"/l/01","value":1}])",
        R"([{"op":"replace","path":"/l/-","value":1}])", R"([{"op":"move","path":"/a"}])",
        R"([{"op":"move","from":"/o","path":"/o/p"}])",
        R"([{"op":"add","path":"/s/x","value":1}])"}) {
    EXPECT_TRUE(patched(R"({"a":1,"l":[0],"o":{},"s":"text"})", patch).starts_with("patch[0]: "))
        << patch;
  }
  EXPECT_EQ(patched("{}", "{}"), "patch: a JSON patch is an array of operations");
}

TEST(JsonPatch, ManyOperationsAndCopiesThatGrowAreRefused) {
  json::array many(10'001, json::parse(R"({"op":"test","path":"","value":{}})"));
  json::value document = json::object();
  EXPECT_EQ(apply_json_patch(document, json::value(many)).code, StatusCode::invalid);

  document = json::parse(R"({"a":[")" + std::string(1000, 'x') + R"("]})");
  json::array doubling(30, json::parse(R"({"op":"copy","from":"/a","path":"/a/-"})"));
  const Status status = apply_json_patch(document, json::value(doubling));
  EXPECT_NE(status.message.find("3 MiB"), std::string::npos) << status.message;
}

TEST(MergePatch, ObjectsMergeNullRemovesAndTheRestReplaces) {
  EXPECT_EQ(merged(R"({"a":{"b":1,"c":2},"l":[1]})", R"({"a":{"b":null,"d":3},"l":[2]})"),
            R"({"a":{"c":2,"d":3},"l":[2]})");
  EXPECT_EQ(merged(R"({"a":"text"})", R"({"a":{"b":{"c":null}}})"), R"({"a":{"b":{}}})");
  EXPECT_EQ(merged("{}", "[1]"), "[1]");
  EXPECT_EQ(merged(R"({"a":1})", R"({"x":null})"), R"({"a":1})");
}

}  // namespace
}  // namespace arcas::real
