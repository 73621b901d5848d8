// The schema's tables, and what is read, filled in and refused by them.

#include "real/api/schema/schema.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "real/api/kinds.h"
#include "real/api/schema/defaults.h"
#include "real/api/schema/problems.h"
#include "real/api/schema/reading.h"
#include "real/api/schema/tables.h"

namespace arcas::real {
namespace {

namespace json = boost::json;

const TypeSchema& kind(std::string_view group, std::string_view name) {
  const TypeSchema* type = Schema::built_in().find_kind(group, "v1", name);
  EXPECT_NE(type, nullptr) << name;
  return *type;
}

json::object object(std::string_view text) { return json::parse(text).as_object(); }

json::object filled(std::string_view group, std::string_view name, std::string_view text) {
  json::object result = object(text);
  set_schema_defaults(kind(group, name), result);
  return result;
}

std::vector<std::string> problem_texts(std::string_view group, std::string_view name,
                                       std::string_view text) {
  std::vector<std::string> texts;
  for (const auto& problem : schema_problems(kind(group, name), object(text), ObjectSide::wanted)) {
    texts.push_back(problem.field + ": " + problem.message);
  }
  return texts;
}

TEST(SchemaTables, EveryKindThatIsServedHasASchema) {
  const KindTable kinds;
  for (const KindInfo& info : kinds.all()) {
    const TypeSchema* type = Schema::built_in().find_kind(info.group, info.version, info.kind);
    ASSERT_NE(type, nullptr) << info.api_version() << ' ' << info.kind;
    EXPECT_NE(type->find("metadata"), nullptr);
    EXPECT_EQ(type->find("status") != nullptr, info.status) << info.kind;
  }
}

TEST(SchemaTables, MergeKeysAndListKeysAreFieldsOfTheEntries) {
  for (const TypeSchema& type : Schema::built_in().types()) {
    for (const FieldSchema& field : type.fields) {
      const std::string where = type.name + '.' + field.name;
      std::vector<std::string> keys = field.list_keys;
      if (!field.merge_key.empty()) keys.push_back(field.merge_key);
      if (keys.empty()) continue;
      ASSERT_EQ(field.value->kind, ValueKind::list) << where;
      ASSERT_EQ(field.value->element->kind, ValueKind::object) << where;
      for (const std::string& key : keys) {
        EXPECT_NE(field.value->element->type->find(key), nullptr) << where << ' ' << key;
      }
    }
  }
}

TEST(SchemaTables, BadTablesAreRefusedWithTheirLine) {
  const std::pair<const char*, const char*> cases[] = {
      {"  name string : A name.", "table 1, line 1: a field without a type"},
      {"type A : One.\n  name string", "line 2: a type or description is missing"},
      {"type A : One.\n  name string odd : Name.", "flag \"odd\" is unknown"},
      {"type A : One.\n  name B : Name.", "type \"B\" is used but not there"},
      {"type A : One.\ntype A : Two.", "is there twice"},
      {"type A : One.\n  a string : A.\n  a string : B.", "field a is there twice"},
      {"type A : One.\n  a int32 range(1) : A.", "range wants two numbers"},
      {"thing A", "is none of package, type, kind"},
  };
  for (const auto& [table, what] : cases) {
    const Expected<Schema> schema = Schema::parse({table});
    ASSERT_FALSE(schema.has_value()) << table;
    EXPECT_NE(schema.error().message.find(what), std::string::npos)
        << table << ": " << schema.error().message;
  }
}

TEST(SchemaReading, WrongTypesAreNamedWithTheirPath) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"spec":{"replicas":"three"}})",
       R"(spec.replicas: "three" is there; allowed is a whole number)"},
      {R"({"spec":{"replicas":3000000000}})", "spec.replicas: 3000000000"},
      {R"({"spec":{"replicas":1.5}})", "spec.replicas: 1.5"},
      {R"({"spec":[]})", "spec: a list is there; allowed is an object"},
      {R"({"metadata":{"labels":{"a":1}}})", "metadata.labels[a]: 1 is there; allowed is a string"},
      {R"({"metadata":{"creationTimestamp":"yesterday"}})",
       "metadata.creationTimestamp: \"yesterday\""},
      {R"({"spec":{"template":{"spec":{"containers":[{"name":"a"},{"env":{}}]}}}})",
       "spec.template.spec.containers[1].env: an object is there; allowed is a list"},
      {R"({"spec":{"template":{"spec":{"containers":[{"resources":{"limits":{"cpu":"much"}}}]}}}})",
       "containers[0].resources.limits[cpu]: \"much\""},
      {R"({"spec":{"strategy":{"rollingUpdate":{"maxSurge":true}}}})", "maxSurge: true"},
  };
  for (const auto& [text, what] : cases) {
    json::object body = object(text);
    const auto unknown = read_as(kind("apps", "Deployment"), body);
    ASSERT_FALSE(unknown.has_value()) << text;
    EXPECT_NE(unknown.error().message.find(what), std::string::npos) << unknown.error().message;
  }
  json::object secret = object(R"({"data":{"a":"no base64!"}})");
  EXPECT_FALSE(read_as(kind("", "Secret"), secret).has_value());
}

TEST(SchemaReading, UnknownMembersAndNullsAreTakenOut) {
  json::object body = object(
      R"({"spec":{"replica":3,"replicas":2,"paused":null,"template":{"spec":{"volumes":
          [{"name":"v","emptyDir":{"size":1}}]}}},"extra":{}})");
  const auto unknown = read_as(kind("apps", "Deployment"), body);
  ASSERT_TRUE(unknown.has_value());
  EXPECT_EQ(*unknown, (std::vector<std::string>{
                          "spec.replica", "spec.template.spec.volumes[0].emptyDir.size", "extra"}));
  EXPECT_EQ(body, object(R"({"spec":{"replicas":2,"template":{"spec":{"volumes":
                             [{"name":"v","emptyDir":{}}]}}}})"));
}

TEST(SchemaReading, WhatIsOpenStaysAsItIs) {
  const char* text =
      R"({"spec":{"versions":[{"schema":{"openAPIV3Schema":{"a":null,"b":[{"c":1}]}}}]}})";
  json::object body = object(text);
  ASSERT_TRUE(read_as(kind("apiextensions.k8s.io", "CustomResourceDefinition"), body).has_value());
  EXPECT_EQ(body, object(text));
}

TEST(SchemaReading, RepeatedMembersAreFoundAtEveryDepth) {
  EXPECT_EQ(repeated_members(R"({"a":1,"b":{"c":1,"d":[{"e":1},{"e":1,"e":2}],"c":2},"a":3})"),
            (std::vector<std::string>{"b.d[1].e", "b.c", "a"}));
  EXPECT_TRUE(repeated_members(R"({"a":{"a":1},"b":[{"a":1},{"a":1}]})").empty());
  EXPECT_TRUE(repeated_members(std::string(100'000, '[')).empty());
}

TEST(SchemaDefaults, ADeploymentGetsKubernetessDefaults) {
  const json::object result = filled("apps", "Deployment", R"({"metadata":{"name":"d"},"spec":{
      "selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{
      "containers":[{"name":"c","image":"nginx","ports":[{"containerPort":80}],
                     "livenessProbe":{"httpGet":{"port":80}}}],
      "volumes":[{"name":"v"},{"name":"w","secret":{"secretName":"s"}}]}}}})");
  EXPECT_EQ(json::value(result), json::parse(R"({"metadata":{"name":"d"},"spec":{
      "replicas":1,"revisionHistoryLimit":10,"progressDeadlineSeconds":600,
      "strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"25%","maxUnavailable":"25%"}},
      "selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{
      "restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst",
      "schedulerName":"default-scheduler","securityContext":{},
      "containers":[{"name":"c","image":"nginx","imagePullPolicy":"Always",
        "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File",
        "ports":[{"containerPort":80,"protocol":"TCP"}],
        "livenessProbe":{"httpGet":{"port":80,"path":"/","scheme":"HTTP"},"timeoutSeconds":1,
          "periodSeconds":10,"successThreshold":1,"failureThreshold":3}}],
      "volumes":[{"name":"v","emptyDir":{}},{"name":"w","secret":{"secretName":"s",
        "defaultMode":420}}]}}}})"));
}

TEST(SchemaDefaults, WhatHangsOnOtherFields) {
  const auto pod = [](const std::string& container, const std::string& more) {
    return filled("", "Pod", R"({"spec":{"containers":[)" + container + "]" + more + "}}");
  };
  const auto first = [](const json::object& result) {
    return result.at("spec").at("containers").as_array().at(0);
  };
  for (const auto& [image, policy] :
       {std::pair{"nginx:1.25", "IfNotPresent"}, std::pair{"nginx:latest", "Always"},
        std::pair{"host:5000/nginx", "Always"}, std::pair{"nginx@sha256:ab", "IfNotPresent"}}) {
    const auto result = pod(R"({"name":"c","image":")" + std::string(image) + "\"}", "");
    EXPECT_EQ(first(result).at("imagePullPolicy"), json::value(policy)) << image;
  }
  const auto limited = pod(
      R"({"resources":{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"500m"}},
          "ports":[{"containerPort":80}]})",
      R"(,"hostNetwork":true)");
  EXPECT_EQ(first(limited).at("resources").at("requests"),
            json::parse(R"({"cpu":"500m","memory":"1Gi"})"));
  EXPECT_EQ(first(limited).at("ports").at(0).at("hostPort"), json::value(80));
  EXPECT_EQ(filled("apps", "Deployment", R"({"spec":{"strategy":{"type":"Recreate"}}})")
                .at("spec")
                .at("strategy"),
            json::parse(R"({"type":"Recreate"})"));
  const auto job = filled("batch", "Job", R"({"spec":{"parallelism":3}})").at("spec").as_object();
  EXPECT_FALSE(job.contains("completions")) << "a work queue has none";
  EXPECT_EQ(job.at("backoffLimit"), json::value(6));
  const auto service =
      filled("", "Service", R"({"spec":{"ports":[{"port":80}],"sessionAffinity":"ClientIP"}})")
          .at("spec");
  EXPECT_EQ(service, json::parse(R"({"ports":[{"port":80,"targetPort":80,"protocol":"TCP"}],
      "type":"ClusterIP","internalTrafficPolicy":"Cluster","sessionAffinity":"ClientIP",
      "sessionAffinityConfig":{"clientIP":{"timeoutSeconds":10800}}})"));
}

TEST(SchemaDefaults, DefaultsOfDefaultsChangeNothing) {
  for (const char* text : {R"({"spec":{"template":{"spec":{"containers":[{"name":"a"}]}}}})"}) {
    for (const char* name : {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"}) {
      json::object once = filled("apps", name, text);
      json::object twice = once;
      set_schema_defaults(kind("apps", name), twice);
      EXPECT_EQ(once, twice) << name;
    }
  }
}

TEST(SchemaProblems, RequiredFieldsWordsAndBounds) {
  EXPECT_EQ(
      problem_texts("apps", "Deployment", R"({"spec":{"replicas":-1,"strategy":{"type":"Odd"},
      "template":{"spec":{"restartPolicy":"Never","containers":[{"image":"a"},{"name":"Bad_Name"}]}}}})"),
      (std::vector<std::string>{
          "spec.selector: Required value",
          "spec.replicas: Invalid value: -1: must be between 0 and 2147483647, inclusive",
          R"(spec.strategy.type: Unsupported value: "Odd": supported values: "Recreate", "RollingUpdate")",
          "spec.template.spec.containers[0].name: Required value",
          "spec.template.spec.containers[1].name: Invalid value: \"Bad_Name\": a lowercase RFC "
          "1123 label must consist of lower case alphanumeric characters or '-', and must start "
          "and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used "
          "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"}));
}

TEST(SchemaProblems, PodsHaveContainersOrOneMachine) {
  EXPECT_EQ(problem_texts("", "Pod", R"({"spec":{}})"),
            std::vector<std::string>{"spec.containers: Required value"});
  EXPECT_TRUE(problem_texts("", "Pod", R"({"spec":{"virtualMachine":{"name":"m"}}})").empty());
  EXPECT_EQ(problem_texts("", "Pod",
                          R"({"spec":{"containers":[{"name":"a"}],"virtualMachine":{"name":"m"}}})")
                .size(),
            1U);
  EXPECT_EQ(problem_texts("", "Pod", R"({"spec":{"containers":[{"name":"a"},{"name":"a"}],
      "volumes":[{"name":"v","emptyDir":{},"hostPath":{"path":"/"}}]}})"),
            (std::vector<std::string>{
                "spec.containers[1].name: Duplicate value: \"a\"",
                "spec.volumes[0]: Forbidden: may not specify more than 1 volume type"}));
}

TEST(SchemaProblems, ASelectorMustSelectItsTemplate) {
  const std::string tail = R"("template":{"metadata":{"labels":{"a":"b"}},"spec":{
      "containers":[{"name":"c"}]}}}})";
  EXPECT_TRUE(problem_texts("apps", "ReplicaSet",
                            R"({"spec":{"selector":{"matchLabels":{"a":"b"}},)" + tail)
                  .empty());
  EXPECT_EQ(
      problem_texts("apps", "ReplicaSet",
                    R"({"spec":{"selector":{"matchLabels":{"a":"c"}},)" + tail),
      std::vector<std::string>{"spec.template.metadata.labels: Invalid value: `selector` does "
                               "not match template `labels`"});
}

TEST(SchemaProblems, FixedFieldsStay) {
  const TypeSchema& type = kind("apps", "Deployment");
  const auto before = object(R"({"spec":{"selector":{"matchLabels":{"a":"b"}},"replicas":1}})");
  EXPECT_TRUE(
      changed_fixed_fields(
          type, before, object(R"({"spec":{"selector":{"matchLabels":{"a":"b"}},"replicas":2}})"))
          .empty());
  const auto problems = changed_fixed_fields(
      type, before, object(R"({"spec":{"selector":{"matchLabels":{"a":"c"}},"replicas":1}})"));
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].field, "spec.selector");
}

}  // namespace
}  // namespace arcas::real
