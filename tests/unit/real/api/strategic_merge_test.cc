#include "real/api/apply/strategic_merge.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace arcas::real {
namespace {

namespace json = boost::json;

const TypeSchema* deployment() { return Schema::built_in().find_kind("apps", "v1", "Deployment"); }

json::value merged(const TypeSchema* type, std::string_view before, std::string_view patch) {
  json::object object = json::parse(before).as_object();
  const Status status = apply_strategic_merge(type, object, json::parse(patch).as_object());
  EXPECT_TRUE(status.ok()) << status.message;
  return object;
}

std::string pod_template(const std::string& spec) {
  return R"({"spec":{"template":{"spec":)" + spec + "}}}";
}

void expect_pod(const std::string& before, const std::string& patch, const std::string& after) {
  EXPECT_EQ(merged(deployment(), pod_template(before), pod_template(patch)),
            json::parse(pod_template(after)))
      << patch;
}

TEST(StrategicMerge, ObjectsMergeAndNullsRemove) {
  EXPECT_EQ(
      merged(deployment(), R"({"metadata":{"labels":{"a":"1","b":"2"}},"spec":{"replicas":1}})",
             R"({"metadata":{"labels":{"a":null,"c":"3"}},"spec":{"replicas":5}})"),
      json::parse(R"({"metadata":{"labels":{"b":"2","c":"3"}},"spec":{"replicas":5}})"));
}

TEST(StrategicMerge, ContainersAreMergedByName) {
  expect_pod(
      R"({"containers":[{"name":"a","image":"x:1","tty":true},{"name":"b","image":"y:1"}]})",
      R"({"containers":[{"name":"a","image":"x:2"}]})",
      R"({"containers":[{"name":"a","image":"x:2","tty":true},{"name":"b","image":"y:1"}]})");
  expect_pod(R"({"containers":[{"name":"a","env":[{"name":"X","value":"1"}]}]})",
             R"({"containers":[{"name":"a","env":[{"name":"X","value":null,"valueFrom":{}},
                 {"name":"Y","value":"2"}]}]})",
             R"({"containers":[{"name":"a","env":[{"name":"X","valueFrom":{}},
                 {"name":"Y","value":"2"}]}]})");
}

TEST(StrategicMerge, NewEntriesComeFirstUnlessAnOrderIsGiven) {
  expect_pod(R"({"containers":[{"name":"a"},{"name":"b"}]})", R"({"containers":[{"name":"c"}]})",
             R"({"containers":[{"name":"c"},{"name":"a"},{"name":"b"}]})");
  expect_pod(R"({"containers":[{"name":"a"},{"name":"b"}]})",
             R"({"$setElementOrder/containers":[{"name":"b"},{"name":"c"},{"name":"a"}],
                 "containers":[{"name":"c"}]})",
             R"({"containers":[{"name":"b"},{"name":"c"},{"name":"a"}]})");
  expect_pod(R"({"containers":[{"name":"a"},{"name":"server"},{"name":"b"}]})",
             R"({"$setElementOrder/containers":[{"name":"a"},{"name":"b"}],
                 "containers":[{"name":"b","tty":true}]})",
             R"({"containers":[{"name":"a"},{"name":"server"},{"name":"b","tty":true}]})");
}

TEST(StrategicMerge, EntriesAreDeletedAndReplaced) {
  expect_pod(R"({"containers":[{"name":"a"},{"name":"b"}]})",
             R"({"containers":[{"name":"a","$patch":"delete"}]})",
             R"({"containers":[{"name":"b"}]})");
  expect_pod(R"({"containers":[{"name":"a"},{"name":"b"}]})",
             R"({"containers":[{"$patch":"replace"},{"name":"c"}]})",
             R"({"containers":[{"name":"c"}]})");
  expect_pod(R"({"securityContext":{"runAsUser":1,"fsGroup":2}})",
             R"({"securityContext":{"$patch":"replace","runAsUser":3}})",
             R"({"securityContext":{"runAsUser":3}})");
  expect_pod(R"({"securityContext":{"runAsUser":1}})", R"({"securityContext":{"$patch":"delete"}})",
             R"({"securityContext":{}})");
}

TEST(StrategicMerge, RetainedKeysDropTheOthers) {
  EXPECT_EQ(
      merged(deployment(),
             R"({"spec":{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}}}})",
             R"({"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}})"),
      json::parse(R"({"spec":{"strategy":{"type":"Recreate"}}})"));
  expect_pod(
      R"({"volumes":[{"name":"v","emptyDir":{}}]})",
      R"({"volumes":[{"name":"v","$retainKeys":["name","hostPath"],"hostPath":{"path":"/"}}]})",
      R"({"volumes":[{"name":"v","hostPath":{"path":"/"}}]})");
}

TEST(StrategicMerge, PlainValuesAreAddedAndTakenOut) {
  EXPECT_EQ(merged(deployment(), R"({"metadata":{"finalizers":["a","b"]}})",
                   R"({"metadata":{"$deleteFromPrimitiveList/finalizers":["a"],
                       "$setElementOrder/finalizers":["c","b"],"finalizers":["c"]}})"),
            json::parse(R"({"metadata":{"finalizers":["c","b"]}})"));
  expect_pod(R"({"tolerations":[{"key":"a"}]})", R"({"tolerations":[{"key":"b"}]})",
             R"({"tolerations":[{"key":"b"}]})");
}

TEST(StrategicMerge, WhatWasNotThereComesWithoutDirectives) {
  EXPECT_EQ(merged(deployment(), "{}",
                   R"({"metadata":{"labels":{"a":"1","b":null}},"spec":{"template":{"spec":{
                       "$setElementOrder/containers":[{"name":"a"}],
                       "containers":[{"name":"a","$patch":"delete"},{"name":"b"}]}}}})"),
            json::parse(R"({"metadata":{"labels":{"a":"1"}},"spec":{"template":{"spec":{
                "containers":[{"name":"b"}]}}}})"));
}

TEST(StrategicMerge, WithoutASchemaListsAreReplaced) {
  EXPECT_EQ(
      merged(nullptr, R"({"a":[{"name":"x"}],"b":{"c":1}})", R"({"a":[{"name":"y"}],"b":{"d":2}})"),
      json::parse(R"({"a":[{"name":"y"}],"b":{"c":1,"d":2}})"));
}

TEST(StrategicMerge, BadDirectivesAreRefusedAndChangeNothing) {
  const std::string before =
      R"({"metadata":{"finalizers":["a"]},"spec":{"template":{"spec":{"containers":[{"name":"a"}]}}}})";
  const std::pair<const char*, const char*> cases[] = {
      {R"({"spec":{"replicas":2,"template":{"$patch":"odd"}}})", "spec.template: $patch"},
      {R"({"spec":{"template":{"spec":{"containers":[{"image":"x"}]}}}})",
       "spec.template.spec.containers[0]: the merge key \"name\" is missing"},
      {R"({"spec":{"template":{"spec":{"containers":["x"]}}}})",
       "containers[0]: the entries of this list are objects"},
      {R"({"spec":{"$retainKeys":7}})", "spec: $retainKeys is a list"},
      {R"({"spec":{"$retainKeys":["a"],"replicas":1}})", "does not list \"replicas\""},
      {R"({"spec":{"template":{"spec":{"$setElementOrder/containers":7}}}})",
       "containers: $setElementOrder is a list"},
      {R"({"metadata":{"$deleteFromPrimitiveList/finalizers":"a"}})", "is a list of values"},
  };
  for (const auto& [patch, what] : cases) {
    json::object object = json::parse(before).as_object();
    const Status status =
        apply_strategic_merge(deployment(), object, json::parse(patch).as_object());
    EXPECT_EQ(status.code, StatusCode::invalid) << patch;
    EXPECT_NE(status.message.find(what), std::string::npos) << status.message;
    EXPECT_EQ(object, json::parse(before).as_object());
  }
}

}  // namespace
}  // namespace arcas::real
